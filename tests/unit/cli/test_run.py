import json
from pathlib import Path

import pytest

from isogloss.cli import main

RUN = "run study.yaml --data data --out out --launcher inline"


def test_a_study_from_beginning_to_end_and_again(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN.split(), "--json"]) == 0
    told = capsys.readouterr()
    content = json.loads(told.out)
    assert told.err == "", "`--json` is quiet"
    assert Path(content["report"]).is_file()
    assert {row["language"] for row in content["verdicts"]} == {"qaa-Latn", "qab-Latn"}
    assert any("SEED" in note["text"] for note in content["notes"])

    assert main(RUN.split()) == 0
    told = capsys.readouterr()
    assert told.err == "", "nothing is left to do"
    assert "warning: " in told.out
    assert f"report: {(place / 'out' / 'report.html').resolve()}\n" in told.out
    assert "\n" not in told.out.rpartition("\nreport: ")[2].partition("\nanswer: ")[0]
    assert "\nwhat to do: " in told.out.rpartition("\nanswer: ")[2], "its question is answered last"

    assert main(["plan", "study.yaml", "--data", "data", "--out", "out", "--json"]) == 0
    cost = json.loads(capsys.readouterr().out)["cost"]
    assert (cost["n_finished"], cost["passes"]) == (3 + 3, 0)


def test_overrides(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def conduct(spec: object, data: str, args: object) -> int:
        print(spec.seeds, spec.pretraining.updates, data)  # type: ignore[attr-defined]
        return 0

    monkeypatch.setattr("isogloss.cli.run.conduct", conduct)
    assert main([*RUN.split(), "--set", "seeds=[4]", "--set", "pretraining.updates=9"]) == 0
    assert capsys.readouterr().out == "(4,) 9 data\n"
