import pandas as pd
import pytest

from isogloss.core import TABLES
from isogloss.evaluation import Cell
from isogloss.study import Run, StudyPlan, StudySpec
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import verdicts
from isogloss.training import TextSampling
from unit.study.toys import BASE, OTHER, outcomes


def score(run: Run, cell: Cell) -> float:
    """Joint training loses 0.3 bits and 30 points on `qab`, and nothing on `qaa`."""
    joint = len(run.plan.languages) == 2
    zero_shot = cell.setting == "zero_shot"
    hurt = 0.3 * (joint and cell.target_language == OTHER and not zero_shot)
    if cell.metric == "bits_per_byte":
        return 2.0 + hurt
    return 0.2 if zero_shot else 0.8 - hurt


@pytest.fixture(scope="module")
def found(full_spec: StudySpec, full_plan: StudyPlan) -> pd.DataFrame:
    return verdicts(full_spec, outcomes(full_plan, score), [])


def test_the_columns_are_the_contract(found: pd.DataFrame) -> None:
    assert tuple(found) == TABLES["verdicts"].columns


def test_every_joint_treatment_in_both_settings_and_matches(found: pd.DataFrame) -> None:
    """3 treatments x 2 matches x (2 languages of text, 2 of the task, 2 zero-shot pairs)."""
    assert len(found) == 3 * 2 * (2 + 2 + 2)
    keys = ["treatment", "match", "task", "source_language", "language"]
    assert not found.duplicated(keys).any()
    assert set(found["setting"]) == {"within_language", "zero_shot"}


def test_where_it_hurts(found: pd.DataFrame) -> None:
    within = found[found["setting"] == "within_language"]
    untreated = within[(within["treatment"] == "untreated") & (within["match"] == "total")]
    by_language = untreated.set_index(["task", "language"])
    assert by_language["verdict"].to_dict() == {
        ("masked_lm", str(BASE)): "INCONCLUSIVE",
        ("masked_lm", str(OTHER)): "HURT",
        ("pos", str(BASE)): "UNDERPOWERED",
        ("pos", str(OTHER)): "HURT",
    }
    hurt = by_language.loc[("masked_lm", str(OTHER))]
    assert hurt["interference"] == pytest.approx(hurt["multilingual"] - hurt["monolingual"])
    assert hurt["interference"] == pytest.approx(0.3, abs=0.01), "more bits = hurt = positive"
    task = by_language.loc[("pos", str(OTHER))]
    assert task["interference"] == pytest.approx(task["monolingual"] - task["multilingual"])
    assert (task["n_seeds"], task["n_examples"]) == (3, 300)


def test_intervals_hold_the_estimate_and_holm_never_lowers_p(found: pd.DataFrame) -> None:
    judged = found[found["verdict"].notna() & (found["setting"] == "within_language")]
    assert (judged["ci_low"] <= judged["interference"]).all()
    assert (judged["interference"] <= judged["ci_high"]).all()
    assert (judged["p_holm"] >= judged["p"]).all()
    assert (judged["mde"] > 0).all()


def test_zero_shot_rows_carry_their_score_alone(found: pd.DataFrame) -> None:
    """A monolingual model has no zero-shot score; a treatment is never shown without its own."""
    rows = found[found["setting"] == "zero_shot"]
    assert (rows["source_language"] != rows["language"]).all()
    assert rows["multilingual"].between(0.1, 0.3).all()
    for column in ("monolingual", "interference", "ci_low", "p", "verdict", "mde"):
        assert rows[column].isna().all(), column


def test_less_bits_is_help(full_spec: StudySpec, full_plan: StudyPlan) -> None:
    def better(run: Run, cell: Cell) -> float:
        return score(run, cell) - 0.5 * (len(run.plan.languages) == 2) * (cell.task == "masked_lm")

    table = verdicts(full_spec, outcomes(full_plan, better), [])
    text = table[table["task"] == "masked_lm"]
    assert set(text["verdict"]) == {"HELPED"}
    assert (text["interference"] < 0).all()


class TestBudgets:
    """`temperature` draws the languages unequally: 54 and 42 of 96 rows against 48 alone."""

    @staticmethod
    def rows(run: Run) -> dict[str, int]:
        if run.plan.sampler == TextSampling(0.5):
            return {str(BASE): 26, str(OTHER): 22}
        total = run.plan.updates * run.plan.rows
        return {str(one): total // len(run.plan.languages) for one in run.plan.languages}

    def test_unequal_ones_are_refused_by_name(
        self, full_spec: StudySpec, full_plan: StudyPlan
    ) -> None:
        notes: list[dict[str, str]] = []
        table = verdicts(full_spec, outcomes(full_plan, score, self.rows), notes)
        within = table[table["setting"] == "within_language"]
        refused = within[(within["treatment"] == "temperature") & (within["match"] == "language")]
        assert len(refused) == 4
        assert refused["verdict"].isna().all()
        assert refused["monolingual"].isna().all()
        assert refused["multilingual"].notna().all(), "its score is shown all the same"
        for _, row in refused.iterrows():
            assert row["language"] in row["note"]
            assert "at the same data" in row["note"]
        said = [note["text"] for note in notes if note["level"] == "refusal"]
        assert len(said) == 2, "once a language, not once a task"
        assert any("6.5 updates against 6" in text for text in said)

    def test_matched_in_all_they_are_compared(
        self, full_spec: StudySpec, full_plan: StudyPlan
    ) -> None:
        table = verdicts(full_spec, outcomes(full_plan, score, self.rows), [])
        total = table[(table["match"] == "total") & (table["setting"] == "within_language")]
        assert total["verdict"].notna().all()


def test_a_monolingual_run_that_failed_leaves_a_row_without_verdict(
    full_spec: StudySpec, full_plan: StudyPlan
) -> None:
    whole = outcomes(full_plan, score)
    left = [role for role in whole.roles if role.treatment != "monolingual"]
    table = verdicts(full_spec, Outcomes(left, whole.by_run), [])
    assert len(table) == 36
    assert table["verdict"].isna().all()
    assert table["multilingual"].notna().all()


def test_a_seed_that_failed_is_left_out(full_spec: StudySpec, full_plan: StudyPlan) -> None:
    whole = outcomes(full_plan, score)
    left = [r for r in whole.roles if not (r.treatment == "untreated" and r.seed == 1)]
    table = verdicts(full_spec, Outcomes(left, whole.by_run), [])
    untreated = table[(table["treatment"] == "untreated") & table["verdict"].notna()]
    assert set(untreated["n_seeds"]) == {2}


def test_intervals_have_the_studys_level(full_spec: StudySpec, full_plan: StudyPlan) -> None:
    widths = []
    for alpha in (0.05, 0.01):
        statistics = full_spec.statistics.model_copy(update={"alpha": alpha})
        table = verdicts(
            full_spec.model_copy(update={"statistics": statistics}), outcomes(full_plan, score), []
        )
        judged = table[table["verdict"].notna()]
        widths.append((judged["ci_high"] - judged["ci_low"]).to_numpy())
    assert (widths[1] > 1.1 * widths[0]).all()


def test_the_smallest_effect_of_interest_is_the_studys(
    full_spec: StudySpec, full_plan: StudyPlan
) -> None:
    statistics = full_spec.statistics.model_copy(update={"smallest_effect": {"pos_accuracy": 0.9}})
    spec = full_spec.model_copy(update={"statistics": statistics})
    table = verdicts(spec, outcomes(full_plan, score), [])
    base = table[(table["task"] == "pos") & (table["language"] == str(BASE))]
    assert set(base["verdict"].dropna()) == {"INCONCLUSIVE"}


def test_nothing_finished(full_spec: StudySpec) -> None:
    table = verdicts(full_spec, Outcomes([], {}), [])
    assert tuple(table) == TABLES["verdicts"].columns
    assert table.empty


def test_one_seed_says_so(full_spec: StudySpec, full_plan: StudyPlan) -> None:
    whole = outcomes(full_plan, score)
    first = [role for role in whole.roles if role.seed == 0]
    table = verdicts(full_spec, Outcomes(first, whole.by_run), [])
    judged = table[table["verdict"].notna()]
    assert judged["note"].str.startswith("ONE SEED").all()
