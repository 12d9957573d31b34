from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.report import matrix_answer, render_matrix
from unit.report import toy_matrix


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = toy_matrix.write(tmp_path_factory.mktemp("matrix"))
    return render_matrix(folder).read_text(encoding="utf-8")


def test_every_display_is_on_the_page(page: str) -> None:
    for title in (
        "Part-of-speech tagging",
        "What languages are like",
        "Recommended pairs",
        "Spread over targets",
        "Company:",
        "Over updates:",
        "Asymmetry",
        "Seen and unseen in pretraining",
        "What goes with a gain",
        "Controls",
        "Cost",
        "A note.",
        "Transfer matrix",
    ):
        assert title in page, title
    assert "Two finished systems" not in page
    assert page.count("url(#hatch)") > 0


def test_what_comes_from_data_cannot_run(page: str) -> None:
    assert "<b>Telugu</b>" not in page
    assert "&lt;b&gt;Telugu" in page
    assert "://" not in page.replace("http://www.w3.org", "")


def test_empty_tables_leave_their_display_out(tmp_path: Path) -> None:
    names = ("recommended", "company", "seen", "factors", "asymmetry")
    page = render_matrix(toy_matrix.write(tmp_path, empty=names)).read_text(encoding="utf-8")
    for title in ("Recommended pairs", "Company:", "Seen and unseen", "Asymmetry"):
        assert title not in page


def test_the_answer_as_plain_data(tmp_path: Path) -> None:
    found = matrix_answer(toy_matrix.write(tmp_path))
    assert "Shown to help every other target: <b>Telugu</b>." in found["answer"]
    assert found["recommended"][0]["target"] == "tel-Telu"
    assert found["notes"] == ["A note."]


def test_a_file_of_others_is_not_replaced(tmp_path: Path) -> None:
    folder = toy_matrix.write(tmp_path / "matrix")
    (tmp_path / "mine.html").write_text("mine")
    with pytest.raises(InputError, match="isogloss did not write"):
        render_matrix(folder, tmp_path / "mine.html")
