"""Small local copies with the columns of the six public data sets of our hub mapping."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.data.readers import ClassifiedText, DataWarning, Question, TaggedSentence
from isogloss.data.sources import DataSource, open_source

datasets = pytest.importorskip("datasets")
yaml = pytest.importorskip("yaml")
SWAHILI = Language.parse("sw")
HUB = Path(open_source("hub").where)


def local(
    folder: Path, kind: str, columns: Mapping[str, list[object]], **keys: object
) -> DataSource:
    """Open our hub mapping of one kind with its data set replaced by a local copy."""
    folder.mkdir(exist_ok=True)
    section = yaml.safe_load(HUB.read_text(encoding="utf-8"))[kind]
    names = section.get("splits", {"train": "train"}).values()
    rows = datasets.Dataset.from_dict(dict(columns))
    datasets.DatasetDict(dict.fromkeys(names, rows)).save_to_disk(str(folder / "copy"))
    for key in ("config", "revision", "data_files"):
        section.pop(key, None)
    section |= {"dataset": "./copy", "languages": {"sw": section["languages"]["swa"]}, **keys}
    (folder / "data.yaml").write_text(yaml.safe_dump({kind: section}), encoding="utf-8")
    return open_source(folder / "data.yaml")


def test_wikipedia_is_divided_into_lines_and_splits(tmp_path: Path) -> None:
    articles = [f"Kichwa {n}\n\nAya ya {n}.\n" for n in range(300)]
    columns = {"id": ["1"] * 300, "url": [""] * 300, "title": [""] * 300, "text": articles}
    source = local(tmp_path, "text", columns)
    parts = {s: list(source.text(SWAHILI, s)) for s in ("train", "dev", "test")}
    assert sum(map(len, parts.values())) == 600
    assert "Aya ya 7." in {line for part in parts.values() for line in part}
    assert len(parts["train"]) > 500 and parts["dev"] and parts["test"]
    assert source.fingerprint("text", SWAHILI, "dev") != source.fingerprint("text", SWAHILI, "test")


def test_wikiann_numbers_become_iob2_tags(tmp_path: Path) -> None:
    columns = {
        "tokens": [["Juma", "wa", "Nairobi"], ["Bunge", "la", "Kenya"]],
        "ner_tags": [[1, 0, 6], [3, 4, 4]],
        "langs": [["sw"] * 3] * 2,
        "spans": [[], []],
    }
    source = local(tmp_path, "ner", columns)
    with pytest.warns(DataWarning, match="1 I- tags"):
        sentences = source.tagged("ner", SWAHILI, "dev")
    assert [sentence.tags for sentence in sentences] == [
        ("B-PER", "O", "B-LOC"),
        ("B-ORG", "I-ORG", "I-ORG"),
    ]


@pytest.mark.parametrize(
    ("tokens", "tags", "expected", "said"),
    [
        (["sw:Juma", "sw:wa", "sw:a:b"], ["B-PER", "O", "B-LOC"], ("Juma", "wa", "a:b"), "`sw:`"),
        (["Juma", "Ali", "hapa"], ["B-PER", "E-PER", "O"], ("Juma", "Ali", "hapa"), "BIOES"),
    ],
)
def test_rows_are_read_as_files_are(
    tmp_path: Path, tokens: list[str], tags: list[str], expected: tuple[str, ...], said: str
) -> None:
    source = local(tmp_path, "ner", {"tokens": [tokens], "ner_tags": [tags]}, labels=[])
    with pytest.warns(DataWarning, match=said):
        [sentence] = source.tagged("ner", SWAHILI, "train")
    assert sentence.tokens == expected
    assert sentence.tags[0] == "B-PER"


def test_broken_rows_are_skipped_on_request(tmp_path: Path) -> None:
    columns = {"tokens": [["Juma"], ["a"], ["b"]], "ner_tags": [["B-PER"], ["O"], ["IO"]]}
    with pytest.raises(InputError, match=r"`IO` on token `b`.*row 3"):
        local(tmp_path / "1", "ner", columns, labels=[]).tagged("ner", SWAHILI, "train")
    source = local(tmp_path / "2", "ner", columns, labels=[], repair="skip")
    with pytest.warns(DataWarning, match="1 of 3 examples were broken and skipped.*row 3"):
        assert len(source.tagged("ner", SWAHILI, "train")) == 2


def test_rows_without_an_entity_are_refused(tmp_path: Path) -> None:
    source = local(tmp_path, "ner", {"tokens": [["a", "b"]], "ner_tags": [[0, 0]]})
    with pytest.raises(InputError, match=r"Found `O` on all 2 words.*row 1"):
        source.tagged("ner", SWAHILI, "train")


def test_universal_dependencies_without_multi_word_tokens(tmp_path: Path) -> None:
    columns = {"tokens": [["du", "de", "le"]], "upos": [["_", "ADP", "DET"]]}
    languages = {"languages": {"sw": "sw_x"}}
    datasets.Dataset.from_dict(columns).save_to_disk(str(tmp_path / "copy"))
    section = {"pos": {"dataset": "./copy", "splits": {"train": "all"}, **languages}}
    (tmp_path / "data.yaml").write_text(yaml.safe_dump(section), encoding="utf-8")
    source = open_source(tmp_path / "data.yaml")
    assert source.tagged("pos", SWAHILI, "train") == [TaggedSentence(("de", "le"), ("ADP", "DET"))]


def test_xnli_numbers_become_names(tmp_path: Path) -> None:
    columns = {"premise": ["a"], "hypothesis": ["b"], "label": [2]}
    source = local(tmp_path, "nli", columns)
    assert source.classified("nli", SWAHILI, "test") == [ClassifiedText("a", "b", "contradiction")]


def test_tydiqa_is_told_apart_by_id(tmp_path: Path) -> None:
    answers = [{"text": ["x"], "answer_start": [1]}, {"text": ["y"], "answer_start": [0]}]
    columns = {
        "id": ["finnish-1", "swahili-2"],
        "title": ["", ""],
        "context": ["ax", "y"],
        "question": ["?", "?"],
        "answers": answers,
    }
    source = local(tmp_path, "qa", columns)
    expected = [Question("swahili-2", "y", "?", ("y",), (0,))]
    assert source.questions("qa", SWAHILI, "dev") == expected


def test_a_language_without_rows_is_refused(tmp_path: Path) -> None:
    columns = {"id": ["finnish-1"], "context": ["x"], "question": ["?"]}
    with pytest.raises(InputError, match=r"at least one row. Found none.*swa-Latn"):
        local(tmp_path, "qa", columns).questions("qa", SWAHILI, "dev")


def test_sib200_topics(tmp_path: Path) -> None:
    columns = {"index_id": [7], "category": ["sports"], "text": ["Mpira"]}
    source = local(tmp_path, "topic", columns)
    expected = [ClassifiedText("Mpira", None, "sports")]
    assert source.classified("topic", SWAHILI, "test") == expected


def test_parallel_text_may_lie_in_a_record(tmp_path: Path) -> None:
    rows = [{"translation": {"en": "one", "sw": "moja"}}]
    datasets.Dataset.from_list(rows).to_parquet(str(tmp_path / "x.parquet"))
    (tmp_path / "data.yaml").write_text(
        "parallel: {files: x.parquet, languages: [en-sw], splits: {test: x}, "
        "columns: {first: translation.en, second: translation.sw}}",
        encoding="utf-8",
    )
    source = open_source(tmp_path / "data.yaml")
    assert source.pairs(Language.parse("en"), SWAHILI, "test") == [("one", "moja")]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"premise": ["a"], "hypothesis": ["b"], "label": [3]}, "a label number from 0 to 2"),
        ({"premise": ["a"], "hypothesis": ["b"], "label": [-1]}, "a gold label for most"),
        ({"premise": ["a"], "hypothesis": ["b"], "label": [float("nan")]}, "1 of 1 without one"),
        ({"premise": ["a"], "hypothesis": ["b"], "label": [None]}, "1 of 1 without one"),
        ({"premise": ["a"], "hypothesis": [" "], "label": [1]}, "two texts. Found an empty one"),
        ({"premise": [3], "hypothesis": ["b"], "label": [1]}, "row 1 .swa-Latn."),
        ({"premise": ["a"], "label": [1]}, "column `hypothesis`. Found the columns premise, label"),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    tmp_path: Path, columns: dict[str, list[object]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        local(tmp_path, "nli", columns).classified("nli", SWAHILI, "test")


@pytest.mark.parametrize(
    ("tokens", "tags", "message"),
    [
        (["a"], [0, 0], "as many tags as tokens"),
        ([], [], "as many tags as tokens"),
        (["a"], [9], "a label number from 0 to 6"),
        ("a", [0], "a list of tokens"),
    ],
)
def test_sentences_that_do_not_fit_are_refused(
    tmp_path: Path, tokens: object, tags: object, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        local(tmp_path, "ner", {"tokens": [tokens], "ner_tags": [tags]}).tagged(
            "ner", SWAHILI, "train"
        )


def test_names_of_tags_outside_iob2_are_refused(tmp_path: Path) -> None:
    source = local(tmp_path, "ner", {"tokens": [["a"]], "ner_tags": [[0]]}, labels=["PER"])
    with pytest.raises(InputError, match=r"entity tags.*Found `PER` on token `a`.*row 1"):
        source.tagged("ner", SWAHILI, "train")
