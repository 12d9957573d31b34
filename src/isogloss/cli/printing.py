"""The one place that writes to the terminal: what came in with data cannot drive it."""

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
