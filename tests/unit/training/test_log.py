import json
import sys
from pathlib import Path
from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.training import TensorBoardLog, read_metrics
from isogloss.training.log import METRICS_FILE, JsonLinesLog


def row(update: int, kind: str = "train") -> dict[str, Any]:
    return {"kind": kind, "update": update, "loss": 2.5, "loss_by_language": {"swa-Latn": 3.0}}


def test_rows_come_back_in_order(tmp_path: Path) -> None:
    log = JsonLinesLog(tmp_path / "run", resume_at=0)
    for update in range(3):
        log.write(row(update))
    assert read_metrics(tmp_path / "run") == [row(0), row(1), row(2)]


def test_rows_that_will_be_repeated_are_cut(tmp_path: Path) -> None:
    log = JsonLinesLog(tmp_path, resume_at=0)
    for update in range(6):
        log.write(row(update))
        log.write(row(update, "dev"))
    JsonLinesLog(tmp_path, resume_at=4).write(row(4))
    assert [one["update"] for one in read_metrics(tmp_path)] == [0, 0, 1, 1, 2, 2, 3, 3, 4]


def test_a_line_cut_by_a_crash_is_left_out(tmp_path: Path) -> None:
    whole = json.dumps(row(0)) + "\n"
    (tmp_path / "metrics.jsonl").write_text(whole + whole[:20])
    assert read_metrics(tmp_path) == [row(0)]
    JsonLinesLog(tmp_path, resume_at=1).write(row(1))
    assert read_metrics(tmp_path) == [row(0), row(1)]


def test_a_log_that_is_not_there_has_no_rows(tmp_path: Path) -> None:
    assert read_metrics(tmp_path / "nowhere") == []


@pytest.mark.parametrize("damaged", ['{"update": "1"}', '{"update": null}', '["update"]', "{", ""])
def test_a_damaged_row_is_left_out_when_a_run_goes_on(tmp_path: Path, damaged: str) -> None:
    JsonLinesLog(tmp_path, resume_at=0).write(row(0))
    with (tmp_path / METRICS_FILE).open("a") as file:
        file.write(damaged + "\n")
    JsonLinesLog(tmp_path, resume_at=1).write(row(1))
    assert read_metrics(tmp_path) == [row(0), row(1)]


def test_a_crash_while_the_log_is_cut_loses_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    JsonLinesLog(tmp_path, resume_at=0).write(row(0))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", crash)
    with pytest.raises(KeyboardInterrupt):
        JsonLinesLog(tmp_path, resume_at=1)
    assert read_metrics(tmp_path) == [row(0)]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Expected a place that can be written"):
        JsonLinesLog(tmp_path / "file", resume_at=0)


def test_tensorboard_mirrors_every_number(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = TensorBoardLog(tmp_path)
    log.write(row(3))
    log.write(row(5))
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert set(events.Tags()["scalars"]) == {"train/loss", "train/loss_by_language/swa-Latn"}
    assert [(e.step, e.value) for e in events.Scalars("train/loss")] == [(3, 2.5), (5, 2.5)]


def test_tensorboard_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(InputError, match=r"pip install 'isogloss\[tensorboard\]'"):
        TensorBoardLog(tmp_path)
