"""A matrix of numbers as coloured cells with the numbers printed in them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from isogloss.report.drawings.svg import drawing, element

CELL_WIDTH: Final = 66
CELL_HEIGHT: Final = 40
_LABEL: Final = 104
_TOP: Final = 46


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        shade: -1 to 1; negative towards blue, positive towards vermilion. One that is no number is
            drawn as a pair that was not measured.
        text: the printed number.
        note: what it means, in words (tooltip).
        hatched: drawn with a hatch: the number is not significant.
        sequential: shade 0 to 1 on one hue instead of two.
    """

    shade: float
    text: str
    note: str
    hatched: bool = False
    sequential: bool = False


def heat_map(
    cells: Mapping[tuple[str, str], Cell],
    labels: Mapping[str, str],
    *,
    sources: Sequence[str],
    targets: Sequence[str],
    title: str,
    description: str,
    axes: tuple[str, str] = ("source ↓", "target →"),
) -> Markup:
    """Draw rows of source languages against columns of target languages.

    Args:
        cells: by (source, target); a missing pair was not measured and shows a dot.
        labels: what to print for a language.
        sources: rows, in order.
        targets: columns, in order.
        title: of the drawing.
        description: for who cannot see it.
        axes: names of the rows and the columns.

    Returns:
        The `svg` element.
    """
    short = short_names({code: labels.get(code, code) for code in (*sources, *targets)})
    width = _LABEL + CELL_WIDTH * len(targets) + 4
    height = _TOP + CELL_HEIGHT * len(sources) + 4
    parts = [*_axis_names(width, axes), *_column_labels(targets, short)]
    for row, source in enumerate(sources):
        top = _TOP + row * CELL_HEIGHT
        parts.append(
            element(
                "text",
                shorten(short[source], 14),
                x=_LABEL - 10,
                y=top + CELL_HEIGHT / 2 + 4,
                text_anchor="end",
                class_="label",
            )
        )
        parts += [
            _draw_cell(cells.get((source, target)), _LABEL + column * CELL_WIDTH, top)
            for column, target in enumerate(targets)
        ]
    return drawing(width, height, *parts, title=title, description=description, class_="heat")


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return names without the words that all of them begin with: nothing in them tells them apart.

    Example:
        >>> short_names({"qaa-Latn": "Synthetic base", "qab-Latn": "Synthetic twin"})
        {'qaa-Latn': 'base', 'qab-Latn': 'twin'}
    """
    words = {code: name.split() for code, name in names.items()}
    while len(words) > 1 and all(len(one) > 1 for one in words.values()):
        if len({one[0] for one in words.values()}) > 1:
            break
        words = {code: one[1:] for code, one in words.items()}
    return {code: " ".join(one) for code, one in words.items()}


def shorten(text: str, limit: int) -> str:
    """Cut a label that has no room, visibly.

    Example:
        >>> shorten("Bahasa Indonesia", 8)
        'Bahasa …'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def fill(shade: float, *, sequential: bool = False) -> str:
    """Return the CSS colour of a shade: a mix of the page's own colours, so that themes apply.

    The mix stops at 82 % so that the printed number keeps its contrast.
    """
    hue = "--cool" if sequential or shade < 0 else "--warm"
    share = round(82 * min(abs(shade), 1.0))
    return f"fill:color-mix(in srgb,var({hue}) {share}%,var(--zero))"


def _axis_names(width: float, axes: tuple[str, str]) -> list[Markup]:
    """Say which axis is which."""
    return [
        element("text", axes[0], x=_LABEL - 10, y=_TOP - 10, text_anchor="end", class_="axis"),
        element("text", axes[1], x=(_LABEL + width) / 2, y=12, text_anchor="middle", class_="axis"),
    ]


def _column_labels(targets: Sequence[str], labels: Mapping[str, str]) -> list[Markup]:
    """Print the targets above their columns."""
    return [
        element(
            "text",
            shorten(labels[target], 10),
            x=_LABEL + (column + 0.5) * CELL_WIDTH,
            y=_TOP - 10,
            text_anchor="middle",
            class_="label",
        )
        for column, target in enumerate(targets)
    ]


def _draw_cell(cell: Cell | None, left: float, top: float) -> Markup:
    """One square: colour, hatch, number, tooltip."""
    box = {"x": left + 1, "y": top + 1, "width": CELL_WIDTH - 2, "height": CELL_HEIGHT - 2, "rx": 3}
    middle = {"x": left + CELL_WIDTH / 2, "y": top + CELL_HEIGHT / 2 + 4.5, "text_anchor": "middle"}
    if cell is None or not math.isfinite(cell.shade):
        note = "not measured" if cell is None else f"{cell.note} not measured"
        mark = element("text", "·", **middle, class_="absent")
        return element("g", element("title", note), mark)
    parts = [
        element("title", cell.note),
        element("rect", **box, style=fill(cell.shade, sequential=cell.sequential)),
    ]
    if cell.hatched:
        parts.append(element("rect", **box, fill="url(#hatch)"))
    parts.append(element("text", cell.text, **middle, class_="number"))
    return element("g", *parts)
