"""Peak memory of this process, from the kernel's own account where it keeps one."""

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def reset_peak_memory() -> None:
    """Start the account of the peak anew, where Linux allows it: a process does many runs."""
    try:
        _CLEAR.write_text("5")
    except OSError:
        return


def peak_memory_mb() -> float:
    """Return the largest resident set since the last reset (or since the start), in MiB."""
    if _STATUS.is_file():
        found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text())
        if found:
            return round(int(found.group(1)) / 1024, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
