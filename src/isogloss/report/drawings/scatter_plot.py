"""Two gains against each other, with zero lines that cut the plane in four."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from isogloss.report.drawings.svg import Scale, drawing, element, half_range, ticks

WIDTH: Final = 460
HEIGHT: Final = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 26, 46
# Shapes differ as well as colours, for readers who see few of the colours.
_SHAPES: Final = (
    "M0-5.5A5.5 5.5 0 1 1 0 5.5A5.5 5.5 0 1 1 0-5.5Z",
    "M-5-5H5V5H-5Z",
    "M0-6.5L6 5H-6Z",
    "M0-7L7 0L0 7L-7 0Z",
    "M0 6.5L6-5H-6Z",
    "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
    "M-5.5-2.2L0-6L5.5-2.2L3.4 5H-3.4Z",
    "M-6-3L0-6.5L6-3V3L0 6.5L-6 3Z",
)


@dataclass(frozen=True)
class Point:
    """One treatment in one place.

    Attributes:
        label: printed beside the point; empty for the small ones.
        slot: which colour and shape it takes.
        x: horizontal gain, as printed.
        y: vertical gain.
        note: tooltip.
    """

    label: str
    slot: int
    x: float
    y: float
    note: str


def marker(slot: int) -> Markup:
    """Draw the sign of one treatment, for a legend."""
    return element("path", d=_SHAPES[slot % 8], class_=f"mark s{slot % 8}")


def scatter_plot(
    points: Sequence[Point],
    *,
    quadrants: tuple[str, str, str, str],
    x_label: str,
    y_label: str,
    title: str,
    description: str,
) -> Markup:
    """Draw the points on axes centred on zero.

    Args:
        points: large where `label` is given, small where it is empty.
        quadrants: names of top right, top left, bottom left, bottom right.
        x_label: name of the horizontal axis.
        y_label: name of the vertical axis.
        title: of the drawing.
        description: for who cannot see it.

    Returns:
        The `svg` element.
    """
    half_x = half_range([1.08 * point.x for point in points])
    half_y = half_range([1.08 * point.y for point in points])
    x_scale = Scale(-half_x, half_x, _LEFT, WIDTH - _RIGHT)
    y_scale = Scale(-half_y, half_y, HEIGHT - _BOTTOM, _TOP)
    parts = [*_plane(x_scale, y_scale), *_names(quadrants, x_label, y_label)]
    small = [point for point in points if not point.label]
    large = [point for point in points if point.label]
    parts += [_sign(point, x_scale, y_scale, scale=0.62, class_="faint") for point in small]
    parts += [_sign(point, x_scale, y_scale, scale=1.25, class_="") for point in large]
    parts += _labels(large, x_scale, y_scale)
    return drawing(WIDTH, HEIGHT, *parts, title=title, description=description, class_="scatter")


def _plane(x_scale: Scale, y_scale: Scale) -> list[Markup]:
    """Grid, the quadrant where everything gains, and the zero lines."""
    right, floor = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    x_zero, y_zero = x_scale(0), y_scale(0)
    parts = [
        element("rect", x=x_zero, y=_TOP, width=right - x_zero, height=y_zero - _TOP, class_="good")
    ]
    for mark in ticks(x_scale.low, x_scale.high, 6):
        x = x_scale(mark)
        parts.append(element("path", d=f"M{x:.1f} {_TOP}V{floor}", class_="grid"))
        parts.append(
            element("text", _signed(mark), x=x, y=floor + 16, text_anchor="middle", class_="tick")
        )
    for mark in ticks(y_scale.low, y_scale.high, 6):
        y = y_scale(mark)
        parts.append(element("path", d=f"M{_LEFT} {y:.1f}H{right}", class_="grid"))
        parts.append(
            element("text", _signed(mark), x=_LEFT - 7, y=y + 4, text_anchor="end", class_="tick")
        )
    parts.append(element("path", d=f"M{x_zero:.1f} {_TOP}V{floor}", class_="zero"))
    parts.append(element("path", d=f"M{_LEFT} {y_zero:.1f}H{right}", class_="zero"))
    return parts


def _names(quadrants: tuple[str, str, str, str], x_label: str, y_label: str) -> list[Markup]:
    """The four quadrants and the two axes in words."""
    right, floor = WIDTH - _RIGHT - 6, HEIGHT - _BOTTOM - 8
    places = (
        (right, _TOP + 14, "end"),
        (_LEFT + 6, _TOP + 14, "start"),
        (_LEFT + 6, floor, "start"),
        (right, floor, "end"),
    )
    parts = [
        element("text", name, x=x, y=y, text_anchor=anchor, class_="quadrant")
        for name, (x, y, anchor) in zip(quadrants, places, strict=True)
    ]
    parts.append(
        element("text", x_label, x=right + 6, y=HEIGHT - 8, text_anchor="end", class_="axis")
    )
    parts.append(element("text", y_label, x=4, y=11, class_="axis"))
    return parts


def _sign(point: Point, x_scale: Scale, y_scale: Scale, *, scale: float, class_: str) -> Markup:
    """The shape of one point, with its tooltip."""
    return element(
        "path",
        element("title", point.note),
        d=_SHAPES[point.slot % 8],
        transform=f"translate({x_scale(point.x):.1f} {y_scale(point.y):.1f}) scale({scale})",
        class_=f"mark s{point.slot % 8} {class_}".strip(),
    )


def _labels(points: Sequence[Point], x_scale: Scale, y_scale: Scale) -> list[Markup]:
    """Names beside the large points, pushed apart so that none covers another."""
    parts: list[Markup] = []
    last = -math.inf
    for point in sorted(points, key=lambda one: y_scale(one.y)):
        x, y = x_scale(point.x), y_scale(point.y)
        last = max(y + 4, last + 15)
        flipped = x > WIDTH - _RIGHT - 8 * len(point.label)
        parts.append(
            element(
                "text",
                point.label,
                x=x - 12 if flipped else x + 12,
                y=last,
                text_anchor="end" if flipped else "start",
                class_="label",
            )
        )
    return parts


def _signed(mark: float) -> str:
    """Axis numbers with a sign, zero without."""
    return f"{mark:+g}".replace("-", "\u2212") if mark else "0"
