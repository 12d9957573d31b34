"""Gradient conflict in anybody's training loop, in three lines."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from torch import Tensor, nn

from isogloss.core import InputError, Language
from isogloss.diagnosis.conflict import conflict_row
from isogloss.diagnosis.conflict_summary import (
    CONFLICT_FILE,
    ConflictSummary,
    summarise_conflict,
)
from isogloss.gradients import Coverage, GradientEngine, LanguageGradients
from isogloss.training import JsonLinesLog

# Steps without a measurement after which it is the batches, not chance.
_PATIENCE: Final = 20
_NAMED: Final = 10


class ConflictMonitor:
    """Measures the languages' gradients inside a loop's own passes, every so many steps.

        monitor = ConflictMonitor(model, ["en", "sw"], folder="my-run")
        for batch in loader:
            with monitor.watch(batch["language"]):   # index of each row's language
                loss = model(...).loss
            loss.backward()
            monitor.step()                           # once an update of the optimizer
        print(monitor.summary())

    With gradient accumulation call `step` once per update: measured is the first micro-batch of its
    update with enough rows. Steps that are not measured cost nothing. No weight, `.grad` or random
    number changes by a bit.
    Cosines are right for any loss that is a weighted sum of the rows' losses, a mean over all
    targets among them: a positive factor of a language does not turn its gradient. Norms are those
    of the gradients as they are in that loss. The correction for noise takes the rows' halves to
    weigh as much as they have rows.

    The batches must hold several languages; a measurement waits for the first step that is due and
    has two languages with enough rows: one row each, two with `halves`. A language of the batch
    with fewer is left out of it and named under `too_few_rows`. Where a head runs on targets
    picked out of the rows, give their rows too (`target_row`).

    Args:
        model: any module; modules that are language-specific are left out, because no two
            languages meet there.
        languages: by index: names, codes or `Language`.
        folder: where rows are appended to `conflict.jsonl`; None = nowhere, see `rows`.
        every: updates of the optimizer between two measurements.
        halves: split each language's rows in two, for noise-corrected cosines and the control line.
        least_coverage: share of the shared parameters that must be seen.

    Attributes:
        model: as given.
        names: codes of the languages, by index.
        rows: of `conflict_row`, with `update`, one per measurement.

    Raises:
        InputError: fewer than two languages, or one twice.
    """

    def __init__(
        self,
        model: nn.Module,
        languages: Sequence[str | Language],
        *,
        folder: Path | str | None = None,
        every: int = 20,
        halves: bool = True,
        least_coverage: float = 0.5,
    ) -> None:
        self.model = model
        self.names = [
            str(Language.parse(one) if isinstance(one, str) else one) for one in languages
        ]
        if len(set(self.names)) != len(self.names) or len(self.names) < 2:
            raise InputError(
                expected="two different languages or more",
                found=", ".join(self.names) or "none",
                where="ConflictMonitor, languages",
                next_step="Name each language of the batches once, in the order of its index.",
            )
        self.rows: list[dict[str, Any]] = []
        self._engine = GradientEngine(model, choose=is_shared)
        self._every, self._halves, self._least = every, halves, least_coverage
        self._log: JsonLinesLog | None = None
        self._folder = None if folder is None else Path(folder)
        self._step, self._due, self._watching = 0, True, False
        self._waited, self._short = 0, list[str]()
        self._seen: LanguageGradients | None = None

    def resume(self, step: int) -> None:
        """Go on at an update: rows of that update and later ones are dropped, in the file too."""
        self._step, self._due, self._watching, self._seen = step, True, False, None
        self.rows = [row for row in self.rows if row["update"] < step]
        self._open_log()

    def _open_log(self) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._log = JsonLinesLog(self._folder, self._step, CONFLICT_FILE)

    @contextmanager
    def watch(
        self, language: Tensor | Sequence[int], target_row: Tensor | None = None
    ) -> Iterator[None]:
        """Put the forward pass inside; do one backward afterwards, then `step`.

        Args:
            language: index of each row's language, shape [rows].
            target_row: the row of each target, where the head runs on picked targets.

        Raises:
            InputError: no index, one that names no language, or no batch of the first `every`
                (at least 20) had two languages with enough rows.
        """
        listed = self._checked(language)
        if self._watching:  # a micro-batch of this update was measured; its backward is over
            self._seen = self._seen or self._engine.take()
            yield
            return
        least = 2 if self._halves else 1
        present = [one for one in range(len(self.names)) if listed.count(one) >= least]
        self._due = self._due or self._step % self._every == 0
        self._watching = self._due and len(present) > 1
        if not self._watching:
            self._refuse_never(listed, least)
            yield
            return
        self._short = [self.names[one] for one in sorted({*listed} - {*present})]
        try:
            with self._engine.watch(listed, target_row, present=present, halves=self._halves):
                yield
        except BaseException:
            self._watching = False
            raise

    def step(self) -> dict[str, Any] | None:
        """End an update of the optimizer; return its measurement, or None without one.

        Raises:
            InputError: too few of the shared parameters can be seen.
        """
        row = None
        if self._watching:
            row = self._take()
            self._watching = self._due = False
        self._step += 1
        return row

    def _take(self) -> dict[str, Any]:
        found, self._seen = self._seen or self._engine.take(), None
        refuse_low_coverage(found.coverage, self._least)
        self._warn_unseen(found.coverage)
        row = {"update": self._step, **conflict_row(found, self.names)}
        row["too_few_rows"] = self._short
        self.rows.append(row)
        if self._log is None:
            self._open_log()
        if self._log is not None:
            self._log.write(row)
        return row

    def _warn_unseen(self, coverage: Coverage) -> None:
        """Name, at the first measurement, what the numbers are not about."""
        if self.rows or not coverage.unseen:
            return
        named = [f"{name} ({reason})" for name, reason in coverage.unseen.items()]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        warnings.warn(
            f"The conflict monitor sees {coverage.share:.1%} of the shared parameters. Not seen: "
            f"{', '.join(named[:_NAMED])}{more}.",
            stacklevel=4,
        )

    def summary(self) -> ConflictSummary:
        """Return what the measurements of this monitor come to; printed, it is a table.

        Raises:
            InputError: nothing was measured yet.
        """
        return summarise_conflict(self.rows)

    def _refuse_never(self, language: Sequence[int], least: int) -> None:
        """Refuse batches of which none could be measured from the beginning on.

        Later on a measurement only waits: a long training must not end because of its monitor.
        """
        self._waited += 1
        if self.rows or self._waited < max(self._every, _PATIENCE):
            return
        counts = {self.names[one]: language.count(one) for one in sorted(set(language))}
        what = "sequences, a half each" if self._halves else "sequence"
        raise InputError(
            expected=f"a batch with two languages of at least {least} {what}",
            found=f"none in {self._waited} steps; the last had "
            + ", ".join(f"{n} of {name}" for name, n in counts.items()),
            where="ConflictMonitor.watch, language",
            next_step="Mix languages in a batch and give each more sequences, or use halves=False "
            "for one each, without the control line.",
        )

    def _checked(self, language: Tensor | Sequence[int]) -> list[int]:
        listed = [int(one) for one in language]
        if listed and min(listed) >= 0 and max(listed) < len(self.names):
            return listed
        raise InputError(
            expected=f"the index of each sequence's language, 0 to {len(self.names) - 1}",
            found=f"{sorted(set(listed))}" if listed else "no sequences",
            where="ConflictMonitor.watch, language",
            next_step=f"The order is that of the languages given: {', '.join(self.names)}.",
        )


def is_shared(path: str) -> bool:
    """Return whether a module may have gradients of several languages."""
    return not path.startswith("language_modules") and ".language_modules" not in path


def refuse_low_coverage(coverage: Coverage, least: float) -> None:
    """Refuse cosines of a small part of the model.

    Raises:
        InputError: less than `least` of the shared parameters was seen; the modules are named.
    """
    if coverage.share >= least:
        return
    unseen = [f"{name} ({reason})" for name, reason in coverage.unseen.items()]
    more = f" and {len(unseen) - 3} more" if len(unseen) > 3 else ""
    raise InputError(
        expected=f"gradients of {least:.0%} of the shared parameters",
        found=f"{coverage.share:.1%} can be seen; not seen: {', '.join(unseen[:3])}{more}",
        where="ConflictMonitor",
        next_step="Give the part of the model that can be seen, or lower least_coverage.",
    )
