from pathlib import Path
from typing import Any

import pytest

from isogloss.cli import audit, main
from isogloss.study import StudySpec


def spec_of(monkeypatch: pytest.MonkeyPatch, *options: str) -> StudySpec:
    """Return the study that the command would do."""
    asked: list[StudySpec] = []

    def conduct(spec: StudySpec, data: str, args: Any) -> int:
        assert (data, args.out) == ("my-texts", Path("out"))
        asked.append(spec)
        return 0

    monkeypatch.setattr(audit, "conduct", conduct)
    assert main(["audit", "--text", "my-texts", "--out", "out", *options]) == 0
    return asked[0]


def mixtures(spec: StudySpec) -> list[str]:
    return ["+".join(language.code for language in mixture) for mixture in spec.mixtures]


def test_all_languages_together(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_of(monkeypatch, "--languages", "en, sw,Telugu")
    assert mixtures(spec) == ["eng+swa+tel"]
    assert (spec.name, spec.model, spec.seeds) == ("audit of my-texts", "tiny", (0, 1, 2))
    assert spec.pretraining.updates == 2000


def test_and_every_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_of(monkeypatch, "--languages", "en,sw,te", "--pairs")
    assert mixtures(spec) == ["eng+swa+tel", "eng+swa", "eng+tel", "swa+tel"]


def test_two_languages_are_one_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mixtures(spec_of(monkeypatch, "--languages", "en,sw", "--pairs")) == ["eng+swa"]


def test_options_reach_the_study(monkeypatch: pytest.MonkeyPatch) -> None:
    options = "--budget updates=9 --seeds 1 --model small --tasks ner --vocabulary 500"
    spec = spec_of(monkeypatch, "--languages", "en,sw", *options.split())
    assert (spec.pretraining.updates, spec.seeds, spec.model) == (9, (0,), "small")
    assert (spec.tasks, spec.tokenizer.vocabulary_size) == (("ner",), 500)


def test_the_optimizer_is_set_or_comes_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    named = ("--languages", "en,sw", "--model", "someone/encoder")
    found = spec_of(monkeypatch, *named).pretraining
    assert (found.learning_rate, found.warm_up, found.weight_decay) == (5e-5, 0.1, 0.01)
    options = "--learning-rate 1e-4 --warmup 0 --weight-decay 0.1"
    found = spec_of(monkeypatch, *named, *options.split()).pretraining
    assert (found.learning_rate, found.warm_up, found.weight_decay) == (1e-4, 0.0, 0.1)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--learning-rate", "0", "a number above 0, at most 10"),
        ("--learning-rate", "nan", "a number above 0, at most 10"),
        ("--learning-rate", "fast", "a number above 0, at most 10"),
        ("--warmup", "1", "a number from 0 to below 1"),
        ("--warmup", "-0.1", "a number from 0 to 1"),
        ("--weight-decay", "-1", "a number from 0 to 100"),
    ],
)
def test_rates_that_are_none(
    option: str, value: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["audit", "--text", "t", "--out", "o", "--languages", "en,sw", f"{option}={value}"]
    assert main(words) == 2
    assert expected in capsys.readouterr().err
