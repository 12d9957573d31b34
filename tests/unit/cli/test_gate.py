import json
from pathlib import Path

import pytest

from isogloss.cli import main

HEAD = "example,language,score\n"
POLICY = "rules: [{name: all, languages: all, largest_loss: 0.02}]\n"


def _write(name: str, bars: dict[str, int], n: int = 1000) -> None:
    rows = [f"q{i},{code},{int(i >= bar)}" for code, bar in bars.items() for i in range(n)]
    Path(name).write_text(HEAD + "\n".join(rows) + "\n")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write("old.csv", {"sw": 200, "te": 200})
    _write("same.csv", {"sw": 200, "te": 200})
    _write("worse.csv", {"sw": 280, "te": 100})
    _write("short.csv", {"sw": 200}, n=300)
    Path("policy.yaml").write_text(POLICY)


@pytest.mark.parametrize(
    ("new", "code", "answer"),
    [("same", 0, "GO"), ("worse", 1, "NO-GO"), ("short", 3, "INCONCLUSIVE")],
)
def test_the_exit_code_is_the_answer(
    new: str, code: int, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["gate", f"{new}.csv", "--baseline", "old.csv", "--policy", "policy.yaml"]
    assert main([*words, "--out", "out"]) == code
    told = capsys.readouterr().out
    assert f"\n{answer}: " in f"\n{told}"
    assert json.loads(Path("out/gate.json").read_text())["answer"] == answer
    assert f"Gate: {answer}" in Path("out/report.html").read_text()
    assert {"junit.xml", "summary.md", "baseline", "next-baseline"} <= {
        one.name for one in Path("out").iterdir()
    }


def test_a_baseline_stands_for_the_old_system(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--policy", "policy.yaml", "--json"]
    main(["gate", "same.csv", "--baseline", "old.csv", *words, "--out", "out"])
    Path("old.csv").unlink()
    capsys.readouterr()
    assert main(["gate", "worse.csv", "--baseline", "out/baseline", *words]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["answer"] == "NO-GO"
    assert [one["outcome"] for one in answer["findings"]] == ["fail", "pass"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["old.csv", "--baseline", "old.csv"], "the same file or folder twice"),
        (["same.csv", "--baseline", "absent"], "no such file"),
    ],
)
def test_what_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gate", *words, "--policy", "policy.yaml"]) == 2
    assert message in capsys.readouterr().err
