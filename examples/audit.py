"""An audit from Python: does one language hurt another in one model?

Makes a test bed of two languages (the second uses the words of the first with other meanings),
trains them alone and together, and prints the answer, what to do, one row per verdict, and where
the report is. 30 updates per language decide nothing; give your own text and 2,000 for an answer.
"""

import tempfile
from pathlib import Path

import pandas as pd

from isogloss.data import synthesise
from isogloss.report import answer_of, render_report
from isogloss.study import Launch, parse_spec, run_study

folder = Path(tempfile.mkdtemp())
synthesise("base,conflict", folder / "bed", seed=0, sentences=300)
spec = parse_spec(
    {
        "name": "audit",
        "mixtures": [["qaa", "qab"]],
        "treatments": ["monolingual", "untreated"],
        "seeds": [0, 1],
        "model": "micro",
        "tokenizer": {"vocabulary_size": 400},
        "pretraining": {"updates": 30, "rows": 8, "length": 32},
    },
    "audit.py",
)
# Launch("pool", workers=4) does four runs at a time, in a script with `if __name__ == "__main__"`.
run_study(spec, str(folder / "bed"), folder / "study", Launch("inline"))
report = render_report(folder / "study")
answer, what_to_do = answer_of(folder / "study")
print("answer:", answer)
print("what to do:", what_to_do)
verdicts = pd.read_csv(folder / "study" / "verdicts.csv").query("task == 'masked_lm'")
columns = ["language", "match", "interference", "ci_low", "ci_high", "verdict", "mde"]
print(verdicts[columns].round(3).to_string(index=False))
print("report:", report)
