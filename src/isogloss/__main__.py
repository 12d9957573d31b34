"""`python -m isogloss`, which `torchrun -m isogloss` needs."""

import sys

from isogloss.cli import main

if __name__ == "__main__":
    sys.exit(main())
