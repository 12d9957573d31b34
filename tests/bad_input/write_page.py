"""Write `docs/bad-input.md` from the catalogue."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    sys.path.insert(0, str(TESTS))
    from bad_input.catalogue import page

    (TESTS.parent / "docs" / "bad-input.md").write_text(page(), encoding="utf-8")
