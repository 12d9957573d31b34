"""Tags through an alignment, by hand."""

from isogloss.data import HIDDEN
from isogloss.data.translations.projection import project_tags, read_links


def test_links_of_two_spellings() -> None:
    assert read_links("0-0 1-2") == read_links("0/0 1/2") == ((0, 0), (1, 2))
    assert read_links("0-0 one") is None
    assert read_links("") == ()


def test_the_most_frequent_tag_wins_and_the_leftmost_of_equals() -> None:
    tags = ["DET", "NOUN", "NOUN", "VERB"]
    links = [(2, 0), (0, 0), (1, 0), (3, 1), (0, 1)]
    assert project_tags(tags, 3, links, entities=False) == (("NOUN", "DET", HIDDEN), 2 / 3)


def test_entities_stay_in_one_part() -> None:
    tags = ["B-PER", "I-PER", "O", "B-LOC"]
    # A gap of one word is filled, one of two is not; what no link reaches is outside.
    found = project_tags(tags, 7, [(0, 0), (1, 2), (2, 3), (3, 4), (1, 6)], entities=True)
    assert found is not None
    assert found[0] == ("B-PER", "I-PER", "I-PER", "O", "B-LOC", "O", "B-PER")
    assert found[1] == 5 / 7


def test_links_outside_of_a_sentence_are_no_alignment() -> None:
    assert project_tags(["X"], 1, [(1, 0)], entities=False) is None
    assert project_tags(["X"], 1, [(0, 1)], entities=False) is None
    assert project_tags(["X"], 0, [], entities=False) == ((), 0.0)
