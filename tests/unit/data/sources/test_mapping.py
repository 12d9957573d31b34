"""A user's own layout, in YAML."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, Language
from isogloss.data.sources.mapping import open_mapping

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
