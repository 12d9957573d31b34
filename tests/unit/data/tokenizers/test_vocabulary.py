import json

from isogloss.data.tokenizers.vocabulary import bytes_of_tokens, merges_of


def declared(
    model: str = "BPE", pre_tokenizer: dict[str, str] | None = None, **options: str
) -> str:
    return json.dumps(
        {"model": {"type": model, **options}, "pre_tokenizer": pre_tokenizer, "decoder": None}
    )


def test_a_boundary_is_one_space_and_a_byte_piece_one_byte() -> None:
    found = bytes_of_tokens(["▁", "▁cat", "é", "▁తె", "<0xE0>", "<0x>"], declared())
    assert found.tolist() == [1, 4, 2, 7, 1, 4]


def test_byte_level_pieces_have_a_character_a_byte() -> None:
    found = bytes_of_tokens(["Ġcat", "Ã©", "a"], declared(pre_tokenizer={"type": "ByteLevel"}))
    assert found.tolist() == [4, 2, 1]


def test_word_pieces_without_the_prefix_begin_after_a_space() -> None:
    found = bytes_of_tokens(["cat", "##s", "é", "##"], declared("WordPiece"))
    assert found.tolist() == [4, 1, 3, 3]


def test_word_piece_prefix_is_read() -> None:
    found = bytes_of_tokens(["@@s"], declared("WordPiece", continuing_subword_prefix="@@"))
    assert found.tolist() == [1]


def test_only_the_merges_of_the_pieces_happen() -> None:
    model = {"merges": [["a", "b"], ["c", "d"], ["ab", "c"], ["ab", "cd"]]}
    assert merges_of(["abcd"], model) == {
        ("a", "b"): "ab",
        ("c", "d"): "cd",
        ("ab", "cd"): "abcd",
    }
    assert merges_of(["ab", "c"], model) == {("a", "b"): "ab"}


def test_the_leftmost_of_equal_pairs_is_joined_first() -> None:
    assert merges_of(["aaa"], {"merges": [["a", "a"], ["aa", "a"], ["a", "aa"]]}) == {
        ("a", "a"): "aa",
        ("aa", "a"): "aaa",
    }


def test_marks_within_and_at_the_end_of_words() -> None:
    model = {
        "merges": [["a", "##b"], ["ab", "##c</w>"], ["##b", "##c</w>"]],
        "continuing_subword_prefix": "##",
        "end_of_word_suffix": "</w>",
    }
    assert merges_of(["abc</w>", "##bc</w>"], model) == {
        ("a", "##b"): "ab",
        ("ab", "##c</w>"): "abc</w>",
        ("##b", "##c</w>"): "##bc</w>",
    }
