import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from isogloss.core import InputError, Language
from isogloss.transfer import MatrixSpec
from isogloss.transfer.factors import (
    cosine,
    factor_rows,
    factors_of,
    read_distances,
    typological,
)
from unit.transfer import toys
from unit.transfer.invented import EN, HI, SW, TE, measured, row, spec

SIDES = ((EN, SW, TE, HI), (EN, SW, TE, HI))


def test_factors_need_no_package(bed: Path, body: Path, tmp_path: Path) -> None:
    material = toys.material_of(toys.spec(body, unseen=["qac"]), bed, tmp_path)
    languages = material.spec.columns
    found = factors_of(material, languages, languages)
    grams = found["character 3-grams"]
    assert np.diag(grams) == pytest.approx(1.0)
    assert grams[0, 2] < 0.5
    assert found["shared tokens"][0, 1] == found["shared tokens"][1, 0] < 1.0
    assert found["transfer unseen"][2].tolist() == [1.0, 1.0, 1.0]
    assert found["text size"][:, 0].tolist() == found["text size"][:, 1].tolist()
    assert {"same script", "same family"} <= found.keys()


def test_distances_of_a_file_in_both_directions(tmp_path: Path) -> None:
    path = tmp_path / "distances.csv"
    path.write_text("a,b,syntax,sound\nen,sw,0.5,\nte,en,0.25,1\n", encoding="utf-8")
    found = read_distances(path, *SIDES)
    assert found["syntax"][0, 1] == found["syntax"][1, 0] == 0.5
    assert found["syntax"][0, 2] == 0.25
    assert np.isnan(found["sound"][0, 1])
    assert np.isnan(found["syntax"][3, 3])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\nen,sw\n", "the columns a, b"),
        ("x,y,z\n1,2,3\n", "x, y, z"),
        ("a,b,d\nen,sw,far\n", "`far`"),
        ("a,b,d\nnone-such,sw,1\n", "a language"),
        ("", "one for each distance"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "distances.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_distances(path, *SIDES)
    with pytest.raises(InputError, match="a CSV file"):
        read_distances(tmp_path / "absent.csv", *SIDES)


def test_a_factor_that_makes_the_gains_is_found(
    done: tuple[Path, MatrixSpec], bed: Path, tmp_path: Path
) -> None:
    path = tmp_path / "distances.csv"
    languages = [*SIDES[0], *(Language.parse(code) for code in ("fr", "ru", "kn"))]
    generator = np.random.default_rng(0)
    known = {
        (a, b): float(generator.random())
        for index, a in enumerate(languages)
        for b in languages[index + 1 :]
    }
    lines = [f"{a},{b},{one}" for (a, b), one in known.items()]
    path.write_text("\n".join(["a,b,far", *lines]), encoding="utf-8")
    rows = [
        row(a, b, 0.1 - 0.2 * known.get((a, b), known.get((b, a), 0.0)), "undecided")
        for a in languages
        for b in languages
    ]
    folder, one = done
    of = one.model_copy(update={"distances": str(path), "transfer_languages": tuple(languages)})
    material = toys.material_of(one, bed, folder)
    facts = {**material.facts, "tokens": {str(a): 100 + n for n, a in enumerate(languages)}}
    invented = type(material)(folder, of, material.source, facts)
    found = pd.DataFrame(factor_rows(measured(rows, of), invented))
    [far] = found[(found["factor"] == "far") & (found["controls"] == "")].to_dict("records")
    assert far["correlation"] < -0.9
    assert far["p"] < 0.01
    assert far["ci_high"] < 0
    assert far["n_languages"] == 7
    assert set(found[found["factor"] == "far"]["controls"]) == {"", "same script and text size"}


def test_nothing_is_said_of_three_languages(done: tuple[Path, MatrixSpec], bed: Path) -> None:
    folder, one = done
    rows = [row(a, b, 0.1, "beneficial") for a in (EN, SW, TE) for b in (EN, SW, TE)]
    material = toys.material_of(one, bed, folder)
    assert list(factor_rows(measured(rows, spec()), material)) == []


def test_cosines() -> None:
    assert cosine({"a": 2}, {"a": 5}) == pytest.approx(1.0)
    assert cosine({"a": 2}, {"b": 5}) == 0.0


class Known:
    """The face of URIEL+, with a pair that shares no feature."""

    def new_distance(self, kind: str, pair: list[str]) -> float:
        if kind == "featural":
            raise ValueError("No shared featural features")
        return 0.25 if pair == ["eng", "swh"] else 0.5


def test_typology_where_its_package_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    room, inner = ModuleType("urielplus"), ModuleType("urielplus.urielplus")
    inner.URIELPlus = Known  # type: ignore[attr-defined]
    room.urielplus = inner  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "urielplus", room)
    found = typological((EN, SW), (EN, SW))
    assert found["syntactic distance"].tolist() == [[0.0, 0.25], [0.5, 0.0]]
    assert np.isnan(found["featural distance"][0, 1])
    assert found["featural distance"][0, 0] == 0.0


def test_typology_where_its_package_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "urielplus", None)
    assert typological((EN, SW), (EN, SW)) == {}
