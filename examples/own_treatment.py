"""A treatment of one's own, trained beside `untreated` in a study; the package is not touched.

It gives every language's gradient the same length before they are added. Prints each language's
gain over untreated joint training in bits per byte (positive = the treatment is better) with its
95 % interval. 20 updates per language decide nothing; with more the script is the same.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from isogloss.data import synthesise
from isogloss.gradients import Rule
from isogloss.study import Launch, parse_spec, run_study
from isogloss.training import GradientCombine


def equal_lengths(gramian):  # the rule: the gradients' inner products -> their weights
    lengths = np.sqrt(gramian.diagonal())
    return lengths.mean() / lengths / len(lengths)


@dataclass(frozen=True)
class EqualLengths:  # the treatment: a plan of training -> the plan with this rule in it
    name: ClassVar[str] = "equal_lengths"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False  # one model for all languages
    claim: ClassVar[str] = "No language's gradient is longer than another's."

    def apply(self, plan):
        combine = GradientCombine(Rule(equal_lengths), "module")
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self):  # settings to choose from by dev score
        return (self,)


folder = Path(tempfile.mkdtemp())
synthesise("base,conflict", folder / "bed", seed=0, sentences=300)
treatments = ["monolingual", "untreated", EqualLengths()]
study = {"name": "own", "mixtures": [["qaa", "qab"]], "treatments": treatments, "seeds": [0, 1]}
sizes = {"model": "micro", "tokenizer": {"vocabulary_size": 400}}
budget = {"pretraining": {"updates": 20, "rows": 8, "length": 32}}
spec = parse_spec({**study, **sizes, **budget}, "own_treatment.py")
run_study(spec, str(folder / "bed"), folder / "study", Launch("inline"))
rows = pd.read_csv(folder / "study" / "comparisons.csv").query("task == 'masked_lm'")
print(rows[["treatment", "language", "gain", "ci_low", "ci_high", "verdict"]].to_string())
