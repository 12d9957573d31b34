"""Every key of a mapping has an effect on every kind of source, or is refused by its name."""

import csv
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from isogloss.core import InputError
from isogloss.data.readers import DataWarning
from isogloss.data.sources import DataSource, open_source
from isogloss.data.sources.section import Section

datasets = pytest.importorskip("datasets")

Row = dict[str, str | int]
ROWS: list[Row] = [
    {"lang": "en", "text": "one fish swims here", "other": "first of all", "label": "b", "n": 0},
    {"lang": "en", "text": "two birds fly there", "other": "second one", "label": "c", "n": 1},
    {"lang": "sw", "text": "samaki anaogelea sasa", "other": "ya kwanza", "label": "b", "n": 0},
    {"lang": "sw", "text": "ndege wanaruka huko", "other": "ya pili", "label": "c", "n": 1},
]
OTHERS: list[Row] = [{**row, "text": f"{row['text']} again"} for row in ROWS]
BROKEN: list[Row] = [*ROWS, {"lang": "en", "text": " ", "other": "third", "label": "b", "n": 0}]
NER = "id\tword\ttag\tfine\n1\tJuma\tI-PER\tI-MAN\n2\tran\tO\tO\n\n1\tNairobi\tI-LOC\tI-CITY\n"


@dataclass(frozen=True)
class Effect:
    """A change of a key after which something else is read.

    Args:
        change: the key with its value.
        base: what else has to stand in the section, before and after.
        n: examples that are read then, where the number is what matters.
        says: why the data, which were read before, do not fit what is then said of them.
    """

    change: Mapping[str, object]
    base: Mapping[str, object] = field(default_factory=dict)
    n: int | None = None
    says: str = ""


@dataclass(frozen=True)
class Refused:
    """A key that has no effect, with a value that would be right elsewhere."""

    change: Mapping[str, object]
    by: str = ""


def refused(**values: object) -> dict[str, Refused]:
    return {key: Refused({key: value}) for key, value in values.items()}


HUB_ONLY = refused(config="en", revision="main", data_files="*.parquet", streaming=True)
NO_LABELS = refused(labels={"b": "B"}, scheme="iob1")
ONE = "Expected exactly one of `files` and `dataset`"
TABLE: dict[str, Effect | Refused] = {
    "columns": Effect({"columns": {"text": "other"}}),
    "labels": Effect({"labels": {"b": "B"}}),
    "limit": Effect({"limit": 1}, n=1),
    "prefix": Effect({"prefix": ["lang", "{language}w"]}, {"languages": {"sw": "s"}}, n=2),
    "repair": Effect({"repair": "skip"}, {"languages": {"en": "broken"}}, n=4),
    "languages": Effect({"languages": {"en": "others"}}),
    "splits": Effect({"splits": {"test": "train"}}),
    **refused(divide="test", scheme="iob1"),
}
FILES: dict[str, Effect | Refused] = {
    "files": Effect({"files": "others.{split}.{ext}"}),
    "dataset": Refused({"dataset": "x"}, ONE),
    **HUB_ONLY,
}
DATASET: dict[str, Effect | Refused] = {
    "files": Refused({"files": "x"}, ONE),
    **refused(header=True, quoting="csv"),
}
# Source -> kind of data, ending of its files, section, what each key does.
SOURCES: dict[str, tuple[str, str, dict[str, object], dict[str, Effect | Refused]]] = {
    "tsv": (
        *("topic", "tsv", {"files": "{language}.{split}.tsv"}),
        {
            **TABLE,
            **FILES,
            "prefix": Effect({"prefix": ["lang", "sw"]}, n=2),
            "header": Effect({"header": False}, {"columns": {"text": 2, "label": 4}}, n=5),
            "quoting": Effect({"quoting": "csv"}, {"languages": {"en": "quoted"}}),
        },
    ),
    "csv": (
        *("topic", "csv", {"files": "{language}.{split}.csv"}),
        {
            **TABLE,
            **FILES,
            "prefix": Effect({"prefix": [1, "sw"]}, n=2),
            "header": Effect({"header": False}, {"columns": {"text": 2, "label": 4}}, n=5),
            "quoting": Effect({"quoting": "none"}, {"languages": {"en": "quoted"}}),
        },
    ),
    "lines": (
        *("text", "txt", {"files": "{language}.{split}.txt"}),
        {
            **FILES,
            **NO_LABELS,
            **refused(header=True, quoting="csv", repair="skip"),
            "languages": TABLE["languages"],
            "splits": TABLE["splits"],
            "limit": TABLE["limit"],
            "divide": Effect({"divide": "test", "splits": None}),
            "columns": Effect({"columns": {"text": 2}}),
            "prefix": Effect({"prefix": [1, "sw"]}, {"columns": {"text": 2}}, n=2),
        },
    ),
    "words": (
        *("ner", "conll", {"files": "{language}.{split}.conll", "columns": {"tags": "tag"}}),
        {
            **FILES,
            **refused(prefix=["lang", "en"], quoting="csv", divide="test"),
            "columns": Effect({"columns": {"tokens": 2, "tags": 4}}),
            "header": Effect(
                {"header": True},
                {"columns": {"tokens": 2, "tags": 3}, "languages": {"en": "quoted"}},
            ),
            "labels": Effect({"labels": {"LOC": "GPE"}}),
            "scheme": Effect({"scheme": "bioes"}, says="BIOES"),
            "limit": TABLE["limit"],
            "repair": Effect({"repair": "skip"}, {"languages": {"en": "broken"}}, n=2),
            "languages": TABLE["languages"],
            "splits": TABLE["splits"],
        },
    ),
    "questions": (
        *("qa", "json", {"files": "{language}.{split}.json"}),
        {
            **FILES,
            **NO_LABELS,
            **refused(columns={"id": "id"}, header=True, quoting="csv", divide="test"),
            "limit": TABLE["limit"],
            "prefix": Effect({"prefix": ["id", "sw-"]}, n=2),
            "repair": TABLE["repair"],
            "languages": TABLE["languages"],
            "splits": TABLE["splits"],
        },
    ),
    "sides": (
        *("parallel", "txt", {"files": "{side}.{split}.txt", "languages": {"en-sw": "en-others"}}),
        {
            **FILES,
            **NO_LABELS,
            **refused(columns={"first": 1}, prefix=[1, "x"], header=True, quoting="csv"),
            **refused(divide="test"),
            "files": Effect({"files": "{side}.train.txt"}),
            "limit": TABLE["limit"],
            "repair": Effect({"repair": "skip"}, {"languages": {"en-sw": "en-broken"}}, n=4),
            "languages": Effect({"languages": {"en-sw": "others-en"}}),
            "splits": TABLE["splits"],
        },
    ),
    "jsonl": (
        *("topic", "jsonl", {"files": "{language}.{split}.jsonl"}),
        {**TABLE, **FILES, **refused(header=True, quoting="csv")},
    ),
    "parquet": (
        *("topic", "parquet", {"dataset": "{language}.{split}.parquet"}),
        {**TABLE, **HUB_ONLY, **DATASET, "dataset": Effect({"dataset": "others.test.parquet"})},
    ),
    "saved": (
        *("topic", "saved", {"dataset": "{language}.saved"}),
        {**TABLE, **HUB_ONLY, **DATASET, "dataset": Effect({"dataset": "others.saved"})},
    ),
    "hub": (
        *("topic", "hub", {"dataset": "a/{language}"}),
        {
            **TABLE,
            **DATASET,
            "dataset": Effect({"dataset": "a/others"}),
            "config": Effect({"config": "{code}"}),
            "revision": Effect({"revision": "main"}),
            "data_files": Effect({"data_files": "{language}/*.parquet"}),
            "streaming": Effect({"streaming": True}),
        },
    ),
}
CASES = [(source, key) for source, case in SOURCES.items() for key in case[3]]


@pytest.mark.parametrize("source", SOURCES)
def test_every_key_is_tried_on_every_source(source: str) -> None:
    assert set(SOURCES[source][3]) == set(Section.model_fields)


@pytest.mark.parametrize(("source", "key"), CASES, ids=str)
def test_a_key_has_an_effect_or_is_refused(
    source: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, ending, section, cases = SOURCES[source]
    _write(tmp_path, kind, ending)
    calls = _hub(monkeypatch)
    case = cases[key]
    before = {"languages": ["en"], "splits": {"test": "test"}, **section}
    if isinstance(case, Refused):
        change = dict(case.change)
        if key == "divide":
            before.pop("splits")
        with pytest.raises(InputError, match=case.by or f"Found `{key}`"):
            _read(tmp_path, kind, {**before, **change}, calls)
        return
    before |= case.base
    after = {**before, **case.change}
    after = {name: _ended(value, ending) for name, value in after.items() if value is not None}
    try:
        was: object = _read(tmp_path, kind, before, calls)
        marked = _fingerprints(tmp_path)
    except InputError as error:
        was, marked = str(error), {}
    if case.says:
        assert not isinstance(was, str)
        with pytest.raises(InputError, match=case.says):
            _read(tmp_path, kind, after, calls)
        return
    found = _read(tmp_path, kind, after, calls)
    assert found != was
    if not isinstance(was, str) and found[0] != was[0]:  # type: ignore[index]
        # `compare` knows other examples by it, and a run is addressed by it.
        again = _fingerprints(tmp_path)
        assert any(marked.get(unit) != mark for unit, mark in again.items()), "the same fingerprint"
    if case.n is not None:
        assert len(found[0]) == case.n


def _ended(value: object, ending: str) -> object:
    return value.replace("{ext}", ending) if isinstance(value, str) else value


def _read(
    folder: Path, kind: str, section: Mapping[str, object], calls: list[object]
) -> tuple[list[object], list[object]]:
    """Return every example, and what else could be noticed: units, warnings, calls of the hub."""
    (folder / "data.yaml").write_text(yaml.safe_dump({kind: dict(section)}), encoding="utf-8")
    calls.clear()
    source = open_source(folder / "data.yaml")
    examples: list[object] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        for unit in source.units():
            examples += _examples(source, kind, unit)
    noticed = [str(unit) for unit in source.units()]
    return examples, [*noticed, *(str(one.message) for one in caught), *map(str, calls)]


def _fingerprints(folder: Path) -> dict[object, str]:
    """Return the fingerprint of everything there is."""
    source = open_source(folder / "data.yaml")
    return {
        unit: source.fingerprint(unit.kind, unit.languages[0], unit.split)
        for unit in source.units()
    }


def _examples(source: DataSource, kind: str, unit: object) -> list[object]:
    _, languages, split = unit  # type: ignore[misc]
    reads = {
        "text": lambda: list(source.text(languages[0], split)),
        "ner": lambda: source.tagged("ner", languages[0], split),
        "topic": lambda: source.classified("topic", languages[0], split),
        "parallel": lambda: source.pairs(*languages, split),
        "qa": lambda: source.questions("qa", languages[0], split),
    }
    return reads[kind]()


def _hub(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Put a hub in place whose data sets are ours, and note what it is asked for."""
    calls: list[object] = []
    real = datasets.load_dataset

    def load_dataset(name: str, *args: object, **options: object) -> object:
        if not name.startswith("a/"):
            return real(name, *args, **options)
        calls.append((name, args, options))
        return {"a/others": OTHERS, "a/broken": BROKEN}.get(name, ROWS)

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    return calls


def _write(folder: Path, kind: str, ending: str) -> None:
    """Write the files of one source: languages or names `en`, `others`, `broken`, `quoted`."""
    quoted = [
        {**row, "text": f'"{row["text"]}"' if n else row["text"]} for n, row in enumerate(ROWS)
    ]
    named = {"en": ROWS, "others": OTHERS, "broken": BROKEN, "sw": ROWS, "s": ROWS}
    for name, rows in {**named, "quoted": quoted}.items():
        for split in ("train", "test"):
            mine = rows if split == "test" else rows[::-1]
            path = folder / f"{name}.{split}.{ending}"
            if ending in {"parquet", "jsonl"}:
                table = datasets.Dataset.from_list(mine)
                (table.to_parquet if ending == "parquet" else table.to_json)(str(path))
            elif ending in {"tsv", "csv"}:
                _write_table(path, mine, quoted=name == "quoted")
            elif ending == "txt":
                path.write_text(_lines(kind, mine), encoding="utf-8")
            elif ending == "conll":
                broken = "\n1\tx\tIO\tIO\n" if name == "broken" else ""
                text = NER.replace("Juma", name if split == "test" else "Ali") + broken
                headless = text.partition("\n")[2]
                path.write_text(headless if name == "quoted" else text, encoding="utf-8")
            elif ending == "json":
                path.write_text(json.dumps(_squad(mine)), encoding="utf-8")
        if ending == "saved":
            parts = {"test": rows, "train": rows[::-1]}
            saved = {split: datasets.Dataset.from_list(part) for split, part in parts.items()}
            datasets.DatasetDict(saved).save_to_disk(str(folder / f"{name}.saved"))


def _lines(kind: str, rows: list[Row]) -> str:
    """Return lines of text: many where we divide them, as many on each side of parallel text."""
    if kind == "parallel":
        five = [*rows, {"text": "five"}][:5]
        return "".join(f"{row['text']}\n" for row in five)
    more = "".join(f"en\tline {n}\n" for n in range(300))
    return "".join(f"{row['lang']}\t{row['text']}\n" for row in rows) + more


def _write_table(path: Path, rows: list[Row], *, quoted: bool) -> None:
    delimiter = "\t" if path.suffix == ".tsv" else ","
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    if quoted:
        text = "".join(delimiter.join(line) + "\n" for line in lines)
        path.write_text(text, encoding="utf-8")
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)


def _squad(rows: list[Row]) -> object:
    entries = [
        {
            "context": row["text"],
            "qas": [
                {
                    "id": f"{row['lang']}-{number}",
                    "question": "What?",
                    "answers": [_answer(str(row["text"]))],
                }
            ],
        }
        for number, row in enumerate(rows)
    ]
    return {"data": [{"paragraphs": entries}]}


def _answer(context: str) -> Row:
    """Return the first word as the answer; of a blank context, one that does not stand in it."""
    word = next(iter(context.split()), "fish")
    return {"text": word, "answer_start": context.find(word)}
