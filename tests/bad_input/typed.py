"""Mistakes on the command line."""

from bad_input.mistake import AUDIT, RUN, Mistake

MISTAKES = [
    Mistake(
        "more processes than a machine bears",
        "audit --text data --languages qaa,qab --out out --workers 100000",
        "Expected a whole number of 1 to … Found `100000`. Where: `isogloss audit`, --workers. …",
    ),
    Mistake(
        "more seeds on the command line than anybody trains",
        "audit --text data --languages qaa,qab --out out --seeds 1000000000",
        "Expected a whole number of 1 to 100. Found `1000000000`. Where: `isogloss audit`, "
        "--seeds. …",
    ),
    Mistake(
        "an unknown command",
        "rnu",
        "Expected one of quickstart, audit, … Found `rnu`. Where: `isogloss`, COMMAND. Did you "
        "mean `run`?",
    ),
    Mistake(
        "an unknown option",
        f"{RUN} --sets seeds=[0]",
        "Expected options of `isogloss run`: --data, --set, … Found `--sets seeds=[0]`. Where: "
        "`isogloss run`. Did you mean `--set`?",
    ),
    Mistake(
        "an abbreviated option",
        f"{RUN} --js",
        "Expected options of `isogloss run`: … Found `--js`. Where: `isogloss run`. Did you mean "
        "`--json`?",
    ),
    Mistake(
        "an option that is missing",
        "run study.yaml --out out",
        "Expected --data. Found none. Where: `isogloss run`. `isogloss run --help` shows examples.",
    ),
    Mistake(
        "an option without its value",
        "run study.yaml --data data --out",
        "Expected other arguments. Found argument --out: expected one argument. Where: "
        "`isogloss run`. …",
    ),
    Mistake(
        "a negative budget",
        f"{AUDIT} --budget updates=-5",
        "Expected updates=N with N at least 1. Found `updates=-5`. Where: `isogloss audit`, "
        "--budget. `isogloss audit --help` shows examples.",
    ),
    Mistake(
        "a budget in another unit",
        f"{AUDIT} --budget steps=3",
        "Expected updates=N with N at least 1. Found `steps=3`. Where: `isogloss audit`, --budget. "
        "…",
    ),
    Mistake(
        "no seed on the command line",
        f"{AUDIT} --seeds 0",
        "Expected a whole number of 1 or more. Found `0`. Where: `isogloss audit`, --seeds. …",
    ),
    Mistake(
        "fewer seeds than none",
        "matrix --text data --languages qaa,qab --out out --seeds -1",
        "Expected a whole number of 1 or more. Found `-1`. Where: `isogloss matrix`, --seeds. …",
    ),
    Mistake(
        "no worker",
        "quickstart --out out --workers 0",
        "Expected a whole number of 1 or more. Found `0`. Where: `isogloss quickstart`, --workers. "
        "…",
    ),
    Mistake(
        "an unknown launcher",
        "run study.yaml --data data --out out --launcher inlin",
        "Expected one of pool, inline. Found `inlin`. Where: `isogloss run`, --launcher. Did you "
        "mean `inline`?",
    ),
    Mistake(
        "one language to audit",
        "audit --text data --languages qaa --out out",
        "Expected two languages or more: interference is between languages. Found qaa-Latn. Where: "
        "--languages. Add a language, for example --languages en,sw",
    ),
    Mistake(
        "one language to audit, under two names",
        "audit --text data --languages en,English --out out",
        "Expected each language once. Found eng-Latn, eng-Latn. Where: --languages. Remove the "
        "repeated language (aliases count as the same).",
    ),
    Mistake(
        "a code that is no language, on the command line",
        "audit --text data --languages en,jap --out out",
        "Expected a language: … Found `jap`. Where: --languages. Did you mean `jpn-Jpan` "
        "(Japanese)? …",
    ),
    Mistake(
        "an unknown task to audit",
        f"{AUDIT} --tasks nerr",
        "Expected a task: one of … Found `nerr`. Where: command line: tasks.0. Did you mean `ner`?",
    ),
    Mistake(
        "a vocabulary without room for the bytes",
        f"{AUDIT} --vocabulary 10",
        "Expected a number of at least 300. Found `10`. Where: command line: "
        "tokenizer.vocabulary_size. …",
    ),
    Mistake(
        "`--set` without a value",
        f"{RUN} --set pretraining.updates",
        "Expected --set key.key=value. Found `pretraining.updates`. Where: --set. For example "
        "--set pretraining.updates=500, or --set 'seeds=[0, 1]'.",
    ),
    Mistake(
        "`--set` of an unknown key",
        f"{RUN} --set pretraining.update=3",
        "Expected one of the keys updates, … Found `update`. Where: study.yaml: "
        "pretraining.update. Did you mean `updates`?",
    ),
    Mistake(
        "`--set` below a key that has none",
        f"{RUN} --set seeds.0=1",
        "Expected keys below `seeds`, which has none. Found `seeds.0=1`. Where: --set. …",
    ),
    Mistake(
        "`--set` to something that is no YAML",
        f"{RUN} --set seeds=[1",
        "Expected a value that is YAML. Found `seeds=[1`. Where: --set. …",
    ),
    Mistake(
        "an unknown format of an export",
        "export out --to onnx --out new",
        "Expected one of hf, xmod. Found `onnx`. Where: `isogloss export`, --to. …",
    ),
    Mistake(
        "an unknown list",
        "list treatment",
        "Expected one of studies, treatments, tasks, measurements, … Found `treatment`. "
        "Where: `isogloss list`, what. Did you mean `treatments`?",
    ),
    Mistake(
        "a test bed with an unknown relation",
        "synth --out bed --recipe base,clon",
        "Expected a relation of a synthetic language: one of … Found `clon`. Where: relation of a "
        "synthetic language. Did you mean `clone`?",
    ),
    Mistake(
        "a test bed with a strength that cannot be",
        "synth --out bed --recipe base,conflict:2",
        "Expected a strength above 0 and at most 1. Found 2. Where: recipe, language `conflict`. "
        "Write for example `conflict:1`.",
    ),
    Mistake(
        "a test bed without a base",
        "synth --out bed --recipe conflict",
        "Expected `base` first and once: the others are defined by their relation to it. Found "
        "`conflict`. Where: recipe, languages. Write for example `base,clone,conflict:0.8@500`.",
    ),
    Mistake(
        "a recipe file that is not there",
        "synth --out bed --recipe none.yaml",
        "Expected a recipe in YAML. Found No such file or directory. Where: none.yaml. …",
    ),
    Mistake(
        "a test bed without sentences",
        "synth --out bed --sentences 0",
        "Expected a whole number of 1 or more. Found `0`. Where: `isogloss synth`, --sentences. …",
    ),
]
