"""A row of marks for each name on one axis through zero: how an effect is spread."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from isogloss.report.drawings.heat_map import shorten
from isogloss.report.drawings.scatter_plot import marker
from isogloss.report.drawings.svg import Scale, drawing, element, half_range, ticks

WIDTH: Final = 640
_LABEL: Final = 130
_ROW: Final = 26
_BOTTOM: Final = 40


@dataclass(frozen=True)
class Mark:
    """One value of a row.

    Attributes:
        value: its place.
        slot: which colour and shape it takes.
        note: tooltip.
    """

    value: float
    slot: int
    note: str


def strip_plot(
    rows: Sequence[tuple[str, Sequence[Mark]]], *, x_label: str, title: str, description: str
) -> Markup:
    """Draw rows of marks.

    Args:
        rows: name and marks, top to bottom; what is no finite number is left out.
        x_label: name of the axis.
        title: of the drawing.
        description: for who cannot see it.

    Returns:
        The `svg` element.
    """
    half = half_range([mark.value for _, marks in rows for mark in marks])
    place = Scale(-half, half, _LABEL + 10, WIDTH - 14)
    height = _ROW * len(rows) + _BOTTOM
    floor = _ROW * len(rows)
    parts = [
        element("path", d=f"M{place(x):.4g} 0V{floor}", class_="zero" if x == 0 else "grid")
        for x in ticks(-half, half)
    ]
    parts += [
        element("text", f"{x:g}", x=place(x), y=floor + 16, text_anchor="middle", class_="tick")
        for x in ticks(-half, half)
    ]
    parts.append(
        element("text", x_label, x=place(0), y=height - 4, text_anchor="middle", class_="axis")
    )
    for number, (name, marks) in enumerate(rows):
        y = _ROW * (number + 0.5)
        parts.append(
            element(
                "text",
                shorten(name, 18),
                x=_LABEL,
                y=y + 4,
                text_anchor="end",
                class_="label",
            )
        )
        parts += [
            element(
                "g",
                element("title", mark.note),
                marker(mark.slot),
                transform=f"translate({place(mark.value):.4g} {y:.4g})",
            )
            for mark in marks
            if math.isfinite(mark.value)
        ]
    return drawing(WIDTH, height, *parts, title=title, description=description, class_="scatter")
