"""Every key of a study is obeyed: a change of it changes the plan, the tables or what is refused.

A new key of `StudySpec` or of one of its sections fails here until its effect is shown.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from transformers import AutoModel, AutoModelForMaskedLM

from isogloss.core import InputError
from isogloss.data import train_tokenizer
from isogloss.models import create_model
from isogloss.models.quiet import quiet
from isogloss.study import StudySpec, parse_spec, plan_study, prepare
from isogloss.study.results.about import write_about
from isogloss.study.results.stages import first_stage
from isogloss.study.results.tables import verdicts
from isogloss.study.spec.files import apply_override
from isogloss.study.spec.settings import TaskEntry
from isogloss.study.store.prepare import wanted_material
from isogloss.study.store.prepared import open_data
from unit.models.toys import toy_config
from unit.study import toys

Place = tuple[Path, Path]
Observe = Callable[[StudySpec, Place], object]


def planned(spec: StudySpec, place: Place) -> object:
    """Return what the runs are and how they are done."""
    plan = plan_study(spec, prepare(spec, str(place[0]), place[1]), {})
    # Fields that stand outside of a run's address are settings of how it is done.
    return [(repr(run), run.spec_hash) for run in plan.runs.values()], repr(plan.roles)


def from_checkpoint(spec: StudySpec, place: Place) -> object:
    """Return the runs of a study whose checkpoint has the vocabulary of another language."""
    folder = place[1].parent / "checkpoint"
    if not folder.exists():
        content = toys.CONTENT | {"tokenizer": {"vocabulary_size": 350, "languages": ["qac"]}}
        plain = prepare(parse_spec(content, "study"), str(place[0]), place[1].parent / "plain")
        tokenizer, languages = plain.tokenizer, spec.languages
        create_model("micro", tokenizer=tokenizer, languages=languages, seed=0).save(folder)
        tokenizer.save(folder)
    return planned(spec.model_copy(update={"model": str(folder)}), place)


def from_encoder(spec: StudySpec, place: Place) -> object:
    """Return the runs of a study whose checkpoint has no masked-LM head."""
    folder = place[1].parent / "encoder"
    if not folder.exists():
        from_checkpoint(spec, place)
        with quiet():
            AutoModel.from_pretrained(place[1].parent / "checkpoint").save_pretrained(folder)
        for path in (place[1].parent / "checkpoint").glob("tokenizer*"):
            shutil.copy(path, folder)
    return planned(spec.model_copy(update={"model": str(folder)}), place)


def staged(spec: StudySpec, place: Place) -> object:
    """Return the runs of the first stage and of all."""
    plan = plan_study(spec, prepare(spec, str(place[0]), place[1]), {})
    return sorted(first_stage(spec, plan).runs), sorted(plan.runs)


def told(spec: StudySpec, place: Place) -> object:
    """Return what the study says of itself."""
    prepared = prepare(spec, str(place[0]), place[1])
    write_about(spec, prepared, "", 0.0, 1.0)
    about = json.loads((place[1] / "study.json").read_text())
    return {**about, "wall_s": 0}  # a study adds up its sittings


def judged(spec: StudySpec, place: Place) -> object:
    """Return the verdicts on runs that nobody trained."""
    plan = plan_study(spec, prepare(spec, str(place[0]), place[1]), {})
    score = {1: 0.80, 2: 0.78}
    finished = toys.outcomes(plan, lambda run, _: score[len(run.plan.languages)])
    return verdicts(spec, finished, []).to_csv()


def refused(spec: StudySpec, place: Place) -> object:
    """Return what is said of data that overlap."""
    train = place[0] / "text" / "qaa.train.txt"
    whole = train.read_text()
    lines = (place[0] / "text" / "qaa.test.txt").read_text().splitlines()
    try:
        train.write_text(whole + "\n".join(lines[: len(lines) // 4]) + "\n")
        prepare(spec, str(place[0]), place[1])
    except InputError as error:
        return str(error)
    finally:
        train.write_text(whole)
    return "prepared"


@dataclass(frozen=True)
class Effect:
    """A change that must be seen.

    Args:
        change: `key=value` of the change, or several.
        base: what the study says beside it.
        observe: what is looked at.
    """

    change: tuple[str, ...]
    base: tuple[str, ...] = ()
    observe: Observe = planned


def sets(*change: str, base: tuple[str, ...] = (), observe: Observe = planned) -> Effect:
    return Effect(change, base, observe)


STAGES = ("seeds={first: 3, most: 4}",)
POS = ("tasks=[pos]",)
JOINT = ("treat=finetuning", "tasks=[pos]")
OTHERS = "treatments=[monolingual, untreated, {}]"
MODULES = (*POS, OTHERS.format("language_adapters"))
CHECKPOINT = ("model=CHECKPOINT",)
# What no run of a study of each kind reads.
_MODULE_KEYS = ("finetuning.language_modules", "finetuning.route", "finetuning.zero_shot_from")
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "an audit": ((), ("finetuning",)),
    "tasks": (POS, ("finetuning.exponent", *_MODULE_KEYS)),
    "modules": (MODULES, ("finetuning.exponent",)),
    "modules alike": (
        (*MODULES, "finetuning.language_modules={within_language: tuned, zero_shot: tuned}"),
        ("finetuning.exponent", "finetuning.zero_shot_from"),
    ),
    "a module for all": (
        (*POS, OTHERS.format("shared_adapter")),
        ("finetuning.exponent", *_MODULE_KEYS),
    ),
    "joint": (JOINT, _MODULE_KEYS),
    "joint, in groups": ((*JOINT, "pseudo_tasks={language: qaa, groups: 2}"), _MODULE_KEYS),
    "a checkpoint": ((*POS, *CHECKPOINT), ("tokenizer", "finetuning.exponent", *_MODULE_KEYS)),
    "joint, a checkpoint as it is": (
        (*JOINT, *CHECKPOINT, "pretraining={updates: 0, head_updates: 0, length: 24}"),
        (
            "tokenizer",
            *(
                f"pretraining.{key}"
                for key in (
                    *("rows", "masking", "exponent", "learning_rate", "schedule", "warm_up"),
                    *("weight_decay", "clip", "dev_points"),
                )
            ),
            *_MODULE_KEYS,
        ),
    ),
}


def treated(entry: str) -> str:
    return f"treatments=[monolingual, untreated, {entry}]"


TRANSLATED = (*JOINT, treated("x_mixup"), "translations={source: qaa}")

EFFECTS: Mapping[str, Effect] = {
    "name": sets("name=another", observe=told),
    "question": sets("question=Why?", observe=told),
    "mixtures": sets("mixtures=[[qab, qaa]]"),
    "treatments": sets(treated("pcgrad")),
    "treatments.name": sets(treated("{name: pcgrad}"), base=(treated("gradvac"),)),
    "treatments.options": sets(
        treated("{temperature: {exponents: [0.5]}}"),
        base=(treated("{temperature: {exponents: [1]}}"),),
    ),
    "treatments.label": sets(treated("{pcgrad: {}, label: p}"), base=(treated("pcgrad"),)),
    "treatments.updates_factor": sets(
        treated("{pcgrad: {}, updates_factor: 2}"), base=(treated("pcgrad"),)
    ),
    "treatments.learning_rate": sets(
        treated("{pcgrad: {}, learning_rate: 0.01}"), base=(treated("pcgrad"),)
    ),
    "treatments.choose": sets(
        treated("{lookahead: {}, choose: {inner_steps: [2, 3]}}"), base=(treated("lookahead"),)
    ),
    "choice_seed": sets("choice_seed=7", base=(treated("{temperature: {exponents: [0, 1]}}"),)),
    "tasks": sets("tasks=[pos]"),
    "tasks.task": sets("tasks=[{task: ner}]", base=("tasks=[{task: pos}]",)),
    "tasks.train": sets("tasks=[{task: pos, train: pos.two, test: pos}]", base=POS),
    "tasks.test": sets("tasks=[{task: pos, test: pos.two}]", base=POS),
    "largest_overlap": sets("largest_overlap=0.9", observe=refused),
    "samples": sets(
        "samples={qaa-x-low: 0.9}", base=("mixtures=[[qab, qaa-x-low]]", "samples={qaa-x-low: 0.5}")
    ),
    "seeds": sets("seeds=[0, 7]"),
    "seeds.first": sets("seeds={first: 2, most: 4}", base=STAGES, observe=staged),
    "seeds.most": sets("seeds={first: 3, most: 5}", base=STAGES, observe=staged),
    "match": sets("match=[total]"),
    "model": sets("model=tiny"),
    "trim": sets("trim=true", base=("model=own/checkpoint",), observe=from_checkpoint),
    "precision": sets("precision=bf16"),
    "tokenizer": sets("tokenizer={vocabulary_size: 350}"),
    "tokenizer.kind": sets("tokenizer.kind=unigram"),
    "tokenizer.vocabulary_size": sets("tokenizer.vocabulary_size=350"),
    "tokenizer.exponent": sets("tokenizer.exponent=1", base=("tokenizer.max_bytes=3000",)),
    "tokenizer.max_bytes": sets("tokenizer.max_bytes=3000"),
    "tokenizer.languages": sets("tokenizer.languages=[qaa]"),
    "pretraining": sets("pretraining={updates: 3, rows: 4, length: 24}"),
    "pretraining.updates": sets("pretraining.updates=7"),
    "pretraining.head_updates": sets(
        "pretraining.head_updates=7", base=("model=own/checkpoint",), observe=from_encoder
    ),
    "pretraining.rows": sets("pretraining.rows=6"),
    "pretraining.length": sets("pretraining.length=16"),
    "pretraining.masking": sets("pretraining.masking=0.2"),
    "pretraining.exponent": sets("pretraining.exponent=1"),
    "pretraining.learning_rate": sets("pretraining.learning_rate=0.01"),
    "pretraining.schedule": sets("pretraining.schedule=linear"),
    "pretraining.warm_up": sets("pretraining.warm_up=0.5"),
    "pretraining.weight_decay": sets("pretraining.weight_decay=0.5"),
    "pretraining.clip": sets("pretraining.clip=0.5"),
    "pretraining.dev_points": sets("pretraining.dev_points=3"),
    "finetuning": sets("finetuning={epochs: 2}", base=POS),
    "finetuning.epochs": sets("finetuning.epochs=2", base=POS),
    "finetuning.rows": sets("finetuning.rows=5", base=POS),
    "finetuning.length": sets("finetuning.length=16", base=POS),
    "finetuning.learning_rate": sets("finetuning.learning_rate=0.01", base=POS),
    "finetuning.schedule": sets("finetuning.schedule=cosine", base=POS),
    "finetuning.warm_up": sets("finetuning.warm_up=0.5", base=POS),
    "finetuning.weight_decay": sets("finetuning.weight_decay=0.5", base=POS),
    "finetuning.clip": sets("finetuning.clip=0.5", base=POS),
    "finetuning.exponent": sets("finetuning.exponent=1", base=JOINT),
    "finetuning.language_modules": sets("finetuning.language_modules=frozen", base=MODULES),
    "finetuning.language_modules.within_language": sets(
        "finetuning.language_modules.within_language=frozen", base=MODULES
    ),
    "finetuning.language_modules.zero_shot": sets(
        "finetuning.language_modules.zero_shot=tuned", base=MODULES
    ),
    "finetuning.route": sets("finetuning.route=source", base=MODULES),
    "finetuning.zero_shot_from": sets("finetuning.zero_shot_from=pivot", base=MODULES),
    "finetuning.max_examples": sets("finetuning.max_examples=9", base=POS),
    **{
        f"finetuning.tasks{key}": sets(f"finetuning.tasks={{pos: {{{setting}}}}}", base=POS)
        for key, setting in {
            "": "epochs: 2",
            ".epochs": "epochs: 2",
            ".rows": "rows: 5",
            ".length": "length: 16",
            ".learning_rate": "learning_rate: 0.01",
            ".max_examples": "max_examples: 9",
        }.items()
    },
    "statistics": sets("statistics={alpha: 0.2}", base=POS, observe=judged),
    "statistics.alpha": sets("statistics.alpha=0.2", base=POS, observe=judged),
    "statistics.smallest_effect": sets(
        "statistics.smallest_effect={pos_accuracy: 0.5}", base=POS, observe=judged
    ),
    "logging": sets("logging={conflict: 1}"),
    "logging.conflict": sets("logging.conflict=1"),
    "logging.tensorboard": sets("logging.tensorboard=true"),
    "logging.checkpoint_seconds": sets("logging.checkpoint_seconds=9"),
    "scored_on": sets("scored_on=dev"),
    "reference": sets("reference=wang2020", observe=told),
    "treat": sets("treat=finetuning", base=POS),
    "zero_shot_to": sets("zero_shot_to=[qac]", base=JOINT),
    "pseudo_tasks": sets("pseudo_tasks={language: qaa, groups: 2}", base=JOINT),
    "pseudo_tasks.language": sets(
        "pseudo_tasks.language=qab", base=(*JOINT, "pseudo_tasks={language: qaa, groups: 2}")
    ),
    "pseudo_tasks.groups": sets(
        "pseudo_tasks.groups=3", base=(*JOINT, "pseudo_tasks={language: qaa, groups: 2}")
    ),
    "translations": sets("translations={source: qab}", base=TRANSLATED),
    "translations.source": sets("translations.source=qab", base=TRANSLATED),
    "translations.provider": sets("translations.provider=dictionary", base=TRANSLATED),
    "translations.options": sets("translations.options={tags: gold}", base=TRANSLATED),
    "measurements": sets("measurements=[forgetting]", base=POS),
}


def content_of(overrides: tuple[str, ...]) -> dict[str, Any]:
    """Return a study that no part is said of which it does not have."""
    has_tasks = any(one.startswith("tasks=") for one in overrides)
    content = deepcopy(toys.content(tasks=["pos"] if has_tasks else []))
    if {"model=CHECKPOINT", "model=own/checkpoint"} & set(overrides):
        del content["tokenizer"]
    for override in overrides:
        apply_override(content, override)
    return content


def keys(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Yield the keys of a model and of every model in it."""
    for name, field in model.model_fields.items():
        yield f"{before}{name}"
        inner: list[Any] = [field.annotation]
        while inner:
            kind = inner.pop()
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from keys(kind, f"{before}{name}.")
            else:
                inner += get_args(kind)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a test bed of three languages with a second set of one task, and a study's folder."""
    folder = tmp_path_factory.mktemp("keys")
    bed = toys.write_bed(folder / "bed", "conflict", "unrelated")
    for path in list((bed / "pos").iterdir()):
        language, split, suffix = path.name.split(".")
        content = path.read_text().split("\n\n", 3)[-1]
        (bed / "pos" / f"{language}.two.{split}.{suffix}").write_text(content)
    (folder / "study").mkdir()
    return bed, folder / "study"


def test_every_key_has_an_effect_that_is_shown() -> None:
    # A task with its sets is written as a mapping and kept as a name.
    known = {*keys(StudySpec), *keys(TaskEntry, "tasks.")}
    assert known == set(EFFECTS)


@pytest.mark.parametrize("observe", [planned, told, judged, refused])
def test_without_a_change_nothing_is_seen(observe: Observe, place: Place) -> None:
    content = content_of(POS)
    first, second = (observe(parse_spec(content, "study"), place) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("key", EFFECTS)
def test_a_key_is_obeyed(key: str, place: Place) -> None:
    effect = EFFECTS[key]
    seen = []
    for overrides in (effect.base, (*effect.base, *effect.change)):
        content = content_of(overrides)
        if key != "largest_overlap":
            content["largest_overlap"] = 1
        seen.append(effect.observe(parse_spec(content, "study"), place))
    assert seen[0] != seen[1], f"`{key}` does nothing"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model folder with the tokenizer that it keeps."""
    folder = tmp_path_factory.mktemp("checkpoint")
    bed = toys.write_bed(tmp_path_factory.mktemp("of") / "bed", "conflict")
    lines = {toys.BASE: (bed / "text" / "qaa.train.txt").read_text().splitlines()}
    tokenizer = train_tokenizer(lines, folder, vocabulary_size=350)
    sizes = {"vocab_size": tokenizer.vocabulary_size, "pad_token_id": tokenizer.pad_id}
    config = toy_config("bert", **sizes)
    with quiet():
        AutoModelForMaskedLM.from_config(config).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_obeyed_or_refused_in_every_kind_of_study(
    kind: str, place: Place, checkpoint: Path, tmp_path: Path
) -> None:
    """What `KINDS` says is unread is refused by name; all else changes the plan."""
    base, unread = KINDS[kind]

    def study(*more: str) -> StudySpec:
        content = {"largest_overlap": 1} | content_of((*base, *more))
        if content["model"] == "CHECKPOINT":
            content["model"] = str(checkpoint)
        return parse_spec(content, "study")

    spec = study()
    prepared = prepare(spec, str(place[0]), tmp_path)
    before = repr(plan_study(spec, prepared, {}).runs)
    for key in SETTINGS:
        change = EFFECTS[key].change
        if any(key.startswith(one) for one in unread):
            with pytest.raises(InputError, match=key.rpartition(".")[0]) as error:
                study(*change)
            assert f"`{'.'.join(key.split('.')[:2])}" in error.value.found, key
        else:
            changed = study(*change)
            if changed == spec:  # the kind has it so
                continue
            after = repr(plan_study(changed, prepared, {}).runs)
            assert after != before or wanted(changed, place) != wanted(spec, place), key


# Keys of the sections; those above them are refused or obeyed by rules of their own.
SETTINGS = [
    key
    for key in EFFECTS
    if key.count(".")
    and key != "pretraining.head_updates"
    and key.partition(".")[0] in ("tokenizer", "pretraining", "finetuning")
]


def wanted(spec: StudySpec, place: Place) -> object:
    """Return what the material of a study depends on."""
    source = open_data(str(place[0]), spec.samples)
    return wanted_material(spec, source, str(place[0]))


@pytest.mark.parametrize(
    ("base", "change"),
    [
        ((), treated("{name: untreated, label: u, updates_factor: 2}")),
        (POS, "zero_shot_to=[qac]"),
        (POS, "pseudo_tasks={language: qaa}"),
        (JOINT, "translations={source: qaa}"),
        ((*POS, "scored_on=dev"), "tasks=[{task: pos, test: pos.two}]"),
        ((), "statistics.smallest_effect={pos_accuracy: 0.1}"),
        (POS, "statistics.smallest_effect={entity_f1: 0.1}"),
        ((), "measurements=[forgetting]"),
        ((), "samples={qaa-x-low: 0.5}"),
    ],
)
def test_a_key_that_would_do_nothing_is_refused(base: tuple[str, ...], change: str) -> None:
    content = content_of(base)
    parse_spec(deepcopy(content), "study")
    apply_override(content, change)
    with pytest.raises(InputError):
        parse_spec(content, "study")


def test_a_smallest_effect_of_retrieval_without_translations_is_told(
    place: Place, tmp_path: Path
) -> None:
    bed = Path(shutil.copytree(place[0], tmp_path / "bed"))
    spec = parse_spec(content_of(("statistics.smallest_effect={retrieval_accuracy: 0.1}",)), "s")
    for there in (True, False):
        if not there:
            shutil.rmtree(bed / "parallel")
        notes = plan_study(spec, prepare(spec, str(bed), tmp_path / "study"), {}).notes
        assert any("retrieval_accuracy" in note for note in notes) != there
