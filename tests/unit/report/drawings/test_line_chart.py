from isogloss.report.drawings.line_chart import Series, line_chart, line_sample

NAN = float("nan")


def chart(series: list[Series], level: tuple[str, float] | None = None) -> str:
    return line_chart(
        series, level=level, x_label="x", y_label="y", title="Curves", description="Down."
    )


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


def test_no_line_is_still_a_chart() -> None:
    assert 'role="img"' in chart([Series("a", 0, [])])


def test_sample() -> None:
    assert "line s3" in line_sample(11)
