"""Every key of a study is obeyed: a change of it changes the plan, the tables or what is refused.

A new key of `StudySpec` or of one of its sections fails here until its effect is shown.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from isogloss.core import InputError
from isogloss.models import create_model
from isogloss.study import StudySpec, parse_spec, plan_study, prepare
from isogloss.study.results.about import write_about
from isogloss.study.results.stages import first_stage
from isogloss.study.results.tables import verdicts
from isogloss.study.spec.overrides import apply_override
from isogloss.study.spec.settings import TaskEntry
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
MODULES = (*POS, "treatments=[monolingual, untreated, language_adapters]")


def treated(entry: str) -> str:
    return f"treatments=[monolingual, untreated, {entry}]"


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
    "measurements": sets("measurements=[forgetting]", base=POS),
}


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
    content = deepcopy(toys.CONTENT) | {"tasks": ["pos"]}
    first, second = (observe(parse_spec(content, "study"), place) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("key", EFFECTS)
def test_a_key_is_obeyed(key: str, place: Place) -> None:
    effect = EFFECTS[key]
    seen = []
    for overrides in (effect.base, (*effect.base, *effect.change)):
        content = deepcopy(toys.CONTENT) | {"largest_overlap": 1}
        if key == "largest_overlap":
            del content["largest_overlap"]
        for override in overrides:
            apply_override(content, override)
        seen.append(effect.observe(parse_spec(content, "study"), place))
    assert seen[0] != seen[1], f"`{key}` does nothing"


@pytest.mark.parametrize(
    ("base", "change"),
    [
        ((), treated("{name: untreated, label: u, updates_factor: 2}")),
        (POS, "finetuning.exponent=1"),
        (JOINT, "finetuning.route=source"),
        (JOINT, "finetuning.zero_shot_from=pivot"),
        (JOINT, "finetuning.language_modules=frozen"),
        (POS, "zero_shot_to=[qac]"),
        (POS, "pseudo_tasks={language: qaa}"),
        ((*POS, "scored_on=dev"), "tasks=[{task: pos, test: pos.two}]"),
    ],
)
def test_a_key_that_would_do_nothing_is_refused(base: tuple[str, ...], change: str) -> None:
    content = deepcopy(toys.CONTENT)
    for override in base:
        apply_override(content, override)
    parse_spec(deepcopy(content), "study")
    apply_override(content, change)
    with pytest.raises(InputError):
        parse_spec(content, "study")
