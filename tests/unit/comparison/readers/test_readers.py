from pathlib import Path

import pytest

from isogloss.comparison import READERS, read_scores
from isogloss.core import InputError

CSV = "example,language,score\na,sw,1\nb,sw,0\n"


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    scored = read_scores(path)
    assert scored.frame["count_0"].tolist() == [1.0, 0.0]
    assert scored.source == str(path)


def test_folders_of_runs_are_seeds(tmp_path: Path) -> None:
    for name in ("step-100", "step-200"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scores.csv").write_text(CSV)
    scored = read_scores(tmp_path)
    assert scored.frame["seed"].tolist() == ["step-100", "step-100", "step-200", "step-200"]
    assert scored.notices[-1].endswith("2 runs, taken as seeds or checkpoints: step-100, step-200.")


def test_one_run_in_folders_is_one_run(tmp_path: Path) -> None:
    (tmp_path / "org" / "model").mkdir(parents=True)
    (tmp_path / "org" / "model" / "scores.csv").write_text(CSV)
    assert set(read_scores(tmp_path).frame["seed"]) == {"0"}


def test_files_of_several_tasks_are_one_system(tmp_path: Path) -> None:
    (tmp_path / "xnli.csv").write_text(CSV)
    (tmp_path / "asr.csv").write_text("example,language,errors,words,domain\na,te,1,9,web\n")
    scored = read_scores(tmp_path)
    assert scored.frame["task"].tolist() == ["asr", "xnli", "xnli"]
    assert scored.frame["metric"].tolist() == ["word_error_rate", "accuracy", "accuracy"]
    assert scored.frame["language"].tolist() == ["tel-Telu", "swa-Latn", "swa-Latn"]
    assert scored.slices == ("domain",)


def test_an_unknown_layout_lists_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "scores.xml"
    path.write_text("<scores/>")
    with pytest.raises(InputError, match=r"a file `scores\.xml` of another layout") as refused:
        read_scores(path)
    assert all(reader.layout in str(refused.value) for reader in READERS.values())
    with pytest.raises(InputError, match=r"a folder with scores\.xml"):
        read_scores(tmp_path)
    with pytest.raises(InputError, match="no such file or folder"):
        read_scores(tmp_path / "absent")
