import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.testbed.recipe import DEFAULT_RECIPE, LanguageRecipe, Recipe, SplitSizes
from isogloss.data.testbed.synthesise import synthesise

SIZES = SplitSizes(held_out=60, train=50, dev=20, test=30)
BED = Recipe(
    (
        LanguageRecipe("base"),
        LanguageRecipe("twin"),
        LanguageRecipe("conflict"),
        LanguageRecipe("unrelated", sentences=40),
    ),
    sizes=SIZES,
)
SPLITS = ("train", "dev", "test")


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bed")
    synthesise(BED, folder, seed=7, sentences=200)
    return folder


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _labelled(path: Path) -> list[str]:
    blocks = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return [" ".join(row.split("\t")[0] for row in block.split("\n")) for block in blocks]


def test_every_promised_file_is_there(bed: Path) -> None:
    codes = ("qaa", "qab", "qac", "qad")
    expected = {f"text/{code}.{split}.txt" for code in codes for split in SPLITS}
    expected |= {
        f"{kind}/{code}.{split}.tsv"
        for kind in ("pos", "ner", "topic")
        for code in codes
        for split in SPLITS
    }
    expected |= {f"parallel/qaa-{code}.{split}.tsv" for code in codes[1:] for split in SPLITS}
    assert set(_digests(bed)) == expected | {"truth.yaml"}


def test_sizes(bed: Path) -> None:
    for code, n in {"qaa": 200, "qac": 200, "qad": 40}.items():
        counts = [len(_lines(bed / "text" / f"{code}.{split}.txt")) for split in SPLITS]
        assert counts == [n, SIZES.held_out, SIZES.held_out]
    for split, n in zip(SPLITS, (SIZES.train, SIZES.dev, SIZES.test), strict=True):
        assert len(_lines(bed / "parallel" / f"qaa-qab.{split}.tsv")) == n
        assert len(_lines(bed / "topic" / f"qad.{split}.tsv")) == n + 1
        assert len(_labelled(bed / "ner" / f"qaa.{split}.tsv")) == n


@pytest.mark.parametrize("codes", [("qaa", "qab"), ("qac",), ("qad",)])
def test_no_sentence_in_two_splits(bed: Path, codes: tuple[str, ...]) -> None:
    """The twin speaks the base's language, so its text must not hold the base's test either."""
    sentences = [
        line
        for code in codes
        for split in SPLITS
        for line in _lines(bed / "text" / f"{code}.{split}.txt")
    ]
    sentences += [
        line for split in SPLITS for line in _labelled(bed / "pos" / f"{codes[0]}.{split}.tsv")
    ]
    assert len(sentences) == len(set(sentences))


def test_parallel_text_is_aligned_with_the_labelled_sets(bed: Path) -> None:
    for split in SPLITS:
        pairs = [line.split("\t") for line in _lines(bed / "parallel" / f"qaa-qad.{split}.tsv")]
        assert [ours for ours, _ in pairs] == _labelled(bed / "pos" / f"qaa.{split}.tsv")
        assert [theirs for _, theirs in pairs] == _labelled(bed / "pos" / f"qad.{split}.tsv")


def test_topics_and_indices_are_those_of_the_translation(bed: Path) -> None:
    for split in SPLITS:
        ours, theirs = (
            [line.split("\t")[:2] for line in _lines(bed / "topic" / f"{code}.{split}.tsv")]
            for code in ("qaa", "qac")
        )
        assert ours == theirs


def test_label_inventories_are_equal_across_languages(bed: Path) -> None:
    for kind, column in (("ner", 1), ("topic", 1)):
        inventories = {
            frozenset(
                line.split("\t")[column]
                for line in _lines(bed / kind / f"{code}.train.tsv")
                if line
            )
            for code in ("qaa", "qab", "qac", "qad")
        }
        assert len(inventories) == 1


def test_same_arguments_same_bytes(bed: Path, tmp_path: Path) -> None:
    synthesise(BED, tmp_path, seed=7, sentences=200)
    assert _digests(tmp_path) == _digests(bed)


def test_another_seed_gives_other_languages(bed: Path, tmp_path: Path) -> None:
    synthesise(BED, tmp_path, seed=8, sentences=200)
    ours, theirs = _digests(bed), _digests(tmp_path)
    assert all(ours[name] != theirs[name] for name in ours)


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """In a process that never opens the data room's door, for the bed needs no torch."""
    script = (
        "import sys, types, isogloss\n"
        "room = types.ModuleType('isogloss.data')\n"
        "room.__path__ = [f'{isogloss.__path__[0]}/data']\n"
        "sys.modules['isogloss.data'] = room\n"
        "from isogloss.data.testbed import synthesise\n"
        "synthesise('base,conflict:0.5', sys.argv[1], seed=1, sentences=30)\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "there")],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )
    synthesise("base,conflict:0.5", tmp_path / "here", seed=1, sentences=30)
    assert _digests(tmp_path / "there") == _digests(tmp_path / "here")


def test_a_language_more_changes_no_byte_of_those_before(bed: Path, tmp_path: Path) -> None:
    synthesise(Recipe(BED.languages[:2], sizes=SIZES), tmp_path, seed=7, sentences=200)
    ours, fewer = _digests(bed), _digests(tmp_path)
    del fewer["truth.yaml"]
    assert fewer.items() <= ours.items()


def test_six_languages_take_seconds(tmp_path: Path) -> None:
    """The promise is 10 seconds of wall time; processor time does not see a busy machine."""
    start = time.process_time()
    synthesise(DEFAULT_RECIPE, tmp_path, seed=1, sentences=2000)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(("seed", "sentences"), [(-1, 10), (0, 0), (True, 10), (0, 2.5)])
def test_bad_numbers_are_refused(tmp_path: Path, seed: int, sentences: int) -> None:
    with pytest.raises(InputError, match="whole number"):
        synthesise("base", tmp_path, seed=seed, sentences=sentences)


def test_a_bad_recipe_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Did you mean `unrelated`"):
        synthesise("base,unrelatd", tmp_path, seed=0)
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pos").write_text("", encoding="utf-8")
    with pytest.raises(InputError):
        synthesise(Recipe((LanguageRecipe("base"),), sizes=SIZES), tmp_path, seed=0, sentences=5)
