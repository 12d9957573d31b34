"""Glosses and code-switching: labels go with their words, the rate is kept, files are found."""

import random
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.translations.contract import Material
from isogloss.data.translations.dictionary import Dictionary, by_words, switched
from isogloss.data.translations.lexicon import Lexicon
from isogloss.data.translations.words import words_of
from unit.data.translations.conftest import EN, FR, SW, wanted, write

LEXICON = Lexicon({"dog": (("chien", 1.0),), "rains": (("pleut", 1.0),)}, "mine")


def test_a_gloss_replaces_known_words_and_keeps_labels(material: Material) -> None:
    examples = material.source.tagged("pos", EN, "train")
    found = Dictionary(iterations=20).translate(examples, wanted("pos"), material)
    assert found[0].translation.tokens[1] == "chien"
    assert [one.translation.tags for one in found] == [one.tags for one in examples]
    assert (found.labels, str(found.provenance)) == (
        "projected",
        "gloss (ibm1 of parallel eng-Latn+fra-Latn)",
    )
    assert not found.is_oracle


def test_texts_and_pairs_are_glossed(material: Material) -> None:
    [first, *_] = material.source.classified("nli", EN, "test")
    found = by_words(first, LEXICON.best)
    assert (found.text, found.pair, found.label) == (
        "The chien runs.",
        "A chien moves.",
        first.label,
    )


def test_what_was_induced_is_kept(material: Material) -> None:
    first = Dictionary().lexicon(EN, FR, material)
    assert material.cache is not None
    [path] = material.cache.iterdir()
    path.write_text("dog\tminet\t1\n", "utf-8")
    kept = Dictionary().lexicon(EN, FR, material)
    assert (first.best("dog"), kept.best("dog")) == ("chien", "minet")
    assert kept.name == first.name
    assert Dictionary(iterations=6).lexicon(EN, FR, material).best("dog") == "chien"


def test_the_other_direction_is_induced_too(material: Material) -> None:
    assert Dictionary(iterations=20).lexicon(FR, EN, material).best("chien") == "dog"


def test_files_serve_both_directions(folder: Path, material: Material) -> None:
    write(folder, "words/en-fr.txt", "dog chien")
    provider = Dictionary(folder=str(folder / "words"))
    assert provider.lexicon(EN, FR, material).best("dog") == "chien"
    assert provider.lexicon(FR, EN, material).best("chien") == "dog"
    write(folder, "moved/en-fr.txt", "dog chien")
    moved = Dictionary(folder=str(folder / "moved"))
    assert provider.fingerprint(wanted(), material) == moved.fingerprint(wanted(), material)
    assert provider.fingerprint(wanted(), material) != Dictionary().fingerprint(wanted(), material)


def test_a_language_that_is_missing_is_named(folder: Path, material: Material) -> None:
    write(folder, "words/en-fr.txt", "dog chien")
    with pytest.raises(InputError, match=r"swa-Latn: .*Found en-fr\.txt"):
        Dictionary(folder=str(folder / "words")).lexicon(EN, SW, material)
    with pytest.raises(InputError, match="no such folder"):
        Dictionary(folder=str(folder / "nothing")).lexicon(EN, SW, material)
    with pytest.raises(InputError, match=r"training text of eng-Latn and swa-Latn.*eng-Latn.fra"):
        Dictionary().lexicon(EN, SW, material)


def test_code_switching_is_the_same_each_time_and_rarer_than_a_gloss(material: Material) -> None:
    examples = material.source.tagged("pos", EN, "train") * 1
    provider = Dictionary(mode="code_switch", rate=0.5)
    first, second = (provider.translate(examples, wanted("pos"), material) for _ in range(2))
    assert first.pairs == second.pairs
    assert first.provenance.way == "code_switched"
    assert (
        Dictionary(mode="code_switch", rate=0)
        .translate(examples, wanted("pos"), material)[0]
        .translation
        == examples[0]
    )


def test_the_share_of_switched_words_is_the_rate() -> None:
    words = ["dog", "zebra"] * 2000
    found = switched(words, [LEXICON], 0.3, random.Random(1))
    assert len(found) == len(words)
    share = sum(word == "chien" for word in found) / 2000
    assert share == pytest.approx(0.3, abs=0.04)
    assert found.count("zebra") == 2000
    assert switched(["dog"] * 50, [LEXICON], 1, random.Random(1), keep={3})[3] == "dog"


def test_a_dictionary_is_drawn_for_each_word() -> None:
    other = Lexicon({"dog": (("mbwa", 1.0),)}, "other")
    found = switched(["dog"] * 1000, [LEXICON, other], 1, random.Random(2))
    assert found.count("mbwa") == pytest.approx(500, abs=60)
    assert words_of("") == []
