"""What was done and how the verdicts were reached, in words that can be quoted."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.core import DIAGNOSES, METRICS
from isogloss.report.exhibit import Section
from isogloss.report.study_files import StudyFiles
from isogloss.report.text.cautions import remarks
from isogloss.report.text.diagnosed import diagnosis_name

_WORDS: Final = (
    (
        "Interference",
        "The score of a model that learned one language alone minus the score of a model that "
        "learned several together, on the same test examples, with the same tokens of that "
        "language and the same vocabulary. Positive: learning together hurt. For bits per byte, "
        "where less is better, the sign is turned so that positive still means hurt.",
    ),
    (
        "Gain",
        "The score of a treatment minus that of its reference. Positive: the treatment is better. "
        "For bits per byte the sign is turned likewise.",
    ),
    (
        "Within language and zero-shot",
        "Within language: trained and tested on the same language. Zero-shot: tested on a language "
        "that had no labelled training data. A treatment can gain in one and lose in the other, so "
        "both always stand side by side.",
    ),
    (
        "Same data and same compute",
        "Same data: the monolingual model saw as much of its language as the joint model did. Same "
        "compute: it was trained as long as the whole joint model.",
    ),
    (
        "Diagnosis",
        "What the verdicts with the same data and with the same compute mean together: "
        + "; ".join(f"{diagnosis_name(name)}: {words}" for name, words in DIAGNOSES.items())
        + ".",
    ),
    (
        "Verdict",
        "Hurt or Helped: the difference is significant after Holm's correction over the "
        "languages. Inconclusive: it is not, and an effect of interest would have been seen. "
        "Underpowered: it is not, and an effect of interest might have been missed.",
    ),
    (
        "Interval, p and smallest detectable effect",
        "Intervals and p-values allow for the chance of the test examples and of the seeds; the "
        "paragraph above says how they were computed. The smallest detectable effect (MDE) is the "
        "true difference that the test would find with probability 0.8.",
    ),
    (
        "Points and bits",
        "Scores are printed in points (a fraction times 100) with one decimal. Bits per byte is "
        "the cost of masked tokens of the text under the model per UTF-8 byte of these, with three "
        "decimals; it compares models with one tokenizer, not vocabularies. CSV files keep "
        "fractions and bits in full precision.",
    ),
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the metrics of the study and how they are read: name, label, unit, better."""
    used = set(study.tables["verdicts"]["metric"]) if "verdicts" in study.tables else set(METRICS)
    return pd.DataFrame(
        [
            {
                "metric": metric.name,
                "label": metric.label,
                "unit": metric.unit,
                "better": "higher" if metric.higher_is_better else "lower",
            }
            for metric in METRICS.values()
            if metric.name in used
        ],
        columns=["metric", "label", "unit", "better"],
    )


def build(study: StudyFiles) -> Mapping[str, object]:
    """Return the paragraph of the study, its notes and the words of the report."""
    return {"paragraph": study.text("methods"), "words": _WORDS, "remarks": remarks(study)}


SECTION = Section("method", "Method", "method.html.j2", frame, build)
