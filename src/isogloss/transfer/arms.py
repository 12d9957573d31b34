"""What a matrix compares: companies of units, and effects as differences of two companies."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from isogloss.core import Language
from isogloss.training import content_hash
from isogloss.transfer.spec import MatrixSpec
from isogloss.transfer.units import Kind, Unit


@dataclass(frozen=True)
class Company:
    """Units of one run in one model; none = the body as it is.

    Attributes:
        members: in the order of the spec's languages.
        merge: key of `MERGES`, "" where there is nothing to merge.
    """

    members: tuple[Unit, ...] = ()
    merge: str = ""

    @property
    def label(self) -> str:
        """Languages joined by "+"."""
        return "+".join(str(one) for unit in self.members for one in unit.languages)


BASELINE = Company()


@dataclass(frozen=True)
class Effect:
    """What one thing does: the change from a reference company to a treated one, in each run.

    Attributes:
        arm: `alone`, `pair`, `triple`, `tune`, `look-ahead`, `left out`, or a control.
        transfer: the languages whose effect it is.
        updates: of the units.
        treated: company of each run.
        reference: company of each run.
        targets: languages that it is tested on.
    """

    arm: str
    transfer: tuple[Language, ...]
    updates: int
    treated: tuple[Company, ...]
    reference: tuple[Company, ...]
    targets: tuple[Language, ...]

    @property
    def label(self) -> str:
        """Languages joined by "+"."""
        return "+".join(map(str, self.transfer))

    @property
    def is_cell(self) -> bool:
        """Whether it is one language's: a cell of the matrix."""
        return self.arm in ("alone", "tune", "look-ahead", "left out") and len(self.transfer) == 1


ARMS = {1: "alone", 2: "pair", 3: "triple"}


def effects(spec: MatrixSpec) -> list[Effect]:
    """Return all effects of a matrix, with as many runs as it has at most."""
    return list(_METHODS[spec.method](spec))


def _adapters(spec: MatrixSpec) -> Iterator[Effect]:
    """Arm 2: adapters alone, in pairs, in triples."""
    kind, merge = spec.unit.kind, spec.company.merge
    for size in sorted(spec.company.sizes):
        for languages in _companies(spec, size):
            members = spec.company.targets == "members" and size > 1
            runs = [
                Company(
                    tuple(Unit(kind, (one,), spec.unit.updates, run) for one in languages),
                    merge if size > 1 else "",
                )
                for run in range(spec.most_runs)
            ]
            yield Effect(
                ARMS[size],
                languages,
                spec.unit.updates,
                tuple(runs),
                (BASELINE,) * len(runs),
                tuple(one for one in spec.columns if not members or one in languages),
            )
    yield from _controls(spec, kind, spec.unit.updates)


def _companies(spec: MatrixSpec, size: int) -> list[tuple[Language, ...]]:
    """Return the companies of a size, above 2 a fixed sample of them."""
    every = list(combinations(spec.transfer_languages, size))
    most = spec.company.most
    if size < 3 or most is None or len(every) <= most:
        return every
    number = int(content_hash([spec.seed, size, list(map(str, spec.transfer_languages))])[:8], 16)
    chosen = np.random.default_rng(number).choice(len(every), most, replace=False)
    return [every[index] for index in sorted(chosen.tolist())]


def _tune(spec: MatrixSpec) -> Iterator[Effect]:
    """Arm 1: few-step tunes of the whole body."""
    for updates in spec.steps:
        for language in spec.transfer_languages:
            yield _of_unit(spec, "tune", Unit("body", (language,), updates, 0), (language,))
        yield from _controls(spec, "body", updates)


def _lookahead(spec: MatrixSpec) -> Iterator[Effect]:
    """One update on a language, and what it does to the others."""
    for language in spec.transfer_languages:
        yield _of_unit(spec, "look-ahead", Unit("body", (language,), 1, 0), (language,))
    yield from _controls(spec, "body", 1)


def _controls(spec: MatrixSpec, kind: Kind, updates: int) -> Iterator[Effect]:
    """Shuffled text, all languages mixed, a rate of zero: what any tuning does."""
    every = spec.transfer_languages
    if "mix" in spec.controls:
        yield _of_unit(spec, "mix", Unit(kind, every, updates, 0), every)
    if "zero_rate" in spec.controls:
        first = every[:1]
        yield _of_unit(spec, "zero rate", Unit(kind, first, updates, 0, rate=0.0), first)
    if "shuffled" in spec.controls:
        for one in every:
            unit = Unit(kind, (one,), updates, 0, text="shuffled")
            yield _of_unit(spec, "shuffled", unit, (one,))


def _leave_one_out(spec: MatrixSpec) -> Iterator[Effect]:
    """Joint tunes on all languages, and on all but one: what the one adds."""
    every = spec.transfer_languages
    for updates in spec.steps:
        for language in every:
            rest = tuple(one for one in every if one != language)
            yield Effect(
                "left out",
                (language,),
                updates,
                _runs(spec, Unit("body", every, updates, 0)),
                _runs(spec, Unit("body", rest, updates, 0)),
                spec.columns,
            )


def _of_unit(spec: MatrixSpec, arm: str, unit: Unit, transfer: tuple[Language, ...]) -> Effect:
    """Return the effect of one unit against the body as it is."""
    runs = _runs(spec, unit)
    return Effect(arm, transfer, unit.updates, runs, (BASELINE,) * len(runs), spec.columns)


def _runs(spec: MatrixSpec, unit: Unit) -> tuple[Company, ...]:
    return tuple(Company((replace(unit, run=run),)) for run in range(spec.most_runs))


_METHODS = {
    "adapters": _adapters,
    "tune": _tune,
    "lookahead": _lookahead,
    "leave_one_out": _leave_one_out,
}
