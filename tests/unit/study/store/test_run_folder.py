from pathlib import Path

from isogloss.study.store.run_folder import run_folder


def test_where_a_run_keeps_its_files(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "one")
    assert folder.path == tmp_path / "runs" / "one"
    assert folder.model == folder.path / "model"


def test_a_run_is_finished_when_its_result_is_there(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "one")
    assert not folder.is_finished()
    folder.write_status("running")
    assert not folder.is_finished()
    folder.result.write_text('{"updates": 3}')
    assert folder.is_finished()
    assert folder.read_result() == {"updates": 3}


def test_the_status_is_one_line(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "one")
    folder.write_status("running")
    folder.write_status("done")
    assert (folder.path / "status").read_text() == "done\n"
