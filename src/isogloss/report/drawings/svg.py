"""SVG elements as escaped text, and the scales that place numbers on them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Attribute = str | float | int | bool | None


def element(tag: str, *children: str, **attributes: Attribute) -> Markup:
    """Write one SVG or HTML element; text and attributes are escaped, `Markup` children are kept.

    Args:
        tag: name of the element.
        children: text, or elements made by this function.
        attributes: `stroke_width=2` becomes `stroke-width="2"`; a trailing underscore is dropped
            (`class_`); None and False leave the attribute out.

    Returns:
        The element.

    Example:
        >>> str(element("text", "<b>", x=1.50, class_="tick"))
        '<text x="1.5" class="tick">&lt;b&gt;</text>'
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    inside = "".join(str(escape(child)) for child in children)
    return Markup(f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>")


def drawing(
    width: float, height: float, *children: str, title: str, description: str, class_: str = ""
) -> Markup:
    """Frame a figure: scalable, named and described for a screen reader.

    Args:
        width: in user units, about a pixel each.
        height: likewise.
        children: elements.
        title: short name, also the tooltip of the whole drawing.
        description: what a reader who cannot see it should learn.
        class_: extra CSS class.

    Returns:
        The `svg` element.
    """
    return element(
        "svg",
        element("desc", description),
        *children,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        aria_label=f"{title}. {description}",
        class_=f"drawing {class_}".strip(),
    )


@dataclass(frozen=True)
class Scale:
    """A straight map from numbers to positions.

    Attributes:
        low: number at `start`.
        high: number at `end`.
        start: position in user units.
        end: likewise; smaller than `start` on an upward axis.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the position of `value`."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers between `low` and `high`, some `about` of them.

    Example:
        >>> ticks(0.0, 10.0)
        [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [low] if math.isfinite(low) else []
    raw = (high - low) / max(about, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(index * step, 10) + 0.0 for index in range(first, last + 1)]


def half_range(numbers: list[float]) -> float:
    """Return a round half-width that holds every finite number on an axis centred on zero.

    Example:
        >>> half_range([-3.2, 1.0])
        4.0
    """
    widest = max((abs(number) for number in numbers if math.isfinite(number)), default=0.0)
    if widest == 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(widest))
    steps = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= widest * 0.999)


def _attribute(value: Attribute) -> str:
    """Write a number without digits that nobody can see (a hundredth of a pixel); escape text."""
    if isinstance(value, bool):
        return "true"
    if isinstance(value, int | float):
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(escape(str(value)))


def legend(entries: Sequence[tuple[Markup, str]]) -> Markup:
    """Write a legend.

    Args:
        entries: a small drawing and its name, each.

    Returns:
        An unordered list.
    """
    return element("ul", *(element("li", sign, name) for sign, name in entries), class_="legend")


def sample(drawn: Markup, box: str, width: int, height: int) -> Markup:
    """Frame a sign for a legend; the name beside it says all, so screen readers skip it.

    Args:
        drawn: the sign.
        box: its `viewBox`.
        width: in pixels.
        height: in pixels.

    Returns:
        The `svg` element.
    """
    return element("svg", drawn, viewBox=box, width=width, height=height, aria_hidden="true")
