import re

from isogloss.report.drawings.line_chart import Series, line_chart, line_sample

NAN = float("nan")


def chart(
    series: list[Series], level: tuple[str, float] | None = None, *, powers: bool = False
) -> str:
    return line_chart(
        series,
        level=level,
        x_label="x",
        y_label="y",
        title="Curves",
        description="Down.",
        powers=powers,
    )


def marks(made: str) -> list[str]:
    """Return the numbers beside the upward axis."""
    return re.findall(r'text-anchor="end" class="tick">([^<]+)<', made)


def test_mean_seeds_and_level() -> None:
    one = Series("Untreated", 1, [(0, 6.0), (10, 4.0)], [[(0, 6.1), (10, 4.1)]])
    made = chart([one], ("plateau", 6.0))
    assert made.count('class="line seed s1"') == 1
    assert made.count('class="line s1"') == 1
    assert 'class="level"' in made
    assert "<title>Untreated</title>" in made


def test_points_that_are_not_numbers_are_left_out() -> None:
    made = chart([Series("a", 0, [(0, 1.0), (1, NAN), (2, 2.0)])])
    assert "nan" not in made


def test_the_end_is_marked_where_the_numbers_end() -> None:
    made = chart([Series("a", 0, [(0, 1.0), (1, 2.0), (2, NAN)])])
    assert "nan" not in made
    assert made.count("<circle") == 1


def test_powers_of_ten() -> None:
    """Heights are exponents: from a ten-thousandth to a tenth."""
    made = chart([Series("a", 0, [(0, -4.0), (10, -1.0)])], ("one", 0.0), powers=True)
    assert marks(made) == ["0.0001", "0.001", "0.01", "0.1", "1"]
    narrow = chart([Series("a", 0, [(0, -0.5), (10, 0.5)])], powers=True)
    assert marks(narrow) == ["0.5", "1", "2"]
    wide = chart([Series("a", 0, [(0, -12.0), (10, 1.0)])], powers=True)
    assert 4 <= len(marks(wide)) <= 8


def test_no_line_is_still_a_chart() -> None:
    assert 'role="img"' in chart([Series("a", 0, [])])


def test_sample() -> None:
    assert "line s3" in line_sample(11)
