"""The vocabulary of isogloss, without torch: languages, records, scores, papers, errors, look-up.

>>> from isogloss.core import METRICS, interference
>>> round(interference(0.80, 0.75, METRICS["accuracy"]), 2)  # positive = multilingual training hurt
0.05
"""

from isogloss.core.diagnoses import (
    DIAGNOSES,
    MATCHES,
    REASONS,
    TRUTH_OUTCOMES,
    truth_outcome,
)
from isogloss.core.diagnosis_rows import DIAGNOSIS_COLUMNS, diagnosis_rows
from isogloss.core.errors import InputError, TrainingError, closest, look_up
from isogloss.core.files import (
    digests_of,
    first_changed,
    flush_folder,
    folder_beside,
    is_sealed,
    read_json,
    refuse_unwritable,
    remove_partial,
    replacing,
    sealed,
    write_atomically,
)
from isogloss.core.language import SEVERAL, Language, known_languages
from isogloss.core.lazy_room import make_lazy
from isogloss.core.records import (
    SETTINGS,
    VERDICTS,
    Record,
    read_records,
    records_frame,
)
from isogloss.core.references import REFERENCES, Reference
from isogloss.core.scores import METRICS, Metric, interference
from isogloss.core.shapes import Float, Int, Shaped
from isogloss.core.tables import (
    COMPARISON_TABLES,
    GROUP_FILES,
    MATRIX_TABLES,
    ROLE_COLUMNS,
    SHARING_FILES,
    TABLES,
    TEXT_COLUMNS,
    TRUTH_COLUMNS,
    own_columns,
)
from isogloss.core.validation import first_complaint, is_switch, printable, shown
from isogloss.core.yaml_files import parse_yaml, read_yaml

__all__ = [
    "COMPARISON_TABLES",
    "DIAGNOSES",
    "DIAGNOSIS_COLUMNS",
    "GROUP_FILES",
    "MATCHES",
    "MATRIX_TABLES",
    "METRICS",
    "REASONS",
    "REFERENCES",
    "ROLE_COLUMNS",
    "SETTINGS",
    "SEVERAL",
    "SHARING_FILES",
    "TABLES",
    "TEXT_COLUMNS",
    "TRUTH_COLUMNS",
    "TRUTH_OUTCOMES",
    "VERDICTS",
    "Float",
    "InputError",
    "Int",
    "Language",
    "Metric",
    "Record",
    "Reference",
    "Shaped",
    "TrainingError",
    "closest",
    "diagnosis_rows",
    "digests_of",
    "first_changed",
    "first_complaint",
    "flush_folder",
    "folder_beside",
    "interference",
    "is_sealed",
    "is_switch",
    "known_languages",
    "look_up",
    "make_lazy",
    "own_columns",
    "parse_yaml",
    "printable",
    "read_json",
    "read_records",
    "read_yaml",
    "records_frame",
    "refuse_unwritable",
    "remove_partial",
    "replacing",
    "sealed",
    "shown",
    "truth_outcome",
    "write_atomically",
]
