"""Mistakes with the per-example scores of finished systems.

What can be left out is counted in a notice and is no mistake: examples, languages and tasks of one
side only, rows without a score, slices of one example.
"""

import json

from bad_input.mistake import Mistake, both, file

_COMPARE = "compare --scores base.csv new.csv"
_HEAD = "example,language,score\n"
_BASE = file("base.csv", _HEAD + "q1,sw,1\nq2,sw,0\nq3,sw,1\n")
_NEW = file("new.csv", _HEAD + "q1,sw,1\nq2,sw,1\nq3,sw,0\n")
_MTEB = {
    "task_name": "BelebeleRetrieval",
    "mteb_version": "2.1.0",
    "scores": {"test": [{"hf_subset": "swh_Latn", "main_score": 0.6, "languages": ["swh-Latn"]}]},
}


MISTAKES = [
    Mistake(
        "two systems that answered other examples",
        _COMPARE,
        "Expected the same examples of the same tasks and languages on both sides. Found none in "
        "common: `q1` of scores in BASE, `r1` of scores in NEW. Where: base.csv and new.csv. "
        "Evaluate both systems on the same test files, and name the tasks alike.",
        both(_BASE, file("new.csv", _HEAD + "r1,sw,1\nr2,sw,1\n")),
    ),
    Mistake(
        "an example that is there twice",
        _COMPARE,
        "Expected each example once for a task, language, label and seed. Found 1 rows that are "
        "there before, the first for example `q1` (swa-Latn). Where: new.csv. Name each example "
        "once; …",
        both(_BASE, file("new.csv", _HEAD + "q1,sw,1\nq1,sw,1\nq2,sw,0\n")),
    ),
    Mistake(
        "right and wrong against graded scores",
        _COMPARE,
        "Expected `scores` scored alike on both sides. Found right or wrong (0 or 1) in BASE, "
        "graded scores in NEW. Where: base.csv and new.csv. Score both with the same metric; …",
        both(_BASE, file("new.csv", _HEAD + "q1,sw,0.5\nq2,sw,0.25\n")),
    ),
    Mistake(
        "a score that is no number",
        _COMPARE,
        "Expected numbers. Found `good`. Where: new.csv, column score. Write a number, or leave "
        "the cell empty.",
        both(_BASE, file("new.csv", _HEAD + "q1,sw,good\nq2,sw,1\n")),
    ),
    Mistake(
        "scores that are all missing",
        _COMPARE,
        "Expected scores. Found no number in any row. Where: new.csv. …",
        both(_BASE, file("new.csv", _HEAD + "q1,sw,\nq2,sw,nan\n")),
    ),
    Mistake(
        "a table without a row",
        _COMPARE,
        "Expected per-example scores. Found none. Where: new.csv. Give a file with a row an "
        "example.",
        both(_BASE, file("new.csv", _HEAD)),
    ),
    Mistake(
        "a table without a score",
        _COMPARE,
        "Expected a score: `errors` and `words`; … Found `quality`. Where: new.csv. Rename the "
        "columns of the scores.",
        both(_BASE, file("new.csv", "example,language,quality\nq1,sw,1\n")),
    ),
    Mistake(
        "tasks whose language nobody says",
        _COMPARE,
        "Expected a language for each task: … Found none for `arc_easy`. Where: new.csv. Give "
        "--languages FILE, …",
        both(_BASE, file("new.csv", "example,task,score\nq1,arc_easy,1\n")),
    ),
    Mistake(
        "scores in a layout that is not known",
        "compare --scores base.csv scores.xml",
        "Expected per-example scores in a known layout. lm-evaluation-harness: … plain: … Found a "
        "file `scores.xml` of another layout. Where: scores.xml. Write the scores as CSV with the "
        "columns language, example and score.",
        both(_BASE, file("scores.xml", "<scores/>")),
    ),
    Mistake(
        "MTEB results, which are means over queries",
        "compare --scores base.csv mteb",
        "Expected a value for each query or pair, under a key that ends in _per_query. Found one "
        "number for each of 1 subsets, as MTEB writes. Where: mteb. Means say nothing about "
        "chance. …",
        both(_BASE, file("mteb/BelebeleRetrieval.json", json.dumps(_MTEB))),
    ),
    Mistake(
        "one run on both sides",
        "compare --scores base.csv ./base.csv",
        "Expected scores of two systems. Found the same file or folder twice. Where: base.csv. …",
        _BASE,
    ),
    Mistake(
        "scores that are not there",
        "compare --scores base.csv absent",
        "Expected a file or folder of per-example scores. Found no such file or folder. Where: "
        "absent. Check the name.",
        _BASE,
    ),
    Mistake(
        "slices by a column that is not there",
        f"{_COMPARE} --by topic",
        "Expected --by with columns of the scores: script, … Found `topic`. Where: --by. Add the "
        "column to both files, or leave it out.",
        both(_BASE, _NEW),
    ),
    Mistake(
        "options of scores for two studies",
        "compare base.csv new.csv --by topic",
        "Expected --scores with options of per-example scores. Found --by. Where: `isogloss "
        "compare`. Add --scores if A and B are per-example scores; …",
        both(_BASE, _NEW),
    ),
    Mistake(
        "a mapping of languages that is none",
        f"{_COMPARE} --languages map.yaml",
        "Expected a YAML file of `task: language`, or a CSV file with the columns task, language. "
        "Found something else. Where: --languages `map.yaml`. …",
        both(_BASE, _NEW, file("map.yaml", "- sw\n")),
    ),
    Mistake(
        "`--out` of a comparison is a folder with other files",
        f"{_COMPARE} --out data",
        "Expected a new folder, an empty one, or the folder of an earlier comparison. Found other "
        "files. Where: --out `data`. Give another --out; nothing was written.",
        both(_BASE, _NEW),
    ),
]
