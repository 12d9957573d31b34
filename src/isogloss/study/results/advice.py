"""Which languages to add for a target, by what finished studies found; or which runs come first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pandas as pd

from isogloss.core import InputError, Language
from isogloss.data import DataSource, open_source
from isogloss.diagnosis import text_affinity

_SAMPLE: Final = 400
_MOST_DONORS: Final = 3
_NEEDED: Final = (
    *("treatment", "mixture", "match", "task", "metric", "setting", "language", "verdict"),
    *("interference", "ci_low", "ci_high", "n_seeds"),
)


@dataclass(frozen=True)
class Advice:
    """What to do for a target language.

    Attributes:
        target: the language.
        add: characters of text to add, by language; empty where nothing is known to help.
        rows: one per candidate: what was found, what is likely, how much text there is.
        runs: commands that would give the evidence that is missing.
        notes: what the reader has to know.
    """

    target: Language
    add: dict[str, int]
    rows: tuple[dict[str, Any], ...]
    runs: tuple[str, ...]
    notes: tuple[str, ...]


def advise(
    target: Language,
    budget: int,
    text: Path,
    studies: Sequence[Path] = (),
    *,
    task: str = "masked_lm",
) -> Advice:
    """Say which languages to add to a target, and how much of each.

    Evidence is what finished studies measured of the pair (target, candidate): the interference on
    the target at equal data of its own, untreated. A language that HELPED is added, those with the
    largest gain first, in equal shares of the budget; one that HURT is not. Without evidence no
    language is recommended: the runs that would give it are named, for the candidate whose text is
    nearest to the target's and for the farthest.

    Args:
        target: language.
        budget: characters of text to add, in all.
        text: folder or mapping with text of the target and of candidates.
        studies: folders of finished studies.
        task: of the verdicts that count.

    Returns:
        The advice.

    Raises:
        InputError: no text of the target or of any other language, or a folder is no study.
    """
    source = open_source(text)
    languages = source.languages("text")
    if target not in languages or len(languages) < 2:
        raise InputError(
            expected=f"text of {target} and of languages that might be added",
            found=", ".join(map(str, languages)) or "no text",
            where=source.where,
            next_step="Add files such as te.train.txt, and one per candidate.",
        )
    evidence = _evidence(target, studies, task)
    rows = _candidates(target, source, evidence)
    helped = [one for one in rows if one["verdict"] == "HELPED"][:_MOST_DONORS]
    add = {one["language"]: min(budget // len(helped), one["characters"]) for one in helped}
    unknown = [one for one in rows if not one["verdict"]]
    runs = [_command(target, one["language"], text) for one in _first(unknown)]
    return Advice(target, add, tuple(rows), tuple(runs), tuple(_notes(rows, add, budget, task)))


def _evidence(target: Language, studies: Sequence[Path], task: str) -> pd.DataFrame:
    """Return the verdicts on the target of pairs, the one with most seeds of each candidate."""
    frames: list[pd.DataFrame] = []
    for folder in studies:
        path = folder / "verdicts.csv"
        if not path.is_file():
            raise InputError(
                expected="the folder of a finished study, with verdicts.csv",
                found="none",
                where=str(folder),
                next_step="Give the folder that `isogloss matrix` or `isogloss audit` wrote.",
            )
        frames.append(pd.read_csv(path, keep_default_na=False, na_values=[""]))
    if not frames:
        return pd.DataFrame(columns=["candidate", *_NEEDED])
    rows = pd.concat(frames, ignore_index=True).reindex(columns=list(_NEEDED))
    mine = rows[
        (rows["language"] == str(target))
        & (rows["setting"] == "within_language")
        & (rows["treatment"] == "untreated")
        & (rows["match"] == "language")
        & (rows["task"] == task)
    ].copy()
    mine["candidate"] = [_partner(str(one), target) for one in mine["mixture"]]
    pairs = mine[mine["candidate"] != ""].sort_values("n_seeds", ascending=False, kind="stable")
    return pairs.drop_duplicates("candidate")


def _partner(mixture: str, target: Language) -> str:
    """Return the other language of a pair; "" of a larger mixture, which says nothing of one."""
    others = [one for one in mixture.split("+") if one != str(target)]
    return others[0] if len(others) == 1 else ""


def _candidates(
    target: Language, source: DataSource, evidence: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return the candidates: those with a gain first, then by how near their text is."""
    languages = source.languages("text")
    samples = {one: list(islice(source.text(one, "train"), _SAMPLE)) for one in languages}
    near = text_affinity(samples)[list(languages).index(target)]
    found = {str(row["candidate"]): row for row in evidence.to_dict("records")}
    rows: list[dict[str, Any]] = []
    for language, affinity in zip(languages, near, strict=True):
        if language == target:
            continue
        row = found.get(str(language), {})
        verdict = row.get("verdict")
        gain = -float(row.get("interference", math.nan))
        rows.append(
            {
                "language": str(language),
                "verdict": verdict if isinstance(verdict, str) else "",
                "metric": str(row.get("metric", "")),
                "gain": gain,
                "ci_low": -float(row.get("ci_high", math.nan)),
                "ci_high": -float(row.get("ci_low", math.nan)),
                "n_seeds": int(row.get("n_seeds", 0)),
                "text_affinity": float(affinity),
                "same_script": language.script == target.script,
                "characters": sum(len(line) for line in source.text(language, "train")),
            }
        )
    return sorted(rows, key=lambda one: (-_known(one["gain"]), -one["text_affinity"]))


def _known(gain: float) -> float:
    return gain if math.isfinite(gain) else -math.inf


def _first(unknown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the candidates to be asked first: the nearest, and the farthest for contrast."""
    return [*unknown[:1], *unknown[1:][-1:]]


def _command(target: Language, other: str, text: Path) -> str:
    return f"isogloss audit --text {text} --languages {target},{other} --out {target}-{other}"


def _notes(
    rows: Sequence[dict[str, Any]], add: dict[str, int], budget: int, task: str
) -> list[str]:
    notes: list[str] = []
    known = [one for one in rows if one["verdict"]]
    if not known:
        notes.append("no study has measured a pair with the target: nothing is recommended yet.")
    elif not add:
        notes.append("no language that was measured helped significantly: add none of these yet.")
    hurt = [one["language"] for one in known if one["verdict"] == "HURT"]
    if hurt:
        notes.append(f"do not add {', '.join(hurt)}: it hurt the target.")
    short = budget - sum(add.values())
    if add and short > len(add):
        notes.append(f"there is no text for {short:,} characters of the budget.")
    if add:
        notes.append(
            "gains are those of the studies, at their amounts of text; of several languages "
            "together nothing was measured."
        )
        if task == "masked_lm":
            notes.append("masked-LM loss says little about tasks: run one before you decide.")
    return notes
