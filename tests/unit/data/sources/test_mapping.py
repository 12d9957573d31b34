"""A user's own layout, in YAML."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, Language
from isogloss.data.sources.mapping import open_mapping, resolve_alias

SWAHILI, ENGLISH = Language.parse("sw"), Language.parse("en")


def write(folder: Path, content: str) -> Path:
    path = folder / "data.yaml"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    return path


def put(folder: Path, name: str, content: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def test_patterns_aliases_and_own_split_names(tmp_path: Path) -> None:
    put(tmp_path, "corpora/coast/training.txt", "moja\n")
    put(tmp_path, "tags/swa_Latn.dev.txt", "Nairobi B-LOC\n")
    put(tmp_path, "en-sw.tsv", "one\tmoja\n")
    put(tmp_path, "whole/sw.txt", "\n".join(map(str, range(500))))
    source = open_mapping(
        write(
            tmp_path,
            """
            aliases: {coast: kiswahili, kiswahili: swa}
            text:
              files: "corpora/{language}/{split}.txt"
              languages: [coast]
              splits: {train: training, dev: null}
            ner: {files: "tags/{code}_{script}.{split}.txt", languages: {sw: x}}
            parallel: {files: "{language}.tsv", languages: [en-sw], splits: {test: any}}
            text.whole: {files: "whole/{iso639_1}.txt", languages: [sw], divide: all}
            """,
        )
    )
    assert list(source.text(SWAHILI, "train")) == ["moja"]
    assert not source.has("text", SWAHILI, "dev")
    assert source.tagged("ner", SWAHILI, "dev")[0].tokens == ("Nairobi",)
    assert source.pairs(SWAHILI, ENGLISH, "test") == [("moja", "one")]
    parts = [list(source.text(SWAHILI, s, kind="text.whole")) for s in ("train", "dev", "test")]
    assert sum(map(len, parts)) == 500 and all(parts)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "text: {files: '{language}.txt', languages: [sw]}",
            r"files of `sw` at `\{lang",
        ),
        ("txt: {files: a, languages: [sw]}", "Did you mean `text`"),
        ("text: {files: a, languages: [jap]}", "Did you mean `jpn-Jpan`"),
        ("text: {files: '{lang}.txt', languages: [sw]}", "Did you mean `language`"),
        ("text: {files: a, language: [sw]}", "Did you mean `languages`"),
        ("aliases: {a: b, b: a}\ntext: {files: a, languages: [a]}", "a circle: a -> b -> a"),
        ("aliases: [a]", "a mapping from aliases to languages"),
        ("ner: {files: data.yaml, languages: [sw], divide: train}", "kind `ner`. Found `divide`"),
        ("ner: {files: a, languages: [sw], columns: {token: x}}", "Did you mean `tokens`"),
        ("ner: {dataset: ./absent, languages: [sw]}", "the data set `./absent` beside"),
        ("ner: {dataset: 'x.parquet', languages: [sw]}", "the data set `x.parquet` beside"),
        ("", "a YAML mapping from kinds to places"),
        ("{}", "data of at least one kind"),
        ("text:\n  files: {a\n b: c", "line 3"),
        ("text: !!python/object:os.system {}", "Expected YAML"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        open_mapping(write(tmp_path, content))


@given(content=st.text(max_size=60) | st.text("text:aliases{}[], \n'-&*!", max_size=40))
def test_any_content_is_a_catalogue_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    path = write(tmp_path_factory.getbasetemp(), content)
    with pytest.raises(InputError):
        open_mapping(path)


QUESTIONS = (
    '{"data": [{"paragraphs": [{"context": "A cat.", "qas": [{"id": "1", "question": "Who?", '
    '"answers": [{"text": "cat", "answer_start": 2}]}]}]}]}'
)
XTREME = {
    "xnli/train-en.tsv": 'He said "no".\tHe spoke.\tentailment\nA\tB\tneutral\n',
    "xnli/test-sw.tsv": "Alisema.\tAliongea.\tentailment\nA\tB\tneutral\n",
    "pawsx/train-en.tsv": "One two .\tTwo one .\t1\nA\tB\t0\n",
    "pawsx/dev-fr.tsv": "Un deux .\tDeux un .\t1\nA\tB\t0\n",
    "udpos/train-en.tsv": "It\tPRON\nrains\tVERB\n\n",
    "panx/test-sw.tsv": "Nairobi\tB-LOC\nni\tO\n\n",
    "xquad/xquad.en.json": QUESTIONS,
    "mlqa/MLQA_V1/dev/dev-context-en-question-en.json": QUESTIONS,
    "udpos/test-fr.tsv": "Il\tPRON\nvient\tVERB\n\n",
    "panx/dev-en.tsv": "Paris\tB-LOC\nis\tO\n\n",
    "squad/train-v1.1.json": QUESTIONS,
    "xquad/xquad.ar.json": QUESTIONS,
    "mlqa/MLQA_V1/test/test-context-ar-question-ar.json": QUESTIONS,
    "tydiqa/tydiqa-goldp-v1.1-train/tydiqa.goldp.en.train.json": QUESTIONS,
    "tydiqa/tydiqa-goldp-v1.1-dev/tydiqa.goldp.sw.dev.json": QUESTIONS,
}


def test_the_documented_mapping_reads_the_folders_of_xtreme(tmp_path: Path) -> None:
    docs = Path(__file__).parents[4] / "docs" / "transfer.md"
    example, *_ = re.findall(r"```yaml\n(.*?)```", docs.read_text("utf-8"), flags=re.DOTALL)
    for name, content in XTREME.items():
        put(tmp_path, f"download/{name}", content)
    source = open_mapping(write(tmp_path, example))
    arabic, french = Language.parse("ar"), Language.parse("fr")
    assert source.classified("nli", ENGLISH, "train")[0].text == 'He said "no".'
    assert source.classified("nli", SWAHILI, "test")[0].label == "entailment"
    assert source.classified("nli.pawsx", ENGLISH, "train")[1].label == "0"
    assert source.tagged("pos", french, "test")[0].tags == ("PRON", "VERB")
    assert source.tagged("ner", ENGLISH, "dev")[0].tags == ("B-LOC", "O")
    asked = [
        *(("qa.squad", ENGLISH, "train"), ("qa.xquad", arabic, "test")),
        *(("qa.mlqa", arabic, "test"), ("qa.tydiqa", ENGLISH, "train")),
        ("qa.tydiqa", SWAHILI, "test"),  # its dev set stands for a test set
    ]
    assert all(source.questions(*one)[0].answers == ("cat",) for one in asked)


def test_aliases_may_point_at_aliases() -> None:
    aliases = {"coast": "kiswahili", "kiswahili": "swa"}
    assert str(resolve_alias("coast", aliases, "x.yaml")) == "swa-Latn"
    assert str(resolve_alias("te", aliases, "x.yaml")) == "tel-Telu"


@pytest.mark.parametrize(
    ("aliases", "circle"),
    [
        ({"a": "b", "b": "c", "c": "a"}, "a -> b -> c -> a"),
        ({"a": "a"}, "a -> a"),
        ({"a": "b", "b": "c", "c": "b"}, "b -> c -> b"),
    ],
)
def test_a_circle_is_named(aliases: dict[str, str], circle: str) -> None:
    with pytest.raises(InputError, match=f"a circle: {circle}"):
        resolve_alias("a", aliases, "x.yaml")


def test_an_alias_of_no_language_is_refused_with_its_path() -> None:
    with pytest.raises(InputError, match=r"x\.yaml \(from a -> jap\).*Did you mean `jpn-Jpan`"):
        resolve_alias("a", {"a": "jap"}, "x.yaml")
