from pathlib import Path

import pytest
import yaml

from isogloss.core import InputError
from isogloss.data.testbed.reading import parse_recipe
from isogloss.data.testbed.truth import (
    FILE_NAME,
    MATCHES,
    Match,
    Truth,
    is_test_bed,
    make_truth,
    read_truth,
)


def _truth(line: str, **sizes: int) -> Truth:
    recipe = parse_recipe(line)
    return make_truth(recipe, seed=3, sentences=dict.fromkeys(recipe.codes, 100) | sizes)


def test_every_ordered_pair_is_stated_under_both_matches() -> None:
    truth = _truth("base,twin,clone,relexified,reordered,conflict,unrelated")
    stated = [(e.source, e.target, e.match) for e in truth.expectations]
    assert len(stated) == len(set(stated)) == 7 * 6 * len(MATCHES)
    assert all(e.reason for e in truth.expectations)


@pytest.mark.parametrize(
    ("relation", "match", "effect"),
    [
        ("conflict", "language", "hurt"),
        ("conflict", "total", "hurt"),
        ("twin", "total", "none"),
        ("twin", "language", "help"),
        ("clone", "total", "unknown"),
    ],
)
def test_what_is_planted(relation: str, match: Match, effect: str) -> None:
    truth = _truth(f"base,{relation}")
    assert truth.expected(source="qab", target="qaa", match=match).effect == effect
    assert truth.expected(source="qaa", target="qab", match=match).effect == effect


def test_a_twin_stands_for_the_base() -> None:
    truth = _truth("base,twin,conflict,twin")
    assert truth.expected(source="qac", target="qab", match="language").effect == "hurt"
    assert truth.expected(source="qad", target="qab", match="total").effect == "none"


def test_nothing_is_claimed_without_the_base() -> None:
    truth = _truth("base,clone,unrelated")
    assert truth.expected(source="qab", target="qac", match="total").effect == "unknown"


def test_nothing_is_claimed_about_a_null_of_unequal_sizes() -> None:
    truth = _truth("base,twin,conflict", qab=20)
    assert truth.expected(source="qab", target="qaa", match="total").effect == "unknown"
    assert truth.expected(source="qac", target="qaa", match="total").effect == "hurt"


@pytest.mark.parametrize(("source", "target"), [("qab", "qax"), ("qax", "qaa"), ("qaa", "qaa")])
def test_an_unknown_pair_is_refused(source: str, target: str) -> None:
    with pytest.raises(InputError):
        _truth("base,twin").expected(source=source, target=target, match="total")


def test_the_file_gives_the_truth_back(tmp_path: Path) -> None:
    truth = _truth("base,conflict:0.3,twin@40", qac=40)
    truth.save(tmp_path)
    assert read_truth(tmp_path) == truth
    assert is_test_bed(tmp_path) and not is_test_bed(tmp_path.parent)
    tree = yaml.safe_load((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert tree["languages"]["qab"] == {"relation": "conflict:0.3", "sentences": 100}
    assert tree["expectations"][0].keys() == {"source", "target", "match", "effect", "reason"}


@pytest.mark.parametrize("text", [None, "[", "seed: 3", "recipe: {langages: base}", "3"])
def test_a_folder_that_is_no_test_bed_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_truth(tmp_path)
