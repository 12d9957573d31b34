"""One diagnosis from the verdicts under both budget matches: what they mean together."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

# What users read for the keys of the spec, everywhere.
MATCHES: Final[Mapping[str, str]] = {"language": "same data", "total": "same compute"}

INTERFERENCE: Final = "interference"
COST_OF_SHARING: Final = "cost_of_sharing"
TRANSFER_AT_A_PRICE: Final = "transfer_at_a_price"
TRANSFER: Final = "transfer"
NO_INTERFERENCE: Final = "no_interference"
UNDECIDED: Final = "undecided"
# Of a language whose loss and tasks, or two of whose tasks, have different diagnoses.
MIXED: Final = "mixed"

DIAGNOSES: Final[Mapping[str, str]] = {
    INTERFERENCE: "worse with the same data, and no better with the same compute",
    COST_OF_SHARING: "as good with the same data; the compute would do more alone",
    TRANSFER_AT_A_PRICE: "better with the same data; the compute would do more alone",
    TRANSFER: "joint training is better, and costs nothing",
    NO_INTERFERENCE: "no difference of interest, in a study that would have found one",
    UNDECIDED: "the study cannot tell yet",
}

REASONS: Final[Mapping[str, str]] = {
    "destroyed": "training destroyed the checkpoint: lower the learning rate",
    "plateau": "a model has not left the unigram plateau",
    "not_compared": "one of the two comparisons is missing",
    "one_seed": "one seed only",
    "underpowered": "an effect of interest could have been missed",
    "few_examples": "no number of seeds is enough with so few test examples",
    "contradiction": "more compute made the monolingual model worse, and its dev loss does not say "
    "that it over-fits",
    "control_overfits": "the monolingual model over-fits with the same compute, so that comparison "
    "is left out",
}

# (same data, same compute) -> diagnosis where the control is known to over-fit with the compute,
# where it is known not to, and where nobody knows. Only a joint model that stands better against
# the longer-trained control than against the shorter-trained one raises the question: more compute
# should not make the control worse. A significant harm with the same data stays a harm whatever
# the same compute says without significance: the control that won took less compute.
_Three = tuple[str, str, str]
_PAIRS: Final[Mapping[tuple[str, str], str | _Three]] = {
    ("HURT", "HURT"): INTERFERENCE,
    ("HURT", "INCONCLUSIVE"): INTERFERENCE,
    ("HURT", "HELPED"): (INTERFERENCE, UNDECIDED, UNDECIDED),
    ("INCONCLUSIVE", "HURT"): COST_OF_SHARING,
    ("INCONCLUSIVE", "INCONCLUSIVE"): NO_INTERFERENCE,
    ("INCONCLUSIVE", "HELPED"): (NO_INTERFERENCE, TRANSFER, UNDECIDED),
    ("HELPED", "HURT"): TRANSFER_AT_A_PRICE,
    ("HELPED", "INCONCLUSIVE"): TRANSFER,
    ("HELPED", "HELPED"): TRANSFER,
}
_DECIDED: Final = ("HURT", "INCONCLUSIVE", "HELPED")


@dataclass(frozen=True)
class Side:
    """The comparison with a monolingual model under one budget match.

    Attributes:
        verdict: a word of `VERDICTS`; "" where the comparison was not made.
        n_seeds: the smaller number of seeds of the two models; 0 where it is not known.
        plateau: whether one of the two models has not left the unigram plateau.
        destroyed: whether the training of one of the two destroyed the checkpoint it started from.
        overfits: whether the monolingual model's dev loss rose again; None where nobody knows.
    """

    verdict: str = ""
    n_seeds: int = 0
    plateau: bool = False
    destroyed: bool = False
    overfits: bool | None = None


@dataclass(frozen=True)
class Diagnosis:
    """What the two comparisons mean together.

    Attributes:
        name: a key of `DIAGNOSES`.
        reason: a key of `REASONS`: why it is undecided, or what was left out of account; or "".
    """

    name: str
    reason: str = ""


def diagnose(same_data: Side, same_compute: Side) -> Diagnosis:
    """Return what the verdicts under both budget matches mean together.

    Args:
        same_data: against the monolingual model with equal updates on the language.
        same_compute: against the monolingual model with equal updates in all.

    Returns:
        The diagnosis. Undecided wherever a side destroyed its checkpoint, stands on the plateau, is
        missing, rests on one seed or is underpowered, and where a gain with the same compute after
        a harm with the same data is not explained by a control that over-fits.

    Example:
        >>> diagnose(Side("HURT", 3), Side("HURT", 3)).name
        'interference'
        >>> diagnose(Side("HURT", 3), Side("HELPED", 3, overfits=True))
        Diagnosis(name='interference', reason='control_overfits')
    """
    sides = (same_data, same_compute)
    open_because = (
        ("destroyed", any(side.destroyed for side in sides)),
        ("plateau", any(side.plateau for side in sides)),
        ("not_compared", not (same_data.verdict and same_compute.verdict)),
        ("one_seed", any(side.n_seeds == 1 for side in sides)),
        ("underpowered", any(side.verdict not in _DECIDED for side in sides)),
    )
    for reason, holds in open_because:
        if holds:
            return Diagnosis(UNDECIDED, reason)
    found = _PAIRS[same_data.verdict, same_compute.verdict]
    if isinstance(found, str):
        return Diagnosis(found)
    if same_compute.overfits:
        return Diagnosis(found[0], "control_overfits")
    name = found[2] if same_compute.overfits is None else found[1]
    return Diagnosis(name, "contradiction" if name == UNDECIDED else "")


def diagnosis_table() -> list[tuple[str, str, str]]:
    """Return every pair of verdicts that decides something: same data, same compute, diagnosis.

    Where it depends on whether the control over-fits, all that it can be, joined by "or".
    """
    rows = []
    for same_data, same_compute in product(_DECIDED, _DECIDED):
        found = _PAIRS[same_data, same_compute]
        names = (found,) if isinstance(found, str) else tuple(dict.fromkeys(found))
        rows.append(
            (same_data, same_compute, " or ".join(name.replace("_", " ") for name in names))
        )
    return rows


TRUTH_OUTCOMES: Final[Mapping[str, str]] = {
    "found": "the planted effect was found",
    "no_false_alarm": "nothing was planted, and no effect was claimed",
    "open": "an effect was planted, and the study did not decide",
    "false_alarm": "nothing was planted, and an effect was claimed",
    "opposite": "the opposite of what was planted was claimed",
    "not_planted": "nobody knows beforehand what to expect",
}

_CLAIMS: Final[Mapping[str, str]] = {"HURT": "hurt", "HELPED": "help"}


def truth_outcome(planted: str, verdict: str) -> str:
    """Return what a verdict is worth against the planted effect.

    Args:
        planted: "hurt", "help", "none" or "unknown".
        verdict: a word of the verdicts; "" where nothing was compared.

    Returns:
        A key of `TRUTH_OUTCOMES`.

    Example:
        >>> truth_outcome("hurt", "HURT"), truth_outcome("none", "UNDERPOWERED")
        ('found', 'no_false_alarm')
    """
    claimed = _CLAIMS.get(verdict, "")
    if planted == "unknown":
        return "not_planted"
    if planted == "none":
        return "false_alarm" if claimed else "no_false_alarm"
    if not claimed:
        return "open"
    return "found" if claimed == planted else "opposite"
