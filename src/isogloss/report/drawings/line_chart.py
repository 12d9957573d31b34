"""Lines over updates: the mean over seeds, each seed behind it, a dashed level across."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from isogloss.report.drawings.svg import Scale, drawing, element, ticks

WIDTH: Final = 530
HEIGHT: Final = 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 16, 40
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Series:
    """One line.

    Attributes:
        label: its name.
        slot: which colour and dash of the page it takes.
        mean: points (x, y), by x.
        seeds: the lines of the single seeds, drawn thin.
    """

    label: str
    slot: int
    mean: Points
    seeds: Sequence[Points] = ()


def line_chart(
    series: Sequence[Series],
    *,
    level: tuple[str, float] | None,
    x_label: str,
    y_label: str,
    title: str,
    description: str,
    powers: bool = False,
) -> Markup:
    """Draw the lines on common axes.

    Args:
        series: the lines.
        level: name and height of the dashed line, or None.
        x_label: name of the horizontal axis.
        y_label: name of the vertical axis.
        title: of the drawing.
        description: for who cannot see it.
        powers: heights are exponents of ten, and the axis is labelled with the powers.

    Returns:
        The `svg` element.
    """
    lines = [line for one in series for line in (one.mean, *one.seeds)]
    heights = [y for line in lines for _, y in line] + ([level[1]] if level else [])
    lengths = [x for line in lines for x, _ in line]
    low, high = _padded(heights)
    x_scale = Scale(0.0, max(lengths, default=1.0), _LEFT, WIDTH - _RIGHT)
    y_scale = Scale(low, high, HEIGHT - _BOTTOM, _TOP)
    marks = _powers(low, high) if powers else [(y, f"{y:g}") for y in ticks(low, high)]
    parts = [*_grid(x_scale, y_scale, marks, (x_label, y_label))]
    if level is not None and math.isfinite(level[1]):
        parts += _level(level, y_scale)
    for one in series:
        slot = one.slot % 8
        parts += [
            element("path", d=_path(line, x_scale, y_scale), class_=f"line seed s{slot}")
            for line in one.seeds
        ]
    for one in series:
        parts.append(
            element(
                "path",
                element("title", one.label),
                d=_path(one.mean, x_scale, y_scale),
                class_=f"line s{one.slot % 8}",
            )
        )
        finite = [(x, y) for x, y in one.mean if math.isfinite(x + y)]
        if finite:
            x, y = finite[-1]
            parts.append(
                element("circle", cx=x_scale(x), cy=y_scale(y), r=3, class_=f"end s{one.slot % 8}")
            )
    return drawing(WIDTH, HEIGHT, *parts, title=title, description=description, class_="lines")


def line_sample(slot: int) -> Markup:
    """Draw the sign of one line, for a legend."""
    return element("path", d="M0 5H28", class_=f"line s{slot % 8}")


def _padded(numbers: Sequence[float]) -> tuple[float, float]:
    """A range with a little air, from the finite numbers."""
    finite = [number for number in numbers if math.isfinite(number)]
    if not finite:
        return 0.0, 1.0
    air = 0.06 * (max(finite) - min(finite)) or 0.5
    return min(finite) - air, max(finite) + air


def _path(points: Points, x_scale: Scale, y_scale: Scale) -> str:
    """The line through the finite points."""
    places = [f"{x_scale(x):.1f} {y_scale(y):.1f}" for x, y in points if math.isfinite(x + y)]
    return "M" + "L".join(places) if places else ""


def _level(level: tuple[str, float], y_scale: Scale) -> list[Markup]:
    """The dashed line and its name."""
    y = y_scale(level[1])
    return [
        element("path", d=f"M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}", class_="level"),
        element(
            "text", level[0], x=WIDTH - _RIGHT, y=y - 5, text_anchor="end", class_="level-name"
        ),
    ]


def _powers(low: float, high: float) -> list[tuple[float, str]]:
    """Marks at powers of ten, a few of them; within one power at its doubles and fivefolds too."""
    steps = [0.0] if high - low > 2 else [0.0, math.log10(2), math.log10(5)]
    first, last = math.floor(low), math.ceil(high)
    every = max(1, round((last - first) / 6))
    exponents = [
        power + step for power in range(first, last + 1) if power % every == 0 for step in steps
    ]
    return [(one, f"{10.0**one:.3g}") for one in exponents if low <= one <= high]


def _grid(
    x_scale: Scale,
    y_scale: Scale,
    marks: Sequence[tuple[float, str]],
    names: tuple[str, str],
) -> list[Markup]:
    """Grid lines, numbers and the names of the axes."""
    floor = HEIGHT - _BOTTOM
    parts = [
        element("path", d=f"M{_LEFT} {y_scale(mark):.1f}H{WIDTH - _RIGHT}", class_="grid")
        for mark, _ in marks
    ]
    parts += [
        element("text", text, x=_LEFT - 7, y=y_scale(mark) + 4, text_anchor="end", class_="tick")
        for mark, text in marks
    ]
    parts += [
        element(
            "text",
            f"{mark:,.0f}",
            x=x_scale(mark),
            y=floor + 16,
            text_anchor="middle",
            class_="tick",
        )
        for mark in ticks(x_scale.low, x_scale.high)
    ]
    parts.append(element("path", d=f"M{_LEFT} {floor}H{WIDTH - _RIGHT}", class_="frame"))
    parts.append(
        element("text", names[0], x=WIDTH - _RIGHT, y=HEIGHT - 6, text_anchor="end", class_="axis")
    )
    parts.append(element("text", names[1], x=4, y=10, class_="axis"))
    return parts
