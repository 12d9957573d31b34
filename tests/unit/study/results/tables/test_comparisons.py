import pandas as pd
import pytest

from isogloss.core import TABLES
from isogloss.evaluation import Cell
from isogloss.study import Prepared, Run, StudyPlan, StudySpec, plan_study
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import comparisons
from isogloss.treatments import TREATMENTS
from unit.study import toys
from unit.study.toys import outcomes


def score(run: Run, cell: Cell) -> float:
    """Adapters gain within a language and lose zero-shot, as in the paper."""
    adapters, zero_shot = bool(run.plan.modules), cell.setting == "zero_shot"
    child_of_adapters = run.starts_from in ADAPTED
    gains = adapters or child_of_adapters
    if cell.metric == "bits_per_byte":
        return 2.0 - 0.2 * gains
    return 0.5 + 0.3 * gains * (-1 if zero_shot else 1)


ADAPTED: set[str] = set()


@pytest.fixture(scope="module")
def found(full_spec: StudySpec, full_plan: StudyPlan) -> pd.DataFrame:
    ADAPTED.update(run_id for run_id, run in full_plan.runs.items() if run.plan.modules)
    return comparisons(full_spec, outcomes(full_plan, score), [])


def test_the_columns_are_the_contract(found: pd.DataFrame) -> None:
    assert tuple(found) == TABLES["comparisons"].columns


def test_every_treatment_against_both_controls(found: pd.DataFrame) -> None:
    """Adapters against untreated and temperature, temperature against untreated: 6 cells each."""
    pairs = found.groupby(["treatment", "reference"]).size().to_dict()
    assert pairs == {
        ("temperature", "untreated"): 6,
        ("language_adapters", "untreated"): 6,
        ("language_adapters", "temperature"): 6,
    }


def test_a_gain_is_positive_whatever_the_metric(found: pd.DataFrame) -> None:
    adapters = found[found["treatment"] == "language_adapters"]
    text = adapters[adapters["task"] == "masked_lm"]
    assert (text["value"] < text["reference_value"]).all()
    assert text["gain"].to_numpy() == pytest.approx(text["reference_value"] - text["value"])
    assert set(text["verdict"]) == {"BETTER"}
    task = adapters[adapters["task"] == "pos"].set_index("setting")
    assert set(task.loc["within_language", "verdict"]) == {"BETTER"}
    assert set(task.loc["zero_shot", "verdict"]) == {"WORSE"}
    assert task["gain"].to_numpy() == pytest.approx(task["value"] - task["reference_value"])
    assert ((found["ci_low"] <= found["gain"]) & (found["gain"] <= found["ci_high"])).all()


def test_no_difference_is_not_called_one(found: pd.DataFrame) -> None:
    same = found[found["treatment"] == "temperature"]
    assert set(same["verdict"]) <= {"INCONCLUSIVE", "UNDERPOWERED"}


def test_the_setting_of_the_control_is_no_comparison(prepared: Prepared) -> None:
    names = ["monolingual", "untreated", {"temperature": {"exponents": [0]}}]
    spec = toys.spec(treatments=names)
    notes: list[dict[str, str]] = []
    plan = plan_study(spec, prepared, {})
    table = comparisons(spec, outcomes(plan, score), notes)
    assert table.empty
    assert tuple(table) == TABLES["comparisons"].columns
    assert len(notes) == 1
    assert "temperature and untreated are the same runs" in notes[0]["text"]


def test_a_control_that_failed_is_left_out(full_spec: StudySpec, full_plan: StudyPlan) -> None:
    whole = outcomes(full_plan, score)
    left = [role for role in whole.roles if role.treatment != "untreated"]
    table = comparisons(full_spec, Outcomes(left, whole.by_run), [])
    assert set(table["reference"]) == {"temperature"}


def test_what_a_treatment_builds_on_is_a_further_control(
    full_spec: StudySpec, full_plan: StudyPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As meta-learned adapters build on adapters; the other comparisons stay as they were."""
    plain = comparisons(full_spec, outcomes(full_plan, score), [])
    parents = ("language_adapters", "not_in_the_study")
    monkeypatch.setattr(TREATMENTS["temperature"], "builds_on", parents, raising=False)
    table = comparisons(full_spec, outcomes(full_plan, score), [])
    added = table[(table["treatment"] == "temperature") & (table["reference"] != "untreated")]
    assert set(added["reference"]) == {"language_adapters"}
    assert len(added) == 6
    rest = table.drop(added.index).reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, plain)


def test_settings_of_one_treatment_stand_against_the_first_of_them(prepared: Prepared) -> None:
    settings = [{"language_adapters": {"bottleneck": n}, "label": f"of_{n}"} for n in (4, 6, 8)]
    spec = toys.spec(treatments=["monolingual", "untreated", *settings])
    table = comparisons(spec, outcomes(plan_study(spec, prepared, {}), score), [])
    assert set(zip(table["treatment"], table["reference"], strict=True)) == {
        ("of_4", "untreated"),
        *(("of_6", reference) for reference in ("untreated", "of_4")),
        *(("of_8", reference) for reference in ("untreated", "of_4")),
    }


class TestBudgets:
    """A setting that was trained five times as long, beside one whose update may cost as much."""

    NAMES = (
        "monolingual",
        "untreated",
        {"language_adapters": {"bottleneck": 4}},
        {"language_adapters": {"bottleneck": 4}, "label": "longer", "updates_factor": 5},
    )

    def table(self, prepared: Prepared, *, passes: float) -> tuple[set[tuple[str, str]], list[str]]:
        """Return the pairs that were compared, and the refusals."""
        spec = toys.spec(treatments=list(self.NAMES))
        plan = plan_study(spec, prepared, {})
        made = outcomes(plan, score)
        for role in made.select(treatment="language_adapters", stage="pretrain"):
            made.trained(role).result["passes"] *= passes
        notes: list[dict[str, str]] = []
        table = comparisons(spec, made, notes)
        texts = [one["text"] for one in notes if one["level"] == "refusal"]
        return set(zip(table["treatment"], table["reference"], strict=True)), texts

    def test_neither_equal_updates_nor_equal_compute_is_refused(self, prepared: Prepared) -> None:
        pairs, refusals = self.table(prepared, passes=1)
        assert pairs == {("language_adapters", "untreated")}
        assert any("longer is not compared with untreated" in text for text in refusals)
        assert any("60 updates and 60 passes against 12 and 12" in text for text in refusals)

    def test_equal_compute_is_enough(self, prepared: Prepared) -> None:
        pairs, _ = self.table(prepared, passes=5)
        assert ("longer", "language_adapters") in pairs
        assert ("longer", "untreated") not in pairs
