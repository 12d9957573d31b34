from pathlib import Path
from typing import Any

import pytest

from isogloss.cli import main, quickstart
from isogloss.study import StudySpec

TOKENS_A_SENTENCE = 9.4  # of the test bed; 9.53 with the tokenizer of the quickstart's seed 100


def test_the_study_asks_what_the_bed_can_answer() -> None:
    spec = quickstart.quickstart_spec()
    n_languages = len(quickstart.RECIPE.split(","))
    codes = {language.code for language in spec.languages}
    assert codes <= {f"qa{chr(ord('a') + i)}" for i in range(n_languages)}
    assert len(spec.seeds) >= 3


def test_every_quickstart_has_trainings_of_its_own() -> None:
    seeds = [quickstart.quickstart_spec(seed).seeds for seed in (0, 1, 2)]
    assert len({one for some in seeds for one in some}) == sum(map(len, seeds))


def test_no_sentence_is_read_twice() -> None:
    """With text that is read again even a twin helps, so it would be no null."""
    pretraining = quickstart.quickstart_spec().pretraining
    tokens = 2 * pretraining.updates * pretraining.rows * pretraining.length
    assert tokens < quickstart.SENTENCES * TOKENS_A_SENTENCE


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
