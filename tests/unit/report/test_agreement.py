"""Which signs of a paper a study found again: every answer, hand-worked."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from isogloss.report.agreement import (
    MEAN,
    SIGN_COLUMNS,
    VALUE_COLUMNS,
    Beside,
    agreement,
    beside,
    flips,
    signs,
    values,
)
from isogloss.report.our_differences import Difference
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles

EN = "eng-Latn"
LOW = "fra-Latn-x-low"
CODES = {"ar": "ara-Arab", "te": "tel-Telu", "fr": "fra-Latn", "hi": "hin-Deva", "mr": "mar-Deva"}


def study(
    verdicts: Iterable[Mapping[str, object]],
    comparisons: Iterable[Mapping[str, object]] = (),
    mixtures: Iterable[Mapping[str, object]] = (),
    about: Mapping[str, object] | None = None,
) -> StudyFiles:
    tables = {"verdicts": verdicts, "comparisons": comparisons, "mixtures": mixtures}
    frames = {name: pd.DataFrame(list(rows)) for name, rows in tables.items()}
    about = about or {"reference": "wang2020"}
    return StudyFiles(
        Path("study"), about, (), {k: v for k, v in frames.items() if len(v)}, pd.DataFrame(), ""
    )


def keys(language: str, setting: str, metric: str) -> dict[str, object]:
    return {
        "task": {"entity_f1": "ner", "pos_accuracy": "pos"}[metric],
        "metric": metric,
        "setting": setting,
        "source_language": EN if setting == "zero_shot" else language,
        "language": language,
        "mixture": f"{EN}+{language}",
    }


def verdict(
    language: str,
    interference: float,
    half: float = 0.01,
    *,
    metric: str = "entity_f1",
    match: str = "language",
    treatment: str = "untreated",
) -> dict[str, object]:
    return {
        **keys(language, "within_language", metric),
        "treatment": treatment,
        "match": match,
        "monolingual": 0.5 + interference,
        "multilingual": 0.5,
        "interference": interference,
        "ci_low": interference - half,
        "ci_high": interference + half,
    }


def gain(
    language: str,
    value: float,
    half: float = 0.01,
    *,
    names: tuple[str, str] = ("meta_adapters", "language_adapters"),
    setting: str = "zero_shot",
    metric: str = "entity_f1",
) -> dict[str, object]:
    return {
        **keys(language, setting, metric),
        "treatment": names[0],
        "reference": names[1],
        "gain": value,
        "ci_low": value - half,
        "ci_high": value + half,
    }


def of(table: pd.DataFrame, **wanted: object) -> dict[str, object]:
    """Return the one row that has these values."""
    chosen = table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    assert len(chosen) == 1, chosen
    return dict(chosen.iloc[0])


@pytest.mark.parametrize(
    ("paper", "ours", "said"),
    [
        (0.02, Difference(0.03, 0.01, 0.05), "agrees"),
        (-0.02, Difference(-0.03, -0.05, -0.01), "agrees"),
        (-0.02, Difference(0.03, 0.01, 0.05), "disagrees"),
        (0.02, Difference(0.03, -0.01, 0.07), "not significant"),
        (0.02, Difference(0.03, 0.0, 0.06), "not significant"),
        (0.02, Difference(0.03, math.nan, math.nan), "not significant"),
        (0.02, None, "not measured"),
        (0.0, Difference(0.03, 0.01, 0.05), "no difference in the paper"),
        (0.0, None, "no difference in the paper"),
        (math.nan, Difference(0.03, 0.01, 0.05), "not available"),
    ],
)
def test_every_answer(paper: float, ours: Difference | None, said: str) -> None:
    assert agreement(paper, ours) == said


class TestBeside:
    def test_a_study_without_a_paper_has_no_place_for_it(self) -> None:
        for about in ({}, {"reference": None}):
            with pytest.raises(NotAsked):
                beside(StudyFiles(Path("s"), about, (), {}, pd.DataFrame(), ""))

    def test_a_paper_of_a_later_version_is_said(self) -> None:
        with pytest.raises(NotMeasured, match="no reference wang2031"):
            beside(study([verdict(CODES["te"], 0.1)], about={"reference": "wang2031"}))

    def test_nothing_finished_yet(self) -> None:
        with pytest.raises(NotMeasured, match="no verdicts"):
            beside(study([]))

    def test_languages_in_the_papers_order_strangers_last(self) -> None:
        codes = ("est-Latn", CODES["te"], CODES["ar"])
        found = beside(study([verdict(code, 0.1) for code in codes]))
        assert found.columns == ("ar", "te", "est-Latn")
        assert found.team("JointPair", "est-Latn") == frozenset({EN, "est-Latn"})
        assert found.team("JointTri", "ar") is None

    def test_a_sample_of_a_language_is_the_papers_sampled_corpus(self) -> None:
        rows = [verdict(code, 0.1) for code in (LOW, "fra-Latn-x-more", "tel-Telu-x-low")]
        found = beside(study(rows))
        assert found.columns == ("fr_l", "fra-Latn-x-more", "tel-Telu-x-low"), "the first one only"
        assert found.team("Mono", "fr_l") == frozenset({LOW})
        assert found.team("JointPair", "fr_l") == frozenset({EN, LOW})


class TestSigns:
    def test_untreated_against_monolingual_under_both_matches(self) -> None:
        """The paper: Arabic NER 89.2 alone, 86.9 joint."""
        rows = [verdict(CODES["ar"], 0.05), verdict(CODES["ar"], -0.05, match="total")]
        table = signs(beside(study(rows)))
        assert list(table) == list(SIGN_COLUMNS)
        language = of(table, model="JointPair", against="Mono", match="language")
        assert language["paper"] == pytest.approx(-0.023)
        assert (language["ours"], language["agreement"]) == (-0.05, "agrees")
        assert (language["ci_low"], language["ci_high"]) == pytest.approx((-0.06, -0.04))
        assert of(table, model="JointPair", match="total")["agreement"] == "disagrees"
        assert "zero_shot" not in set(table.loc[table["against"] == "Mono", "setting"])

    def test_meta_adapters_against_adapters(self) -> None:
        """The paper: 44.4 against 37.2 zero-shot in Arabic, 50.1 against 44.7 in Telugu."""
        rows = [verdict(CODES[one], 0.0) for one in ("ar", "te")]
        table = signs(beside(study(rows, [gain(CODES["ar"], 0.02), gain(CODES["te"], -0.02)])))
        pair = {"model": "JointPair+meta_adpt", "against": "JointPair+adpt", "setting": "zero_shot"}
        arabic = of(table, **pair, paper_language="ar")
        assert (arabic["paper"], arabic["agreement"]) == (pytest.approx(0.072), "agrees")
        telugu = of(table, **pair, paper_language="te")
        assert (telugu["paper"], telugu["agreement"]) == (pytest.approx(0.054), "disagrees")

    def test_each_setting_of_a_treatment_by_its_label(self) -> None:
        """A treatment that has labels is looked for under them, not under its name."""
        named = [
            {"label": label, "name": name}
            for label, name in (
                ("weak", "meta_adapters"),
                ("strong", "meta_adapters"),
                ("untreated", "untreated"),
            )
        ]
        about = {"reference": "wang2020", "treatments": named}
        gains = [
            gain(CODES["te"], value, names=(label, "untreated"))
            for label, value in (("weak", 0.001), ("strong", 0.05), ("meta_adapters", -0.05))
        ]
        table = signs(beside(study([verdict(CODES["te"], 0.0)], gains, about=about)))
        chosen = table[(table["against"] == "JointPair") & (table["setting"] == "zero_shot")]
        meta = chosen[chosen["model"] == "JointPair+meta_adpt"]
        assert meta[["treatment", "agreement"]].to_numpy().tolist() == [
            ["weak", "not significant"],
            ["strong", "agrees"],
        ]

    def test_treatments_that_were_not_run(self) -> None:
        table = signs(beside(study([verdict(CODES["te"], 0.0)])))
        row = of(table, model="JointPair+ffn", setting="zero_shot", paper_language="te")
        assert (row["agreement"], row["reference"]) == ("not measured", "untreated")
        assert math.isnan(float(str(row["ours"])))

    def test_a_language_the_paper_does_not_have(self) -> None:
        rows = [verdict("est-Latn", 0.1), verdict(CODES["te"], 0.1)]
        table = signs(beside(study(rows)))
        estonian = table[table["language"] == "est-Latn"]
        assert estonian["agreement"].tolist() == ["not available"], "only what we measured"
        assert estonian["ours"].tolist() == [-0.1]

    def test_a_task_the_paper_has_not_in_this_language(self) -> None:
        rows = [verdict("swa-Latn", 0.1, metric="pos_accuracy")]
        table = signs(beside(study(rows)))
        assert set(table["task"]) == {"pos"}
        assert table["agreement"].tolist() == ["not available"]

    def test_equal_numbers_in_the_paper_have_no_sign(self) -> None:
        """Hindi POS: 95.2 untreated and 95.2 with adapters."""
        names = ("language_adapters", "untreated")
        rows = [verdict(CODES["hi"], 0.0, metric="pos_accuracy")]
        gains = [
            gain(CODES["hi"], 0.1, names=names, setting="within_language", metric="pos_accuracy")
        ]
        row = of(
            signs(beside(study(rows, gains))),
            model="JointPair+adpt",
            against="JointPair",
            setting="within_language",
        )
        assert (row["paper"], row["agreement"]) == (0.0, "no difference in the paper")

    def test_a_third_similar_language_against_the_pair(self) -> None:
        """Hindi with Marathi, zero-shot NER: 63.5 against 61.4."""
        wide = gain(CODES["hi"], 0.03, names=("untreated", ""))
        wide |= {
            "mixture": f"{EN}+{CODES['hi']}+{CODES['mr']}",
            "reference_mixture": f"{EN}+{CODES['hi']}",
        }
        table = signs(beside(study([verdict(CODES["hi"], 0.0)], mixtures=[wide])))
        row = of(table, model="JointTri", setting="zero_shot")
        assert (row["paper"], row["agreement"]) == (pytest.approx(0.021), "agrees")
        assert MEAN not in set(table.loc[table["model"] == "JointTri", "language"])


class TestMean:
    def table(self, gains: list[dict[str, object]]) -> pd.DataFrame:
        rows = [verdict(CODES[one], 0.0) for one in ("ar", "te")]
        return signs(beside(study(rows, gains)))

    def test_variances_add(self) -> None:
        """Halves 0.03 and 0.04: the mean of two has a half of 0.05 / 2."""
        table = self.table([gain(CODES["ar"], 0.02, 0.03), gain(CODES["te"], 0.06, 0.04)])
        row = of(table, language=MEAN, model="JointPair+meta_adpt", against="JointPair+adpt")
        assert row["ours"] == pytest.approx(0.04)
        assert row["ci_low"] == pytest.approx(0.04 - 0.025)
        assert row["ci_high"] == pytest.approx(0.04 + 0.025)
        assert row["paper"] == pytest.approx((0.072 + 0.054) / 2), "of the same two languages"
        assert (row["n_languages"], row["agreement"]) == (2, "agrees")

    def test_it_is_never_too_narrow(self) -> None:
        """Against the t interval of a mean with the degrees of freedom of Welch-Satterthwaite."""
        rng = np.random.default_rng(0)
        for _ in range(300):
            n = int(rng.integers(2, 7))
            errors, freedoms = rng.lognormal(0, 1, n), rng.uniform(1.0, 40.0, n)
            halves = errors * stats.t.ppf(0.975, freedoms)
            freedom = (errors**2).sum() ** 2 / (errors**4 / freedoms).sum()
            exact = stats.t.ppf(0.975, freedom) * np.sqrt((errors**2).sum()) / n
            assert np.sqrt((halves**2).sum()) / n >= exact * (1 - 1e-9)

    def test_one_language_has_no_mean(self) -> None:
        table = self.table([gain(CODES["ar"], 0.02)])
        chosen = table[table["against"] == "JointPair+adpt"]
        assert MEAN not in set(chosen["language"])

    def test_a_sampled_corpus_is_not_averaged_with_its_whole(self) -> None:
        rows = [verdict(one, 0.05) for one in ("fra-Latn", LOW, CODES["te"])]
        row = of(signs(beside(study(rows))), language=MEAN)
        assert row["n_languages"] == 2


class TestFlips:
    @staticmethod
    def found(full: float, sampled: float, half: float = 0.01) -> tuple[Beside, pd.DataFrame]:
        made = beside(study([verdict("fra-Latn", full, half), verdict(LOW, sampled, half)]))
        return made, flips(made, signs(made))

    @pytest.mark.parametrize(
        ("full", "sampled", "said"),
        [
            (0.04, -0.03, "agrees"),
            (0.04, 0.03, "disagrees"),
            (-0.04, -0.03, "disagrees"),
            (0.04, -0.005, "not significant"),
            (0.04, math.nan, "not measured"),
            (-0.04, math.nan, "disagrees"),
        ],
    )
    def test_both_signs_at_once(self, full: float, sampled: float, said: str) -> None:
        """The paper, French NER: interference 1.5 points in full, -1.5 sampled."""
        _, table = self.found(full, sampled)
        [row] = table.to_dict("records")
        assert row["agreement"] == said
        assert (row["paper_full"], row["paper_sampled"]) == pytest.approx((-0.015, 0.015))
        assert (row["language"], row["sample"]) == ("fra-Latn", LOW)

    def test_a_study_of_full_corpora_has_none(self) -> None:
        made = beside(study([verdict("fra-Latn", 0.04)]))
        assert flips(made, signs(made)).empty


def test_values_of_the_models_that_were_run() -> None:
    rows = [
        verdict(CODES["te"], 0.06),
        verdict(CODES["te"], 0.16, match="total"),
        verdict(CODES["te"], 0.01, treatment="language_adapters"),
    ]
    table = values(beside(study(rows)))
    assert list(table) == list(VALUE_COLUMNS)
    assert set(table["setting"]) == {"within_language"}
    found = table[["model", "match", "ours", "paper"]].to_numpy().tolist()
    assert found == [
        ["Mono", "language", pytest.approx(0.56), pytest.approx(0.821)],
        ["Mono", "total", pytest.approx(0.66), pytest.approx(0.821)],
        ["JointPair", "", 0.5, pytest.approx(0.762)],
        ["JointPair+adpt", "", 0.5, pytest.approx(0.77)],
    ]


def test_a_value_the_paper_does_not_have() -> None:
    table = values(beside(study([verdict("swa-Latn", 0.1, metric="pos_accuracy")])))
    assert table["paper"].isna().all()
    assert table["ours"].notna().all()
