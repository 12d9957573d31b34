"""Sharing maps of finished models, as tables in a folder."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import pandas as pd
import yaml

from isogloss.core import (
    SHARING_FILES,
    InputError,
    Language,
    digests_of,
    read_json,
    write_atomically,
)
from isogloss.diagnosis import (
    GateFile,
    NeuronMap,
    NeuronSettings,
    Recommendation,
    SharingMap,
    SharingSettings,
    measure_neurons,
    measure_sharing,
    recommend,
    sharing_notes,
)
from isogloss.study.store.finished_models import FinishedModel, finished_models

Tell = Callable[[str], None]
Map = TypeVar("Map")
_ABOUT: Final = "sharing.json"
# Halves of a layer -> the treatment that makes them language-specific.
_MODULES: Final = {"attention": "language_attention", "feed_forward": "language_ffn"}
_STEP: Final = "Give another --out, or remove that folder."


@dataclass(frozen=True)
class SharingTables:
    """What was found about one or several models.

    Attributes:
        folder: that was written.
        about: settings, models, languages and notes, as `sharing.json` has them.
        tables: by name of `SHARING_FILES`.
    """

    folder: Path
    about: dict[str, Any]
    tables: dict[str, pd.DataFrame]


def write_sharing(
    source: Path,
    out: Path,
    settings: SharingSettings,
    *,
    text: Path | None = None,
    languages: Sequence[Language] = (),
    tell: Tell = lambda _: None,
) -> SharingTables:
    """Make the sharing map of each model at a place, and write its tables.

    The same call on the same folder goes on where it was, and reads what is finished.

    Args:
        source: as in `finished_models`.
        out: folder to write.
        settings: of the gates. By masked LM where the model has a head, else by representation.
        text: of a model that is in no study.
        languages: to be compared; none = all of the model.
        tell: is told how far it is.

    Returns:
        The tables.

    Raises:
        InputError: see `finished_models` and `measure_sharing`; or the folder holds another map.
    """
    models = finished_models(source, text=text, languages=languages, tokens=out / "tokens")
    _refuse_no_head(models, settings, source)
    about = _made_with(out, source, models, settings)
    made_with = json.dumps(about)
    maps: dict[str, SharingMap] = {}
    neurons: dict[str, NeuronMap] = {}
    how = NeuronSettings(rows=settings.rows, length=settings.length, criterion=settings.criterion)
    for one in models:
        tell(f"{one.name}: {', '.join(map(str, one.languages))}")
        model, asked = one.model(), (one.tokenizer, one.corpus, one.languages)
        maps[one.name] = measure_sharing(
            model,
            *asked,
            settings,
            held_out=one.held_out,
            keep=GateFile(out / one.name / "gates.safetensors", made_with),
            tell=tell,
        )
        tell("language neurons")
        neurons[one.name] = measure_neurons(model, *asked, how, held_out=one.held_out)
    tables = {
        "sharing": _table(maps, SharingMap.rows),
        "gates": _table(maps, lambda found: list(found.kept)),
        "gate_histogram": _table(maps, SharingMap.histogram_rows),
        "neurons": _table(neurons, NeuronMap.rows),
        "neurons_off": _table(neurons, lambda found: list(found.ablation)),
    }
    notes = [f"{name}: {note}" for name, found in maps.items() for note in sharing_notes(found)]
    if len(maps) > 1:
        notes.append(f"tables hold {len(maps)} models, the page their means: {', '.join(maps)}.")
    advice = recommend(cast("list[dict[str, Any]]", tables["sharing"].to_dict("records")))
    if advice is None:
        notes.append("could not recommend layers: none has a similarity free of noise.")
    else:
        spec = yaml.safe_dump(_study(models[0], advice), sort_keys=False, allow_unicode=True)
        write_atomically(out / "study.yaml", spec)
    told = {"notes": notes, "recommendation": None if advice is None else asdict(advice)}
    return _written(out, {**about, **told}, tables)


def _refuse_no_head(
    models: Sequence[FinishedModel], settings: SharingSettings, source: Path
) -> None:
    if settings.criterion == "masked_lm" and not all(one.has_head for one in models):
        raise InputError(
            expected="a model with a masked-LM head",
            found="an encoder alone",
            where=str(source),
            next_step="Give --by representation, which needs none.",
        )


def _study(model: FinishedModel, advice: Recommendation) -> dict[str, Any]:
    """Return a study that makes the recommended layers language-specific, and others as many."""
    treatment = _MODULES[advice.sublayer]
    arms = {"recommended": advice.layers, "opposite": advice.opposite, "random": advice.random}
    return {
        "name": f"layers-of-{model.name}"[:60],
        "question": "Do the layers that gates call specific gain from modules of their own?",
        "mixtures": [[str(one) for one in model.languages]],
        "treatments": [
            "monolingual",
            "untreated",
            *({treatment: {"layers": list(one)}, "label": label} for label, one in arms.items()),
        ],
        **model.start,
    }


def _table(found: Mapping[str, Map], rows: Callable[[Map], list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"run_id": name, **row} for name, one in found.items() for row in rows(one)]
    )


def _made_with(
    out: Path, source: Path, models: Sequence[FinishedModel], settings: SharingSettings
) -> dict[str, Any]:
    """Return what the map depends on, if the folder holds no other map."""
    # A study's runs are named by the hash of all that they depend on.
    weights = [*source.glob("model*.safetensors"), *source.glob("model/model*.safetensors")]
    made_with = {
        "model": source.resolve().name,
        "weights": digests_of(source, weights),
        "models": {one.name: list(map(str, one.languages)) for one in models},
        "tokenizer": models[0].tokenizer.fingerprint,
        "text": {
            f"{one.name} {language} {split}": one.corpus(language, split).n_tokens
            for one in models
            for language in one.languages
            for split in ("train", one.held_out)
        },
        "settings": asdict(settings),
    }
    wanted = json.loads(json.dumps(made_with))
    path = out / _ABOUT
    if path.is_file():
        found = read_json(path, what="what a sharing map was made with", next_step=_STEP)
        other = [key for key in wanted if found.get(key) != wanted[key]]
        if other:
            raise InputError(
                expected="the sharing map of this model, text and settings, to go on with",
                found=f"another: {', '.join(other)} differ",
                where=str(out),
                next_step=_STEP,
            )
    return wanted


def _written(out: Path, about: dict[str, Any], tables: dict[str, pd.DataFrame]) -> SharingTables:
    for name, table in tables.items():
        columns = list(SHARING_FILES[name].columns)
        text = table.reindex(columns=columns).to_csv(index=False, lineterminator="\n")
        write_atomically(out / f"{name}.csv", text)
    files = digests_of(out, [out / f"{name}.csv" for name in tables])
    write_atomically(out / _ABOUT, json.dumps({**about, "files": files}, indent=1) + "\n")
    return SharingTables(out, about, tables)
