import pytest

from isogloss import __version__
from isogloss.core import TABLES
from isogloss.evaluation import Cell
from isogloss.study import Prepared, Run, StudyPlan, StudySpec, plan_study
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import parameters, records
from unit.study import toys
from unit.study.toys import BASE, OTHER, outcomes


def score(run: Run, cell: Cell) -> float:
    return 0.6


def test_one_row_for_each_number(full_spec: StudySpec, full_plan: StudyPlan) -> None:
    table = records(full_spec, outcomes(full_plan, score))
    assert tuple(table) == TABLES["records"].columns
    # 3 seeds x (3 joint ones: 2 of text, 2 x 2 of the task; 2 x 2 alone: 1 of text, 1 of the task)
    assert len(table) == 3 * (3 * (2 + 4) + 4 * 2)
    keys = ["run_id", "treatment", "match", "task", "source_language", "target_language"]
    assert not table.duplicated(keys).any()
    assert set(table["version"]) == {__version__}
    assert set(table["status"]) == {"ok"}


def test_a_row(full_spec: StudySpec, full_plan: StudyPlan) -> None:
    made = outcomes(full_plan, score)
    table = records(full_spec, made)
    chosen = table[
        (table["treatment"] == "untreated")
        & (table["seed"] == 0)
        & (table["setting"] == "zero_shot")
        & (table["source_language"] == str(BASE))
    ]
    [row] = chosen.to_dict("records")
    outcome = made.by_run[row["run_id"]]
    counts = outcome.counts[Cell.of("pos", "pos_accuracy", BASE, OTHER)]
    assert row["value"] == pytest.approx(counts[:, 0].sum() / 300)
    assert (row["mixture"], row["languages"], row["match"]) == (f"{BASE}+{OTHER}", 2, "")
    assert (row["stage"], row["n_examples"], row["updates"]) == ("finetune", 300, 3)
    assert row["tokens"] == sum(outcome.result["tokens"].values())
    assert row["spec_hash"] == outcome.run.spec_hash


def test_the_mixture_of_a_monolingual_run_is_its_language(
    full_spec: StudySpec, full_plan: StudyPlan
) -> None:
    table = records(full_spec, outcomes(full_plan, score))
    alone = table[table["treatment"] == "monolingual"]
    assert (alone["mixture"] == alone["target_language"]).all()
    assert set(alone["match"]) == {"language", "total"}
    assert set(alone["languages"]) == {1}


def test_a_run_of_two_mixtures_is_recorded_once(prepared: Prepared) -> None:
    spec = toys.spec(mixtures=[["qaa", "qab"], ["qab", "qaa"]], seeds=[0])
    table = records(spec, outcomes(plan_study(spec, prepared, {}), score))
    assert (table["treatment"] == "monolingual").sum() == 2
    assert (table["treatment"] == "untreated").sum() == 4


def test_a_run_of_two_treatments_is_recorded_for_both(prepared: Prepared) -> None:
    names = ["monolingual", "untreated", {"temperature": {"exponents": [0]}}]
    spec = toys.spec(treatments=names, seeds=[0])
    table = records(spec, outcomes(plan_study(spec, prepared, {}), score))
    pair = table[table["treatment"].isin(["untreated", "temperature"])]
    assert pair["run_id"].nunique() == 1
    assert len(pair) == 4


def test_the_row_of_a_score_is_the_scores_and_tells_what_the_training_took(
    full_spec: StudySpec, full_plan: StudyPlan
) -> None:
    table = records(full_spec, outcomes(full_plan, score))
    rows = table[(table["treatment"] == "untreated") & (table["task"] == "masked_lm")]
    assert len(rows) > 0
    for row in rows.to_dict("records"):
        run = full_plan.runs[row["run_id"]]
        assert (run.stage, row["spec_hash"]) == ("score", run.spec_hash)
        assert row["updates"] == run.plan.updates > 0


@pytest.fixture
def made(full_plan: StudyPlan) -> Outcomes:
    """Runs that counted their models' parameters: adapters have 40 for each language."""
    whole = outcomes(full_plan, lambda run, cell: 0.5)
    for outcome in whole.by_run.values():
        if outcome.run.stage == "pretrain":
            outcome.result["parameters"] = list(map(dict, counted(outcome.run)))
    return whole


def counted(run: Run) -> list[dict[str, object]]:
    return [
        {"language": str(one), "shared": 100, "language_specific": 40 * len(run.plan.modules)}
        for one in run.plan.languages
    ]


def test_one_row_a_treatment_mixture_and_language(made: Outcomes) -> None:
    table = parameters(made)
    assert tuple(table) == TABLES["parameters"].columns
    assert not table.duplicated(list(TABLES["parameters"].columns[:3])).any()
    assert len(table) == 3 * 2 + 2, "three joint treatments, and each language alone"
    adapters = table[table["treatment"] == "language_adapters"]
    assert adapters["language"].tolist() == [str(BASE), str(OTHER)]
    assert set(adapters["mixture"]) == {f"{BASE}+{OTHER}"}
    assert set(adapters["language_specific"]) == {40}
    alone = table[table["treatment"] == "monolingual"]
    assert (alone["mixture"] == alone["language"]).all()


def test_runs_from_before_they_were_counted(full_plan: StudyPlan) -> None:
    table = parameters(outcomes(full_plan, lambda run, cell: 0.5))
    assert tuple(table) == TABLES["parameters"].columns
    assert table.empty
