from pathlib import Path

import pytest

from isogloss.cli import main
from unit.comparison.language_models.models import write_model, write_text


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_text(Path("text"))
    write_model(Path("base"), 0)
    write_model(Path("new"), 1, 5.0)


WORDS = ["compare", "--models", "base", "new", "--text", "text", "--precision", "fp32"]


def test_models_are_compared_by_bits_per_byte(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--out", "out"]) == 0
    told = capsys.readouterr().out
    assert "bits per byte" in told and "HURT" in told
    assert Path("out/report.html").is_file()
    assert main([*WORDS, "--out", "out"]) == 0, "the same command goes on"


def test_the_gate_takes_models(capsys: pytest.CaptureFixture[str]) -> None:
    Path("policy.yaml").write_text("rules: [{name: a, languages: all, largest_loss: metric}]")
    words = ["gate", "new", "--baseline", "base", "--policy", "policy.yaml", "--text", "text"]
    assert main([*words, "--out", "out", "--precision", "fp32"]) == 1
    assert "NO-GO" in capsys.readouterr().out
    words = ["gate", "base", "--baseline", "out/next-baseline", "--policy", "policy.yaml"]
    assert main(words) == 2, "a model needs --text"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--models", "base", "new"], "neither --text nor --tasks"),
        (["--models", "base", "new", "--text", "text"], "no --out"),
        (["--scores", "base", "new", "--text", "text"], "Found --text"),
        (["--scores", "base", "new", "--stride", "3"], "Found --stride"),
        (["base", "new", "--context", "3"], "Found --context"),
        (["--scores", "base", "new", "--tasks", "text"], "Found --tasks"),
        (["base", "new", "--tasks", "text"], "Found --tasks"),
        (["--models", "base", "new", "--tasks", "text", "--out", "o", "--stride", "3"], "--stride"),
        (["--models", "base", "new", "--tasks", "text", "--out", "o"], "parallel text"),
        (["--models", "base", "./base", "--text", "text"], "twice"),
        (["--models", "base", "new", "--text", "text", "--show-text"], "Found --show-text"),
        (["--models", "base", "new", "--text", "text", "--score", "x", "--out", "o"], "--score"),
    ],
)
def test_what_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *words]) == 2
    assert message in capsys.readouterr().err
