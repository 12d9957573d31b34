"""A study that names its translations, from its plan to scores: what each run read, and what not.

Labelled sentences of the test bed mean the same in every language and stand in the same order, so
its own data are parallel labelled data.
"""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.data import EncodedExample, EncodedExamples, task_card
from isogloss.evaluation import read_predictions
from isogloss.study import Prepared, Run, StudyPlan, StudySpec, plan_study, prepare
from isogloss.study.run.execution import execute
from isogloss.study.run.translated import Translated, _of_rows, form_encode, reads_of
from isogloss.study.store.run_folder import run_folder
from isogloss.training import Reads
from unit.study import toys

TREATMENTS: list[Any] = [
    "monolingual",
    "untreated",
    "translate_train",
    "translate_test",
    "filter",
    "xtune",
    "x_mixup",
]
TAGGING: list[Any] = [
    *TREATMENTS[:3],
    "filter",
    "x_mixup",
    {"name": "xtune", "options": {"alteration": "noise"}},
]


@dataclasses.dataclass(frozen=True)
class Study:
    """A planned study of one task, with its base trained."""

    spec: StudySpec
    prepared: Prepared
    plan: StudyPlan

    def run(self, treatment: str) -> Run:
        """Return the fine-tuning of a treatment."""
        (role,) = [
            one for one in self.plan.roles if one.treatment == treatment and one.stage == "finetune"
        ]
        return self.plan.runs[role.run_id]

    def result(self, treatment: str) -> dict[str, Any]:
        """Return what the fine-tuning of a treatment noted, trained where it is not yet."""
        run = self.run(treatment)
        execute(run, self.prepared.folder)
        return run_folder(self.prepared.folder, run.run_id).read_result()

    def tested(self, treatment: str) -> list[tuple[str, str]]:
        """Return setting and language of every score of a treatment."""
        folder = run_folder(self.prepared.folder, self.run(treatment).run_id)
        return [
            (one.cell.setting, str(one.cell.target_language))
            for one in read_predictions(folder.predictions)
        ]


def _study(task: str, treatments: list[Any], folder: Path) -> Study:
    bed = toys.write_bed(folder / "bed", "conflict")
    spec = toys.spec(
        treat="finetuning",
        tasks=[task],
        seeds=[0],
        treatments=treatments,
        translations={"source": "qaa"},
    )
    prepared = prepare(spec, str(bed), folder / "study")
    plan = plan_study(spec, prepared, {})
    execute(next(run for run in plan.runs.values() if run.stage == "pretrain"), prepared.folder)
    return Study(spec, prepared, plan)


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return _study("topic", TREATMENTS, tmp_path_factory.mktemp("topics"))


@pytest.fixture(scope="module")
def tags(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return _study("pos", TAGGING, tmp_path_factory.mktemp("tags"))


@pytest.mark.parametrize("treatment", TREATMENTS[2:])
def test_every_treatment_of_texts_is_trained_and_tested_on_both_languages(
    topics: Study, treatment: str
) -> None:
    result = topics.result(treatment)
    assert topics.tested(treatment) == [
        ("within_language", "qaa-Latn"),
        ("zero_shot", "qab-Latn"),
    ]
    records = result["translations"]
    read = {(one["translations"].split(",")[0], one["oracle"]) for one in records}
    in_training = ("topic train", False) in read
    assert in_training is (treatment != "translate_test")
    at_test = treatment in ("translate_test", "filter", "x_mixup")
    assert (("topic test", True) in read) is at_test, "human translations of a test are an oracle"


@pytest.mark.parametrize("treatment", ["translate_train", "filter", "x_mixup", "xtune"])
def test_every_treatment_of_tags_is_trained_without_the_tags_of_translations(
    tags: Study, treatment: str
) -> None:
    result = tags.result(treatment)
    assert len(tags.tested(treatment)) == 2
    assert all(one["labels"] in ("hidden", "gold") for one in result.get("translations", []))
    assert not (run_folder(tags.prepared.folder, tags.run(treatment).run_id).path
                / "checkpoint" / "earlier").exists()  # fmt: skip


def test_what_reads_the_source_alone_is_one_training(topics: Study) -> None:
    assert topics.run("untreated") == topics.run("monolingual")
    assert topics.run("untreated").plan.languages == (toys.BASE,)
    assert not topics.run("untreated").provider
    assert reads_of(topics.run("untreated")) == Reads()


def test_another_provider_is_another_training(topics: Study) -> None:
    run = topics.run("x_mixup")
    other = dataclasses.replace(run, provider={"provider": "dictionary"})
    assert other.run_id != run.run_id
    assert any(key.startswith("translations/") for key in run.material)


def test_training_rows_have_their_sources_beside_them(topics: Study) -> None:
    run = topics.run("x_mixup")
    card = task_card("topic")
    translated = Translated(run, topics.prepared, card)
    examples = topics.prepared.source.classified("topic", toys.BASE, "train")
    encode = form_encode(run, topics.prepared, card)
    material = translated.material(examples, encode, reads_of(run))
    assert set(material) == {toys.BASE, toys.OTHER}
    for one, other in zip(material[toys.BASE], material[toys.OTHER], strict=True):
        assert one.beside["source"].ids == one.ids
        assert other.beside["source"].ids == one.ids != other.ids
        assert other.labels == one.labels
        assert other.beside["source"].language == 0


def test_a_test_example_without_a_translation_stops_the_run(topics: Study) -> None:
    run = topics.run("x_mixup")
    translated = Translated(run, topics.prepared, task_card("topic"))
    examples = topics.prepared.source.classified("topic", toys.OTHER, "test")
    stranger = dataclasses.replace(examples[0], identifier="nobody's")
    with (
        pytest.raises(InputError, match="a translation of each of"),
        pytest.warns(UserWarning, match="left out"),
    ):
        translated.test([*examples, stranger], toys.OTHER, "beside", "test")


def test_windows_of_questions_meet_where_the_answer_is() -> None:
    def row(*labels: int) -> EncodedExample:
        return EncodedExample((2, 5, 3), labels)

    windows = (row(0, 0), row(1, 1), row(0, 0))
    rows = EncodedExamples(windows, 0, 0, example_of_row=(0, 0, 1))
    views = EncodedExamples((row(0, 0), row(2, 2), row(1, 2)), 0, 0, example_of_row=(0, 0, 1))
    found = _of_rows(rows, views, 0)
    assert [one.labels for one in found] == [(0, 0), (2, 2), (1, 2)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"translations": None}, "`translations` in a study with `x_mixup`"),
        ({"treatments": ["monolingual", "untreated"]}, "with a treatment that reads them"),
        ({"translations": {"source": "qac"}}, "in every mixture"),
        ({"translations": {"source": "qaa", "provider": "oracle"}}, "provider"),
        ({"treat": "pretraining"}, "`translations` in a study with `treat: finetuning`"),
    ],
)
def test_translations_that_do_not_fit_are_refused(changes: dict[str, Any], expected: str) -> None:
    plain: dict[str, Any] = {
        "treat": "finetuning",
        "tasks": ["pos"],
        "treatments": ["monolingual", "untreated", "x_mixup"],
        "translations": {"source": "qaa"},
    }
    with pytest.raises(InputError) as refused:
        toys.spec(**{**plain, **changes})
    assert expected in refused.value.expected
