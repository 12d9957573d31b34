"""Horizontal bars with their numbers at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from isogloss.report.drawings.heat_map import shorten
from isogloss.report.drawings.svg import Scale, drawing, element

_LABEL: Final = 210
_WIDTH: Final = 640
_ROW: Final = 26


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        label: its name.
        slot: which colour of the page it takes.
        value: its length.
        text: the printed number.
    """

    label: str
    slot: int
    value: float
    text: str


def bar_chart(bars: Sequence[Bar], *, title: str, description: str) -> Markup:
    """Draw the bars from zero, the longest as wide as the room.

    Args:
        bars: top to bottom.
        title: of the drawing.
        description: for who cannot see it.

    Returns:
        The `svg` element.
    """
    place = Scale(
        0.0, max((bar.value for bar in bars), default=1.0) or 1.0, 0, _WIDTH - _LABEL - 90
    )
    parts: list[Markup] = []
    for row, bar in enumerate(bars):
        top = row * _ROW
        length = max(place(bar.value), 1.0)
        parts += [
            element(
                "text",
                shorten(bar.label, 30),
                x=_LABEL - 10,
                y=top + 17,
                text_anchor="end",
                class_="label",
            ),
            element(
                "rect",
                x=_LABEL,
                y=top + 5,
                width=length,
                height=_ROW - 10,
                rx=2,
                class_=f"fill s{bar.slot % 8}",
            ),
            element("text", bar.text, x=_LABEL + length + 8, y=top + 17, class_="number"),
        ]
    return drawing(
        _WIDTH, _ROW * len(bars), *parts, title=title, description=description, class_="bars"
    )
