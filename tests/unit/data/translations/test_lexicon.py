"""Dictionaries read and induced; IBM model 1 and Dice against values worked by hand."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.translations.lexicon import Lexicon, induce_lexicon, read_lexicon
from unit.data.translations.conftest import PARALLEL

PAIRS = [tuple(line.split("\t")) for line in PARALLEL]
GERMAN = [("the house", "das Haus"), ("the book", "das Buch"), ("a book", "ein Buch")]


def _scores(lexicon: Lexicon, word: str) -> dict[str, float]:
    return dict(lexicon.entries[word])


def test_one_iteration_of_ibm_1_by_hand() -> None:
    """Each word is shared by the two words of its sentence and the word that stands for nothing."""
    found = induce_lexicon(GERMAN, iterations=1, least_score=0.01)
    assert _scores(found, "the") == pytest.approx({"das": 1 / 2, "haus": 1 / 4, "buch": 1 / 4})
    assert _scores(found, "a") == pytest.approx({"ein": 1 / 2, "buch": 1 / 2})


def test_em_finds_the_translations() -> None:
    found = induce_lexicon(GERMAN, iterations=30)
    best = {word: found.best(word) for word in ("the", "house", "book", "a")}
    assert best == {"the": "das", "house": "haus", "book": "buch", "a": "ein"}
    for word in found.entries:
        assert sum(_scores(found, word).values()) <= 1 + 1e-9


def test_dice_counts_sentences_that_hold_both() -> None:
    found = induce_lexicon(GERMAN, method="dice", least_score=0.01)
    assert _scores(found, "the") == pytest.approx({"das": 1, "haus": 2 / 3, "buch": 1 / 2})


def test_capitals_of_the_word_are_kept() -> None:
    lexicon = induce_lexicon(PAIRS * 3, iterations=10)
    assert (lexicon.best("Dog"), lexicon.best("dog"), lexicon.best("zebra")) == (
        "Chien",
        "chien",
        "zebra",
    )
    assert lexicon.all("Dog")[0] == "Chien"
    assert lexicon.all("zebra") == ()


def test_a_dictionary_is_read_as_it_was_written(tmp_path: Path) -> None:
    lexicon = induce_lexicon(GERMAN, name="mine")
    lexicon.save(tmp_path / "x.tsv")
    found = read_lexicon(tmp_path / "x.tsv", "mine")
    assert found.best("house") == lexicon.best("house")
    assert _scores(found, "the") == pytest.approx(_scores(lexicon, "the"), rel=1e-5)


def test_the_layout_of_muse_has_no_scores(tmp_path: Path) -> None:
    path = tmp_path / "en-fr.txt"
    path.write_text("dog chien\nDog chienne\n\nhouse maison\n", "utf-8")
    lexicon = read_lexicon(path)
    assert lexicon.all("dog") == ("chien", "chienne")
    assert lexicon.reversed().best("maison") == "house"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dog", "a word, its translation"),
        ("dog\tchien\tmany", "a score above 0.*`many`"),
        ("dog\tchien\t-1", "a score above 0"),
        ("dog\t\t1", "a word, its translation"),
        ("a b c d", "a word, its translation"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(f"house\tmaison\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=rf"{said}.*line 2"):
        read_lexicon(path)


def test_an_empty_dictionary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("\n", "utf-8")
    with pytest.raises(InputError, match="at least one entry"):
        read_lexicon(path)


def test_text_from_which_nothing_follows_is_refused() -> None:
    with pytest.raises(InputError, match="no pair of sentences with words"):
        induce_lexicon([("", "x"), ("y", " ")])
    with pytest.raises(InputError, match=r"no translation with a score of 0\.9"):
        induce_lexicon(GERMAN, iterations=1, least_score=0.9)
