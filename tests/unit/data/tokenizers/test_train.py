import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from isogloss.core import InputError, Language
from isogloss.data import encode_corpus, forecast_bytes_per_token
from isogloss.data.tokenizers import Tokenizer, train_tokenizer
from isogloss.data.tokenizers.sample import normalised

KINDS = ["bpe", "unigram"]
FILES = ("tokenizer.json", "tokenizer_config.json")


@pytest.fixture(scope="module")
def trained(toy_tokenizer: Tokenizer, toy_unigram: Tokenizer) -> dict[str, Tokenizer]:
    return {"bpe": toy_tokenizer, "unigram": toy_unigram}


@pytest.mark.parametrize("kind", KINDS)
def test_trained_again_it_is_the_same_to_the_byte(
    toy_text: dict[Language, list[str]], tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder, parallel in zip(folders, ("false", "true"), strict=True):
        monkeypatch.setenv("TOKENIZERS_PARALLELISM", parallel)
        train_tokenizer(toy_text, folder, kind=kind, vocabulary_size=400)
    first, second = ([(folder / name).read_bytes() for name in FILES] for folder in folders)
    assert first == second
    assert sorted(path.name for path in folders[0].iterdir()) == sorted(FILES)


@pytest.mark.parametrize("kind", KINDS)
def test_auto_tokenizer_loads_the_folder_and_agrees(
    trained: dict[str, Tokenizer], toy_text: dict[Language, list[str]], tmp_path: Path, kind: str
) -> None:
    ours = trained[kind]
    ours.save(tmp_path)
    lines = [line for text in toy_text.values() for line in text] + ["Ünseen 人 🙂 ½", ""]
    theirs = AutoTokenizer.from_pretrained(tmp_path)
    assert theirs(lines, add_special_tokens=False)["input_ids"] == ours.encode(lines)
    [plain] = ours.encode(["the cat"])
    assert theirs("the cat")["input_ids"] == [ours.cls_id, *plain, ours.sep_id]
    pair = theirs("the cat", "the cat")["input_ids"]
    assert pair == [ours.cls_id, *plain, ours.sep_id, *plain, ours.sep_id]


@pytest.mark.parametrize("kind", KINDS)
@given(line=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_nothing_is_unknown_nothing_is_lost_and_bytes_add_up(
    trained: dict[str, Tokenizer], kind: str, line: str
) -> None:
    tokenizer = trained[kind]
    [ids] = tokenizer.encode([line.replace("▁", "_")])
    assert not set(ids) & set(tokenizer.special_ids)
    expected = tokenizer.hugging_face.backend_tokenizer.normalizer.normalize_str(line)
    expected = expected.replace("▁", "_")
    assert tokenizer.hugging_face.decode(ids) == expected
    assert tokenizer.bytes_per_id[ids].sum() == (len(expected.encode()) + 1 if ids else 0)


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_specials_then_bytes_then_tokens(trained: dict[str, Tokenizer], kind: str) -> None:
    tokenizer = trained[kind]
    names = tokenizer.hugging_face.convert_ids_to_tokens(range(262))
    assert names[:6] == ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<0x00>"]
    assert names[260] == "<0xFF>"
    assert tokenizer.special_ids == (0, 1, 2, 3, 4)
    assert tokenizer.vocabulary_size <= {"bpe": 420, "unigram": 400}[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_frequent_character_has_its_own_id(
    trained: dict[str, Tokenizer], toy_text: dict[Language, list[str]], kind: str
) -> None:
    vocabulary = trained[kind].hugging_face.get_vocab()
    characters = set("".join(line for text in toy_text.values() for line in text)) - {" "}
    # A character that is always a word's first may only exist with the boundary before it.
    assert all(c in vocabulary or f"▁{c}" in vocabulary for c in characters)
    marks = {c for c in characters if unicodedata.category(c) == "Mn"}
    assert marks <= set(vocabulary)


def test_rare_characters_become_bytes(toy_text: dict[Language, list[str]], tmp_path: Path) -> None:
    swahili = Language.parse("sw")
    text = {swahili: [*toy_text[swahili], "paka 猫 mbwa"]}
    tokenizer = train_tokenizer(text, tmp_path, vocabulary_size=320, coverage=0.99)
    names = tokenizer.hugging_face.convert_ids_to_tokens(tokenizer.encode(["猫"])[0])
    assert names == ["▁", "<0xE7>", "<0x8C>", "<0xAB>"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_vocabulary_smaller_than_the_alphabet_is_refused(
    toy_text: dict[Language, list[str]], tmp_path: Path, kind: str
) -> None:
    with pytest.raises(InputError, match=r"256 bytes and the \d+ characters of 3 language"):
        train_tokenizer(toy_text, tmp_path / "small", kind=kind, vocabulary_size=270)
    assert not (tmp_path / "small").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_text_gives_a_small_vocabulary(tmp_path: Path, kind: str) -> None:
    text = {Language.parse("en"): ["ab ab abc", "abc ab"]}
    tokenizer = train_tokenizer(text, tmp_path, kind=kind, vocabulary_size=5000)
    assert 261 < tokenizer.vocabulary_size < 300
    assert tokenizer.bytes_per_id[tokenizer.encode(["ab abc"])[0]].sum() == 7


def test_words_seen_once_do_not_count_in_a_large_text_but_their_characters_do(
    toy_text: dict[Language, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.tokenizers.train._MANY_WORDS", 1)
    english = Language.parse("en")
    text = {english: [*toy_text[english], "q́x"]}
    tokenizer = train_tokenizer(text, tmp_path, kind="unigram", coverage=1.0)
    names = tokenizer.hugging_face.convert_ids_to_tokens(tokenizer.encode(["q́x"])[0])
    assert "".join(names) == "▁q́x"
    assert set(names) <= {"▁", "q", "́", "x"}


def test_an_unknown_kind_is_refused(toy_text: dict[Language, list[str]], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Did you mean `unigram`"):
        train_tokenizer(toy_text, tmp_path, kind="unigrams")


def test_a_retrained_folder_is_replaced(
    toy_text: dict[Language, list[str]], tmp_path: Path
) -> None:
    old = train_tokenizer(toy_text, tmp_path, vocabulary_size=400)
    new = train_tokenizer(toy_text, tmp_path, vocabulary_size=380)
    assert (old.vocabulary_size, new.vocabulary_size) == (400, 380)
    assert old.fingerprint != new.fingerprint


def test_no_mark_is_stripped(trained: dict[str, Tokenizer]) -> None:
    for line in ("हिन्दी में", "తెలుగు", "Việt Nam", "naïve"):
        [ids] = trained["bpe"].encode([line])
        assert trained["bpe"].hugging_face.decode(ids) == normalised(line)


def test_the_configuration_names_no_version(
    toy_tokenizer: Tokenizer, tmp_path: Path, toy_text: dict[Language, list[str]]
) -> None:
    train_tokenizer(toy_text, tmp_path, vocabulary_size=380)
    declared = json.loads((tmp_path / "tokenizer_config.json").read_text())
    assert not [key for key in declared if "version" in key]


ENGLISH, SWAHILI = Language.parse("en"), Language.parse("sw")


def test_the_forecast_is_near_what_the_tokenizer_does(tmp_path: Path) -> None:
    text = {
        ENGLISH: [f"the number {n} comes before the number {n + 1} again" for n in range(900)],
        SWAHILI: [f"namba {n} inakuja kabla ya namba {n + 1} tena" for n in range(900)],
    }
    tokenizer = train_tokenizer(text, tmp_path, vocabulary_size=340)
    forecast = forecast_bytes_per_token(
        {one: lines[:300] for one, lines in text.items()}, vocabulary_size=340
    )
    for language, lines in text.items():
        corpus = encode_corpus(lines, tokenizer, tmp_path / f"{language}.tokens")
        assert forecast[language] == pytest.approx(corpus.n_bytes / corpus.n_tokens, rel=0.15)


def test_a_single_line_is_enough() -> None:
    assert forecast_bytes_per_token({ENGLISH: ["a few words"]}, vocabulary_size=300)[ENGLISH] > 0
