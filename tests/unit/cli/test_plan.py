import json
from pathlib import Path

import pytest

from isogloss.cli import main
from isogloss.cli.plan import with_command

AUDIT = ["--text", "data", "--languages", "qaa,qab", "--budget", "updates=3", "--model", "micro"]


def planned(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["plan", *words, "--json"]) == 0
    content: dict[str, object] = json.loads(capsys.readouterr().out)
    return content


def test_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(place.rglob("*"))
    content: dict[str, list[dict[str, object]]] = planned(  # type: ignore[assignment]
        capsys, "study.yaml", "--data", "data", "--set", "tasks=[pos]"
    )
    cost: dict[str, float] = content["cost"]  # type: ignore[assignment]
    # Two languages alone and together, each scored, and fine-tuned on each language it learned.
    assert cost["n_runs"] == len(content["runs"]) == 3 + 3 + 4
    assert cost["n_finished"] == 0
    assert 0 < cost["seconds"] < 600
    assert cost["memory_mb"] > 500
    assert [run["stage"] for run in content["runs"]].count("pretrain") == 3
    assert sorted(place.rglob("*")) == before, "a plan writes nothing"


def test_tables_fit_a_hundred_columns(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "run", "study.yaml", "--data", "data", "--set", "seeds=[0, 1, 2]"]) == 0
    shown = capsys.readouterr().out
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 100
    assert "of one core of this machine" in shown
    assert "Times that a run reads a language's text" in shown
    assert "leave the plateau?" in shown


@pytest.mark.parametrize("command", ["audit", "matrix"])
def test_what_audit_and_matrix_take_plan_takes(
    command: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--seeds", "2", "--tasks", "pos", "--vocabulary", "400", "--workers", "2"]
    content = planned(capsys, command, *AUDIT, *options, "--launcher", "inline", "--out", "new")
    # Alone at two budgets and together, two seeds, each scored and fine-tuned on what it learned.
    assert content["cost"]["n_runs"] == 2 * ((4 + 1) * 2 + 4 + 2)  # type: ignore[index]
    assert not (place / "new").exists()


@pytest.mark.parametrize("command", ["audit", "matrix"])
def test_seeds_in_stages_have_two_costs(
    command: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content: dict[str, dict[str, float]] = planned(  # type: ignore[assignment]
        capsys, command, *AUDIT, "--seeds", "3..9"
    )
    first, most = content["first_stage"], content["cost"]
    # Alone at two budgets and together, each scored.
    assert (first["n_runs"], most["n_runs"]) == (3 * 10, 9 * 10)
    assert most["passes"] == 3 * first["passes"]
    assert 0 < first["seconds"] < most["seconds"] < 3 * first["seconds"]
    for words in ("3..9", "3"):
        assert main(["plan", command, *AUDIT, "--workers", "2", "--seeds", words]) == 0
        shown = capsys.readouterr().out
        assert ("3 seeds at first:\n30 runs, 0 finished already; 72 " in shown) == (words == "3..9")
        told = "9 seeds at most, where comparisons stay open:\n90 runs, 0 finished already; 216 "
        assert (told in shown) == (words == "3..9")
        assert shown.count("of one core of this machine") == 1 + (words == "3..9")


@pytest.mark.parametrize("words", ["9..3", "3..", "1..9", "3..3"])
@pytest.mark.parametrize(
    "command", [("audit",), ("matrix",), ("plan", "audit"), ("plan", "matrix")]
)
def test_wrong_stages_are_refused(
    words: str, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    out = [] if command[0] == "plan" else ["--out", "new"]
    assert main([*command, *AUDIT, *out, "--seeds", words]) == 2
    told = capsys.readouterr().err
    assert "Expected FIRST..MOST, such as 3..9" in told
    assert f"`{words}`" in told
    assert "--seeds" in told


def test_notes_and_choices_are_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for split in ("train", "dev", "test"):
        (place / "data" / "pos" / f"qab.{split}.tsv").unlink()
    path = place / "data" / "ner" / "qaa.train.tsv"
    path.write_text("a\tI-PER\n\n" + path.read_text())
    treatments = "treatments=[monolingual, untreated, {temperature: {exponents: [0, 1]}}]"
    options = ["--set", "tasks=[pos, ner]", "--set", treatments]
    assert main(["plan", "study.yaml", "--data", "data", *options]) == 0
    shown = capsys.readouterr().out
    assert "note: pos: no training data for qab-Latn" in shown
    assert "data/ner/qaa.train.tsv, line 1" in shown
    assert "1 settings are chosen by dev score on the way" in shown


def test_what_follows_a_choice_is_counted(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two candidates on one seed, then the chosen one scored, and on the other seed."""
    treatments = "treatments=[monolingual, untreated, {temperature: {exponents: [0, 1]}}]"
    words = ["study.yaml", "--data", "data", "--set", "seeds=[0, 1]", "--set", treatments]
    content = planned(capsys, *words, "--set", "tasks=[]")
    plain = planned(capsys, *words[:-2], "--set", "tasks=[]")
    more = content["cost"]["n_runs"] - plain["cost"]["n_runs"]  # type: ignore[index,operator]
    # Exponent 0 is `untreated`, whose runs are there already.
    assert more == 1


def test_what_is_finished_is_seen_in_the_folder(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["study.yaml", "--data", "data", "--set", "tasks=[]", "--out", "out"]
    assert main(["run", *words, "--launcher", "inline"]) == 0
    capsys.readouterr()
    content = planned(capsys, *words)
    cost: dict[str, float] = content["cost"]  # type: ignore[assignment]
    assert cost["n_finished"] == cost["n_runs"] == 6
    assert (cost["seconds"], cost["passes"]) == (0, 0)
    like = planned(capsys, *words, "--set", "seeds=[0, 1]", "--like", "out")
    assert "is known" in str(like["expected"]), "one seed has no spread"

    more = [*words, "--set", "seeds=[0, 1]"]
    cost = planned(capsys, *more)["cost"]  # type: ignore[assignment]
    assert (cost["n_runs"], cost["n_finished"], cost["n_timed"]) == (12, 6, 6)
    assert main(["plan", *more]) == 0
    told = capsys.readouterr().out
    assert "Times of 6 of 6 runs are those of finished runs of the same stage" in told
    assert "(6 in out)" in told
    other = [*words[:-2], "--set", "seeds=[7]", "--set", "tasks=[pos]", "--like", "out"]
    assert main(["plan", *other]) == 0
    told = capsys.readouterr().out
    assert "Times of 6 of 10 runs are" in told
    assert "(6 in out); those of the other 4 are counted." in told
    assert main(["plan", *other[:-2]]) == 0
    assert "Times are counted from the model's size" in capsys.readouterr().out


def test_run_may_be_left_out() -> None:
    assert with_command(["plan", "a.yaml", "--data", "x"]) == [
        "plan",
        "run",
        "a.yaml",
        "--data",
        "x",
    ]
    for words in (["plan"], ["plan", "--help"], ["plan", "audit", "--text", "x"]):
        assert with_command(words) == words
