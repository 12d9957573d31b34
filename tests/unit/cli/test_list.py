import json

import pytest

from isogloss.cli import main
from isogloss.cli.list import LISTS
from isogloss.core import METRICS
from isogloss.data import TASKS
from isogloss.diagnosis import MEASUREMENTS
from isogloss.models import PRESETS
from isogloss.treatments import TREATMENTS, citation


def rows(what: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert main(["list", what, "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return json.loads(told.out)


@pytest.mark.parametrize("what", LISTS)
def test_json_and_table_hold_the_same(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    content = rows(what, capsys)
    assert main(["list", what]) == 0
    table = capsys.readouterr().out
    assert all(str(next(iter(row.values()))) in table for row in content)


@pytest.mark.parametrize(
    ("what", "column", "names"),
    [
        ("treatments", "treatment", TREATMENTS),
        ("tasks", "task", TASKS),
        ("measurements", "measurement", MEASUREMENTS),
        ("metrics", "metric", METRICS),
        ("presets", "preset", PRESETS),
    ],
)
def test_everything_is_listed(
    what: str, column: str, names: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    content = rows(what, capsys)
    assert [row[column] for row in content] == list(names)
    assert all(value != "" for row in content for key, value in row.items() if key != "options")


def test_options_of_treatments_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    by_name = {row["treatment"]: row["options"] for row in rows("treatments", capsys)}
    assert "bottleneck=48" in by_name["language_adapters"]


def test_treatments_tell_their_claim_and_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    by_name = {row["treatment"]: row for row in rows("treatments", capsys)}
    for name, kind in TREATMENTS.items():
        assert by_name[name]["claim"] == kind.claim
        source = citation(kind)
        assert by_name[name]["source"] == (source.text if source else "-")
    assert main(["list", "treatments"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert by_name["meta_adapters"]["claim"] in shown
    assert by_name["meta_adapters"]["source"] in shown


@pytest.mark.parametrize("what", LISTS)
def test_lists_fit_100_columns(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", what]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


def test_languages(capsys: pytest.CaptureFixture[str]) -> None:
    by_code = {row["language"]: row["name"] for row in rows("languages", capsys)}
    assert by_code["tel-Telu"] == "Telugu"
