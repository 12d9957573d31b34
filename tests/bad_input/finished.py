"""Mistakes with study folders: none, unfinished, damaged, not to be compared."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bad_input.mistake import RUN, Mistake, both, file

# After a run that failed, the tables of the others are written anew; no run is touched.
_TABLES = r"out/[^/]*|out/prepared/facts.json|out/runs/pretrain-qaa\+qab[^/]*/.*"


def _joint(folder: Path) -> Path:
    return next((folder / "out" / "runs").glob("pretrain-qaa+qab-*"))


def _damaged(*names: str) -> object:
    def make(folder: Path) -> None:
        for name in names:
            file(name, b"damaged")(_joint(folder))

    return make


def _interrupted(folder: Path) -> None:
    """Take the result of the joint pretraining away, and spoil the checkpoint it left."""
    (_joint(folder) / "result.json").unlink()
    file("checkpoint/last.safetensors", b"damaged")(_joint(folder))


def _damaged_copy(folder: Path) -> None:
    """Copy the study, its predictions with a byte too many."""
    shutil.copytree(folder / "out", folder / "other")
    for path in (folder / "other" / "runs").glob("*/predictions.parquet"):
        path.write_bytes(path.read_bytes() + b"0")


def _elsewhere(folder: Path) -> None:
    """Copy the study as if it had studied something else."""
    shutil.copytree(folder / "out", folder / "other")
    records = pd.read_parquet(folder / "other" / "records.parquet")
    records.assign(mixture="deu-Latn+fra-Latn").to_parquet(folder / "other" / "records.parquet")


def _halved(name: str) -> Callable[[Path], None]:
    """Return what cuts a file in its middle, at the end of a line where it has several."""

    def make(folder: Path) -> None:
        lines = (folder / name).read_text().splitlines(keepends=True)
        (folder / name).write_text("".join(lines[: len(lines) // 2]))

    return make


def _other_provenance(written: str, instead: str) -> Callable[[Path], None]:
    """Return what copies the study as if its `spec.yaml` said something else."""

    def make(folder: Path) -> None:
        shutil.copytree(folder / "out", folder / "other")
        path = folder / "other" / "spec.yaml"
        assert written in path.read_text()
        head, _, rest = path.read_text().rpartition(written)
        path.write_text(f"{head}{instead}{rest}")

    return make


def _other_test(folder: Path) -> None:
    """Copy the study as if it had been tested on half the examples."""
    shutil.copytree(folder / "out", folder / "other")
    for path in (folder / "other" / "runs").glob("*/predictions.parquet"):
        table = pd.read_parquet(path)
        table[table["example"] < 10].to_parquet(path)
        result = json.loads((path.parent / "result.json").read_text())
        del result["files"], result["digest"]  # as runs of before digests were kept
        (path.parent / "result.json").write_text(json.dumps(result))


MISTAKES = [
    Mistake(
        "a report on a folder that is no study",
        "report data",
        "Expected a study folder (with spec.yaml, records, verdicts.csv). Found none of these "
        "files. Where: data. Give the folder that `isogloss run --out` or `isogloss audit --out` "
        "wrote.",
    ),
    Mistake(
        "a report on no folder",
        "report none",
        "Expected a study folder … Found no such folder. Where: none. …",
    ),
    Mistake(
        "citations of an unfinished study",
        "cite data",
        "Expected a finished study: a folder with study.json. Found no such file. Where: data. "
        "Give the folder that `isogloss run --out` wrote.",
    ),
    Mistake(
        "citations out of a damaged file",
        "cite out",
        "Expected the study.json that isogloss wrote. Found a damaged file (…). Where: "
        "out/study.json. Give the study's command again: …",
        file("out/study.json", '{"name": "micro"'),
        done=True,
    ),
    Mistake(
        "comparing with a folder that is no study",
        "compare out data",
        "Expected a study folder with records.parquet. Found no such file. Where: data. …",
        done=True,
    ),
    Mistake(
        "comparing a study with itself",
        "compare out ./out",
        "Expected two studies. Found the same folder twice. Where: out. Name the folder of another "
        "study.",
        done=True,
    ),
    Mistake(
        "comparing studies with nothing in common",
        "compare out other",
        "Expected two studies with a treatment, mixture, task and language in common. Found "
        "nothing that both measured. Where: out and other. The spec.yaml in each folder shows what "
        "it holds.",
        _elsewhere,
        done=True,
    ),
    Mistake(
        "comparing scores on different examples",
        "compare out other",
        "Expected the same test examples in both studies. Found … and … Where: … Compare studies "
        "that were tested on the same files.",
        _other_test,
        done=True,
    ),
    Mistake(
        "comparing studies with different vocabularies",
        "compare out other",
        "Expected two studies with the same tokenizer: models with another vocabulary predict "
        "other tokens, and their scores cannot be paired. Found two tokenizers, of 400 and 400 "
        "tokens as asked for. Where: out and other. …",
        _other_provenance("tokenizer: ", "tokenizer: x"),
        done=True,
    ),
    Mistake(
        "comparing studies with test text in another order",
        "compare out other",
        "Expected the same test examples in both studies, in the same order. Found two versions of "
        "the test data (`text/qaa-Latn/test`). Where: masked_lm, qaa-Latn. …",
        _other_provenance("text/qaa-Latn/test: ", "text/qaa-Latn/test: x"),
        done=True,
    ),
    Mistake(
        "comparing with a study that does not say what it was tested with",
        "compare out other",
        "Expected the spec.yaml of a finished study, with the fingerprints of its data. Found none "
        "in it (…). Where: other/spec.yaml. Give that study's command again: …",
        _other_provenance("provenance:", "earlier:"),
        done=True,
    ),
    Mistake(
        "damaged records",
        "compare out other",
        "Expected the records that isogloss wrote. Found a damaged file (…). Where: "
        "other/records.parquet. Give the study's command again: its tables are rebuilt from its "
        "runs.",
        both(_elsewhere, file("other/records.parquet", b"damaged")),
        done=True,
    ),
    Mistake(
        "a report on half a table",
        "report out",
        "Expected the tables of a study as isogloss wrote them. Found a damaged or changed "
        "verdicts.csv (it is not what was written). Where: out/verdicts.csv. Give the study's "
        "command again: its tables are written anew from its runs.",
        _halved("out/verdicts.csv"),
        done=True,
    ),
    Mistake(
        "a report on a damaged study.json",
        "report out",
        "Expected the tables of a study as isogloss wrote them. Found a damaged or changed "
        "study.json (…). Where: out/study.json. …",
        _halved("out/study.json"),
        done=True,
    ),
    Mistake(
        "comparing with damaged predictions",
        "compare out other",
        "Expected a run as it was written. Found a damaged file. Where: "
        "other/runs/…/predictions.parquet. Give the study's command again: what is damaged is made "
        "again.",
        _damaged_copy,
        done=True,
    ),
    Mistake(
        "a report on a damaged log",
        "report out",
        "Expected the tables of a study as isogloss wrote them. Found a damaged or changed "
        "metrics.jsonl (it is not what was written). Where: "
        "out/runs/pretrain-qaa+qab-…/metrics.jsonl. …",
        _damaged("metrics.jsonl"),
        done=True,
    ),
    Mistake(
        "a damaged checkpoint",
        RUN,
        "Expected a checkpoint of this run. Found a damaged file (…). Where: "
        "out/runs/pretrain-qaa+qab-…/checkpoint/last.safetensors (in pretrain-qaa+qab-…). Delete "
        "that file: the run starts again, finished runs are kept. 1 of the runs failed; the others "
        "are kept.",
        _interrupted,
        done=True,
        rewrites=_TABLES,
    ),
]
