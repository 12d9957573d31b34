import json
from pathlib import Path

import pytest

from isogloss.cli import main

HEAD = "example,language,domain,score\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, bar in (("base.csv", 10), ("new.csv", 30)):
        rows = [f"q{i},sw,{'web' if i % 2 else 'news'},{int(i % 100 >= bar)}" for i in range(400)]
        rows += [f"q{i},te,web,{int(i % 100 >= 20)}" for i in range(400)]
        Path(name).write_text(HEAD + "\n".join(rows) + "\n")


def test_the_table_has_the_most_harmed_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--scores", "base.csv", "new.csv", "--by", "domain"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 100
    assert told.index("swa-Latn") < told.index("tel-Telu")
    assert "HURT" in told and "NO DIFFERENCE" in told
    assert "swa-Latn news" in told
    assert told.count("verdict") == 2, "a table each, and no block for a row"
    assert "Scores: accuracy" in told
    assert told.count("One checkpoint a side") == 1


def test_json_has_rows_and_how_they_were_made(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", "base.csv", "new.csv", "--scores", "--json", "--correction", "bh"]
    assert main([*words, "--smallest-effect", "0.05", "--alpha", "0.1"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["correction"], answer["smallest_effect"], answer["alpha"]) == ("bh", 0.05, 0.1)
    assert [row["verdict"] for row in answer["rows"]] == ["HURT", "HURT", "NO DIFFERENCE"]


def test_out_holds_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--scores", "base.csv", "new.csv", "--out", "out"]) == 0
    assert "out" in capsys.readouterr().out
    assert {"comparison.csv", "flips.csv", "comparison.json", "report.html"} <= {
        one.name for one in Path("out").iterdir()
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["base.csv", "new.csv", "--by", "domain"], "Found --by"),
        (["base.csv", "./base.csv", "--scores"], "the same file or folder twice"),
        (["base.csv", "new.csv", "--scores", "--smallest-effect", "0"], "a number above 0"),
        (["base.csv", "new.csv", "--scores", "--out", "."], "other files"),
    ],
)
def test_what_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *words]) == 2
    assert message in capsys.readouterr().err
