"""The one place that writes to the terminal, and times as people say them."""

import sys

from isogloss.core import printable


def say(text: str = "", *, aside: bool = False, is_safe: bool = False) -> None:
    """Print a line or several.

    Args:
        text: to print; characters that a terminal would act on are printed as escapes.
        aside: on standard error at once, where it does not mix with the answer.
        is_safe: every part that came in with data was made `printable` before it was styled.
    """
    stream = sys.stderr if aside else sys.stdout
    print(text if is_safe else printable(text), file=stream, flush=aside)


def duration(seconds: float) -> str:
    """Return a time as `45 s`, `3 min`, `1 h 20 min` or `2 d 3 h`; never less than nothing.

    Example:
        >>> duration(-0.2), duration(59.7), duration(4_810), duration(180_000)
        ('0 s', '1 min', '1 h 20 min', '2 d 2 h')
    """
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
