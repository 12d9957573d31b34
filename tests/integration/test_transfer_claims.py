"""What is planted in the text is what a transfer matrix finds, and in its direction."""

from pathlib import Path

import pytest

from isogloss.core import Language
from isogloss.transfer import MatrixSpec, parse_matrix, run_matrix
from isogloss.transfer.results import Measured
from unit.transfer import toys

BASE, TWIN, FOREIGN, CLONE = (Language.parse(code) for code in ("qaa", "qab", "qac", "qad"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return four languages; the text of one holds that of another, and not the other way."""
    bed = toys.write_bed(
        tmp_path_factory.mktemp("planted"), "twin", "unrelated", "clone", held_out=200
    )
    foreign, clone = (bed / "text" / f"{code}.train.txt" for code in ("qac", "qad"))
    foreign.write_text(foreign.read_text("utf-8") + clone.read_text("utf-8"), "utf-8")
    return bed


@pytest.fixture(scope="module")
def found(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = tmp_path_factory.mktemp("planted-body")
    body = toys.write_body(planted, folder, (BASE, TWIN, FOREIGN, CLONE), updates=100)
    return run_matrix(_spec(body), str(planted), tmp_path_factory.mktemp("planted-out"))


def _spec(body: Path) -> MatrixSpec:
    return parse_matrix(
        {
            "model": str(body),
            "method": "tune",
            "transfer_languages": ["qaa", "qab", "qac", "qad"],
            "tasks": ["masked_lm"],
            "steps": [30],
            "runs": 3,
            "unit": {"rows": 16, "length": 24, "learning_rate": 0.004, "mask_rate": 0.3},
        },
        "here",
    )


def verdict(found: Measured, giver: Language, taker: Language) -> str:
    [row] = [row for row in found.rows if row.effect.transfer == (giver,) and row.target == taker]
    return row.verdict


def test_a_language_donates_to_itself_and_to_its_twin(found: Measured) -> None:
    assert verdict(found, BASE, BASE) == "beneficial"
    assert verdict(found, TWIN, BASE) == "beneficial"
    assert verdict(found, BASE, TWIN) == "beneficial"


def test_an_unrelated_language_does_not_donate(found: Measured) -> None:
    assert verdict(found, FOREIGN, BASE) != "beneficial"
    assert verdict(found, BASE, FOREIGN) != "beneficial"


def test_a_planted_effect_shows_in_its_direction_alone(found: Measured) -> None:
    assert verdict(found, FOREIGN, CLONE) == "beneficial"
    assert verdict(found, CLONE, FOREIGN) != "beneficial"
