"""Languages are named by code and script, however they are written at the door."""

import csv
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, Language, known_languages

# The 38 languages of the transfer study, and those that XLM-R was trained on.
TRANSFER = (
    "gub est bre eng ben kmr spa bul pms gle nep cym fin hye mya hin tel tam kor ell hun heb "
    "zho ara swe jpn fra deu rus bam ewe hau ibo kin mos pcm wol yor "
)
XLMR = (
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu "
    "ha he hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my "
    "ne nl no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk "
    "ur uz vi xh yi zh "
)


@pytest.mark.parametrize(
    "text", ["te", "tel", "Telugu", "tel-Telu", "TE", "telugu", "tel_telu", " tel ", "TEL-TELU"]
)
def test_every_way_to_write_a_language_gives_the_same(text: str) -> None:
    language = Language.parse(text)
    assert (language.code, language.script, language.name) == ("tel", "Telu", "Telugu")
    assert (language.family, language.iso639_1) == ("Dravidian", "te")
    assert str(language) == "tel-Telu"


@pytest.mark.parametrize("text", [*TRANSFER.split(), *XLMR.split()])
def test_the_languages_of_the_studies_are_in_our_own_table(text: str) -> None:
    language = Language.parse(text)
    assert language in known_languages()
    assert language.name and language.family and language.script != "Zzzz"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("jap", "jpn-Jpan"),
        ("fre", "fra-Latn"),
        ("ger", "deu-Latn"),
        ("iw", "heb-Hebr"),
        ("jp", "jpn-Jpan"),
        ("Telgu", "tel-Telu"),
        ("englsh", "eng-Latn"),
        ("FRE-Latn", "fra-Latn"),
    ],
)
def test_a_code_that_is_no_language_is_refused_with_the_one_meant(text: str, meant: str) -> None:
    with pytest.raises(InputError, match=f"Did you mean `{meant}`"):
        Language.parse(text)


@pytest.mark.parametrize("text", ["", " ", "-", "mul", "und", "zxx", "zz", "tel-", "1", "te.te"])
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"a language: ISO 639|ISO 15924"):
        Language.parse(text)


def test_the_error_names_the_place() -> None:
    with pytest.raises(InputError, match=r"Where: text/xx\.train\.txt"):
        Language.parse("xx", where="text/xx.train.txt")


def test_a_script_of_its_own_makes_another_language() -> None:
    romanised = Language.parse("tel-Latn")
    assert romanised != Language.parse("tel")
    assert (romanised.name, romanised.family) == ("Telugu", "Dravidian")
    with pytest.raises(InputError, match="ISO 15924 script"):
        Language.parse("tel-Abcd")


@pytest.mark.parametrize(
    ("member", "macro"), [("swh", "swa"), ("arb", "ara"), ("cmn", "zho"), ("npi", "nep")]
)
def test_the_usual_member_of_a_macrolanguage_is_that_language(member: str, macro: str) -> None:
    assert Language.parse(member) == Language.parse(macro)


def test_other_iso_codes_have_no_script_unless_given() -> None:
    assert str(Language.parse("nov")) == "nov-Zzzz"
    assert str(Language.parse("nov-Latn")) == "nov-Latn"
    assert Language.parse("Novial").code == "nov"


@pytest.mark.parametrize("code", ["qaa", "qab", "qtz"])
def test_private_use_codes_are_the_synthetic_languages(code: str) -> None:
    language = Language.parse(code)
    assert (str(language), language.family) == (f"{code}-Latn", "Synthetic")
    assert Language.parse(str(language)) == language


def test_codes_just_outside_private_use_are_not_synthetic() -> None:
    assert Language.parse("que").family == "Quechuan"
    assert Language.parse("qua").name == "Quapaw"


def test_equality_and_hash_follow_code_and_script_only() -> None:
    bare = Language("tel", "Telu")
    assert bare == Language.parse("te")
    assert len({bare, Language.parse("te")}) == 1
    assert pickle.loads(pickle.dumps(bare)) == bare


def test_no_name_or_alias_stands_for_two_languages() -> None:
    from importlib.resources import files

    text = files("isogloss.core").joinpath("languages.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    owner: dict[str, str] = {}
    for row in rows:
        assert all(row[column] for column in ("code", "script", "name", "family"))
        aliases = [row["code"], row["iso639_1"], row["name"], *row["aliases"].split(",")]
        mistaken = row["mistaken_codes"].split(",")
        for name in {name.lower() for name in [*aliases, *mistaken] if name}:
            assert owner.setdefault(name, row["code"]) == row["code"], name
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)


def test_every_known_language_reads_its_own_print() -> None:
    assert all(Language.parse(str(language)) == language for language in known_languages())


@given(st.text(max_size=12))
def test_any_text_is_a_language_or_an_input_error(text: str) -> None:
    try:
        language = Language.parse(text)
    except InputError:
        return
    assert Language.parse(str(language)) == language
