"""Mistakes in the study file."""

from itertools import pairwise

from bad_input.mistake import RUN, Mistake, file, study

_LISTED = "docs/studies.md lists every key with its type."

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{former}'] * 9)}]\n" for former, name in pairwise("abcdefghi")
)

MISTAKES = [
    Mistake(
        "no study file",
        "run none.yaml --data data --out out",
        "Expected a study file (YAML). Found no such file. Where: none.yaml. `isogloss list "
        "studies` shows the bundled studies; docs/studies.md explains them.",
    ),
    Mistake(
        "a bundled study that is not there",
        "plan real-smal --data data",
        "Expected a study file (YAML), or a bundled study: lee2022, … Found no such file or study. "
        "Where: real-smal. Did you mean `real-small`?",
    ),
    Mistake(
        "a folder in place of the study file",
        "plan data --data data",
        "Expected a study file (YAML). Found a folder. Where: data. …",
    ),
    Mistake(
        "YAML that does not close a bracket",
        RUN,
        "Expected YAML. Found a mistake (expected ',' or ']', but got '<scalar>'). Where: "
        "study.yaml, line 2. Mend the line; text with a colon, a brace or a star needs quotation "
        "marks.",
        file("study.yaml", "mixtures: [[en, sw]\nname: x\n"),
    ),
    Mistake(
        "a study file in another encoding",
        RUN,
        "Expected UTF-8. Found byte 0xe9 at byte 9 of the file. Where: study.yaml, line 1. Convert "
        "the file: `iconv -f OLD_ENCODING -t UTF-8`.",
        file("study.yaml", "name: cafés\n".encode("latin-1")),
    ),
    Mistake(
        "a list in place of keys and values",
        RUN,
        "Expected a study: keys and values, at least `name` and `mixtures`. Found a list. Where: "
        "study.yaml. Start from a bundled study: `isogloss list studies`.",
        file("study.yaml", "- name: x\n- mixtures: [[en, sw]]\n"),
    ),
    Mistake(
        "an empty study file",
        RUN,
        "Expected a study: … Found nothing. Where: study.yaml. …",
        file("study.yaml", ""),
    ),
    Mistake(
        "the same key twice",
        RUN,
        "Expected YAML. Found a mistake (the key `seeds` a second time). Where: study.yaml, line "
        "3. …",
        file("study.yaml", "name: x\nseeds: [0]\nseeds: [1]\nmixtures: [[en, sw]]\n"),
    ),
    Mistake(
        "an alias that holds itself",
        RUN,
        "Expected YAML. Found a mistake (an anchor that holds itself). Where: study.yaml, line 3. "
        "Mend the line; …",
        file("study.yaml", "name: x\nmixtures: [[en, sw]]\npretraining: &a {updates: *a}\n"),
    ),
    Mistake(
        "an unknown key",
        RUN,
        "Expected one of the keys updates, rows, length, … Found `update`. Where: study.yaml: "
        "pretraining.update. Did you mean `updates`?",
        study(pretraining={"update": 5}),
    ),
    Mistake(
        "a key that is missing",
        RUN,
        f"Expected the key `mixtures`. Found nothing. Where: study.yaml: mixtures. {_LISTED}",
        study(mixtures=None),
    ),
    Mistake(
        "gradients measured at negative intervals",
        RUN,
        "Expected a number of at least 0. Found `-1`. Where: study.yaml: logging.conflict. "
        + _LISTED,
        study(logging={"conflict": -1}),
    ),
    Mistake(
        "a word where a number belongs",
        RUN,
        "Expected a whole number. Found `many`. Where: study.yaml: pretraining.updates. " + _LISTED,
        study(pretraining={"updates": "many"}),
    ),
    Mistake(
        "a number where keys belong",
        RUN,
        f"Expected keys with values. Found `2000`. Where: study.yaml: tokenizer. {_LISTED}",
        study(tokenizer=2000),
    ),
    Mistake(
        "a negative budget in a study file",
        RUN,
        "Expected a number of at least 0. Found `-5`. Where: study.yaml: pretraining.updates. …",
        study(pretraining={"updates": -5}),
    ),
    Mistake(
        "a negative sampling exponent",
        RUN,
        "Expected a number of at least 0. Found `-0.5`. Where: study.yaml: pretraining.exponent. …",
        study(pretraining={"exponent": -0.5}),
    ),
    Mistake(
        "a learning rate that is no number",
        RUN,
        "Expected a finite number. Found `nan`. Where: study.yaml: pretraining.learning_rate. …",
        study(pretraining={"learning_rate": float("nan")}),
    ),
    Mistake(
        "a label that a spreadsheet would run",
        RUN,
        "Expected a name that begins with a letter or a number, without control characters. Found "
        "`=cmd()`. Where: study.yaml: treatments.2.label. …",
        study(treatments=["monolingual", "untreated", {"pcgrad": {}, "label": "=cmd()"}]),
    ),
    Mistake(
        "a name that drives the terminal",
        RUN,
        "Expected a name … Found `x\\x1b[2J`. Where: study.yaml: name. …",
        study(name="x\x1b[2J"),
    ),
    Mistake(
        "true for a number",
        RUN,
        "Expected a number. Found `true` (YAML reads yes, on and true so: …). Where: study.yaml: "
        "pretraining.updates. Write a number for `updates`.",
        study(pretraining={"updates": True}),
    ),
    Mistake(
        "true for a seed",
        RUN,
        "Expected a number. Found `[True]`. Where: study.yaml: seeds. Write a number for `seeds`.",
        study(seeds=[True]),
    ),
    Mistake(
        "true for an option of a treatment",
        RUN,
        "Expected a number for `bottleneck`. Found `true` … Where: study.yaml: treatments.2. …",
        study(treatments=["monolingual", "untreated", {"language_adapters": {"bottleneck": True}}]),
    ),
    Mistake(
        "an option of a treatment with digits too many",
        RUN,
        "Expected a number of at most 10000 for `bottleneck`. Found `100000000000`. Where: "
        "study.yaml: treatments.2. …",
        study(treatments=["monolingual", "untreated", {"shared_adapter": {"bottleneck": 10**11}}]),
    ),
    Mistake(
        "a sampling exponent that overflows",
        RUN,
        "Expected a number of at most 10 for `exponents`. Found `1e+308`. Where: study.yaml: "
        "treatments.2. …",
        study(treatments=["monolingual", "untreated", {"temperature": {"exponents": [1e308]}}]),
    ),
    Mistake(
        "a budget with digits too many",
        RUN,
        "Expected a number of at most 1e+09. Found `100000000000000000000000`. Where: study.yaml: "
        "pretraining.updates. …",
        study(pretraining={"updates": 10**23}),
    ),
    Mistake(
        "a vocabulary with digits too many",
        RUN,
        "Expected a number of at most 1e+06. Found `1000000000`. Where: study.yaml: "
        "tokenizer.vocabulary_size. …",
        study(tokenizer={"vocabulary_size": 10**9}),
    ),
    Mistake(
        "a seed of more than 31 bits",
        RUN,
        "Expected a number below 2.14748e+09. Found `99999999999`. Where: study.yaml: seeds.0. …",
        study(seeds=[99_999_999_999]),
    ),
    Mistake(
        "more seeds than anybody trains",
        RUN,
        "Expected a list of at most 100. Found … Where: study.yaml: seeds. …",
        study(seeds=list(range(101))),
    ),
    Mistake(
        "a factor that leaves no update",
        RUN,
        "Expected an `updates_factor` that leaves an update or more. Found 1e-09 times 4 updates. "
        "Where: treatment `language_ffn`. Raise the factor.",
        study(
            treatments=[
                *("monolingual", "untreated"),
                {"name": "language_ffn", "updates_factor": 1e-9},
            ]
        ),
    ),
    Mistake(
        "a factor for a control",
        RUN,
        "Expected no `updates_factor` for the controls, whose budgets the others are measured by. "
        "Found 3 for `monolingual`. Where: study.yaml: treatments.0. …",
        study(treatments=[{"name": "monolingual", "updates_factor": 3}, "untreated"]),
    ),
    Mistake(
        "a bomb of aliases",
        RUN,
        "Expected YAML. Found a mistake (more than 100,000 values, aliases written out). Where: "
        "study.yaml, line 6. …",
        file("study.yaml", BOMB),
    ),
    Mistake(
        "a key that YAML reads as false",
        RUN,
        "Expected YAML. Found a mistake (`no`, which YAML reads as `false` (…), as a key: put it "
        "in quotes). Where: study.yaml, line 2. …",
        file("study.yaml", "name: x\nno: 0.5\n"),
    ),
    Mistake(
        "no seed",
        RUN,
        "Expected a list of at least 1. Found `[]`. Where: study.yaml: seeds. …",
        study(seeds=[]),
    ),
    Mistake(
        "the same seed twice",
        RUN,
        "Expected each of the seeds once. Found `1` twice: the same run twice is not more "
        "evidence. Where: study.yaml: seeds. Remove the repeated one.",
        study(seeds=[1, 2, 1]),
    ),
    Mistake(
        "an unknown treatment",
        RUN,
        "Expected a treatment: one of … Found `untreatd`. Where: study.yaml: treatments.1. Did you "
        "mean `untreated`?",
        study(treatments=["monolingual", "untreatd"]),
    ),
    Mistake(
        "an unknown option of a treatment",
        RUN,
        "Expected options of `temperature`: exponents. Found `exponent`. Where: study.yaml: "
        "treatments.2. Did you mean `exponents`?",
        study(treatments=["monolingual", "untreated", {"temperature": {"exponent": 0.3}}]),
    ),
    Mistake(
        "an option of a treatment that cannot be",
        RUN,
        "Expected one or more sampling exponents, each >= 0. Found [-1.0]. Where: study.yaml: "
        "treatments.2. Use for example [0, 0.3, 0.7, 1].",
        study(treatments=["monolingual", "untreated", {"temperature": {"exponents": [-1]}}]),
    ),
    Mistake(
        "two treatments of one name",
        RUN,
        "Expected each treatment once, or with a label of its own. Found a treatment twice: "
        "monolingual, untreated, untreated. Where: study.yaml: treatments. …",
        study(treatments=["monolingual", "untreated", "untreated"]),
    ),
    Mistake(
        "nothing to compare with",
        RUN,
        "Expected `monolingual` among the treatments, for the others to be compared with. Found "
        "untreated: `monolingual` is missing. Where: study.yaml: treatments. Add the line "
        "`- monolingual`.",
        study(treatments=["untreated"]),
    ),
    Mistake(
        "an unknown task",
        RUN,
        "Expected a task: one of … Found `posx`. Where: study.yaml: tasks.0. Did you mean `pos`?",
        study(tasks=["posx"]),
    ),
    Mistake(
        "an unknown metric",
        RUN,
        "Expected a metric: one of … Found `entity_f`. Where: study.yaml: "
        "statistics.smallest_effect. Did you mean `entity_f1`?",
        study(statistics={"smallest_effect": {"entity_f": 0.01}}),
    ),
    Mistake(
        "a precision that does not exist",
        RUN,
        f"Expected 'auto', 'bf16' or 'fp32'. Found `fp16`. Where: study.yaml: precision. {_LISTED}",
        study(precision="fp16"),
    ),
    Mistake(
        "a code that is no language",
        RUN,
        "Expected a language: … Found `jap`. Where: study.yaml: mixtures.0.1. Did you mean "
        "`jpn-Jpan` (Japanese)? …",
        study(mixtures=[["en", "jap"]]),
    ),
    Mistake(
        "a script that is none",
        RUN,
        "Expected an ISO 15924 script of four letters or an ISO 3166 region after the language, as "
        "in tel-Telu and pt-BR. Found `te-Telugu`. Where: study.yaml: mixtures.0.1. Write "
        "`tel-Telu`, or `tel-Telu-x-telugu` for a variety of it.",
        study(mixtures=[["en", "te-Telugu"]]),
    ),
    Mistake(
        "Norwegian's `no`, which YAML reads as false",
        RUN,
        "Expected a language as text. Found `false` (YAML reads no, off and false so: put a word "
        "in "
        'quotes). Where: study.yaml: mixtures.0.1. Write its code in quotes, as "no", or its code '
        "of three letters.",
        file("study.yaml", "name: x\nmixtures: [[en, no]]\n"),
    ),
    Mistake(
        "one language under two names",
        RUN,
        "Expected each language once in a mixture. Found eng-Latn + eng-Latn. Where: study.yaml: "
        "mixtures. Remove the repeated language (aliases count as the same).",
        study(mixtures=[["en", "eng"]]),
    ),
    Mistake(
        "a mixture of one language",
        RUN,
        "Expected two languages or more in a mixture: interference is between languages. Found "
        "qaa-Latn. Where: study.yaml: mixtures. Add a language, for example [[en, sw]].",
        study(mixtures=[["qaa"]]),
    ),
    Mistake(
        "a language that is fine-tuned on and tested as unseen",
        RUN,
        "Expected languages under `zero_shot_to` that no mixture holds: they are not fine-tuned "
        "on. Found qab-Latn in both. Where: study.yaml. Take it out of one of the two.",
        study(treat="finetuning", zero_shot_to=["qab"]),
    ),
    Mistake(
        "joint fine-tuning on one language",
        RUN,
        "Expected two languages or more in a mixture: interference is between languages. Found "
        "qaa-Latn. …",
        study(treat="finetuning", mixtures=[["qaa"]], zero_shot_to=["qab"]),
    ),
    Mistake(
        "a treatment of pretraining in a study of fine-tuning",
        RUN,
        "Expected treatments that a fine-tuning can have, which adds no language-specific modules. "
        "Found `language_adapters`, which does. Where: study.yaml. Use `treat: pretraining` for "
        "it, or one of monolingual, untreated, …",
        study(treat="finetuning", treatments=["monolingual", "untreated", "language_adapters"]),
    ),
    Mistake(
        "a study of fine-tuning without a task",
        RUN,
        "Expected a task to fine-tune under `tasks`, because `treat: finetuning` treats nothing "
        "else. Found none. Where: study.yaml. Add for example `tasks: [ner]`.",
        study(treat="finetuning", tasks=[]),
    ),
    Mistake(
        "unseen languages in a study of pretraining",
        RUN,
        "Expected `zero_shot_to` in a study with `treat: finetuning` only. Found qac-Latn with "
        "`treat: pretraining`. Where: study.yaml. …",
        study(zero_shot_to=["qac"]),
    ),
    Mistake(
        "no pretraining of a preset",
        RUN,
        "Expected pretraining updates >= 1 for a preset, which begins with random weights. Found "
        "0. Where: study.yaml. …",
        study(treat="finetuning", pretraining={"updates": 0}),
    ),
    Mistake(
        "pseudo-tasks of a language that was not pretrained on",
        RUN,
        "Expected the language of `pseudo_tasks` in every mixture: its base has to know it. Found "
        "qac-Latn outside of qaa-Latn + qab-Latn. Where: study.yaml. Add it to the mixture.",
        study(treat="finetuning", pseudo_tasks={"language": "qac"}),
    ),
    Mistake(
        "more pseudo-tasks than examples",
        RUN,
        "Expected at least as many examples as groups: 20. Found 8. Where: pseudo_tasks…",
        study(treat="finetuning", pseudo_tasks={"language": "qaa", "groups": 20}),
    ),
]
