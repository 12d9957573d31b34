"""Records: one measured number with where it came from."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isogloss.core.errors import InputError

# Half a second: only for who makes or reads a table. Who names a language or a metric needs none.
if TYPE_CHECKING:
    import pandas as pd

VERDICTS: Final = ("HURT", "HELPED", "INCONCLUSIVE", "UNDERPOWERED", "UNDECIDED")
SETTINGS: Final = ("within_language", "zero_shot")


@dataclass(frozen=True)
class Record:
    """One number. Scores are fractions (bits for `bits_per_byte`), never points.

    Attributes:
        study: name of the study.
        run_id: the run that produced the model and the number.
        treatment: `untreated`, `monolingual`, ...
        mixture: the languages that one model learned together, joined by "+".
        match: how a monolingual run's budget was matched: "language", "total", or "" (joint runs).
        languages: how many languages the model learned.
        seed: of the run.
        stage: "pretrain" or "finetune".
        task: "masked_lm", "ner", "pos", ...
        metric: a key of `METRICS`.
        setting: "within_language" or "zero_shot".
        source_language: trained on it.
        target_language: tested on it.
        value: the score.
        n_examples: test examples behind it.
        status: "ok", or why the number is missing.
        updates: optimizer updates of the run.
        tokens: tokens the run was trained on, all languages.
        passes: forward-backward passes over one batch (unit U).
        wall_s: seconds of the run's training.
        peak_memory_mb: of the run's process.
        spec_hash: content address of the run.
        version: of isogloss.
    """

    study: str
    run_id: str
    treatment: str
    mixture: str
    match: str
    languages: int
    seed: int
    stage: str
    task: str
    metric: str
    setting: str
    source_language: str
    target_language: str
    value: float
    n_examples: int
    status: str
    updates: int
    tokens: int
    passes: float
    wall_s: float
    peak_memory_mb: float
    spec_hash: str
    version: str


RECORD_COLUMNS: Final = tuple(field.name for field in fields(Record))


def records_frame(records: list[Record]) -> "pd.DataFrame":
    """Return the records as a table with one row per number, columns in `RECORD_COLUMNS` order."""
    import pandas as pd

    return pd.DataFrame([asdict(record) for record in records], columns=list(RECORD_COLUMNS))


def read_records(study_folder: Path) -> "pd.DataFrame":
    """Read `records.parquet` of a study.

    Raises:
        InputError: the folder holds no records, or damaged ones.
    """
    import pandas as pd

    path = study_folder / "records.parquet"
    if not path.is_file():
        raise InputError(
            expected="a study folder with records.parquet",
            found="no such file",
            where=str(study_folder),
            next_step="Give the folder that `isogloss run --out` or `isogloss audit --out` wrote.",
        )
    try:
        return pd.read_parquet(path, columns=list(RECORD_COLUMNS))
    except (OSError, ValueError) as error:
        raise InputError(
            expected="the records that isogloss wrote",
            found=f"a damaged file ({str(error).partition(':')[0]})",
            where=str(path),
            next_step="Give the study's command again: its tables are rebuilt from its runs.",
        ) from error
