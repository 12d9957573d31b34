"""The verdicts of a study as people read them in a terminal."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from isogloss.cli.tables import print_table, say_wrapped
from isogloss.core import MATCHES

_CONFLICT: Final = (
    "Conflict: mean gradient cosine with the other languages / that of two halves of the "
    "language's own rows, the control (a comparison of means, not a test). "
)
_ABSENT: Final = "-"
Row = Mapping[str, Any]


def print_verdicts(verdicts: Sequence[Row], *, looks_asked: bool = False) -> None:
    """Print a table for each task and metric, and what its figures mean.

    Args:
        verdicts: rows of `verdicts.csv`, missing values as None.
        looks_asked: whether the study asked for gradient conflict; the column is then there even
            where no run was measured.
    """
    say_wrapped("Interference = monolingual - multilingual; positive = learning together hurt")
    conflict_told = False
    for task, metric in dict.fromkeys((row["task"], row["metric"]) for row in verdicts):
        chosen = [row for row in verdicts if (row["task"], row["metric"]) == (task, metric)]
        rows = verdict_rows(chosen, looks_asked=looks_asked)
        conflict_told |= "conflict" in rows[0]
        print_table(f"{task}, {metric}", rows)
    say_wrapped(
        "Fractions (bits for masked_lm), 95 % intervals, verdicts after Holm. Zero-shot: score of "
        "what was trained on another language of the mixture. "
        + (_CONFLICT if conflict_told else "")
        + "All else is in the report."
    )


def verdict_rows(verdicts: Sequence[Row], *, looks_asked: bool = False) -> list[dict[str, str]]:
    """Return the verdicts of one metric of a task: both budget matches and zero-shot side by side.

    Args:
        verdicts: as for `print_verdicts`.
        looks_asked: as for `print_verdicts`.
    """
    shown: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in verdicts:
        key = str(row["mixture"]), str(row["language"]), str(row["treatment"])
        cells = shown.setdefault(key, {})
        if row["setting"] == "within_language":
            cells[MATCHES[row["match"]]] = _verdict(row)
            cells["conflict"] = _conflict(row)
        else:
            cells["zero-shot"] = f"{row['multilingual']:.3f}"
    looked = looks_asked or any(row.get("gradient_cosine") is not None for row in verdicts)
    matches = [MATCHES[match] for match in dict.fromkeys(row["match"] for row in verdicts)]
    columns = [
        column
        for column in (*matches, "zero-shot", *(["conflict"] if looked else []))
        if any(column in cells for cells in shown.values())
    ]
    mixtures = {mixture for mixture, _, _ in shown}
    codes = short_codes({one for mixture in mixtures for one in mixture.split("+")})
    return [
        {
            **({"mixture": mixture_named(mixture, codes)} if len(mixtures) > 1 else {}),
            "language": codes.get(language, language),
            "treatment": treatment,
            **{column: cells.get(column, _ABSENT) for column in columns},
        }
        for (mixture, language, treatment), cells in sorted(shown.items())
    ]


def mixture_named(mixture: str, codes: Mapping[str, str]) -> str:
    """Return a mixture with blanks, so that a long one can be broken into lines."""
    return " + ".join(codes[one] for one in mixture.split("+"))


def short_codes(languages: Collection[str]) -> dict[str, str]:
    """Return each language without its script, which stays where two would be named alike."""
    codes = [one.partition("-")[0] for one in languages]
    return {
        one: code if codes.count(code) == 1 else one
        for one, code in zip(languages, codes, strict=True)
    }


def _verdict(row: Row) -> str:
    """Return verdict, estimate and interval in one cell."""
    if row["verdict"] is None:
        return "not compared"
    # No blank inside the interval: a narrow column is broken before it.
    return (
        f"{row['verdict']} {row['interference']:+.3f} [{row['ci_low']:+.3f},{row['ci_high']:+.3f}]"
    )


def _conflict(row: Row) -> str:
    """Return the cosine with other languages' gradients, and that of the control."""
    cosine, control = row.get("gradient_cosine"), row.get("gradient_control")
    if cosine is None:
        return "not measured"
    return f"{cosine:.2f} / {'not measured' if control is None else f'{control:.2f}'}"
