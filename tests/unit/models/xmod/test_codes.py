import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from isogloss.core import InputError, Language, known_languages
from isogloss.models.xmod import codes
from unit.models.toys import HOSTILE

_LETTERS = some.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=4)
_SCRIPTS = some.sampled_from(["Latn", "Telu", "Zzzz", "IN", "XX", "TW"])


def _back(language: Language) -> Language:
    return codes.language_of(codes.language_code(language), where="here")


def test_the_languages_of_xmod_base() -> None:
    """81 adapters, each the language that the two letters before the region name, but for zh_TW."""
    table = codes._by_code()
    assert len(table) == len(set(table.values())) == 81
    regional = {code: Language.parse(code.partition("_")[0]) for code in table}
    assert {code for code in table if table[code] != regional[code]} == {"zh_TW"}
    assert str(table["zh_TW"]) == "zho-Hant"


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("te", "te_IN"),
        ("en", "en_XX"),
        ("zh", "zh_CN"),
        ("zho-Hant", "zh_TW"),
        ("nb", "no_XX"),
        ("tel-Latn", "tel_Latn"),
        ("srp-Latn", "srp_Latn"),
        ("xh", "xho_Latn"),
        ("qaa", "qaa_Latn"),
        ("nov", "nov_Zzzz"),
    ],
)
def test_names(language: str, code: str) -> None:
    assert codes.language_code(Language.parse(language)) == code
    assert _back(Language.parse(language)) == Language.parse(language)


def test_hostile_codes_come_back_as_what_they_are() -> None:
    """`te` in Latin script is not Telugu; `ad` and `er` are no languages that could be parsed."""
    assert [codes.language_code(one) for one in HOSTILE] == ["x_te_Latn", "x_ad_Latn", "x_er_Latn"]
    assert tuple(map(_back, HOSTILE)) == HOSTILE


def test_every_known_language_comes_back_under_a_name_of_its_own() -> None:
    languages = known_languages()
    assert [_back(language) for language in languages] == list(languages)
    assert len({codes.language_code(language) for language in languages}) == len(languages)


@given(_LETTERS, _SCRIPTS)
@settings(max_examples=60, deadline=None)  # the tables of ISO are read once
def test_any_language_comes_back(code: str, script: str) -> None:
    assert _back(Language(code, script)) == Language(code, script)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("xh_ZA", "xho-Latn"),
        ("en_US", "eng-Latn"),
        ("arb_Arab", "ara-Arab"),
        ("swh_Latn", "swa-Latn"),
        ("sr_Latn", "srp-Latn"),
        ("Telugu", "tel-Telu"),
    ],
)
def test_names_that_others_give(code: str, language: str) -> None:
    assert str(codes.language_of(code, where="here")) == language


@pytest.mark.parametrize("code", ["xx_YY", "adapter", "", "x_", "x_foo", "jap_JP", "_"])
def test_what_names_no_language_is_refused(code: str) -> None:
    with pytest.raises(InputError, match="here"):
        codes.language_of(code, where="here")
