import pytest

from isogloss.core import InputError
from isogloss.transfer import bundled_matrix, parse_matrix

PLAIN = {"model": "some/model", "transfer_languages": ["en", "sw", "te"]}


def test_defaults() -> None:
    spec = parse_matrix(PLAIN, "here")
    assert [str(one) for one in spec.columns] == ["eng-Latn", "swa-Latn", "tel-Telu"]
    assert (spec.method, spec.runs, spec.stages, spec.whole_body) == ("adapters", 3, (3,), False)
    assert spec.company.merge == "uniform_average"


def test_targets_may_be_other_languages() -> None:
    spec = parse_matrix({**PLAIN, "targets": ["hi", "en"]}, "here")
    assert [one.code for one in spec.languages] == ["eng", "swa", "tel", "hin"]


def test_stages_go_up_to_the_most_runs() -> None:
    assert parse_matrix({**PLAIN, "runs": 3, "most_runs": 10}, "here").stages == (3, 7, 10)
    assert parse_matrix({**PLAIN, "runs": 2, "most_runs": 3}, "here").stages == (2, 3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"transfer_languages": ["en", "English"]}, "each once"),
        ({"tasks": ["nerr"]}, "Did you mean `ner`"),
        ({"marginn": 0.1}, "Did you mean `margin`"),
        ({"runs": 4}, "most_runs of 4 or more"),
        ({"steps": [10]}, "that do something with the method `adapters`"),
        ({"method": "tune", "company": {"sizes": [1, 2]}}, "company"),
        ({"method": "tune", "unit": {"updates": 7}}, "updates"),
        ({"method": "lookahead", "steps": [3]}, "steps"),
        ({"method": "leave_one_out", "controls": ["mix"]}, "controls"),
        ({"tasks": ["masked_lm"], "task": {"rows": 3}}, "task"),
        ({"unit": {"rows": 0}}, "rows"),
        ({"transfer_languages": ["en"]}, "transfer_languages"),
        ({"transfer_languages": ["xx", "en"]}, "a language"),
    ],
)
def test_what_contradicts_itself_or_does_nothing_is_refused(
    changes: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        parse_matrix({**PLAIN, **changes}, "here")


def test_the_bundled_study_reads_in_every_profile() -> None:
    for profile in ("paper", "small", "pretrained"):
        content = bundled_matrix("faisal2024", profile)
        spec = parse_matrix({**PLAIN, **content}, "here")
        assert spec.name == "faisal2024"
    paper = parse_matrix({**bundled_matrix("faisal2024", "paper"), "model": "a/b"}, "here")
    assert len(paper.transfer_languages) == 38
    assert (paper.steps, paper.runs, paper.most_runs) == ((1, 10, 100, 1000), 10, 10)
    assert (paper.unit.rows, paper.unit.length, paper.unit.learning_rate) == (8, 512, 5e-5)


def test_unknown_studies_and_profiles_are_refused() -> None:
    with pytest.raises(InputError, match="faisal2024"):
        bundled_matrix("faisal", "paper")
    with pytest.raises(InputError, match="paper, small, pretrained"):
        bundled_matrix("faisal2024", "huge")
