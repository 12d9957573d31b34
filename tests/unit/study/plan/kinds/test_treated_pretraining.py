"""Numbers of runs, worked out by hand."""

from collections import Counter
from typing import Any

import pytest

from isogloss.core import InputError, Language
from isogloss.study import Prepared, Role, StudyPlan, plan_study
from isogloss.study.plan.pretraining import base_plan, joint_updates, updates_by_language
from isogloss.training import SequenceClassificationObjective, TextSampling
from unit.study import toys
from unit.study.toys import BASE, OTHER

PAIR = (BASE, OTHER)


def stages(plan: StudyPlan) -> dict[str, int]:
    """Count the trainings; the scores of pretrained models are counted in a test of their own."""
    return dict(Counter(run.stage for run in plan.runs.values() if run.stage != "score"))


def planned(prepared: Prepared, chosen: dict[Any, int] | None = None, **changes: Any) -> StudyPlan:
    return plan_study(toys.spec(**changes), prepared, chosen or {})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"zero_shot_to": ["qac"]}, "with `treat: finetuning` only"),
        ({"pretraining": {"updates": 0}}, "where pretraining is what the treatments"),
        ({"tasks": ["pos"], "pseudo_tasks": {"language": "qaa"}}, "with `treat: finetuning` only"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        toys.spec(**changes)
    assert expected in refused.value.expected
    assert refused.value.next_step


class TestCounts:
    def test_two_languages_two_seeds(self, prepared: Prepared) -> None:
        """Seeds x (2 monolingual + 1 joint), each fine-tuned on each language that it knows."""
        plan = planned(prepared, tasks=["pos"])
        assert stages(plan) == {"pretrain": 2 * 3, "finetune": 2 * (2 + 2)}
        assert len(plan.roles) == 2 * 3 + 2 * (2 + 2)

    def test_every_pretrained_model_is_scored_once(self, prepared: Prepared) -> None:
        plan = planned(prepared, tasks=["pos"])
        scores = [run for run in plan.runs.values() if run.stage == "score"]
        scored = {run.starts_from for run in scores}
        assert scored == {one for one, run in plan.runs.items() if run.stage == "pretrain"}
        assert len(scores) == len(scored)

    def test_candidates_that_are_not_chosen_are_not_scored(self, prepared: Prepared) -> None:
        plan = planned(prepared, treatments=["monolingual", "untreated", "temperature"])
        scores = [run for run in plan.runs.values() if run.stage == "score"]
        assert len(scores) == 2 * 3

    def test_matched_in_two_ways(self, prepared: Prepared) -> None:
        """2 languages x 2 matches + 1 joint: at twice the updates a monolingual run is another."""
        plan = planned(prepared, match=["language", "total"])
        assert stages(plan) == {"pretrain": 2 * (2 * 2 + 1)}
        updates = Counter(run.updates for run in plan.runs.values())
        assert updates == {6: 4, 12: 6, 0: 10}

    def test_monolingual_runs_are_shared_by_mixtures(self, prepared: Prepared) -> None:
        """[a, b] and [b, a] are two joint runs a seed, and the same two monolingual ones."""
        plan = planned(prepared, mixtures=[["qaa", "qab"], ["qab", "qaa"]])
        assert stages(plan) == {"pretrain": 2 * (2 + 2)}
        monolingual = [role for role in plan.roles if role.treatment == "monolingual"]
        assert len(monolingual) == 2 * 2 * 2
        assert len({role.run_id for role in monolingual}) == 4

    def test_each_treatment_adds_its_joint_runs(self, prepared: Prepared) -> None:
        names = ["monolingual", "untreated", {"language_adapters": {"bottleneck": 4}}]
        plan = planned(prepared, treatments=names, tasks=["pos"], seeds=[0])
        assert stages(plan) == {"pretrain": 2 + 2, "finetune": 2 + 2 + 2 * 2}, "adapters: twice"
        treated = [run.stage for run in plan.runs.values() if run.plan.modules]
        assert treated == ["pretrain", "score"]

    def test_two_settings_of_a_treatment_go_by_their_labels(self, prepared: Prepared) -> None:
        names = [
            "monolingual",
            "untreated",
            {"language_adapters": {"bottleneck": 4}},
            {"language_adapters": {"bottleneck": 4}, "label": "longer", "updates_factor": 2.5},
        ]
        plan = planned(prepared, treatments=names, seeds=[0])
        found = {role.treatment: plan.runs[role.run_id].plan.updates for role in plan.roles}
        assert found == {"monolingual": 6, "untreated": 12, "language_adapters": 12, "longer": 30}

    @pytest.mark.parametrize(("exponents", "n_extra"), [([0], 0), ([0.5], 2)])
    def test_the_exponent_of_the_control_trains_nothing_more(
        self, prepared: Prepared, exponents: list[float], n_extra: int
    ) -> None:
        names = ["monolingual", "untreated", {"temperature": {"exponents": exponents}}]
        plan = planned(prepared, treatments=names)
        assert stages(plan) == {"pretrain": 2 * 3 + n_extra}
        assert len(plan.roles) == 2 * 4
        roles = {role.treatment: role.run_id for role in plan.roles if role.seed == 1}
        assert (roles["temperature"] == roles["untreated"]) is (n_extra == 0)

    def test_settings_are_chosen_on_one_seed_first(self, prepared: Prepared) -> None:
        """4 candidates, the first of which is the untreated run of the first seed."""
        names = ["monolingual", "untreated", "temperature"]
        plan = planned(prepared, treatments=names)
        assert stages(plan) == {"pretrain": 2 * 3 + 3}
        [(key, candidates)] = plan.open_choices.items()
        assert key == ("temperature", PAIR, "masked_lm")
        assert len(candidates) == 4
        assert {plan.runs[one].plan.seed for one in candidates} == {0}
        assert not [role for role in plan.roles if role.treatment == "temperature"]

    def test_once_chosen_all_seeds_are_planned(self, prepared: Prepared) -> None:
        names = ["monolingual", "untreated", "temperature"]
        plan = planned(prepared, {("temperature", PAIR, "masked_lm"): 2}, treatments=names)
        assert not plan.open_choices
        assert stages(plan) == {"pretrain": 2 * 3 + 2}
        roles = [role for role in plan.roles if role.treatment == "temperature"]
        assert {role.options["exponents"] for role in roles} == {(0.7,)}
        assert {role.n_candidates for role in roles} == {4}


class TestRuns:
    def test_parents_come_first_and_are_named(self, prepared: Prepared) -> None:
        plan = planned(prepared, tasks=["pos"])
        order = list(plan.runs)
        for run_id, run in plan.runs.items():
            if run.starts_from is not None:
                assert order.index(run.starts_from) < order.index(run_id)
                parent = plan.runs[run.starts_from]
                assert (parent.plan.seed, parent.plan.languages) == (
                    run.plan.seed,
                    run.plan.languages,
                )

    def test_budgets_are_equal_under_exponent_0(self, prepared: Prepared) -> None:
        spec = toys.spec()
        plan = base_plan(spec, PAIR, joint_updates(spec, PAIR), 0)
        assert plan.updates == 12
        assert updates_by_language(prepared, plan) == {BASE: 6.0, OTHER: 6.0}

    def test_proportional_sampling_moves_the_monolingual_budgets(self, prepared: Prepared) -> None:
        settings = {**toys.CONTENT["pretraining"], "exponent": 1.0, "updates": 50}
        plan = planned(prepared, pretraining=settings, seeds=[0])
        alone = {
            run.plan.languages[0]: run.plan.updates
            for run in plan.runs.values()
            if len(run.plan.languages) == 1
        }
        sizes = {one: prepared.corpus(one, "train").n_tokens for one in PAIR}
        for language, updates in alone.items():
            assert updates == pytest.approx(100 * sizes[language] / sum(sizes.values()), abs=1)

    def test_what_a_finetuning_is(self, prepared: Prepared) -> None:
        plan = planned(prepared, tasks=["pos"], seeds=[0])
        joint = [r for r in plan.runs.values() if r.stage == "finetune" and len(r.targets) == 2]
        assert {run.source_language for run in joint} == set(PAIR)
        for run in joint:
            assert run.plan.updates == 3, "24 of 60 examples, 8 a row, one epoch"
            assert (run.max_examples, run.language_modules) == (24, "frozen")
            assert set(run.material) >= {"tokenizer", f"pos/{BASE}", f"pos/{OTHER}", "pos/labels"}

    def test_texts_are_classified_whole(self, bed: Any, tmp_path: Any) -> None:
        from isogloss.study import prepare

        spec = toys.spec(tasks=["topic"], seeds=[0])
        plan = plan_study(spec, prepare(spec, str(bed), tmp_path), {})
        child = next(run for run in plan.runs.values() if run.stage == "finetune")
        assert child.plan.objective == SequenceClassificationObjective()

    def test_without_training_data_a_language_is_a_target_only(self, prepared: Prepared) -> None:
        counts = prepared.facts["examples"]["pos"]
        without = {**prepared.facts, "examples": {"pos": {**counts, str(OTHER): {"test": 40}}}}
        changed = Prepared(prepared.folder, without, prepared.source)
        plan = planned(changed, tasks=["pos"], seeds=[0])
        assert stages(plan) == {"pretrain": 3, "finetune": 2}
        assert plan.notes == [f"pos: no training data for {OTHER}, so no fine-tuning on it."], (
            "said once, not once a run"
        )
        joint = [r for r in plan.runs.values() if r.stage == "finetune" and len(r.targets) == 2]
        assert joint[0].source_language == BASE

    def test_the_plan_of_untreated_training(self, prepared: Prepared) -> None:
        settings = {**toys.CONTENT["pretraining"], "clip": 0.5, "schedule": "linear"}
        plan = base_plan(toys.spec(pretraining=settings), PAIR, 12, 7)
        assert (plan.seed, plan.rows, plan.length, plan.precision) == (7, 4, 24, "fp32")
        assert plan.sampler == TextSampling(0.0)
        assert (plan.step.clip, plan.step.schedule) == (0.5, "linear")  # type: ignore[attr-defined]
        assert plan.modules == ()


class TestValidationText:
    """The bed has some hundred windows a language: 2 % of them are two or three."""

    @pytest.mark.parametrize("form", ["mixed", "language"])
    def test_what_is_read_too_often_is_a_warning(self, prepared: Prepared, form: str) -> None:
        meta = {"meta_adapters": {"form": form, "held_out": 0.02}}
        names = ["monolingual", "untreated", meta]
        longer = {**toys.CONTENT["pretraining"], "updates": 60}
        plan = planned(prepared, treatments=names, pretraining=longer)
        [warning] = plan.warnings
        assert warning.startswith("MEMORISED")
        assert f"times ({BASE})" in warning
        assert "held_out" in warning

    @pytest.mark.parametrize("options", [{"held_out": 0.5}, {"validation": "train"}])
    def test_enough_text_is_none(self, prepared: Prepared, options: dict[str, Any]) -> None:
        names = ["monolingual", "untreated", {"meta_adapters": options}]
        assert planned(prepared, treatments=names).warnings == []


def test_roles_say_what_a_run_stands_for(prepared: Prepared) -> None:
    plan = planned(prepared, tasks=["pos"], seeds=[0])

    def of(**wanted: object) -> list[Role]:
        return [
            role
            for role in plan.roles
            if all(getattr(role, key) == value for key, value in wanted.items())
        ]

    [alone] = of(treatment="monolingual", stage="pretrain", learned=(OTHER,))
    assert (alone.mixture, alone.match) == (PAIR, "language")
    [joint] = of(treatment="untreated", stage="pretrain")
    assert (joint.learned, joint.match, joint.task) == (PAIR, "", "masked_lm")
    assert len(of(treatment="untreated", task="pos")) == 2
    assert plan.runs[joint.run_id].plan.languages == PAIR
    assert isinstance(joint.mixture[0], Language)
