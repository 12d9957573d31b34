"""Mistakes when a finished model is asked what its languages share, or which belong together."""

from bad_input.mistake import Mistake
from bad_input.trims import joint_body

_SHARING = "sharing out --out new"

MISTAKES = [
    Mistake(
        "sharing of one language",
        f"{_SHARING} --languages qaa",
        "Expected two languages or more: what is shared is shared between languages. Found "
        "qaa-Latn. Where: the languages of the sharing map. Name another language of the model.",
        done=True,
    ),
    Mistake(
        "a study with other text",
        f"{_SHARING} --text data",
        "Expected no --text with a study: its models are looked at on its own text. Found data. "
        "Where: --text. Leave it out, or give the model's folder as it is exported.",
        done=True,
    ),
    Mistake(
        "a model without text",
        "sharing mine --out new",
        "Expected --text with a model that is in no study. Found none. Where: mine. Give a folder "
        "with LANGUAGE.train.txt and LANGUAGE.dev.txt.",
        joint_body,
        done=True,
    ),
    Mistake(
        "gates held at a density and at a price",
        f"{_SHARING} --density 0.5 --penalty 1",
        "Expected either a density that gates are held at, or a penalty. Found both. Where: the "
        "settings of gates. A density of 0.5 needs no tuning.",
        done=True,
    ),
    Mistake(
        "groups of two languages",
        "group out --out new",
        "Expected three languages or more: two are in one group or in two. Found qaa-Latn, "
        "qab-Latn. Where: the languages to group. Name another language of the model.",
        done=True,
    ),
    Mistake(
        "an affinity that is not known",
        "group out --out new --affinity gradients",
        "Expected a kind of affinity: one of … Found `gradients`. … Did you mean `gradient`…",
        done=True,
    ),
    Mistake(
        "advice for a language without text",
        "advise --target te --budget 50k --text data",
        "Expected text of tel-Telu and of languages that might be added. Found qaa-Latn, qab-Latn. "
        "Where: data. Add files such as te.train.txt, and one per candidate.",
    ),
    Mistake(
        "a budget without a number",
        "advise --target qaa --budget much --text data",
        "Expected characters of text, such as 50k or 2m. Found `much`. Where: `isogloss advise`, "
        "--budget. `isogloss advise --help` shows examples.",
    ),
    Mistake(
        "advice from a folder that is no study",
        "advise --target qaa --budget 50k --text data --study data",
        "Expected the folder of a finished study, with verdicts.csv. Found none. Where: data. Give "
        "the folder that `isogloss matrix` or `isogloss audit` wrote.",
    ),
]
