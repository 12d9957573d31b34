"""An estimate with its interval on an axis through zero, small enough for a table cell."""

import math
from typing import Final

from markupsafe import Markup

from isogloss.report.drawings.svg import Scale, element, ticks

WIDTH: Final = 160
HEIGHT: Final = 18
_MARGIN: Final = 6
_TICK: Final = 40  # room for a label of four signs


def interval_bar(
    estimate: float, low: float, high: float, *, half: float, verdict: str, width: int = WIDTH
) -> Markup:
    """Draw an interval, its estimate and the zero line.

    The numbers stand beside it in the table, so that a screen reader skips the drawing.

    Args:
        estimate: the point, in any unit.
        low: lower end of the interval; may be nan.
        high: upper end.
        half: the axis runs from -half to +half.
        verdict: gives the colour, through a CSS class.
        width: in user units.

    Returns:
        The `svg` element; empty when there is no estimate.
    """
    if not math.isfinite(estimate):
        return Markup("")
    middle = HEIGHT / 2
    place = Scale(-half, half, _MARGIN, width - _MARGIN)

    def inside(value: float) -> float:
        return place(min(max(value, -half), half))

    parts = [element("path", d=f"M{place(0):.4g} 0V{HEIGHT}", class_="zero")]
    if math.isfinite(low) and math.isfinite(high):
        left, right = inside(low), inside(high)
        parts.append(element("path", d=f"M{left:.4g} {middle:g}H{right:.4g}", class_="span"))
        parts += [
            element("path", d=f"M{end:.4g} {middle - 3:g}v6", class_="span cap")
            for end, value in ((left, low), (right, high))
            if abs(value) <= half
        ]
    parts.append(element("circle", cx=inside(estimate), cy=middle, r=3.6, class_="point"))
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {width} {HEIGHT}",
        width=width,
        height=HEIGHT,
        aria_hidden="true",
        class_=f"bar v-{verdict.lower().replace(' ', '-')}",
    )


def interval_axis(half: float, *, factor: float = 1.0, width: int = WIDTH) -> Markup:
    """Draw the axis that the interval bars of one table share.

    Args:
        half: the axis runs from -half to +half, in the unit of the data.
        factor: printed numbers are this many times the data (100 for points).
        width: the width of the bars.

    Returns:
        The `svg` element, hidden from screen readers like the bars.
    """
    place = Scale(-half * factor, half * factor, _MARGIN, width - _MARGIN)
    steps = ticks(-half * factor, half * factor, max(width // _TICK, 3))
    marks = [mark for mark in steps if abs(mark) > 0] + [0.0]
    labels = [
        element(
            "text",
            f"{mark:+g}".replace("-", "\u2212") if mark else "0",
            x=min(max(place(mark), 14), width - 14),
            y=11,
            text_anchor="middle",
            class_="tick",
        )
        for mark in marks
    ]
    return element(
        "svg",
        *labels,
        viewBox=f"0 0 {width} 14",
        width=width,
        height=14,
        aria_hidden="true",
        class_="bar axis",
    )
