"""Write what `isogloss plan` knows of finished studies from the results that are kept here.

    python results/summarise.py

Spread between seeds and examples by model, size and task, and how many runs left the plateau:
`kept_spread.csv` and `kept_plateau.csv` in the package.
"""

from pathlib import Path

import pandas as pd

from isogloss.study.plan.spread import plateau_of, spread_of

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "src" / "isogloss" / "study" / "plan"


def main() -> None:
    """Summarise every kept study."""
    studies = sorted(path.parent for path in HERE.glob("*/verdicts.csv"))
    for name, table_of in {"spread": spread_of, "plateau": plateau_of}.items():
        table = pd.concat([table_of(study) for study in studies], ignore_index=True)
        table.to_csv(PACKAGE / f"kept_{name}.csv", index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
