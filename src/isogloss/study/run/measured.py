"""Measurements of a run: made while its models are in memory, or from what it left on disk."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from isogloss.core import InputError, Language
from isogloss.diagnosis import MEASUREMENTS, FinishedRun, Measurement
from isogloss.evaluation import unigram_nats
from isogloss.models import MultilingualModel, load_model
from isogloss.study.plan.runs import Run
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder, run_folder, write_frame

Unigram = Callable[[Language], float]


def unigram_of(prepared: Prepared) -> Unigram:
    """Return the loss on a language's dev text of a model that knows token frequencies alone."""

    @cache
    def unigram(language: Language) -> float:
        train, dev = (prepared.corpus(language, split).tokens for split in ("train", "dev"))
        tokenizer = prepared.tokenizer
        return unigram_nats(train, dev, tokenizer.vocabulary_size, ignore=tokenizer.special_ids)

    return unigram


def finished_run(
    run: Run,
    prepared: Prepared,
    result: Mapping[str, Any],
    model: MultilingualModel | None = None,
    unigram: Unigram | None = None,
) -> FinishedRun:
    """Return a run as measurements see it.

    Args:
        run: whose work is done.
        prepared: material of the study.
        result: what it cost and read.
        model: the encoder as the run left it, where it is still in memory.
        unigram: as `unigram_of` returns it, where several runs share it.
    """
    return FinishedRun(
        stage=run.stage,
        folder=run_folder(prepared.folder, run.run_id).path,
        languages=run.plan.languages,
        learned=run.learned,
        result=result,
        rows_per_update=run.plan.rows,
        scored_on=run.scored_on,
        tokenizer=prepared.tokenizer,
        corpus=prepared.corpus,
        unigram_nats=unigram or unigram_of(prepared),
        text_facts=lambda language: prepared.facts["confounds"][str(language)],
        pairs=lambda first, second: _pairs(prepared, first, second, run.scored_on),
        model=lambda: model if model is not None else load_model(_kept(run, prepared)),
        pretrained=lambda: load_model(_parent(run, prepared)),
    )


def _pairs(
    prepared: Prepared, first: Language, second: Language, split: str
) -> list[tuple[str, str]]:
    """Return parallel text of two languages, none where the data have none."""
    if not prepared.has_parallel(first, second, split):
        return []
    return prepared.source.pairs(first, second, split)


def _kept(run: Run, prepared: Prepared) -> Path:
    """Return the folder of the model that a run left, or scored."""
    assert run.stage != "finetune", "a fine-tuning keeps no encoder: measure it with the run"
    owner = run.starts_from if run.stage == "score" else run.run_id
    return run_folder(prepared.folder, str(owner)).model


def _parent(run: Run, prepared: Prepared) -> Path:
    """Return the folder of the model that a run started from."""
    assert run.starts_from is not None, "a pretraining starts from no run"
    return run_folder(prepared.folder, run.starts_from).model


def keep_measured(names: tuple[str, ...], finished: FinishedRun, folder: RunFolder) -> None:
    """Make the measurements of a run and write each as `measured/<name>.parquet`."""
    for name in names:
        write_frame(frame_of(MEASUREMENTS[name], finished), folder.measured(name))


def frame_of(measurement: Measurement, finished: FinishedRun) -> pd.DataFrame:
    """Return the rows of a measurement of one run, with the columns that it declares."""
    rows: list[dict[str, Any]] = list(measurement.measure(finished))
    return pd.DataFrame(rows, columns=list(measurement.columns))


def read_measured(name: str, folder: RunFolder) -> pd.DataFrame | None:
    """Return the rows of a measurement that was made with the run; None where it was not.

    Raises:
        InputError: the file is damaged.
    """
    path = folder.measured(name)
    if not path.is_file():
        return None
    try:
        return pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise InputError(
            expected="rows that a measurement wrote",
            found=f"a damaged file ({error})",
            where=str(path),
            next_step="Remove the run's folder and run the study again: only it is repeated.",
        ) from error
