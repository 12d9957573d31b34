"""Tagged files are read by what they contain; entity tags have to be IOB2."""

import os
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import DataWarning, SourceFile, TaggedSentence, read_tagged


def write(folder: Path, content: str | bytes, name: str = "te.train.any") -> SourceFile:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, "tel-Telu")


def test_the_content_not_the_name_says_the_format(tmp_path: Path) -> None:
    columns = write(tmp_path, "a NOUN\n", "te.train.conllu")
    assert read_tagged(columns, entities=False) == [TaggedSentence(("a",), ("NOUN",))]
    conllu = write(tmp_path, "1\ta\t_\tVERB\t_\t_\t_\t_\t_\t_\n", "te.train.tsv")
    assert read_tagged(conllu, entities=False) == [TaggedSentence(("a",), ("VERB",))]


def test_a_tag_outside_iob2_is_refused_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, "a O\n\nb O\nc S-PER\n")
    with pytest.raises(InputError) as caught:
        read_tagged(file, entities=True)
    assert "te.train.any, line 4 (tel-Telu)" in str(caught.value)
    assert "`S-PER` on token `c`" in str(caught.value)
    assert len(read_tagged(file, entities=False)) == 2


def test_orphans_are_counted_and_warned_about(tmp_path: Path) -> None:
    file = write(tmp_path, "a O\n\nb O\nc I-PER\nd I-PER\n\ne I-LOC\n")
    with pytest.warns(DataWarning, match=r"line 4 \(tel-Telu\): 2 I- tags"):
        sentences = read_tagged(file, entities=True)
    assert [s.tags for s in sentences] == [("O",), ("O", "B-PER", "I-PER"), ("B-LOC",)]


def test_strict_reading_refuses_orphans(tmp_path: Path) -> None:
    file = write(tmp_path, "a O\nb I-PER\n")
    with pytest.raises(InputError, match=r"line 2 .*Write `B-PER`"):
        read_tagged(file, entities=True, strict=True)


@given(
    content=st.binary(max_size=150)
    | st.text("ab1-_.#O B\tI\nNX\u00a0\u2028", max_size=120).map(str.encode)
    | st.lists(
        st.lists(st.sampled_from(["1", "2-3", "1.1", "_", "a", "", "x=y|", "0:root"]), max_size=11)
    ).map(lambda rows: "\n".join("\t".join(row) for row in rows).encode()),
    entities=st.booleans(),
)
def test_any_content_is_sentences_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, *, entities: bool
) -> None:
    file = write(tmp_path_factory.getbasetemp(), content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        try:
            sentences = read_tagged(file, entities=entities)
        except InputError:
            return
    assert sentences
    assert all(len(s.tokens) == len(s.tags) > 0 and all(s.tokens) for s in sentences)


@pytest.mark.real_data
@pytest.mark.parametrize("kind", ["pos", "ner"])
def test_the_real_files_load(kind: str) -> None:
    default = Path(__file__).parents[5] / "shared" / "data"
    folder = Path(os.environ.get("ISOGLOSS_DATA", default)) / kind
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is absent and ISOGLOSS_DATA is not set")
    for path in sorted(folder.glob("*.dev.*")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)
            assert read_tagged(SourceFile(path), entities=kind == "ner")
