from isogloss.data.tokenizers.merges import merges_of


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
