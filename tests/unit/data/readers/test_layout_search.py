"""Public data sets of tagged words as they are laid out, with invented words: right or refused."""

import warnings
from pathlib import Path
from typing import NamedTuple

import pytest

from isogloss.core import InputError
from isogloss.data.readers import DataWarning, Reading, SourceFile, read_tagged


class Set(NamedTuple):
    """How a data set writes `Asha Vale ruled Mapoland .` and the answer.

    Args:
        name: of the data set.
        content: its layout.
        tags: the tags read, or the end of the message it is refused with.
        reading: what a mapping says.
        words: of the first sentence.
    """

    name: str
    content: str
    tags: str
    reading: Reading = Reading()
    words: str = "Asha Vale ruled Mapoland ."


IOB2 = "B-PER I-PER O B-LOC O"
GERMEVAL = (
    "#\tsource of the first\n1\tAsha\tB-PER\tO\n2\tVale\tI-PER\tB-LOC\n3\truled\tO\tO\n"
    "4\tMapoland\tB-LOC\tO\n5\t.\tO\tO\n\n#\tsource of the next\n1\tVale\tB-LOC\tO\n"
)
HIPE = (
    "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tMISC\n# hipe2022:document_id = a\n"
    "# hipe2022:date = 1900-01-01\nAsha\tB-PER\tO\tB-PER.ind\t_\nVale\tI-PER\tO\tI-PER.ind\t_\n"
    "# hipe2022:segment = x\nruled\tO\tO\tO\t_\nMapoland\tB-LOC\tB-ORG\tB-LOC.adm\tNoSpaceAfter\n"
    ".\tO\tO\tO\tEndOfSentence\n"
)
CONLL_2012 = (
    "#begin document (bc/x_0000); part 000\n"
    "bc/x 0 0 Asha NNP (S(NP* - - - Asha (PERSON* (0\n"
    "bc/x 0 1 Vale NNP *) - - - Asha *) 0)\n#end document\n"
)
NER = [
    Set(
        "WikiAnn",
        "Asha\tB-PER\nVale\tI-PER\nruled\tO\nMapoland\tB-LOC\n.\tO\n\nVale\tB-PER\n\n",
        IOB2,
    ),
    Set(
        "WikiAnn, raw",
        "en:Asha\tB-PER\nen:Vale\tI-PER\nen:ruled\tO\nen:Mapo:land\tB-LOC\nen:.\tO\n\n",
        IOB2,
        words="Asha Vale ruled Mapo:land .",
    ),
    Set("MasakhaNER", "Asha B-PER\nVale I-PER\nruled O\nMapoland B-LOC\n. O\n\nVale B-PER\n", IOB2),
    Set(
        "MultiCoNER",
        "# id 1-a\tdomain=en\nAsha _ _ B-PER\nVale _ _ I-PER\nruled _ _ O\nMapoland _ _ B-LOC\n"
        ". _ _ O\n\n# id 2-b\tdomain=en\nVale _ _ B-PER\n",
        IOB2,
    ),
    Set(
        "CoNLL-2003",
        "-DOCSTART- -X- O O\n\nAsha NNP B-NP B-PER\nVale NNP I-NP I-PER\nruled VBD B-VP O\n"
        "Mapoland NNP B-NP B-LOC\n. . O O\n\n-DOCSTART- -X- O O\n\nVale NNP B-NP B-PER\n",
        IOB2,
    ),
    Set(
        "CoNLL-2003 as it was first published, in IOB1",
        "-DOCSTART- -X- -X- O\n\nAsha NNP I-NP I-PER\nVale NNP I-NP I-PER\nruled VBD I-VP O\n"
        "Mapoland NNP I-NP I-LOC\n. . O O\n",
        IOB2,
    ),
    Set(
        "CoNLL-2003 in German, with lemmas",
        "Asha Asha NE I-NC B-PER\nVale Vale NE I-NC I-PER\nruled rule VV O O\n"
        "Mapoland Mapoland NE I-NC B-LOC\n. . $ O O\n",
        IOB2,
    ),
    Set(
        "CoNLL-2002",
        "-DOCSTART- -DOCSTART- O\nAsha N B-PER\nVale N I-PER\nruled V O\nMapoland N B-LOC\n"
        ". Punc O\n\n",
        IOB2,
    ),
    Set("GermEval 2014", GERMEVAL, "`columns: {tokens: 2, tags: 3}`."),
    Set(
        "GermEval 2014, outer entities",
        GERMEVAL,
        IOB2,
        Reading(columns={"tokens": 2, "tags": 3}),
    ),
    Set(
        "Universal NER",
        "# sent_id = 1\n# text = Asha Vale ruled Mapoland.\n1\tAsha\tB-PER\tB-PER#O\ts\n"
        "2\tVale\tI-PER\tI-PER#O\ts\n3\truled\tO\tO#O\ts\n4\tMapoland\tB-LOC\tB-LOC#O\ts\n"
        "5\t.\tO\tO#O\ts\n\n# sent_id = 2\n# text = Vale\n1\tVale\tB-PER\tB-PER#O\ts\n",
        IOB2,
    ),
    Set(
        "Universal NER, test files",
        "# sent_id = 1\n1\tAsha\tB-PER\t-\tanna\n2\tVale\tI-PER\t-\tanna\n3\truled\tO\t-\tanna\n"
        "4-5\tMapoland.\t_\t_\t_\n4\tMapoland\tB-LOC\t-\tanna\n5\t.\tO\t-\tanna\n",
        IOB2,
    ),
    Set("HIPE 2022", HIPE, "`columns: {tokens: TOKEN, tags: NE-COARSE-LIT}`."),
    Set(
        "HIPE 2022, coarse types",
        HIPE,
        IOB2,
        Reading(columns={"tokens": "TOKEN", "tags": "NE-COARSE-LIT"}),
    ),
    Set(
        "LST20, with the last word marked and clauses in the last column",
        "Asha\tNN\tB_PER\tB_CLS\nVale\tNN\tE_PER\tI_CLS\nruled\tVV\tO\tI_CLS\n"
        "Mapoland\tNN\tB_LOC\tE_CLS\n.\tPU\tO\tO\n\n_\tPU\tO\tO\nVale\tNN\tB_PER\tO\n",
        IOB2,
    ),
    Set(
        "DaNE and NorNE, entities in CoNLL-U",
        "# sent_id = 1\n1\tAsha\t_\tPROPN\t_\t_\t3\tnsubj\t_\tname=B-PER\n"
        "2\tVale\t_\tPROPN\t_\t_\t1\tflat\t_\tname=I-PER\n3\truled\t_\tVERB\t_\t_\t0\troot\t_\t"
        "name=O\n4\tMapoland\t_\tPROPN\t_\t_\t3\tobj\t_\tSpaceAfter=No|name=B-LOC\n"
        "5\t.\t_\tPUNCT\t_\t_\t3\tpunct\t_\tname=O\n",
        IOB2,
    ),
    Set(
        "Few-NERD, types without a beginning",
        "Asha\tperson-other\nVale\tperson-other\nruled\tO\nMapoland\tlocation-GPE\n.\tO\n",
        "`labels: {location-GPE: I-location-GPE, person-other: I-person-other}`.",
    ),
    Set(
        "Few-NERD, types without a beginning, renamed",
        "Asha\tperson-other\nVale\tperson-other\nruled\tO\nMapoland\tlocation-GPE\n.\tO\n",
        IOB2,
        Reading(renamed={"person-other": "I-PER", "location-GPE": "I-LOC"}),
    ),
    Set(
        "MSRA and Resume, in BMES",
        "Asha B-PER\nVale E-PER\nruled O\nMapoland S-LOC\n. O\n\nx B-PER\ny M-PER\nz E-PER\n",
        IOB2,
    ),
    Set(
        "MIT Movie, the tag first",
        "B-PER\tAsha\nI-PER\tVale\nO\truled\nB-LOC\tMapoland\nO\t.\n\nB-PER\tVale\n",
        IOB2,
    ),
    Set(
        "a table with a header and sentence names",
        "sentence_id\ttoken\tner\n1\tAsha\tB-PER\n1\tVale\tI-PER\n1\truled\tO\n1\tMapoland\tB-LOC\n"
        "1\t.\tO\n2\tVale\tB-PER\n",
        IOB2,
    ),
    Set(
        "a table of pandas, which doubles quotation marks",
        'Asha\tB-PER\nVale\tI-PER\nruled\tO\nMapoland\tB-LOC\n""""\tO\n',
        IOB2,
        words='Asha Vale ruled Mapoland "',
    ),
    Set(
        "columns set apart by several spaces",
        "Asha      NNP B-PER\nVale      NNP I-PER\nruled     VBD O\nMapoland  NNP B-LOC\n"
        ".         .   O\n",
        IOB2,
    ),
    Set(
        "numbers for tags",
        "Asha 1\nVale 2\nruled 0\nMapoland 3\n. 0\n",
        IOB2,
        Reading(names=("O", "B-PER", "I-PER", "B-LOC", "I-LOC")),
    ),
    Set("numbers for tags, without names", "Asha 1\nVale 2\n. 0\n", "`labels: [O, B-PER, I-PER,"),
    Set("CoNLL-2012 (OntoNotes)", CONLL_2012, "Say where the tag stands"),
    Set("WikiNER, a sentence a line", "Asha|NNP|I-PER Vale|NNP|I-PER ruled|VBD|O\n", "one word a"),
    Set(
        "a table with commas",
        "Sentence #,Word,POS,Tag\nSentence: 1,Asha,NNP,B-per\n",
        "The columns seem to be divided by `,`.",
    ),
    Set(
        "UD without entities",
        "1\tAsha\t_\tPROPN\t_\t_\t0\troot\t_\t_\n",
        "or the file as kind `pos`.",
    ),
]


def read(folder: Path, row: Set, *, entities: bool) -> list[tuple[str, str]]:
    path = folder / "any"
    path.write_text(row.content, encoding="utf-8", newline="")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = read_tagged(SourceFile(path, "eng-Latn"), entities=entities, reading=row.reading)
    return [(" ".join(sentence.tokens), " ".join(sentence.tags)) for sentence in found]


@pytest.mark.parametrize("row", NER, ids=lambda row: row.name)
def test_entity_data_are_read_right_or_refused_with_the_way_out(row: Set, tmp_path: Path) -> None:
    if " " in row.tags and row.tags.split()[0] == "B-PER":
        assert read(tmp_path, row, entities=True)[0] == (row.words, row.tags)
        return
    with pytest.raises(InputError) as caught:
        read(tmp_path, row, entities=True)
    assert row.tags in str(caught.value)
    assert ", line " in caught.value.where


UPOS = "PROPN PROPN VERB PROPN PUNCT"
POS = [
    Set(
        "token and tag",
        "Asha\tPROPN\nVale\tPROPN\nruled\tVERB\nMapoland\tPROPN\n.\tPUNCT\n",
        UPOS,
    ),
    Set(
        "MasakhaPOS",
        "Asha PROPN\nVale PROPN\nruled VERB\nMapoland PROPN\n. PUNCT\n\nVale PROPN\n",
        UPOS,
    ),
    Set(
        "Universal NER's cousins: number, word, tag",
        "# sent_id = 1\n1\tAsha\tPROPN\n2\tVale\tPROPN\n3\truled\tVERB\n4\tMapoland\tPROPN\n"
        "5\t.\tPUNCT\n",
        UPOS,
    ),
    Set(
        "the universal tag between lemma and the treebank's own",
        "Asha asha PROPN NNP\nVale vale PROPN NNP\nruled rule VERB VBD\n"
        "Mapoland mapoland PROPN NNP\n. . PUNCT .\n",
        UPOS,
    ),
    Set(
        "CoNLL-2000, without universal tags",
        "Asha NNP B-NP\nVale NNP I-NP\nruled VBD B-VP\n",
        "`columns: {tokens: 1, tags: 3}`.",
    ),
    Set(
        "CoNLL-2000, with the column said",
        "Asha NNP B-NP\nVale NNP I-NP\nruled VBD B-VP\nMapoland NNP B-NP\n. . O\n",
        "NNP NNP VBD NNP .",
        Reading(columns={"tags": 2}),
    ),
    Set(
        "a tag set of its own in two columns",
        "Asha\tNR\nVale\tNR\nruled\tVV\nMapoland\tNR\n.\tPU\n",
        "NR NR VV NR PU",
    ),
    Set(
        "UDPipe",
        "# generator = UDPipe 2, https://udpipe.example\n# newdoc\n# sent_id = 1\n"
        "1\tAsha\t_\tPROPN\tNN\t_\t0\troot\t_\t_\n2\tVale\t_\tPROPN\tNN\t_\t1\tflat\t_\t_\n"
        "3\truled\t_\tVERB\tVB\t_\t1\tdep\t_\t_\n4\tMapoland\t_\tPROPN\tNN\t_\t1\tdep\t_\t_\n"
        "5\t.\t_\tPUNCT\t.\t_\t1\tpunct\t_\t_\n",
        UPOS,
    ),
    Set(
        "CoNLL-U with another column",
        "1\tAsha\t_\tPROPN\tNR\t_\t0\troot\t_\t_\n2\tVale\t_\tPROPN\tNR\t_\t1\tflat\t_\t_\n"
        "3\truled\t_\tVERB\tVV\t_\t1\tdep\t_\t_\n4\tMapoland\t_\tPROPN\tNR\t_\t1\tdep\t_\t_\n"
        "5\t.\t_\tPUNCT\tPU\t_\t1\tpunct\t_\t_\n",
        "NR NR VV NR PU",
        Reading(columns={"tags": "xpos"}),
    ),
    Set(
        "a tag set of its own, renamed",
        "Asha\tNR\nVale\tNR\nruled\tVV\nMapoland\tNR\n.\tPU\n",
        UPOS,
        Reading(renamed={"NR": "PROPN", "VV": "VERB", "PU": "PUNCT"}),
    ),
]


@pytest.mark.parametrize("row", POS, ids=lambda row: row.name)
def test_parts_of_speech_are_read_right_or_refused_with_the_way_out(
    row: Set, tmp_path: Path
) -> None:
    if not row.tags.startswith("`"):
        assert read(tmp_path, row, entities=False)[0] == (row.words, row.tags)
        return
    with pytest.raises(InputError) as caught:
        read(tmp_path, row, entities=False)
    assert row.tags in str(caught.value)
    assert ", line 1 " in caught.value.where


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"tags": 4}, "Found 4, where the file has 3 columns"),
        ({"tags": "ner"}, "Found `ner`, and no header"),
        ({"tokens": 3, "tags": 3}, "words and tags in two different columns. Found column 3"),
    ],
)
def test_columns_that_are_not_there_are_refused(
    tmp_path: Path, columns: dict[str, int | str], message: str
) -> None:
    row = Set("any", "Asha NNP B-PER\nruled VBD O\n", "", Reading(columns=columns))
    with pytest.raises(InputError, match=message):
        read(tmp_path, row, entities=True)


def test_the_second_sentence_of_a_table_begins_where_its_name_changes(tmp_path: Path) -> None:
    lines = [f"s{n}\tAsha\tB-PER\ns{n}\truled\tO\ns{n}\tMapoland\tB-LOC\n" for n in range(4)]
    said = Set("any", "".join(lines), "", Reading(columns={"sentence": 1, "tokens": 2, "tags": 3}))
    assert read(tmp_path, said, entities=True) == [("Asha ruled Mapoland", "B-PER O B-LOC")] * 4
    assert (
        read(tmp_path, said._replace(reading=Reading()), entities=True)[1:]
        == [("Asha ruled Mapoland", "B-PER O B-LOC")] * 3
    )


def test_words_that_nothing_divides_into_sentences_are_refused(tmp_path: Path) -> None:
    content = "".join(f"word{'abc'[n % 3]}{n} {'O' if n % 5 else 'B-PER'}\n" for n in range(900))
    with pytest.raises(InputError, match="Found 900 words and more without one"):
        read(tmp_path, Set("any", content, ""), entities=True)


def test_a_header_of_other_columns_is_refused(tmp_path: Path) -> None:
    row = Set("any", "words tags\n1 a NOUN\n2 b VERB\n", "", Reading(columns={"tags": "tags"}))
    with pytest.raises(InputError, match=r"a header of 3 columns.*Found 2: words, tags.*line 1"):
        read(tmp_path, row, entities=False)


def test_a_header_can_be_said(tmp_path: Path) -> None:
    content = "Wort Klasse\nAsha B-PER\nruled O\n"
    with pytest.raises(InputError, match="line 1"):
        read(tmp_path, Set("any", content, ""), entities=True)
    said = Set("any", content, "", Reading(header=True))
    assert read(tmp_path, said, entities=True) == [("Asha ruled", "B-PER O")]
    no_header = Set("any", "token ADV\nruns VERB\n", "", Reading(header=False))
    assert read(tmp_path, no_header, entities=False) == [("token runs", "ADV VERB")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("# SYM\na NOUN\n", "# a"),
        ("#\tSYM\na\tNOUN\n", "# a"),
        ("# a remark\na NOUN\n", "a"),
        ("# remark\na NOUN\n", "a"),
        ("#\na NOUN\n", "a"),
        ("a NOUN\n# NOUN\nb VERB\n", "a # b"),
        ("a NOUN\n# segment = x y\nb VERB\n", "a b"),
    ],
)
def test_the_word_hash_is_no_comment(tmp_path: Path, content: str, words: str) -> None:
    assert read(tmp_path, Set("any", content, ""), entities=False)[0][0] == words


def test_a_word_hash_without_its_tag_is_no_comment(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2"):
        read(tmp_path, Set("any", "a\tNOUN\n# \nb\tVERB\n", ""), entities=False)
