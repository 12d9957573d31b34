"""Mistakes in where language-specific modules go and who shares them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bad_input.mistake import RUN, Mistake, study


def _with(treatment: str, **options: Any) -> Callable[[Path], None]:
    treatments = ["monolingual", "untreated", {treatment: options}]
    return study(tasks=[], treatments=treatments)


MISTAKES = [
    Mistake(
        "layers that are no numbers and no range",
        RUN,
        "Expected `layers` as different numbers from 0, such as [0, 1], or as a range such as 0-1, "
        "both ends included. Found `3-1`. Where: study.yaml: treatments.2. Leave `layers` out for "
        "all layers.",
        _with("language_ffn", layers="3-1"),
    ),
    Mistake(
        "a layer outside the model",
        RUN,
        "Expected different layers from 0 to 1. Found [1, 2]. Where: layers of the `attention` "
        "modules. The model has 2 layers; leave `layers` out for all of them.",
        _with("language_attention", layers=[1, 2]),
    ),
    Mistake(
        "groups that are no lists of languages",
        RUN,
        "Expected `groups` as lists of languages, such as [[en, fr], [ru]]. Found `['qaa', "
        "'qab']`. Where: study.yaml: treatments.2. Leave `groups` out for one module per "
        "language. …",
        _with("language_adapters", groups=["qaa", "qab"]),
    ),
    Mistake(
        "a language in two groups",
        RUN,
        "Expected each language once in the `groups`. Found qaa-Latn twice. Where: study.yaml: "
        "treatments.2. Remove the repeated language (aliases count as the same).",
        _with("language_ffn", groups=[["qaa"], ["qaa", "qab"]]),
    ),
    Mistake(
        "a language in no group",
        RUN,
        "Expected every language of qaa-Latn + qab-Latn in the `groups`. Found no group with "
        "qab-Latn. Where: treatments.language_layer_norm.groups. Add a group, if need be of one "
        "language: [qab-Latn].",
        _with("language_layer_norm", groups=[["qaa"]]),
    ),
    Mistake(
        "one group of all languages",
        RUN,
        "Expected two `groups` or more among the languages that are learned together. Found one "
        "group of all: qaa-Latn, qab-Latn. Where: treatments.language_ffn.groups. Divide it; a "
        "module that all languages share is `shared_adapter`.",
        _with("language_ffn", groups=[["qaa", "qab"]]),
    ),
]
