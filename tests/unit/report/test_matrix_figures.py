import pytest

from isogloss.report.matrix_figures import company, curves, heat_maps, strips
from isogloss.report.matrix_files import MatrixFiles, read_matrix
from unit.report import toy_matrix


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> MatrixFiles:
    return read_matrix(toy_matrix.write(tmp_path_factory.mktemp("matrix")))


def test_maps_are_of_one_language_s_effects_and_hatch_what_is_undecided(
    found: MatrixFiles,
) -> None:
    maps = list(heat_maps(found))
    assert len(maps) == 2, "the control has no map"
    drawing = str(maps[0].figures[0])
    assert drawing.count("url(#hatch)") == 3
    assert "Swahili to English: −1.0" in drawing
    assert drawing.index("Telugu") < drawing.index("English") < drawing.index("Swahili")
    assert maps[0].table.rows[0][7].startswith(("▲", "▼"))
    assert maps[0].download.n_rows == 9


def test_a_strip_has_a_mark_for_each_target(found: MatrixFiles) -> None:
    first = next(strips(found))
    assert str(first.figures[0]).count("<title>") == 9


def test_company_and_curves_are_lines(found: MatrixFiles) -> None:
    [one] = company(found)
    assert [row[1] for row in one.table.rows] == [
        "score",
        "score",
        "interference",
        "culprit",
        "category",
    ]
    [curve] = curves(found)
    assert curve.title == "Over updates: Part-of-speech tagging, tune"
    assert len(curve.table.rows) == 6
