"""Reading the tables of a finished study with pandas.

Prints one masked-LM score per language and way of training (mean over seeds, bits per byte), and
the verdicts with the smallest difference that the study could have found.

    python examples/read_tables.py my-study     # without a folder it makes a small study first
"""

import sys
import tempfile
from pathlib import Path

import pandas as pd

from isogloss.data import synthesise
from isogloss.study import Launch, parse_spec, run_study


def small_study() -> Path:
    folder = Path(tempfile.mkdtemp())
    synthesise("base,clone", folder / "bed", seed=0, sentences=300)
    content = {"name": "small", "mixtures": [["qaa", "qab"]], "seeds": [0, 1], "model": "micro"}
    content["tokenizer"] = {"vocabulary_size": 400}
    content["pretraining"] = {"updates": 20, "rows": 8, "length": 32}
    run_study(parse_spec(content, "here"), str(folder / "bed"), folder / "study", Launch("inline"))
    return folder / "study"


study = Path(sys.argv[1]) if len(sys.argv) > 1 else small_study()

# records.csv: one row per score. `match` is the budget of a monolingual run: "language" = same
# data, "total" = same compute; joint runs have none.
records = pd.read_csv(study / "records.csv", keep_default_na=False, na_values=[""])
scores = records[records["metric"] == "bits_per_byte"].fillna({"match": "joint"})
print(
    scores.pivot_table(
        index="target_language", columns=["treatment", "match"], values="value", aggfunc="mean"
    ).round(3)
)

# verdicts.csv: one row per comparison. Interference = monolingual - multilingual in the direction
# of better: positive = learning together hurt. `mde` = minimum detectable effect.
verdicts = pd.read_csv(study / "verdicts.csv", keep_default_na=False, na_values=[""])
columns = ["task", "language", "match", "interference", "ci_low", "ci_high", "mde", "verdict"]
within = verdicts[verdicts["setting"] == "within_language"]
print(within[columns].round(3).to_string(index=False))
