"""Groups of languages of a finished model, and the study that would test them."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from isogloss.core import GROUP_FILES, InputError, Language, digests_of, look_up, write_atomically
from isogloss.data import open_source
from isogloss.diagnosis import (
    AffinitySettings,
    GateFile,
    Grouping,
    SharingSettings,
    adjusted_rand,
    group,
    measure_affinities,
    measure_sharing,
    random_groups,
    representation_affinity,
    script_affinity,
    text_affinity,
    typology_affinity,
)
from isogloss.study.store.finished_models import FinishedModel, finished_models

Tell = Callable[[str], None]
Matrix = NDArray[np.float64]
Found = dict[str, Matrix]

AFFINITIES: Final = {
    "gradient": "cosine of the languages' gradients",
    "look_ahead": "share of its loss that a language wins by a step of another (TAG)",
    "deviation": "cosine of what a few updates on each language alone do to the weights",
    "representation": "negative distance of the languages' centroids in the last layer",
    "gates": "correlation of the gates that each language needs, noise taken out",
    "text": "character n-grams that the texts have in common; needs no model",
    "script": "the same script or not; needs no model",
    "typology": "features from a CSV file; needs no model",
}
DEFAULT_AFFINITIES: Final = (
    *("gradient", "look_ahead", "deviation", "representation", "text", "script"),
)
_SAMPLE: Final = 400
_ABOUT: Final = "groups.json"


@dataclass(frozen=True)
class GroupChoices:
    """What is asked for.

    Attributes:
        affinities: names in `AFFINITIES`.
        n_groups: of languages; None = by silhouette.
        by: whose groups the study tests; None = those with the largest silhouette.
        typology: CSV file of features.
        measured: how the model is asked.
        gates: how gates are learned.
    """

    affinities: Sequence[str] = DEFAULT_AFFINITIES
    n_groups: int | None = None
    by: str | None = None
    typology: Path | None = None
    measured: AffinitySettings = field(default_factory=AffinitySettings)
    gates: SharingSettings = field(default_factory=SharingSettings)


@dataclass(frozen=True)
class GroupTables:
    """What was found.

    Attributes:
        folder: that was written.
        about: languages, groups, what failed and notes, as `groups.json` has them.
        tables: by name of `GROUP_FILES`.
    """

    folder: Path
    about: dict[str, Any]
    tables: dict[str, pd.DataFrame]


def write_groups(
    source: Path,
    out: Path,
    choices: GroupChoices,
    *,
    text: Path | None = None,
    languages: Sequence[Language] = (),
    tell: Tell = lambda _: None,
) -> GroupTables:
    """Group the languages of a model by several affinities, and write tables and a study.

    Args:
        source: as in `finished_models`; of a study its first joint model of these languages.
        out: folder to write.
        choices: which affinities and how.
        text: of a model that is in no study.
        languages: three or more; none = all of the model.
        tell: is told how far it is.

    Returns:
        The tables. `study.yaml` beside them trains modules by group, random groups of the same
        sizes, and the controls.

    Raises:
        InputError: fewer than three languages, an affinity that is not known or not given what it
            needs, or none that groups languages.
    """
    for name in choices.affinities:
        look_up(AFFINITIES, name, "kind of affinity")
    model = finished_models(source, text=text, languages=languages, tokens=out / "tokens")[0]
    if len(model.languages) < 3:
        raise InputError(
            expected="three languages or more: two are in one group or in two",
            found=", ".join(map(str, model.languages)),
            where="the languages to group",
            next_step="Name another language of the model.",
        )
    found, failed, ahead = _measured(model, choices, text, out, tell)
    groupings: dict[str, Grouping] = {}
    for name, matrix in found.items():
        try:
            groupings[name] = group(matrix, choices.n_groups)
        except ValueError as error:
            failed[name] = str(error)
    if not groupings:
        raise InputError(
            expected="an affinity that groups the languages",
            found="; ".join(f"{name}: {why}" for name, why in failed.items()),
            where="--affinity",
            next_step="Name others, or give more text.",
        )
    chosen = _chosen(groupings, choices.by)
    predicted = [] if ahead is None else ahead.predicted(groupings[chosen].groups)
    tables = _tables(model, found, groupings, predicted)
    about = {
        "model": model.name,
        "languages": list(map(str, model.languages)),
        "by": chosen,
        "groups": _named(model.languages, groupings[chosen].groups),
        "could_not_measure": failed,
        "notes": _notes(groupings, chosen, len(model.languages)),
    }
    spec = _study(model, groupings[chosen].groups, source.resolve().name)
    return _written(out, about, tables, spec)


def _measured(
    model: FinishedModel, choices: GroupChoices, text: Path | None, out: Path, tell: Tell
) -> tuple[Found, dict[str, str], Any]:
    """Return affinities by name, those that could not be measured with the reason, looks ahead."""
    wanted, failed = set(choices.affinities), dict[str, str]()
    found: Found = {}
    ahead = None
    of_model = wanted & {"gradient", "look_ahead", "deviation"}
    if of_model and not model.has_head:
        failed |= dict.fromkeys(of_model, "the model has no masked-LM head")
    elif of_model:
        tell("gradients, looks ahead and updates")
        ahead = measure_affinities(
            model.model(), model.tokenizer, model.corpus, model.languages, choices.measured
        )
        found |= {name: one for name, one in ahead.matrices().items() if name in of_model}
    if "representation" in wanted:
        tell("representations")
        found["representation"] = representation_affinity(
            model.model(), model.tokenizer, model.corpus, model.languages, choices.measured
        )
    if "gates" in wanted:
        tell("gates")
        found["gates"] = _of_gates(model, choices.gates, out, tell)
    if "script" in wanted:
        found["script"] = script_affinity(model.languages)
    if "text" in wanted:
        found["text"] = text_affinity(_samples(model, text))
    if "typology" in wanted:
        if choices.typology is None:
            failed["typology"] = "no file of features was given"
        else:
            found["typology"] = typology_affinity(choices.typology, model.languages)
    return {name: found[name] for name in AFFINITIES if name in found}, failed, ahead


def _of_gates(model: FinishedModel, settings: SharingSettings, out: Path, tell: Tell) -> Matrix:
    made = measure_sharing(
        model.model(),
        model.tokenizer,
        model.corpus,
        model.languages,
        settings,
        held_out=model.held_out,
        keep=GateFile(out / "gates.safetensors", model.tokenizer.fingerprint),
        tell=tell,
    )
    rows = pd.DataFrame(made.rows())
    mean = rows.groupby(["language_a", "language_b"])["corrected"].mean()
    names = [str(one) for one in model.languages]
    return np.array([[mean.get((a, b), mean.get((b, a), math.nan)) for b in names] for a in names])


def _samples(model: FinishedModel, text: Path | None) -> dict[Language, list[str]]:
    """Return some lines of each language; of a study's model, its tokens put together again."""
    if text is not None:
        source = open_source(text)
        return {one: list(islice(source.text(one, "train"), _SAMPLE)) for one in model.languages}
    decode = model.tokenizer.hugging_face.decode
    return {
        one: [str(decode(ids.tolist(), skip_special_tokens=True)) for ids in _rows(model, one)]
        for one in model.languages
    }


def _rows(model: FinishedModel, language: Language) -> NDArray[np.int64]:
    corpus = model.corpus(language, "train")
    length = 32
    return corpus.rows(np.arange(min(corpus.windows(length), _SAMPLE)), length)


def _chosen(groupings: dict[str, Grouping], by: str | None) -> str:
    if by is not None:
        look_up(groupings, by, "measured affinity")
        return by
    known = {name: one.silhouette for name, one in groupings.items()}
    return max(known, key=lambda name: known[name] if math.isfinite(known[name]) else -math.inf)


def _named(languages: Sequence[Language], groups: Sequence[int]) -> list[list[str]]:
    return [
        [str(one) for one, own in zip(languages, groups, strict=True) if own == number]
        for number in range(max(groups) + 1)
    ]


def _tables(
    model: FinishedModel,
    found: Found,
    groupings: dict[str, Grouping],
    predicted: Sequence[dict[str, Any]],
) -> dict[str, pd.DataFrame]:
    names = [str(one) for one in model.languages]
    affinities = [
        {"affinity": name, "language_a": a, "language_b": b, "value": matrix[i, j]}
        for name, matrix in found.items()
        for i, a in enumerate(names)
        for j, b in enumerate(names)
    ]
    groups = [
        {
            "affinity": name,
            "language": language,
            "group": own,
            "n_groups": one.n_groups,
            "silhouette": one.silhouette,
            "contrast": one.contrast,
            "p_random": one.p_random,
        }
        for name, one in groupings.items()
        for language, own in zip(names, one.groups, strict=True)
    ]
    agreement = [
        {
            "affinity_a": a,
            "affinity_b": b,
            "adjusted_rand": adjusted_rand(groupings[a].groups, groupings[b].groups),
        }
        for a in groupings
        for b in groupings
    ]
    rows = {"affinities": affinities, "groups": groups, "agreement": agreement}
    return {
        name: pd.DataFrame(made, columns=list(GROUP_FILES[name].columns))
        for name, made in {**rows, "predicted": predicted}.items()
    }


def _notes(groupings: dict[str, Grouping], chosen: str, n: int) -> list[str]:
    notes = [
        f"the groups by {name} are no clearer than random ones of the same sizes "
        f"(p = {one.p_random:.2f})."
        for name, one in groupings.items()
        if not one.p_random < 0.05
    ]
    if len(notes) == len(groupings) and n < 7:
        notes.append(f"with {n} languages there are few ways to group: p cannot become small.")
    others = {one.groups for name, one in groupings.items() if name != chosen}
    if others and groupings[chosen].groups not in others:
        notes.append(f"no other affinity makes the groups of {chosen}.")
    return notes


def _study(model: FinishedModel, groups: Sequence[int], name: str) -> dict[str, Any]:
    """Return a study that trains modules by group, and by random groups, beside the controls."""
    languages = model.languages
    drawn = random_groups(groups, seed=0)
    return {
        "name": f"groups-of-{name}",
        "question": "Do modules by group help, and more than modules by random groups?",
        "mixtures": [[str(one) for one in languages]],
        "treatments": [
            "monolingual",
            "untreated",
            {"language_adapters": {"groups": _named(languages, groups)}, "label": "by_group"},
            {"language_adapters": {"groups": _named(languages, drawn)}, "label": "random_groups"},
            {"language_adapters": {}, "label": "by_language"},
            "shared_adapter",
        ],
        **model.start,
    }


def _written(
    out: Path, about: dict[str, Any], tables: dict[str, pd.DataFrame], spec: dict[str, Any]
) -> GroupTables:
    for name, table in tables.items():
        write_atomically(out / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    text = yaml.safe_dump(spec, sort_keys=False, allow_unicode=True)
    write_atomically(out / "study.yaml", text)
    files = digests_of(out, [out / f"{name}.csv" for name in tables])
    whole = {**about, "files": files}
    write_atomically(out / _ABOUT, json.dumps(whole, indent=1) + "\n")
    return GroupTables(out, about, tables)
