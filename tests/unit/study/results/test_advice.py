from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import InputError, Language
from isogloss.study import advise

TE = Language.parse("te")


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """Write text of a target, a near language, a far one and one between."""
    folder = tmp_path / "text"
    folder.mkdir()
    lines = {"te": "abcabc", "kn": "abcabd", "hi": "abxyzw", "en": "qrstuv"}
    for language, line in lines.items():
        (folder / f"{language}.train.txt").write_text(f"{line}\n" * 100)
        (folder / f"{language}.dev.txt").write_text(f"{line}x\n")
    return folder


def study(folder: Path, **verdicts: tuple[str, float]) -> Path:
    """Write the verdicts on Telugu of pairs with other languages."""
    folder.mkdir()
    common = {"treatment": "untreated", "match": "language", "task": "masked_lm", "n_seeds": 3}
    common |= {"metric": "bits_per_byte", "setting": "within_language", "language": "tel-Telu"}
    rows = [
        {
            **common,
            "mixture": f"tel-Telu+{Language.parse(code)}",
            "verdict": verdict,
            "interference": value,
            "ci_low": value - 0.1,
            "ci_high": value + 0.1,
        }
        for code, (verdict, value) in verdicts.items()
    ]
    pd.DataFrame(rows).to_csv(folder / "verdicts.csv", index=False)
    return folder


def test_without_evidence_runs_are_named_and_nothing_is_recommended(text: Path) -> None:
    found = advise(TE, 300, text)
    assert found.add == {}
    assert [row["language"] for row in found.rows] == ["kan-Knda", "hin-Deva", "eng-Latn"]
    assert [one.split("--languages ")[1].split()[0] for one in found.runs] == [
        "tel-Telu,kan-Knda",
        "tel-Telu,eng-Latn",
    ]
    assert "nothing is recommended yet" in found.notes[0]


def test_what_helped_is_added_and_what_hurt_is_not(text: Path, tmp_path: Path) -> None:
    done = study(tmp_path / "done", kn=("HELPED", -0.4), hi=("HELPED", -0.2), en=("HURT", 0.3))
    found = advise(TE, 1000, text, [done])
    assert found.add == {"kan-Knda": 500, "hin-Deva": 500}
    best = found.rows[0]
    assert (best["gain"], best["ci_low"], best["ci_high"]) == pytest.approx((0.4, 0.3, 0.5))
    assert any("do not add eng-Latn" in note for note in found.notes)
    assert found.runs == ()
    more = advise(TE, 2000, text, [done])
    assert more.add == {"kan-Knda": 600, "hin-Deva": 600}, "all the text there is"
    assert any("no text for 800 characters" in note for note in more.notes)


def test_what_is_not_significant_is_no_recommendation(text: Path, tmp_path: Path) -> None:
    done = study(tmp_path / "done", kn=("UNDERPOWERED", -0.1))
    found = advise(TE, 1000, text, [done])
    assert found.add == {}
    assert "no language that was measured helped" in found.notes[0]
    assert len(found.runs) == 2, "of the two that were not measured"
    assert advise(TE, 1000, text, [done], task="ner").rows[0]["verdict"] == ""


def test_refusals(text: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="text of fra-Latn"):
        advise(Language.parse("fr"), 10, text)
    with pytest.raises(InputError, match=r"with verdicts\.csv"):
        advise(TE, 10, text, [tmp_path])
