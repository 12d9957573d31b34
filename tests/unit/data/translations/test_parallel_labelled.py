"""Translations that the data hold: by sentence id, by line, and what is not parallel."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data import HIDDEN
from isogloss.data.sources import open_source
from isogloss.data.translations.contract import Material
from isogloss.data.translations.parallel_labelled import ParallelLabelled
from unit.data.translations.conftest import EN, FR, NLI, SW, wanted, write


def test_sentences_join_by_sentence_id_whatever_their_order(material: Material) -> None:
    examples = material.source.tagged("pos", EN, "train")
    found = ParallelLabelled().translate(examples, wanted("pos"), material)
    assert [one.identifier for one in found] == ["a1", "a2"]
    assert found[0].translation.tokens == ("Le", "chien", "court")
    assert set(found[0].translation.tags) == {HIDDEN}
    assert found.labels == "hidden"


def test_gold_tags_are_there_for_who_asks(material: Material) -> None:
    examples = material.source.tagged("pos", EN, "train")
    found = ParallelLabelled(tags="gold").translate(examples, wanted("pos"), material)
    assert (found[0].translation.tags, found.labels) == (("DET", "NOUN", "VERB"), "gold")


def test_texts_without_identifiers_join_by_line(material: Material) -> None:
    examples = material.source.classified("nli", EN, "test")[1:2]
    found = ParallelLabelled().translate(examples, wanted(split="test"), material)
    assert [(one.identifier, one.translation.text) for one in found] == [("#2", "Il pleut.")]
    assert found.is_oracle


def test_columns_of_identifiers_join_in_any_order(folder: Path) -> None:
    rows = [("7", "sports", "A ball."), ("9", "travel", "A train.")]
    for code, lines in (("en", rows), ("fr", rows[::-1])):
        text = "\n".join(["index_id\tcategory\ttext", *("\t".join(row) for row in lines)])
        write(folder, f"topic/{code}.train.tsv", text)
    material = Material(open_source(str(folder)))
    examples = material.source.classified("topic", EN, "train")
    found = ParallelLabelled().translate(examples, wanted("topic"), material)
    assert [(one.identifier, one.translation.label) for one in found] == [
        ("7", "sports"),
        ("9", "travel"),
    ]


def test_files_that_are_not_parallel_are_refused(folder: Path) -> None:
    write(folder, "nli/fr.train.tsv", "\n".join([*NLI["fr"], "Oui.\tNon.\tcontradiction"]))
    material = Material(open_source(str(folder)))
    examples = material.source.classified("nli", EN, "train")
    with pytest.raises(InputError, match=r"Expected 4 examples in fra-Latn.*Found 5"):
        ParallelLabelled().translate(examples, wanted(), material)
    write(folder, "nli/fr.train.tsv", "\n".join([*NLI["fr"][1:], NLI["fr"][0]]))
    material = Material(open_source(str(folder)))
    with pytest.raises(InputError, match=r"[34] of [34] pairs of other classes"):
        ParallelLabelled().translate(examples, wanted(), material)


def test_what_a_language_holds_out_for_dev_is_a_translation_all_the_same(
    material: Material,
) -> None:
    held_out = {one.languages[0] for one in material.source.held_out() if one.kind == "nli"}
    assert held_out == {EN, FR}
    examples = material.source.classified("nli", EN, "train")
    assert len(examples) < len(NLI["en"])
    assert len(ParallelLabelled().translate(examples, wanted(), material)) == len(examples)


def test_a_language_that_is_not_there_is_named(material: Material) -> None:
    examples = material.source.classified("nli", EN, "train")
    with pytest.raises(InputError, match="nli train in eng-Latn, fra-Latn"):
        ParallelLabelled().translate(examples, wanted(target=SW), material)
    with pytest.raises(InputError, match="nli train data in sw"):
        ParallelLabelled().fingerprint(wanted(target=SW), material)


def test_the_fingerprint_follows_the_data_and_the_option(folder: Path, material: Material) -> None:
    first = ParallelLabelled().fingerprint(wanted(), material)
    assert first != ParallelLabelled(tags="gold").fingerprint(wanted(), material)
    assert material.source.fingerprint("nli", FR, "train") in first
