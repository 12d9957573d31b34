import itertools
import re

from isogloss.report.drawings.scatter_plot import Point, marker, scatter_plot


def plot(points: list[Point]) -> str:
    return scatter_plot(
        points,
        quadrants=("both", "up", "none", "right"),
        x_label="within",
        y_label="zero",
        title="Trade-off",
        description="Two treatments.",
    )


def test_large_points_are_named_small_ones_are_not() -> None:
    made = plot([Point("A & B", 1, 1.0, 2.0, "note"), Point("", 1, 1.0, 2.0, "small")])
    assert made.count("A &amp; B") == 1
    assert made.count('class="mark s1') == 2
    assert made.count("faint") == 1


def test_names_do_not_cover_one_another() -> None:
    made = plot([Point(name, 0, 1.0, 1.0, "") for name in ("one", "two", "three")])
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" text-anchor="\w+" class="label"', made)]
    assert len(heights) == 3
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 15


def test_shapes_differ() -> None:
    assert len({str(marker(slot)).split('"')[1] for slot in range(8)}) == 8
