"""What goes with a cell: script, family, characters, tokens, text size, given distances."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError, Language
from isogloss.statistics import benjamini_hochberg, mantel
from isogloss.transfer.material import Material
from isogloss.transfer.results import Measured, Part, first_metric
from isogloss.transfer.summaries import by_part, matrix_of

Matrix = NDArray[np.float64]

_LINES: Final = 3_000
_CONTROLS: Final = ("same script", "text size")
_FEWEST: Final = 4
# Macrolanguages that typological databases know by their standard member only.
MEMBER: Final[Mapping[str, str]] = {
    "ara": "arb",
    "zho": "cmn",
    "swa": "swh",
    "est": "ekk",
    "nep": "npi",
    "fas": "pes",
}
_TYPOLOGY: Final = ("genetic", "geographic", "syntactic", "featural")


def factor_rows(found: Measured, material: Material) -> Iterator[dict[str, Any]]:
    """Yield the rows of `factors.csv`: rank correlations with Mantel tests, languages the units.

    Each factor is tested alone and with script and text size taken out; p-values are corrected over
    the factors of a part by Benjamini and Hochberg. Nothing is said of fewer than 4 languages.

    Args:
        found: cells.
        material: gives text.
    """
    for part, rows in by_part(found).items():
        own = [row for row in rows if row.metric == first_metric(row.task)]
        if not own:
            continue
        effect, givers, takers = matrix_of(own)
        if min(effect.shape) >= _FEWEST:
            yield from _tested(part, effect, (givers, takers), material)


def _tested(
    part: Part,
    effect: Matrix,
    sides: tuple[tuple[Language, ...], tuple[Language, ...]],
    material: Material,
) -> Iterator[dict[str, Any]]:
    """Test each factor, plain and partial."""
    factors = factors_of(material, *sides)
    controls = [factors[name] for name in _CONTROLS if name in factors]
    rows: list[dict[str, Any]] = []
    for name, factor in factors.items():
        for named, taken in (("", []), (" and ".join(_CONTROLS), controls)):
            if taken and name in _CONTROLS:
                continue
            one = mantel(effect, factor, same_languages=sides[0] == sides[1], controls=taken)
            rows.append(
                {
                    **dict(zip(("task", "metric", "arm", "updates"), part, strict=True)),
                    "factor": name,
                    "controls": named,
                    "correlation": one.estimate,
                    "ci_low": one.ci_low,
                    "ci_high": one.ci_high,
                    "p": one.p,
                    "n_languages": one.n_languages,
                    "n_cells": one.n_cells,
                }
            )
    adjusted = benjamini_hochberg([row["p"] for row in rows])
    yield from ({**row, "p_adjusted": p} for row, p in zip(rows, adjusted, strict=True))


def factors_of(
    material: Material, givers: Sequence[Language], takers: Sequence[Language]
) -> dict[str, Matrix]:
    """Return each factor as a matrix [transfer languages, targets]; nan = not known.

    Args:
        material: gives text and the user's distances.
        givers: rows.
        takers: columns.
    """
    unseen = set(material.spec.unseen)
    sizes = material.facts["tokens"]
    found = {
        "same script": _pairs(givers, takers, lambda a, b: float(a.script == b.script)),
        "same family": _pairs(
            givers, takers, lambda a, b: float(a.family == b.family) if a.family else np.nan
        ),
        "text size": _pairs(givers, takers, lambda a, _: float(np.log(sizes[str(a)]))),
        **_of_text(material, givers, takers),
    }
    if unseen:
        found["transfer unseen"] = _pairs(givers, takers, lambda a, _: float(a in unseen))
        found["target unseen"] = _pairs(givers, takers, lambda _, b: float(b in unseen))
    if material.spec.distances:
        found |= read_distances(Path(material.spec.distances), givers, takers)
    return {**found, **typological(givers, takers)}


def _pairs(givers: Sequence[Language], takers: Sequence[Language], value: Any) -> Matrix:  # noqa: ANN401
    return np.array([[value(a, b) for b in takers] for a in givers], dtype=np.float64)


def _of_text(
    material: Material, givers: Sequence[Language], takers: Sequence[Language]
) -> dict[str, Matrix]:
    """Return cosines of character 3-grams and of tokens, where both sides have text."""
    lines = {one: _lines(material, one) for one in dict.fromkeys((*givers, *takers))}
    grams = {one: _character_grams(text) for one, text in lines.items()}
    tokens = {
        one: Counter(token for ids in material.tokenizer.encode(text) for token in ids)
        for one, text in lines.items()
    }
    return {
        name: _pairs(givers, takers, lambda a, b, of=of: cosine(of[a], of[b]))
        for name, of in (("character 3-grams", grams), ("shared tokens", tokens))
    }


def _lines(material: Material, language: Language) -> list[str]:
    """Return some of a language's training text, or nothing where there is none."""
    if not material.source.has("text", language, "train"):
        return []
    return list(islice(material.source.text(language, "train"), _LINES))


def _character_grams(lines: Sequence[str]) -> Counter[str]:
    found = Counter[str]()
    for line in lines:
        found.update(line[at : at + 3] for at in range(len(line) - 2))
    return found


def cosine(first: Mapping[Any, int], second: Mapping[Any, int]) -> float:
    """Return the cosine of two counts; nan where one is empty.

    Example:
        >>> round(cosine({"a": 1, "b": 1}, {"a": 1, "b": 1, "c": 2}), 3)
        0.577
        >>> cosine({}, {"a": 1})
        nan
    """
    lengths = [np.sqrt(sum(n * n for n in one.values())) for one in (first, second)]
    if not all(lengths):
        return float("nan")
    shared = sum(n * second.get(key, 0) for key, n in first.items())
    return float(shared / (lengths[0] * lengths[1]))


def read_distances(
    path: Path, givers: Sequence[Language], takers: Sequence[Language]
) -> dict[str, Matrix]:
    """Return the distances of a user's CSV file: columns a, b, and one per distance.

    Pairs are read in both directions where only one of them is there; an empty field is missing.

    Args:
        path: of the file.
        givers: rows.
        takers: columns.

    Raises:
        InputError: no such file, no columns a and b, a code that is no language, or no number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refused(path, f"{error}") from error
    names = [one for one in (rows[0] if rows else {}) if one not in ("a", "b")]
    if not rows or not {"a", "b"} <= rows[0].keys() or not names:
        raise _refused(path, f"the columns {', '.join(map(str, rows[0] if rows else []))}")
    known: dict[str, dict[tuple[Language, Language], float]] = {name: {} for name in names}
    for number, row in enumerate(rows, 2):
        pair = tuple(Language.parse(row[key] or "", where=f"{path}:{number}") for key in "ab")
        for name in names:
            if row[name]:
                known[name][pair[0], pair[1]] = _number(row[name], f"{path}:{number}")
    return {
        name: _pairs(
            givers, takers, lambda a, b, of=of: of.get((a, b), of.get((b, a), float("nan")))
        )
        for name, of in known.items()
    }


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputError(
            expected="a number, or nothing where a distance is not known",
            found=f"`{text}`",
            where=where,
            next_step="Correct the field.",
        ) from error


def _refused(path: Path, found: str) -> InputError:
    return InputError(
        expected="a CSV file with the columns a, b, and one for each distance",
        found=found,
        where=str(path),
        next_step="For example: a,b,syntactic and eng,fra,0.42 in the next line.",
    )


def typological(givers: Sequence[Language], takers: Sequence[Language]) -> dict[str, Matrix]:
    """Return URIEL+ distances where the extra `typology` is installed; none where it is not.

    Pairs of languages that share no feature are missing, never 0 or 1.

    Args:
        givers: rows.
        takers: columns.

    Reference:
        Khan et al. (2025). URIEL+: Enhancing Linguistic Inclusion and Usability in a Typological
        and Multilingual Knowledge Base. https://arxiv.org/abs/2409.18472
    """
    try:
        from urielplus import urielplus  # pyright: ignore[reportMissingImports]
    except ImportError:
        return {}
    known: Any = urielplus.URIELPlus()

    def distance(kind: str, a: Language, b: Language) -> float:
        if a == b:
            return 0.0
        try:
            pair = [MEMBER.get(one.code, one.code) for one in (a, b)]
            return float(known.new_distance(kind, pair))
        except (ValueError, LookupError):  # unknown, or no feature in common
            return float("nan")

    return {
        f"{kind} distance": _pairs(givers, takers, lambda a, b, kind=kind: distance(kind, a, b))
        for kind in _TYPOLOGY
    }
