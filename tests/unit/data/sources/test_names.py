"""File names give languages, sets and splits."""

import pytest

from isogloss.core import InputError
from isogloss.data.sources.names import parse_languages, parse_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("te.train.txt", ("te", None, "train")),
        ("tel-Telu.validation.conllu", ("tel-Telu", None, "dev")),
        ("sw.masakhaner.test.tsv", ("sw", "masakhaner", "test")),
        ("en-te.tatoeba.test.tsv", ("en-te", "tatoeba", "test")),
        ("te.txt", None),
        ("te.training.txt", None),
        ("te.a.b.train.txt", None),
        (".train.txt", None),
        ("te.train", None),
    ],
)
def test_names(name: str, expected: tuple[str, str | None, str] | None) -> None:
    assert parse_name(name) == expected


@pytest.mark.parametrize(
    "text", ["en-te", "eng-tel", "eng-Latn-tel-Telu", "eng-tel-Telu", "eng-Latn-te"]
)
def test_pairs_of_languages(text: str) -> None:
    pair = parse_languages(text, task="parallel", where="x")
    assert [str(language) for language in pair] == ["eng-Latn", "tel-Telu"]


def test_pairs_of_synthetic_languages() -> None:
    pair = parse_languages("qaa-Latn-qab-Latn", task="parallel", where="x")
    assert [language.code for language in pair] == ["qaa", "qab"]


@pytest.mark.parametrize("text", ["en", "en-en", "en-jap", "", "-", "en-te-sw", "tel-Telu"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="two different languages"):
        parse_languages(text, task="parallel", where="parallel/x.tsv")


def test_other_kinds_have_one_language() -> None:
    assert [str(x) for x in parse_languages("tel-Telu", task="ner", where="x")] == ["tel-Telu"]
