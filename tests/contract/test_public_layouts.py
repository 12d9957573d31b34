"""How public data sets lie: each layout is read right, or refused with the line that mends it.

The sentences are invented; headers, columns, quoting and names are those of the data sets.
"""

import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from isogloss.core import InputError
from isogloss.data.readers import DataWarning
from isogloss.data.sources import open_source

XNLI = (
    "language\tgold_label\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\t"
    "sentence2_parse\tsentence1\tsentence2\tpromptID\tpairID\tgenre\tlabel1\tlabel2\tlabel3\t"
    "label4\tlabel5\tsentence1_tokenized\tsentence2_tokenized\tmatch\n"
)
SNLI = (
    "gold_label\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\t"
    "sentence2_parse\tsentence1\tsentence2\tcaptionID\tpairID\tlabel1\tlabel2\tlabel3\tlabel4\t"
    "label5\n"
)
MNLI = (
    "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\t"
    "sentence1_parse\tsentence2_parse\tsentence1\tsentence2\tlabel1\tlabel2\tgold_label\n"
)


def squad(*identifiers: str) -> str:
    entries = [
        {
            "context": f"The {n} hills are green.",
            "qas": [
                {
                    "id": identifier,
                    "question": "Which colour?",
                    "answers": [{"text": "green", "answer_start": len(f"The {n} hills are ")}],
                }
            ],
        }
        for n, identifier in enumerate(identifiers)
    ]
    return json.dumps({"version": "1.1", "data": [{"title": "t", "paragraphs": entries}]})


@dataclass(frozen=True)
class Layout:
    """One data set.

    Args:
        name: of the data set.
        kind: of data.
        files: name -> content.
        section: what a mapping says of it.
        expected: the examples of the first language's test split, flattened to text.
        warns: part of the warning that counts what was left out.
        needs: key -> value: without it the data are refused, and the refusal names the key.
    """

    name: str
    kind: str
    files: dict[str, str]
    section: dict[str, object]
    expected: list[tuple[str | None, ...]]
    warns: str = ""
    needs: dict[str, object] = field(default_factory=dict)


SW = {"languages": ["sw"], "splits": {"test": "test"}}
PAIR = {"languages": {"en-sw": "eng-swh"}, "splits": {"test": "test"}}
LAYOUTS = [
    Layout(
        "XNLI 1.0: fifteen languages in one file",
        "nli",
        {
            "xnli.test.tsv": f"{XNLI}en\tneutral\t\t\t\t\tWe ate.\tWe had rice.\t1\t1\tg"
            "\t\t\t\t\t\tWe ate .\tWe had rice .\tTrue\n"
            "sw\tentailment\t\t\t\t\tTulikula.\tTulikula wali.\t1\t1\tg"
            "\t\t\t\t\t\tTulikula .\tTulikula wali .\tTrue\n"
        },
        {"files": "xnli.{split}.tsv", **SW, "prefix": ["language", "{language}"]},
        [("Tulikula.", "Tulikula wali.", "entailment")],
    ),
    Layout(
        "XNLI-MT 1.0: premise, hypo, label; a class under another name",
        "nli",
        {"multinli.train.sw.tsv": "premise\thypo\tlabel\nNi joto .\tNi baridi .\tcontradictory\n"},
        {
            "files": "multinli.{split}.{language}.tsv",
            "languages": ["sw"],
            "splits": {"test": "train"},
            "labels": {"contradictory": "contradiction"},
        },
        [("Ni joto .", "Ni baridi .", "contradiction")],
    ),
    Layout(
        "SNLI 1.0: `-` where the annotators did not agree",
        "nli",
        {
            "snli_1.0_test.txt": f"{SNLI}-\t\t\t\t\tA boy runs.\tHe is late.\tc\tp\t\t\t\t\t\n"
            "neutral\t\t\t\t\tA girl reads.\tShe studies.\tc\tp\tneutral\t\t\t\t\n"
            "entailment\t\t\t\t\tA girl reads.\tA girl is there.\tc\tp\t\t\t\t\t\n"
        },
        {"files": "snli_1.0_{split}.txt", **SW},
        [
            ("A girl reads.", "She studies.", "neutral"),
            ("A girl reads.", "A girl is there.", "entailment"),
        ],
        warns="1 of 3 examples without a gold label were left out: line 2",
    ),
    Layout(
        "MNLI as in GLUE: quotation marks are text",
        "nli",
        {
            "dev_matched.tsv": f'{MNLI}0\t1\t1\tfiction\t\t\t\t\t"Go," she said\tShe "spoke.\t\t\t'
            "entailment\n"
        },
        {"files": "dev_matched.tsv", **SW},
        [('"Go," she said', 'She "spoke.', "entailment")],
    ),
    Layout(
        "PAWS-X: an id, numbers as labels",
        "nli",
        {"sw/test_2k.tsv": "id\tsentence1\tsentence2\tlabel\n1\tA met B .\tB met A .\t0\n"},
        {"files": "{language}/{split}_2k.tsv", **SW, "labels": ["different", "same"]},
        [("A met B .", "B met A .", "different")],
    ),
    Layout(
        "AmericasNLI: the language in the first column",
        "nli",
        {"sw.tsv": "language\tpremise\thypothesis\tlabel\nbzd\tE' dör.\tTã i'.\tneutral\n"},
        {"files": "{language}.tsv", **SW},
        [("E' dör.", "Tã i'.", "neutral")],
    ),
    Layout(
        "AfriSenti, NaijaSenti: tweet and label",
        "topic",
        {"sw/test.tsv": "tweet\tlabel\n@user safi sana \U0001f600\tpositive\nhapana\tnegative\n"},
        {"files": "{language}/{split}.tsv", **SW},
        [("@user safi sana \U0001f600", None, "positive"), ("hapana", None, "negative")],
    ),
    Layout(
        "AfriSenti, SemEval: an identifier first",
        "topic",
        {"sw_test.tsv": "ID\ttweet\tlabel\nsw_test_00000\tsafi\tpositive\n"},
        {"files": "{language}_{split}.tsv", **SW},
        [("safi", None, "positive")],
    ),
    Layout(
        "MasakhaNEWS: headline and text, quoted by pandas",
        "topic",
        {
            "swa/test.tsv": "category\theadline\ttext\turl\n"
            'sports\tMechi leo\t"Timu ""yetu"" ilishinda.\n\nMashabiki walifurahi."\thttps://a\n'
            "health\tDawa\tDaktari alisema.\thttps://b\n"
        },
        {"files": "{code}/{split}.tsv", **SW},
        [
            ('Timu "yetu" ilishinda.\n\nMashabiki walifurahi.', None, "sports"),
            ("Daktari alisema.", None, "health"),
        ],
    ),
    Layout(
        "SIB-200",
        "topic",
        {"swh_Latn/test.tsv": "index_id\tcategory\ttext\n7\tgeography\tMto ni mrefu.\n"},
        {"files": "{language}/{split}.tsv", **SW, "languages": {"sw": "swh_Latn"}},
        [("Mto ni mrefu.", None, "geography")],
    ),
    Layout(
        "MARC: JSON lines, stars as labels",
        "topic",
        {
            "dataset_sw_test.json": json.dumps(
                {
                    "review_id": "sw_1",
                    "product_id": "p",
                    "reviewer_id": "r",
                    "stars": "4",
                    "review_body": "Nzuri sana.",
                    "review_title": "Nzuri",
                    "language": "sw",
                    "product_category": "shoes",
                }
            )
        },
        {"files": "dataset_{language}_{split}.json", **SW},
        [("Nzuri sana.", None, "4")],
    ),
    Layout(
        "MASSIVE: JSON lines, all splits in one file",
        "topic",
        {
            "sw-KE.jsonl": "\n".join(
                json.dumps(
                    {
                        "id": str(n),
                        "locale": "sw-KE",
                        "partition": part,
                        "scenario": "alarm",
                        "intent": "alarm_set",
                        "utt": f"niamshe saa {n}",
                        "annot_utt": "",
                    }
                )
                for n, part in enumerate(["train", "test"])
            )
        },
        {"files": "{language}-KE.jsonl", **SW, "prefix": ["partition", "{split}"]},
        [("niamshe saa 1", None, "alarm_set")],
    ),
    Layout(
        "AG News: CSV without header, the class first",
        "topic",
        {"test.csv": '"3","Fish rise","The price, they say, ""rose""."\n"4","Chips","New chip."\n'},
        {"files": "{split}.csv", **SW},
        [('The price, they say, "rose".', None, "3"), ("New chip.", None, "4")],
        needs={"columns": {"text": 3, "label": 1}},
    ),
    Layout(
        "Swahili News: CSV, text in `content`",
        "topic",
        {"test.csv": 'id,content,category\nSW1,"Bei, leo, imepanda",uchumi\nSW2,Mechi,michezo\n'},
        {"files": "{split}.csv", **SW},
        [("Bei, leo, imepanda", None, "uchumi"), ("Mechi", None, "michezo")],
    ),
    Layout(
        "Amharic News: two columns that could be the text",
        "topic",
        {"test.csv": "headline,category,date,views,article,link\nA,sport,2020,7,The article.,l\n"},
        {"files": "{split}.csv", **SW},
        [("The article.", None, "sport")],
        needs={"columns": {"text": "article"}},
    ),
    Layout(
        "MTOP: eight columns without header",
        "topic",
        {
            "en/test.txt": "1\tIN:GET\t\tis it cold\tweather\ten_XX\t[IN:GET ]\t{}\n"
            "2\tIN:SET\t\twake me\talarm\ten_XX\t[IN:SET ]\t{}\n"
        },
        {"files": "{language}/{split}.txt", **SW, "languages": {"sw": "en"}},
        [("is it cold", None, "IN:GET"), ("wake me", None, "IN:SET")],
        needs={"columns": {"text": 4, "label": 2}},
    ),
    Layout(
        "CoLA: four columns without header",
        "topic",
        {"test.tsv": "gj04\t1\t\tThey drank the pub.\ngj04\t0\t*\tThey drank pub the.\n"},
        {"files": "{split}.tsv", **SW},
        [("They drank the pub.", None, "1"), ("They drank pub the.", None, "0")],
        needs={"columns": {"text": 4, "label": 2}},
    ),
    Layout(
        "MRPC: columns named by `#1 String`",
        "nli",
        {"test.tsv": "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t7\t8\tIt rose.\tIt grew.\n"},
        {"files": "{split}.tsv", **SW},
        [("It rose.", "It grew.", "1")],
        needs={"columns": {"text": "#1 String", "pair": "#2 String", "label": "Quality"}},
    ),
    Layout(
        "QNLI: question and sentence",
        "nli",
        {"test.tsv": "index\tquestion\tsentence\tlabel\n0\tWho?\tIt was she.\tentailment\n"},
        {"files": "{split}.tsv", **SW},
        [("Who?", "It was she.", "entailment")],
    ),
    Layout(
        "QQP: numbers of questions beside the questions",
        "nli",
        {"test.tsv": "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n0\t1\t2\tA?\tB?\t0\n"},
        {"files": "{split}.tsv", **SW},
        [("A?", "B?", "0")],
    ),
    Layout(
        "TyDiQA-GoldP: languages by the beginning of the id",
        "qa",
        {"tydiqa-goldp-v1.1-test.json": squad("finnish-1", "swahili-2")},
        {
            "files": "tydiqa-goldp-v1.1-{split}.json",
            **SW,
            "languages": {"sw": "swahili"},
            "prefix": ["id", "{language}-"],
        },
        [("swahili-2", "The 1 hills are green.", "green")],
    ),
    Layout(
        "XQuAD, MLQA: a file for each language",
        "qa",
        {"xquad.sw.json": squad("56beb4343aeaaa14008c925b")},
        {"files": "xquad.{language}.json", **SW},
        [("56beb4343aeaaa14008c925b", "The 0 hills are green.", "green")],
    ),
    Layout(
        "FLORES-200: a folder per split, a file per language",
        "parallel",
        {
            "flores/devtest/eng_Latn.devtest": "The hill is high.\n",
            "flores/devtest/swh_Latn.devtest": "Kilima ni kirefu.\n",
        },
        {
            "files": "flores/{split}/{side}.{split}",
            "languages": {"en-sw": "eng_Latn-swh_Latn"},
            "splits": {"test": "devtest"},
        },
        [("The hill is high.", "Kilima ni kirefu.")],
    ),
    Layout(
        "NTREX-128: source and reference",
        "parallel",
        {
            "newstest2019-src.eng.txt": "Prices rose.\n",
            "newstest2019-ref.swa.txt": "Bei zilipanda.\n",
        },
        {
            "files": "newstest2019-{side}.txt",
            "languages": {"en-sw": "src.eng-ref.swa"},
            "splits": {"test": "test"},
        },
        [("Prices rose.", "Bei zilipanda.")],
    ),
    Layout(
        "OPUS-100, Moses: two files, blank lines on both sides",
        "parallel",
        {"opus.en-sw-test.en": "Good day\n\nFire\n", "opus.en-sw-test.sw": "Habari\n\nMoto\n"},
        {
            "files": "opus.en-sw-{split}.{side}",
            "languages": {"en-sw": "en-sw"},
            "splits": {"test": "test"},
        },
        [("Good day", "Habari"), ("Fire", "Moto")],
    ),
    Layout(
        "Tatoeba, as XTREME has it",
        "parallel",
        {"tatoeba.swh-eng.swh": "Moto\n", "tatoeba.swh-eng.eng": "Fire\n"},
        {"files": "tatoeba.swh-eng.{side}", **PAIR},
        [("Fire", "Moto")],
    ),
    Layout(
        "Tatoeba's sentences.csv: tabs, no header, all languages",
        "text",
        {"sentences.csv": '1\tcmn\t我们试试看\n2\tswh\tMoto "mkubwa\n3\tswh\tHabari\n'},
        {"files": "sentences.csv", **SW, "languages": {"sw": "swh"}, "prefix": [2, "{language}"]},
        [('Moto "mkubwa',), ("Habari",)],
        needs={"columns": {"text": 3}},
    ),
    Layout(
        "ManyThings: an attribution in the third column",
        "parallel",
        {"swh.txt": "Fire.\tMoto.\tCC-BY 2.0 (France) Attribution: tatoeba.org #1\n"},
        {"files": "swh.txt", **PAIR},
        [("Fire.", "Moto.")],
        needs={"columns": {"first": 1, "second": 2}},
    ),
    Layout(
        "LAFAND-MT: TSV with languages as header",
        "parallel",
        {"en-swa/test.tsv": "en\tsw\nFire\tMoto\n"},
        {"files": "en-swa/{split}.tsv", **PAIR},
        [("Fire", "Moto")],
    ),
    Layout(
        "LAFAND-MT: JSON lines with a record of translations",
        "parallel",
        {"en-swa/test.json": json.dumps({"translation": {"en": "Fire", "swa": "Moto"}})},
        {
            "files": "en-swa/{split}.json",
            "languages": {"en-sw": "en-swa"},
            "splits": {"test": "test"},
        },
        [("Fire", "Moto")],
        needs={"columns": {"first": "translation.{first}", "second": "translation.{second}"}},
    ),
]


def read(folder: Path, layout: Layout, section: dict[str, object]) -> list[tuple[str | None, ...]]:
    (folder / "data.yaml").write_text(yaml.safe_dump({layout.kind: section}), encoding="utf-8")
    source = open_source(folder / "data.yaml")
    _, languages, split = source.units()[0]
    match layout.kind:
        case "text":
            return [(line,) for line in source.text(languages[0], split)]
        case "parallel":
            return list(source.pairs(*languages, split))
        case "qa":
            questions = source.questions("qa", languages[0], split)
            return [(one.identifier, one.context, one.answers[0]) for one in questions]
    examples = source.classified(layout.kind, languages[0], split)
    return [(one.text, one.pair, one.label) for one in examples]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.name)
def test_a_public_layout_is_read_right(layout: Layout, tmp_path: Path) -> None:
    for name, content in layout.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    for key in layout.needs:
        with pytest.raises(InputError) as caught:
            read(tmp_path, layout, layout.section)
        assert f"`{key}" in caught.value.next_step, "the refusal names the key that mends it"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", DataWarning)
        assert read(tmp_path, layout, {**layout.section, **layout.needs}) == layout.expected
    said = [str(one.message) for one in told]
    assert len(said) == bool(layout.warns) and layout.warns in "".join(said)
