import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Backend
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import Whitespace

from isogloss.data.tokenizers import Tokenizer, cuts

# Characters at which a cut could go wrong: white space, marks, the boundary itself, digits, emoji.
TRICKY = "ab é\u0301\u200b\u00a0\u2003\t\n\x0b\x1c\x1f\u0085\u3000▁<s>/0x41५.!,'।క్ష🙂🏽\u0338\x00"


def pieces(text: str) -> list[str]:
    return [piece for piece, _ in cuts.pre_tokenizer().pre_tokenize_str(text)]


def test_punctuation_symbols_and_digits_stand_alone() -> None:
    assert pieces("(so) it's 12€ a+b...") == [
        *("▁(", "so", ")", "▁it", "'", "s", "▁1", "2", "€", "▁a", "+", "b", "..."),
    ]


def test_vowel_signs_stay_with_their_letters() -> None:
    assert pieces("నమస్తే दुनिया") == ["▁నమస్తే", "▁दुनिया"]


def test_text_that_looks_like_a_special_token_is_cut() -> None:
    for looks_special in ("<s>", "</s>", "<mask>", "<0x41>"):
        assert looks_special not in pieces(looks_special)
        assert f"▁{looks_special}" not in pieces(looks_special)


def test_normalizer_keeps_marks_and_joins_white_space() -> None:
    normalise = cuts.normalizer().normalize_str
    assert normalise("  cafe\u0301 \u00a0\t noir\n") == "café noir"
    assert normalise("తెలుగు हिन्दी") == "తెలుగు हिन्दी"


def test_only_our_own_cuts_are_known_to_be_at_spaces(toy_tokenizer: Tokenizer) -> None:
    ours = Backend.from_str(toy_tokenizer.hugging_face.backend_tokenizer.to_str())
    assert cuts.cuts_at_spaces(ours)
    other = Backend(BPE())
    other.pre_tokenizer = Whitespace()
    assert not cuts.cuts_at_spaces(other)


@pytest.mark.parametrize("kind", ["toy_tokenizer", "toy_unigram"])
@given(st.lists(st.text(alphabet=st.sampled_from(TRICKY) | st.characters(codec="utf-8"))))
def test_words_give_the_ids_of_whole_lines(
    kind: str, request_tokenizers: dict[str, tuple[Backend, cuts.WordCache]], lines: list[str]
) -> None:
    backend, cache = request_tokenizers[kind]
    whole = [e.ids for e in backend.encode_batch(lines, add_special_tokens=False)]
    assert cache.encode(lines) == whole


@pytest.fixture(scope="module")
def request_tokenizers(
    toy_tokenizer: Tokenizer, toy_unigram: Tokenizer
) -> dict[str, tuple[Backend, cuts.WordCache]]:
    found = {}
    for kind, tokenizer in (("toy_tokenizer", toy_tokenizer), ("toy_unigram", toy_unigram)):
        backend = Backend.from_str(tokenizer.hugging_face.backend_tokenizer.to_str())
        backend.encode_special_tokens = True
        found[kind] = (backend, cuts.WordCache(backend))
    return found


def test_a_full_cache_is_emptied_not_wrong(
    request_tokenizers: dict[str, tuple[Backend, cuts.WordCache]], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, _ = request_tokenizers["toy_tokenizer"]
    monkeypatch.setattr(cuts, "_CACHED_WORDS", 2)
    cache = cuts.WordCache(backend)
    for line in ("the cat sat", "a dog ran home", "the dog"):
        assert cache.encode([line]) == [backend.encode(line, add_special_tokens=False).ids]
