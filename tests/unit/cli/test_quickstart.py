from pathlib import Path
from typing import Any

import pytest

from isogloss.cli import main, quickstart
from isogloss.study import StudySpec


def test_the_study_asks_what_the_bed_can_answer() -> None:
    spec = quickstart.quickstart_spec()
    n_languages = len(quickstart.RECIPE.split(","))
    codes = {language.code for language in spec.languages}
    assert codes <= {f"qa{chr(ord('a') + i)}" for i in range(n_languages)}
    assert len(spec.seeds) >= 3


@pytest.mark.parametrize("json", [False, True])
def test_the_bed_lies_in_the_study(
    json: bool,
    in_tmp: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[tuple[str, Any]] = []

    def conduct(spec: StudySpec, data: str, args: Any) -> int:
        asked.append((data, args))
        return 0

    def synthesise(recipe: str, folder: Path, *, seed: int, sentences: int) -> None:
        folder.mkdir(parents=True)

    monkeypatch.setattr(quickstart, "conduct", conduct)
    monkeypatch.setattr(quickstart, "synthesise", synthesise)
    assert main(["quickstart", *(["--json"] * json)]) == 0
    data, args = asked[0]
    assert Path(data) == Path("isogloss-quickstart/data")
    assert Path(data).is_dir()
    assert (args.launcher, args.workers, args.out) == ("pool", 2, Path("isogloss-quickstart"))
    told = capsys.readouterr()
    assert told.out == ""
    assert ("a planted conflict" in told.err) != json, "it says who is who"
