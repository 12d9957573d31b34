from isogloss.report.drawings.interval_bar import interval_axis, interval_bar

NAN = float("nan")


def test_a_bar_has_zero_interval_and_point() -> None:
    bar = interval_bar(0.02, 0.01, 0.03, half=0.05, verdict="HURT")
    assert bar.count('class="zero"') == 1
    assert bar.count("span cap") == 2
    assert "v-hurt" in bar
    assert 'aria-hidden="true"' in bar


def test_ends_beyond_the_axis_have_no_cap() -> None:
    assert interval_bar(0.02, -0.2, 0.03, half=0.05, verdict="HURT").count("cap") == 1


def test_no_estimate_no_bar() -> None:
    assert interval_bar(NAN, NAN, NAN, half=1.0, verdict="") == ""
    assert "cap" not in interval_bar(0.1, NAN, NAN, half=1.0, verdict="HURT")


def test_the_axis_is_in_points() -> None:
    axis = interval_axis(0.15, factor=100.0)
    assert ">+10<" in axis
    assert ">\u221210<" in axis
    assert ">0<" in axis
