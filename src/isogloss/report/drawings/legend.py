"""The names of the signs of a figure, as a list of text beside its drawings."""

from collections.abc import Sequence

from markupsafe import Markup

from isogloss.report.drawings.svg import element


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
