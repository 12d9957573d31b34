"""Tagged files are read by what they contain; entity tags have to be IOB2."""

import os
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import DataWarning, Reading, SourceFile, TaggedSentence, read_tagged
from isogloss.data.readers.tag_schemes import is_iob2

TOKENS_FIRST = Reading(columns={"tokens": 1})


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
    file = write(tmp_path, "a B-LOC\n\nb O\nc PER\nd B-PER\n")
    with pytest.raises(InputError) as caught:
        read_tagged(file, entities=True)
    assert "te.train.any, line 4 (tel-Telu)" in str(caught.value)
    assert "`PER` on token `c`" in str(caught.value)
    assert len(read_tagged(file, entities=False)) == 2


def test_orphans_are_counted_and_warned_about(tmp_path: Path) -> None:
    file = write(tmp_path, "a B-PER\nx B-LOC\n\nb O\nc I-PER\nd I-PER\n\ne I-LOC\n")
    with pytest.warns(DataWarning, match=r"line 5 \(tel-Telu\): 2 I- tags"):
        sentences = read_tagged(file, entities=True)
    assert [s.tags for s in sentences][1:] == [("O", "B-PER", "I-PER"), ("B-LOC",)]


def test_the_code_of_raw_wikiann_is_cut_after_its_first_colon(tmp_path: Path) -> None:
    file = write(tmp_path, "te:Lake B-LOC\nte:a:b I-LOC\nte:: O\n\nte:te:x O\n")
    with pytest.warns(DataWarning, match="every word begins with `te:`, as in raw WikiAnn"):
        sentences = read_tagged(file, entities=True)
    assert [s.tokens for s in sentences] == [("Lake", "a:b", ":"), ("te:x",)]


@pytest.mark.parametrize("code", ["en", "simple", "zh-min-nan", "be-x-old"])
def test_the_code_may_be_any_of_wikipedia(tmp_path: Path, code: str) -> None:
    file = write(tmp_path, "".join(f"{code}:w{n}\tB-LOC\n" for n in range(4)))
    with pytest.warns(DataWarning, match=f"`{code}:`"):
        assert read_tagged(file, entities=True)[0].tokens == ("w0", "w1", "w2", "w3")


def test_a_true_colon_word_stays(tmp_path: Path) -> None:
    file = write(tmp_path, "te:Lake B-LOC\nis O\ndeep O\nte:x O\nhere O\n")
    assert read_tagged(file, entities=True)[0].tokens == ("te:Lake", "is", "deep", "te:x", "here")


@pytest.mark.parametrize(("line", "found"), [("te: O", "`te:`"), ("deep O", "`deep`")])
def test_a_word_that_breaks_the_rule_of_raw_wikiann_is_refused(
    tmp_path: Path, line: str, found: str
) -> None:
    lines = "".join(f"te:w{n} B-LOC\n\n" for n in range(4))
    file = write(tmp_path, f"{lines}{line}\n")
    with (
        warnings.catch_warnings(action="ignore"),
        pytest.raises(InputError, match=f"a word after `te:`.*Found {found}.*line 9"),
    ):
        read_tagged(file, entities=True)


def conllu(*sentences: str) -> str:
    """Return sentences of `form/UPOS` as CoNLL-U."""
    return "\n".join(
        "".join(
            "\t".join([str(n), *word.split("/"), "_", "_", "0", "_", "_", "_"]) + "\n"
            for n, word in enumerate(sentence.replace("/", "/_/").split(), start=1)
        )
        for sentence in sentences
    )


def test_sentences_without_text_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = ["word/NOUN stands/VERB"] * 39
    file = write(tmp_path, conllu(*rows, "_/NOUN _/VERB _/PUNCT"))
    with pytest.warns(DataWarning, match="1 of 40 examples without text.*left out: line 118"):
        assert len(read_tagged(file, entities=False)) == 39


@pytest.mark.parametrize("blank", ["_", "____"])
def test_too_many_sentences_without_text_are_refused(tmp_path: Path, blank: str) -> None:
    rows = ["word/NOUN stands/VERB"] * 37
    file = write(tmp_path, conllu(*rows, *[f"{blank}/NOUN {blank}/VERB ./PUNCT"] * 3))
    with pytest.raises(InputError, match=r"at most 5% .*Found 3 of 40 .*line 112"):
        read_tagged(file, entities=False)


def test_a_true_underscore_stays(tmp_path: Path) -> None:
    file = write(tmp_path, conllu("_/SYM", "a/NOUN _/SYM _/PUNCT b/VERB", "_/PUNCT"))
    assert [s.tokens for s in read_tagged(file, entities=False)] == [
        ("_",),
        ("a", "_", "_", "b"),
        ("_",),
    ]


@pytest.mark.parametrize(
    ("content", "entities", "message"),
    [
        ("1984 B-DATE\n, O\n", True, "letters in 0 of 2 words, the first `1984`"),
        ("1 NUM\n2 NUM\n\n. PUNCT\n", False, "letters in 0 of 3 words"),
        ("1.\tx.\tO\n2.\ty.\tB-LOC\n" * 20 + "3.\tz\tO\n", True, "letters in 0 of"),
        ("a O\n\nb O\n", True, "Found `O` on all 2 words"),
        ("a _\n\nb _\n", False, "Found `_` on all 2 words"),
        ("a _\nb _\n", True, "`_` on token `a`"),
    ],
)
def test_what_is_no_tagged_text_is_refused_with_its_line(
    tmp_path: Path, content: str, *, entities: bool, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_tagged(write(tmp_path, content), entities=entities, reading=TOKENS_FIRST)
    assert message in str(caught.value)
    assert "line 1 " in str(caught.value)


def test_types_and_tags_are_renamed(tmp_path: Path) -> None:
    file = write(tmp_path, "a B-PERSON\nb I-PERSON\nc B-DATE\nd B_ORG\n")
    reading = Reading(renamed={"PERSON": "PER", "DATE": None})
    assert read_tagged(file, entities=True, reading=reading)[0].tags == (
        *("B-PER", "I-PER", "O", "B-ORG"),
    )
    pos = write(tmp_path, "a NN\n\nb VB\n\nc NN\nd XX\n")
    reading = Reading(renamed={"NN": "NOUN", "XX": None})
    with pytest.warns(DataWarning, match="1 of 3 examples with the tag `XX` were left out: line 5"):
        found = read_tagged(pos, entities=False, reading=reading)
    assert [s.tags for s in found] == [("NOUN",), ("VB",)]


def test_one_slip_in_many_sentences_is_named_or_skipped(tmp_path: Path) -> None:
    rows = ["a B-LOC\nb O\n\n"] * 2_686
    file = write(tmp_path, "".join(rows[:1_000]) + "a IO\nb O\n\n" + "".join(rows[1_000:]))
    with pytest.raises(InputError, match=r"Found `IO` on token `a`.*line 3001 .*`repair: skip`"):
        read_tagged(file, entities=True)
    with pytest.warns(DataWarning, match="1 of 2687 examples were broken and skipped.*line 3001"):
        assert len(read_tagged(file, entities=True, reading=Reading(skip=True))) == 2_686


WORDS = ["asha", "ruled", "the", "river", "near", "kovo"]
LAYOUTS = {  # name -> (line of a word with its tag, place of the word, place of the tag)
    "two columns": ("{word}\t{tag}", 0, 1),
    "spaces": ("{word} {tag}", 0, 1),
    "CoNLL-2003": ("{word} NN B-NP {tag}", 0, 3),
    "Universal NER": ("{number}\t{word}\t{tag}\t-\tanna", 1, 2),
    "CoNLL-U": ("{number}\t{word}\t_\t{tag}\t_\t_\t0\troot\t_\t_", 1, 3),
}


def slips(line: str, word: int, tag: int, *, entities: bool) -> dict[str, str]:
    """Return what may happen to one line of a file."""
    divider = "\t" if "\t" in line else " "
    fields = line.split(divider)

    def put(place: int, value: str) -> str:
        return divider.join([*fields[:place], value, *fields[place + 1 :]])

    found = {
        "no tag": put(tag, ""),
        "no word": put(word, ""),
        "a word of blanks": put(word, "\u00a0"),
        "a column lost": divider.join(fields[:-1]),
        "a column more": f"{line}{divider}z",
        "another divider": line.replace(divider, "\t" if divider == " " else " ", 1),
        "two dividers": line.replace(divider, divider * 2, 1),
        "word and tag joined": put(tag, fields[word] + fields[tag]),
        "a word for a tag": put(tag, fields[word]),
        "a remark": "this is a remark about it",
        "no value": put(tag, "_"),
        "two tags": put(tag, f"{fields[tag]}|{fields[tag]}"),
    }
    others = ["IO", "B", "X-PER", "S-PER", "L-PER", "b-per", "PER", "B-", "NOUN", "0"]
    found |= {other: put(tag, other) for other in (others if entities else ["noun", "B-X", "1"])}
    if fields[0].isdecimal():
        found |= {number: put(0, number) for number in ("a", "", "-1")}
    if len(fields) == 10:
        found |= {number: put(0, number) for number in ("0", "1.5", "99")}
    return found


@pytest.mark.parametrize(
    ("layout", "entities"),
    [
        ("two columns", True),
        ("two columns", False),
        ("spaces", True),
        ("spaces", False),
        ("CoNLL-2003", True),
        ("Universal NER", True),
        ("Universal NER", False),
        ("CoNLL-U", False),
    ],
)
def test_any_slip_is_refused_by_its_line(tmp_path: Path, layout: str, *, entities: bool) -> None:
    form, word, tag = LAYOUTS[layout]
    tags = ["O", "B-PER", "I-PER", "O", "O", "B-LOC"] if entities else ["NOUN", "VERB", "ADJ"] * 2
    rows = [
        form.format(number=number, word=one, tag=of)
        for number, (one, of) in enumerate(zip(WORDS, tags, strict=True), start=1)
    ]
    lines = [*rows, ""] * 30
    assert len(read_tagged(write(tmp_path, "\n".join(lines)), entities=entities)) == 30
    for at in (15, 113):
        for name, slip in slips(lines[at], word, tag, entities=entities).items():
            file = write(tmp_path, "\n".join([*lines[:at], slip, *lines[at + 1 :]]))
            with pytest.raises(InputError) as caught:
                read_tagged(file, entities=entities)
            assert f"line {at + 1} " in caught.value.where, (name, str(caught.value))
            with warnings.catch_warnings(action="ignore", category=DataWarning):
                assert len(read_tagged(file, entities=entities, reading=Reading(skip=True))) == 29


@pytest.mark.parametrize("layout", ["two columns", "Universal NER", "CoNLL-U"])
def test_blanks_beside_a_tab_belong_to_no_word(tmp_path: Path, layout: str) -> None:
    line = LAYOUTS[layout][0].format(number=1, word=" asha ", tag=" NOUN ")
    assert read_tagged(write(tmp_path, line), entities=False) == [
        TaggedSentence(("asha",), ("NOUN",))
    ]


def test_the_first_sentences_are_read(tmp_path: Path) -> None:
    file = write(tmp_path, "a B-LOC\n\nb O\n\nc O\n")
    assert len(read_tagged(file, entities=True, reading=Reading(limit=2))) == 2


FIELDS = ["1", "2", "2-3", "1.1", "_", "a", "b", "", "x=y|", "0:root", "O", "B-X", "S-X", "NOUN"]


@given(
    content=st.binary(max_size=150)
    | st.text("ab1-_.#O B\tI\nNX:\u00a0\u2028\u0663", max_size=120).map(str.encode)
    | st.lists(st.lists(st.sampled_from(FIELDS), max_size=11)).map(
        lambda rows: "\n".join("\t".join(row) for row in rows).encode()
    )
    | st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(FIELDS)), min_size=1).map(
        lambda rows: "\n".join(" ".join(row) for row in rows).encode()
    ),
    entities=st.booleans(),
    reading=st.sampled_from(
        [
            Reading(),
            Reading(skip=True, limit=2),
            Reading(columns={"tokens": 2, "tags": 1}),
            Reading(columns={"tags": "a"}, renamed={"X": "Y", "O": None}, scheme="bioes"),
            Reading(columns={"sentence": 1}, header=True, names=("O", "B-X")),
        ]
    ),
)
def test_any_content_is_sentences_or_an_input_error_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, *, entities: bool, reading: Reading
) -> None:
    file = write(tmp_path_factory.getbasetemp(), content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        try:
            sentences = read_tagged(file, entities=entities, reading=reading)
        except InputError as error:
            nothing = error.found == "none"
            of_mapping = "label" in error.expected or "column of CoNLL-U" in error.expected
            assert ", line " in error.where or nothing or of_mapping, error
            return
    assert sentences
    assert all(len(s.tokens) == len(s.tags) > 0 and all(s.tokens) for s in sentences)
    if entities:
        assert all(is_iob2(tag) for s in sentences for tag in s.tags)


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
