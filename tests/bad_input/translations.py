"""Mistakes with the translations of a study, found before anything is trained."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bad_input.mistake import RUN, Mistake, both, file, study

_PLAN = "plan study.yaml --data data"


def _asked(treatment: object, **translations: Any) -> Callable[[Path], None]:
    """Return what writes a study that treats fine-tuning, with these translations."""
    return study(
        treat="finetuning",
        match=None,
        treatments=["monolingual", "untreated", treatment],
        translations={"source": "qaa", **translations} if translations else None,
    )


def _mistake(
    what: str,
    says: str,
    *makes: Callable[[Path], None],
    treatment: object = "translate_train",
    command: str = _PLAN,
    **asked: Any,
) -> Mistake:
    return Mistake(what, command, says, both(_asked(treatment, **asked), *makes))


MISTAKES = [
    _mistake(
        "translations asked for and not named",
        "Expected `translations` in a study with `translate_train`, which needs them for training. "
        "Found none. Where: study.yaml. Add for example `translations: {source: en, provider: "
        "parallel_labelled}`.",
    ),
    _mistake(
        "a provider of translations that there is not",
        "Expected a provider of translations: one of archive, … Found `google`. Where: study.yaml: "
        "translations. Pick one of the list.",
        provider="google",
    ),
    _mistake(
        "an option that the provider does not have",
        "Expected options of `dictionary`: folder, … Found `iteration`. Where: study.yaml: "
        "translations. Did you mean `iterations`?",
        provider="dictionary",
        options={"iteration": 5},
    ),
    _mistake(
        "translations that no treatment reads",
        "Expected `translations` with a treatment that reads them, … Found no such treatment. "
        "Where: study.yaml. …",
        treatment="pcgrad",
        provider="parallel_labelled",
    ),
    _mistake(
        "a dictionary with one language missing",
        "Expected a dictionary of qaa-Latn and qab-Latn: `{source}-{target}.txt`. Found "
        "qaa-qac.txt. Where: words, `translations.folder`. Add the file, or leave `folder` out to "
        "induce one from parallel text.",
        file("words/qaa-qac.txt", "a b\n"),
        provider="dictionary",
        options={"folder": "words"},
    ),
    _mistake(
        "a damaged line of a dictionary",
        "Expected a word, its translation and maybe a score, divided by tabs or spaces. Found 'c'. "
        "Where: words/qaa-qab.txt, line 2 … Mend the line; entries of several words need tabs. …",
        file("words/qaa-qab.txt", "a b\nc\n"),
        command=RUN,
        provider="dictionary",
        options={"folder": "words"},
    ),
    _mistake(
        "files of translations of unequal length",
        "Expected 24 examples in qab-Latn, as in qaa-Latn: without identifiers they are joined by "
        "their place in the file. Found 2. Where: mt/pos.train.qaa-qab.tsv, … Give both files the "
        "same lines in the same order, or a column of identifiers. …",
        file("mt/pos.train.qaa-qab.tsv", "a b\nc\n"),
        command=RUN,
        provider="parallel_files",
        options={"folder": "mt"},
    ),
    _mistake(
        "files of translations that are not there",
        "Expected one file `pos.train.qaa-qab.tsv`. Found no such folder. Where: mt, "
        "`translations.folder`. Add the translations, …",
        provider="parallel_files",
        options={"folder": "mt"},
    ),
    _mistake(
        "an archive of translations that is not there",
        "Expected `translate_train.udpos.txt` in the archive. Found no such folder. Where: xtreme, "
        "`translations.folder`. Download and unpack XTREME's translations; …",
        provider="archive",
        options={"folder": "xtreme"},
    ),
    _mistake(
        "a translation model that is not there",
        "Expected the folder of a translation model, with weights in safetensors. Found no such "
        "folder. Where: opus-mt-qaa-qab, … Download the model; …",
        provider="machine",
        options={"folder": "opus-mt-{source}-{target}"},
    ),
    _mistake(
        "a translating function that is not there",
        "Expected `module:name` of a function of (texts, source, target). Found "
        "`no_such_module:f`: No module named 'no_such_module'. Where: translations, provider "
        "`callable`. …",
        provider="callable",
        options={"function": "no_such_module:f"},
    ),
    _mistake(
        "a mixing layer outside the model",
        "Expected a mixing layer from 0 to 1: the encoder has 2. Found 99. Where: "
        "treatments.x_mixup.layer … The paper finds the best one by dev score: …",
        treatment={"x_mixup": {"layer": 99}},
        command=RUN,
        provider="parallel_labelled",
    ),
]
