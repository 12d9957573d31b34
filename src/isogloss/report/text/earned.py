"""Which treatment has earned its cost: better within, and worse nowhere, at equal compute."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from isogloss.report.study_files import StudyFiles
from isogloss.report.text.wording import in_bits, joined, plural, treatment_name

_TUNED: Final = "temperature"
# Trainings of equal compute agree within this share of their passes, as where they are refused.
_EQUAL: Final = 0.01


@dataclass(frozen=True)
class Merit:
    """What a treatment is worth beside the tuned temperature.

    Attributes:
        treatment: its label.
        reference: what it was held against: the tuned temperature, or no treatment.
        better: in how many comparisons within a language it is better.
        n_within: of how many.
        gain: its mean gain within a language, as a share of the reference's score.
        against: what speaks against it, in words; empty where it has earned its cost.
        n_zero_shot: how many zero-shot comparisons there are.
        n_weak: how many of them could have missed a loss that matters.
    """

    treatment: str
    reference: str
    better: int
    n_within: int
    gain: float
    against: tuple[str, ...]
    n_zero_shot: int = 0
    n_weak: int = 0

    @property
    def earned(self) -> bool:
        """Whether it is better within a language, worse nowhere, and costs no more."""
        return not self.against


def merits(study: StudyFiles) -> list[Merit]:
    """Return what each treatment is worth, the best on all evidence first.

    Within a language, zero-shot and on masked-LM loss, against the tuned temperature (against no
    treatment, and then none has earned its cost, where no temperature was tuned). The order: who
    has earned its cost, then by fewest objections, most comparisons won, largest mean gain.

    Args:
        study: `averages.csv` where it treats fine-tuning, else `comparisons.csv`.
    """
    averages = study.tables.get("averages")
    table = averages if averages is not None else study.tables.get("comparisons")
    if table is None:
        return []
    reference = _TUNED if (table["reference"] == _TUNED).any() else "untreated"
    rows = table[(table["reference"] == reference) & ~table["treatment"].isin((_TUNED, reference))]
    found = [
        _merit(str(treatment), reference, group, study)
        for treatment, group in rows.groupby("treatment", sort=False)
    ]
    return sorted(found, key=lambda one: (len(one.against), -one.better, -one.gain))


def merit_in_words(found: list[Merit]) -> str:
    """Return a sentence on the best treatment; "" where none was compared."""
    if not found:
        return ""
    best = found[0]
    name = treatment_name(best.treatment)
    won = f"better in {best.better} of {plural(best.n_within, 'comparison')} within language"
    if best.earned:
        return (
            f"{name} has earned its cost: at equal compute and against the tuned temperature it is "
            f"{won}, and worse in none, neither zero-shot nor on loss{_weak(best)}."
        )
    which = "the tuned temperature" if best.reference == _TUNED else "no treatment"
    return (
        f"No treatment has earned its cost. The best on all evidence, {name.lower()}, is {won} "
        f"against {which}, but {joined(best.against)}."
    )


def _weak(found: Merit) -> str:
    """Admit that "not worse" zero-shot was not tested well."""
    few = f"{found.n_weak} of {found.n_zero_shot}"
    return f" ({few} zero-shot comparisons are underpowered)" if found.n_weak else ""


def _merit(treatment: str, reference: str, rows: pd.DataFrame, study: StudyFiles) -> Merit:
    """Judge one treatment."""
    loss = pd.Series([in_bits(metric) for metric in rows["metric"]], index=rows.index)
    inside = rows["setting"] == "within_language"
    tasks = rows[inside & ~loss]
    counted = tasks if len(tasks) else rows[inside]
    share = (counted["gain"] / counted["reference_value"].abs()).mean()
    return Merit(
        treatment=treatment,
        reference=reference,
        better=int((counted["verdict"] == "BETTER").sum()),
        n_within=len(counted),
        gain=float(share) if pd.notna(share) else 0.0,
        against=tuple(_objections(treatment, reference, rows, loss, study)),
        n_zero_shot=int((~inside).sum()),
        n_weak=int((rows.loc[~inside, "verdict"] == "UNDERPOWERED").sum()),
    )


def _objections(
    treatment: str, reference: str, rows: pd.DataFrame, loss: pd.Series, study: StudyFiles
) -> Iterator[str]:
    """Yield what speaks against a treatment."""
    inside = rows["setting"] == "within_language"
    places = {
        "within language": rows[inside & ~loss],
        "zero-shot": rows[~inside],
        "on masked-LM loss": rows[inside & loss],
    }
    counted = places["within language"] if (inside & ~loss).any() else places["on masked-LM loss"]
    if not (counted["verdict"] == "BETTER").any():
        yield "no gain within language is significant"
    for words, group in places.items():
        worse = Counter(group["verdict"])["WORSE"]
        if worse:
            yield f"worse {words} in {worse} of {len(group)}"
    if inside.all():
        yield "zero-shot was not measured"
    if rows["n_seeds"].eq(1).any():
        yield "rests on one seed"
    if reference != _TUNED:
        yield "no temperature was tuned to compare with"
    passes = _passes(study, treatment) / _passes(study, reference)
    if passes > 1 + _EQUAL:
        yield f"takes {passes:.1f} times the compute"


def _passes(study: StudyFiles, treatment: str) -> float:
    """Return the passes of a treatment's trainings, a mean per stage; nan if not counted."""
    records = study.tables.get("records")
    if records is None:
        return float("nan")
    runs = records[records["treatment"] == treatment].drop_duplicates("run_id")
    return float(runs.groupby("stage")["passes"].mean().sum(min_count=1))
