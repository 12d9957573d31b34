"""Seconds as people say them."""


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
