import math
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer as Backend
from tokenizers.models import BPE
from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

from isogloss.comparison import Scored, ScoringChoices, compare_scores, score_models
from isogloss.comparison.language_models import score as scoring
from isogloss.core import InputError, Language
from isogloss.data import load_plain_tokenizer, load_tokenizer, train_tokenizer
from isogloss.models import create_model
from unit.comparison.language_models.models import LINES, write_model, write_text

FP32 = ScoringChoices(precision="fp32")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_text(tmp_path / "text")
    write_model(tmp_path / "base", 0)
    write_model(tmp_path / "new", 1, 3.0)
    return tmp_path


def _score(place: Path, choices: ScoringChoices = FP32, out: str = "out") -> tuple[Scored, Scored]:
    return score_models(place / "base", place / "new", place / "text", place / out, choices)


def test_bits_over_bytes_are_those_by_hand(place: Path) -> None:
    base, _ = _score(place)
    model = GPT2LMHeadModel.from_pretrained(place / "base").eval()
    tokenizer = load_plain_tokenizer(place / "base")
    line = LINES["hi"][7]
    ids = torch.tensor([[tokenizer.start_id, *tokenizer.encode([line])[0]]])
    with torch.no_grad():
        chances = model(ids).logits[0, :-1].double().log_softmax(-1)
    bits = -float(chances.gather(1, ids[0, 1:, None]).sum()) / math.log(2)
    [row] = (
        base.frame[base.frame["example"].str.startswith("8:")]
        .query("language == 'hin-Deva'")
        .to_dict("records")
    )
    assert row["metric"] == "bits_per_byte"
    assert row["count_0"] == pytest.approx(bits, rel=1e-5)
    assert row["count_1"] == len(line.encode())
    n_bytes = base.frame.groupby("language", observed=True)["count_1"].sum()
    assert n_bytes["hin-Deva"] == sum(len(one.encode()) for one in LINES["hi"])


def test_models_of_two_vocabularies_are_compared(place: Path) -> None:
    write_model(place / "other", 2, pad_token="<pad>")
    first, second = score_models(
        place / "base", place / "other", place / "text", place / "out", FP32
    )
    rows = compare_scores(first, second).languages
    assert set(rows["metric"]) == {"bits_per_byte"}
    assert rows["n_examples"].tolist() == [40, 40]
    assert "causal language model on the test text" in first.notices[0]


def test_an_interrupted_run_goes_on(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_MOST_DOCUMENTS", 15)
    whole = _score(place, out="whole")
    calls: list[int] = []
    plain = scoring.causal_bits

    def killed(*given: object) -> object:
        if len(calls) == 4:
            raise KeyboardInterrupt
        calls.append(1)
        return plain(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(scoring, "causal_bits", killed)
    with pytest.raises(KeyboardInterrupt):
        _score(place)
    first = sorted((place / "out" / "scores" / "BASE").glob("*.parquet"))
    assert len(first) == 4
    times = [one.stat().st_mtime_ns for one in first]
    monkeypatch.setattr(scoring, "causal_bits", plain)
    again = _score(place)
    assert [one.stat().st_mtime_ns for one in first] == times, "what was there stays"
    for side, other in zip(whole, again, strict=True):
        np.testing.assert_array_equal(side.frame["count_0"], other.frame["count_0"])
        assert side.frame["example"].tolist() == other.frame["example"].tolist()


def test_a_finished_run_reads_no_model(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _score(place)

    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(scoring, "read_causal", read)
    assert len(_score(place)[0].frame) == 80


def test_other_text_or_settings_do_not_go_on(place: Path) -> None:
    _score(place)
    with pytest.raises(InputError, match="length, stride differ"):
        _score(place, ScoringChoices(context=16, precision="fp32"))
    (place / "text" / "en.test.txt").write_text("ab\n")
    with pytest.raises(InputError, match="others: text differ"):
        _score(place)


def test_the_first_lines_alone(place: Path) -> None:
    base, _ = _score(place, ScoringChoices(precision="fp32", most=3))
    assert base.frame["language"].value_counts().tolist() == [3, 3]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (ScoringChoices(context=64), "--context of 2 to 32"),
        (ScoringChoices(context=8, stride=8), "--stride below the context of 8"),
        (ScoringChoices(context=1), "--context of 2"),
    ],
)
def test_windows_that_cannot_be(place: Path, choices: ScoringChoices, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _score(place, choices)


def _masked(folder: Path, seed: int, pieces: int = 300) -> Path:
    samples = {Language.parse(code): lines for code, lines in LINES.items()}
    tokenizer = train_tokenizer(samples, folder, vocabulary_size=pieces)
    languages = [Language.parse("en")]
    create_model("micro", tokenizer=tokenizer, languages=languages, seed=seed).save(folder)
    return folder


def test_masked_models_of_one_tokenizer_are_compared(place: Path) -> None:
    sides = [_masked(place / f"masked{seed}", seed) for seed in (0, 1)]
    first, second = score_models(*sides, place / "text", place / "out")
    assert first.tasks == second.tasks == ("masked_text",)
    rows = compare_scores(first, second).languages
    assert set(rows["language"]) == {"eng-Latn", "hin-Deva"}
    assert (rows["base"] != rows["new"]).all()


def test_masked_models_of_two_tokenizers_are_refused(place: Path) -> None:
    sides = [_masked(place / f"masked{n}", 0, n) for n in (300, 310)]
    with pytest.raises(InputError, match="masked language models of one tokenizer"):
        score_models(*sides, place / "text", place / "out")


def test_masked_text_that_the_tokenizer_cannot_write_is_refused(place: Path) -> None:
    sides = []
    for seed in (0, 1):
        folder = place / f"letters{seed}"
        write_unknown(folder, cls_token="<s>", sep_token="</s>", pad_token="<p>", mask_token="<m>")
        tokenizer = load_tokenizer(folder)
        languages = [Language.parse("en")]
        create_model("micro", tokenizer=tokenizer, languages=languages, seed=seed).save(folder)
        sides.append(folder)
    with pytest.raises(InputError, match=r"at most 1% unknown .* in text of hin-Deva"):
        score_models(*sides, place / "text", place / "out")


def test_a_causal_and_a_masked_model_are_refused(place: Path) -> None:
    with pytest.raises(InputError, match="a causal one and a masked one"):
        score_models(place / "base", _masked(place / "masked", 0), place / "text", place / "out")


def test_text_that_the_tokenizer_cannot_write_is_refused(place: Path) -> None:
    """One unknown token for any text would cost few bits."""
    for name in ("base", "new"):
        write_unknown(place / name)
    with pytest.raises(InputError, match="unknown tokens in text of hin-Deva"):
        _score(place)


def write_unknown(folder: Path, **special: str) -> None:
    """Write a tokenizer of ASCII letters alone."""
    letters = dict.fromkeys(["<unk>", "</s>", *special.values(), *map(chr, range(32, 127))])
    pieces = {letter: i for i, letter in enumerate(letters)}
    backend = Backend(BPE(pieces, [], unk_token="<unk>"))
    PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="<unk>", eos_token="</s>", **special
    ).save_pretrained(folder)
