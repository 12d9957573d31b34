"""Mistakes in the data."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from bad_input.mistake import RUN, Mistake, both, file, gone, study

_AUDIT = "audit --text texts --languages en,sw --out out --model micro --launcher inline"
_CHARACTERS = [chr(code) for code in range(0x100, 0x250) if chr(code).isalpha()]  # Latin


def _many_lines(folder: Path) -> None:
    rng = np.random.default_rng(0)
    for name in ("en", "sw"):
        lines = [" ".join(rng.choice(list(_CHARACTERS), 8)) for _ in range(400)]
        file(f"texts/{name}.txt", "\n".join(lines))(folder)


def _ner(content: str) -> Callable[[Path], None]:
    """Return what makes a study of entities whose training file holds this."""
    return both(study(tasks=["ner"]), file("data/ner/qab.train.tsv", content))


MISTAKES = [
    Mistake(
        "no such folder",
        "data check none",
        "Expected a folder of data, a YAML mapping (.yaml), or one of our mappings: hub. Found "
        "nothing at this path. Where: none. Check the path; `isogloss synth` makes a folder of "
        "data to try with.",
    ),
    Mistake(
        "a folder without data",
        "run study.yaml --data empty --out out",
        "Expected data files: … Found readme.md. Where: empty. Rename the files, or describe your "
        "layout in a YAML mapping.",
        file("empty/readme.md", "Nothing here."),
    ),
    Mistake(
        "a file of another type in place of data",
        "run study.yaml --data data.csv --out out",
        "Expected a folder of data, … Found a file of another type. Where: data.csv. …",
        file("data.csv", "a,b\n"),
    ),
    Mistake(
        "a language without data",
        RUN,
        "Expected text data of tel-Telu, split train. Found text in qaa-Latn (train/dev/test), "
        "qab-Latn (train/dev/test). Where: data. Leave it out of the study, or add its file. "
        "`isogloss data check` lists all.",
        study(mixtures=[["qaa", "te"]]),
    ),
    Mistake(
        "a task without data",
        RUN,
        "Expected train data of kind `nli` for at least one language of the study. Found none for "
        "qaa-Latn, qab-Latn. Where: data, task `nli`. Add the files, or remove the task from the "
        "study.",
        study(tasks=["nli"]),
    ),
    Mistake(
        "a split that is missing",
        RUN,
        "Expected text data of qab-Latn, split test. Found … Where: data. …",
        gone("data/text/qab.test.txt"),
    ),
    Mistake(
        "an empty file",
        RUN,
        "Expected at least one line of text. Found none. Where: data/text/qaa.train.txt "
        "(qaa-Latn). Fill the file, or remove it so that the split counts as absent.",
        file("data/text/qaa.train.txt", ""),
    ),
    Mistake(
        "a split of blank lines",
        RUN,
        "Expected at least one line of text. Found none. Where: data/text/qab.dev.txt (qab-Latn). "
        "…",
        file("data/text/qab.dev.txt", "\n  \n\n"),
    ),
    Mistake(
        "text that is not UTF-8",
        RUN,
        "Expected UTF-8. Found byte 0xe9 at byte 11 of the file (invalid continuation byte). "
        "Where: data/text/qaa.train.txt, line 2 (qaa-Latn). Convert the file: `iconv -f "
        "OLD_ENCODING -t UTF-8`.",
        file("data/text/qaa.train.txt", b"a line\nle f\xe9te\n"),
    ),
    Mistake(
        "a text too short to be divided",
        _AUDIT,
        "Expected enough lines for a … split (2 in 100 for dev and for test). Found none that "
        "falls in it. Where: texts/en.txt (eng-Latn). Give more text, or divide it yourself: "
        "{language}.train.txt, {language}.dev.txt, {language}.test.txt.",
        both(file("texts/en.txt", "One line.\n" * 3), file("texts/sw.txt", "Mstari mmoja.\n" * 3)),
    ),
    Mistake(
        "less text than one row",
        RUN,
        "Expected text for at least one sequence of 512 tokens: 511 tokens of text, about … bytes. "
        "Found … tokens, … bytes. Where: train text of qaa-Latn in … Add text, or set "
        "`pretraining.length` lower.",
        both(
            study(pretraining={"updates": 2, "length": 512}),
            file("data/text/qaa.train.txt", "ba da ku ba\n" * 20),
        ),
    ),
    Mistake(
        "a vocabulary smaller than the alphabet",
        f"{_AUDIT} --vocabulary 400",
        "Expected a vocabulary of … or more: 5 special tokens, 256 bytes and the … characters of 2 "
        "language(s). Found 400. Where: vocabulary_size of the tokenizer. Use …",
        _many_lines,
    ),
    Mistake(
        "a file named after no language",
        _AUDIT,
        "Expected text data of swa-Latn, split train. Found text in eng-Latn (train/dev/test); "
        "jap.txt was passed over, as its name is no language: `jap`. Did you mean `jpn-Jpan` "
        "(Japanese)? … Where: texts. …",
        both(file("texts/en.txt", "One line.\n"), file("texts/jap.txt", "x\n")),
    ),
    Mistake(
        "two files for one thing",
        _AUDIT,
        "Expected one file for text eng-Latn train. Found en.train.txt and eng.train.txt. Where: "
        "texts. Remove one, or name it as another set: {language}.{set}.{split}.{ext}.",
        both(file("texts/en.train.txt", "One.\n"), file("texts/eng.train.txt", "Two.\n")),
    ),
    Mistake(
        "a wrong number of columns",
        RUN,
        "Expected 2 columns divided by one tab, as in the other lines. "
        r"Found 3: 'c\tX\tNOUN'. Where: data/pos/qaa.train.tsv, line 3 (qaa-Latn). Mend the line; "
        "a blank line ends a sentence.",
        file("data/pos/qaa.train.tsv", "a\tNOUN\n\nc\tX\tNOUN\n"),
    ),
    Mistake(
        "a token without its tag",
        RUN,
        "Expected a token and a tag. Found an empty tag in column 2: … Where: "
        "data/pos/qaa.train.tsv, line 2 (qaa-Latn). Remove the line, or fill it.",
        file("data/pos/qaa.train.tsv", "a\tNOUN\nb\t\n"),
    ),
    Mistake(
        "a tag that is no entity tag",
        RUN,
        "Expected an entity tag: O, B-TYPE or I-TYPE. Found `IO` on token `d`. Where: "
        "data/ner/qab.train.tsv, line 5 (qab-Latn). Did you mean `O`? Give the word its tag (O if "
        "it is in no entity), or leave such sentences out: `repair: skip` in a YAML mapping.",
        _ner("a\tB-LOC\nb\tO\n\nc\tB-PER\nd\tIO\n"),
    ),
    Mistake(
        "entity types without B- and I-",
        RUN,
        "Expected entity tags: O, B-TYPE or I-TYPE. Found `LOC` on token `b`. Where: "
        "data/ner/qab.train.tsv, line 2 (qab-Latn). Rename them in a YAML mapping: `labels: {LOC: "
        "I-LOC, PER: I-PER}`.",
        _ner("a\tO\nb\tLOC\nc\tPER\n"),
    ),
    Mistake(
        "entity tags of two schemes",
        RUN,
        "Expected tags of one scheme; other tags of the file are BIOES. Found `I-LOC` in a "
        "sentence that is not BIOES. Where: data/ner/qab.train.tsv, line 4 (qab-Latn). Convert "
        "all tags to IOB2: B- begins an entity, I- continues it.",
        _ner("a\tS-LOC\n\nb\tB-LOC\nc\tI-LOC\n"),
    ),
    Mistake(
        "two columns of entity tags",
        RUN,
        "Expected one column of entity tags (O, B-TYPE, I-TYPE). Found 2 such columns: 3 (`B-ORG`, "
        "`O`), 4 (`B-LOC`, `O`). Where: data/ner/qab.train.tsv, line 1 (qab-Latn). Say where the "
        "tag stands, in a YAML mapping: `columns: {tokens: 2, tags: 3}`.",
        _ner("1\ta\tB-ORG\tB-LOC\n2\tb\tO\tO\n"),
    ),
    Mistake(
        "entity data without an entity",
        RUN,
        "Expected entities: B-TYPE and I-TYPE among the tags. Found `O` on all 2 words. Where: "
        "data/ner/qab.train.tsv, line 1 (qab-Latn). Look whether the tags stand in another column: "
        "`columns: {tokens: 1, tags: 3}` in a YAML mapping; or remove the file.",
        _ner("a\tO\nb\tO\n"),
    ),
    Mistake(
        "numbers in the place of words",
        RUN,
        "Expected words, most of which have letters. Found letters in 0 of 2 words, the first "
        "`17`. Where: data/pos/qaa.train.tsv, line 1 (qaa-Latn). Look whether the words stand in "
        "another column: `columns: {tokens: 2, tags: 3}` in a YAML mapping.",
        file("data/pos/qaa.train.tsv", "17\tNOUN\n18\tVERB\n"),
    ),
    Mistake(
        "a treebank without its text",
        RUN,
        "Expected at most 5% of the sentences without text. Found 1 of 1 in which `_` stands for "
        "the words, the first at this line. Where: data/pos/qaa.train.tsv, line 1 (qaa-Latn). "
        "Merge the text in: treebanks whose text is not free come with a script or a link for it.",
        file("data/pos/qaa.train.tsv", "_\tNOUN\n_\tVERB\n"),
    ),
    Mistake(
        "CoNLL-U with spaces for tabs",
        RUN,
        "Expected CoNLL-U: ten columns divided by tabs, … Found spaces in place of the tabs. "
        "Where: data/pos/qaa.train.tsv, line 1 (qaa-Latn). See https://universaldependencies.org/…",
        file("data/pos/qaa.train.tsv", "1 a a NOUN _ _ 0 root _ _\n"),
    ),
    Mistake(
        "a word number that repeats",
        RUN,
        "Expected CoNLL-U: … Found `1` in column 1 (ID), where word 2 has to follow. Where: "
        "data/pos/qaa.train.tsv, line 2 (qaa-Latn). See https://universaldependencies.org/…",
        file(
            "data/pos/qaa.train.tsv",
            "1\ta\t_\tNOUN\t_\t_\t0\t_\t_\t_\n1\tb\t_\tVERB\t_\t_\t0\t_\t_\t_\n",
        ),
    ),
    Mistake(
        "raw WikiAnn with a line without a word",
        RUN,
        "Expected a word after `en:`, with which words of raw WikiAnn begin. Found `en:`. Where: "
        "data/ner/qab.train.tsv, line 2 (qab-Latn). Remove `en:` from all words, and lines without "
        "a word.",
        _ner("en:a\tB-LOC\nen:\tO\nen:b\tO\n"),
    ),
    Mistake(
        "labels that are mostly NaN",
        RUN,
        "Expected a gold label for most examples. Found 2 of 3 without one (`nan`). Where: "
        "data/topic/qaa.train.tsv (qaa-Latn). Give a split that has its labels, or name the column "
        "of the labels in a mapping.",
        both(
            study(tasks=["topic"]),
            file("data/topic/qaa.train.tsv", "text\tlabel\none\tsport\ntwo\tnan\nthree\tnan\n"),
        ),
    ),
    Mistake(
        "a line without a label",
        RUN,
        "Expected 2 columns, as in the first line. Found 1: 'two'. Where: "
        "data/topic/qaa.train.tsv, line 3 (qaa-Latn). Mend the line: a tab or line end inside a "
        "text has to be quoted as CSV writers do it, in the whole file.",
        both(
            study(tasks=["topic"]),
            file("data/topic/qaa.train.tsv", "text\tlabel\none\tsport\ntwo\n"),
        ),
    ),
    Mistake(
        "a class that no training data have",
        RUN,
        "Expected data fit to train on. Found labels that train does not have: sprot (100% of the "
        "labels); train has … Where: topic qaa-Latn test in data. Mend the data; `isogloss data "
        "check data` lists all that is wrong. …",
        both(
            study(tasks=["topic"]),
            file("data/topic/qaa.test.tsv", "text\tlabel\none\tsprot\ntwo\tsprot\n"),
        ),
    ),
    Mistake(
        "test text that is training text, but for white space",
        RUN,
        "Expected data fit to train on. Found … also stand in text qaa-Latn train, 100.0% of text "
        "qaa-Latn test: scores on them measure memory; remove them from train… Where: text "
        "qaa-Latn test in data. …",
        both(
            file("data/text/qaa.train.txt", "".join(f"ba da  ku {'ba ' * n}\n" for n in range(99))),
            file("data/text/qaa.test.txt", "".join(f"ba da ku {'ba ' * n}\n" for n in range(30))),
        ),
    ),
    Mistake(
        "a test set that there is not",
        RUN,
        "Expected test data of kind `pos.other` for at least one language of the study. Found none "
        "for qaa-Latn, qab-Latn; there is pos. Where: data, task `pos-on-pos.other`. …",
        study(tasks=[{"task": "pos", "test": "pos.other"}]),
    ),
    Mistake(
        "a test set of another task",
        RUN,
        "Expected sets of `pos`. Found `ner`. Where: study.yaml: tasks.0. Write `pos.NAME`.",
        study(tasks=[{"task": "pos", "test": "ner"}]),
    ),
    Mistake(
        "a test set of one example",
        RUN,
        "Expected two test examples or more, hundreds if differences are to be seen. Found 1. "
        "Where: pos qaa-Latn test in data. Add test examples, or remove the file so that the split "
        "counts as absent.",
        file("data/pos/qaa.test.tsv", "word\tNOUN\n"),
    ),
    Mistake(
        "inference without hypotheses",
        RUN,
        "Expected `premise TAB hypothesis TAB label`, or a header that names the columns text, "
        "pair, label. Found the columns 1 `premise`, 2 `label`. Where: data/nli/qaa.…, "
        "line 1 (qaa-Latn). Add a header line … `columns: {text: 1, pair: 2, label: 3}`.",
        both(
            study(tasks=["nli"]),
            file("data/nli/qaa.train.tsv", "premise\tlabel\na\tneutral\n"),
            file("data/nli/qaa.test.tsv", "premise\tlabel\na\tneutral\n"),
        ),
    ),
    Mistake(
        "columns that nothing names",
        RUN,
        "Expected `text TAB label`, or a header … Found the columns 1 `r1`, 2 `good food`, 3 "
        "`pos`. Where: data/topic/qaa.train.tsv, line 1 (qaa-Latn). Add a header line …",
        both(
            study(tasks=["topic"]),
            file("data/topic/qaa.train.tsv", "r1\tgood food\tpos\nr2\tbad food\tneg\n"),
        ),
    ),
    Mistake(
        "quotation marks that may join lines, or be text",
        RUN,
        "Expected a file that is quoted as CSV, or one that is not. Found quotation marks that may "
        "join fields or lines, or be text. Where: data/topic/qaa.train.tsv, line 2 (qaa-Latn). Say "
        "which it is, in a mapping: `quoting: csv` or `quoting: none`.",
        both(
            study(tasks=["topic"]),
            file("data/topic/qaa.train.tsv", 'text\tlabel\n"Wait\tx\nfor me"\ty\n'),
        ),
    ),
    Mistake(
        "blank texts",
        RUN,
        "Expected a text. Found an empty one; 2 such places: line 2, 4. Where: "
        "data/topic/qaa.train.tsv, line 2 (qaa-Latn). Fill the text, or remove the line; `repair: "
        "skip` in a mapping leaves such examples out.",
        both(
            study(tasks=["topic"]),
            file("data/topic/qaa.train.tsv", "text\tlabel\n\tx\na\ty\n \tx\n"),
        ),
    ),
    Mistake(
        "a key of a mapping that has no effect",
        "data check map.yaml",
        "Expected keys that have an effect on data in plain files. Found `revision`. Where: "
        "map.yaml, text. Remove `revision`: nothing would follow from it.",
        file(
            "map.yaml",
            "text: {files: 'data/text/{language}.{split}.txt', languages: [qaa], revision: main}\n",
        ),
    ),
    Mistake(
        "one file under two languages",
        "data check map.yaml",
        "Expected data of their own for each language and split: … Found the same rows as text "
        "qaa-Latn train and as text qab-Latn train. Where: map.yaml, text. …",
        file("map.yaml", "text: {files: 'data/text/qaa.{split}.txt', languages: [qaa, qab]}\n"),
    ),
    Mistake(
        "aliases in a circle",
        "data check map.yaml",
        "Expected aliases that end at a language. Found a circle: a -> b -> a. Where: map.yaml, "
        "aliases. Let one of them name a language: `a: swa`.",
        file(
            "map.yaml",
            "aliases: {a: b, b: a}\ntext: {files: '{language}.{split}.txt', languages: [a]}\n",
        ),
    ),
    Mistake(
        "an unknown placeholder in a mapping",
        "data check map.yaml",
        "Expected one of language, code, script, iso639_1, split. Found `langage`. Where: "
        "map.yaml, text, `{langage}.txt`. Did you mean `language`?",
        file("map.yaml", "text: {files: '{langage}.txt', languages: [qaa]}\n"),
    ),
    Mistake(
        "a mapping to files that are not there",
        "data check map.yaml",
        "Expected files of `te` at `data/text/{language}.{split}.txt`. Found none. Where: "
        "map.yaml, text. Mend this part of the mapping.",
        file("map.yaml", "text: {files: 'data/text/{language}.{split}.txt', languages: [te]}\n"),
    ),
    Mistake(
        "an unknown kind of data in a mapping",
        "data check map.yaml",
        "Expected one of aliases, text, pos, … Found `txt`. Where: map.yaml. Did you mean `text`?",
        file("map.yaml", "txt: {files: '{language}.txt', languages: [qaa]}\n"),
    ),
    Mistake(
        "a data set saved by `datasets`, without a mapping",
        "data check saved",
        "Expected a folder of data files, or a YAML mapping. Found a data set saved by Hugging "
        "Face `datasets`. Where: saved. Say what it holds in a YAML file: …",
        file("saved/dataset_info.json", "{}"),
    ),
]
