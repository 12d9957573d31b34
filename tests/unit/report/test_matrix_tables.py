import pytest

from isogloss.report.matrix_files import MatrixFiles, read_matrix
from isogloss.report.matrix_tables import (
    answer,
    asymmetry,
    categories,
    controls,
    cost,
    factors,
    recommended,
    seen,
)
from unit.report import toy_matrix


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> MatrixFiles:
    return read_matrix(toy_matrix.write(tmp_path_factory.mktemp("matrix")))


def test_the_answer_counts_cells_of_one_language_on_another(found: MatrixFiles) -> None:
    said = answer(found)
    assert said.startswith("Of 12 cells of one language on another, 4 beneficial, 4 harmful")
    assert "4 undecided" in said
    assert "Donor: English." in said


def test_each_table_has_its_rows_and_its_rule(found: MatrixFiles) -> None:
    for make, text in (
        (categories, "donor"),
        (recommended, "pos k=10"),
        (asymmetry, "+2.0"),
        (seen, "unseen"),
        (factors, "0.50"),
        (cost, "12.5"),
    ):
        exhibit = make(found)
        assert exhibit is not None
        assert any(text in str(cell) for row in exhibit.table.rows for cell in row), text
        assert exhibit.legend


def test_controls_are_not_among_the_cells(found: MatrixFiles) -> None:
    exhibit = controls(found)
    assert exhibit is not None
    assert len(exhibit.table.rows) == 9
    assert all("shuffled" in row[0] for row in exhibit.table.rows)
