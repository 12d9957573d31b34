"""Languages are named by code and script, however a user writes them."""

import pickle

import pycountry
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
        ("jw", "jav-Latn"),
        ("in", "ind-Latn"),
        ("ji", "yid-Hebr"),
        ("mo", "ron-Latn"),
        ("ajp", "apc-Arab"),
    ],
)
def test_a_code_that_is_no_language_is_refused_with_the_one_meant(text: str, meant: str) -> None:
    with pytest.raises(InputError, match=f"Did you mean `{meant}`"):
        Language.parse(text)


@pytest.mark.parametrize("text", ["", " ", "-", "mul", "und", "zxx", "zz", "tel-", "1", "te.te"])
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"a language: ISO 639|ISO 15924"):
        Language.parse(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("pt-BR", "por-Latn"),
        ("pt_BR", "por-Latn"),
        ("pt-br", "por-Latn"),
        ("en_XX", "eng-Latn"),
        ("ar_AR", "ara-Arab"),
        ("de-de", "deu-Latn"),
        ("es-419", "spa-Latn"),
        ("en-GB", "eng-Latn"),
        ("en-us", "eng-Latn"),
        ("en-GB-oed", "eng-Latn"),
        ("zh_CN", "zho-Hans"),
        ("zh-TW", "zho-Hant"),
        ("zh_Hant_TW", "zho-Hant"),
        ("zh-HK", "zho-Hant"),
        ("zh-Hans-CN", "zho-Hans"),
        ("sr-Latn-RS", "srp-Latn"),
        ("sr-RS", "srp-Cyrl"),
        ("pa-PK", "pan-Arab"),
        ("hi_rom", "hin-Latn"),
        ("arb_Latn", "ara-Latn"),
        ("als_Latn", "sqi-Latn"),
        ("be-x-old", "bel-Cyrl"),
        ("be-tarask", "bel-Cyrl"),
        ("simple", "eng-Latn"),
        ("zh-yue", "yue-Hant"),
        ("zh-min-nan", "nan-Latn"),
        ("zh-classical", "lzh-Hant"),
        ("roa-rup", "rup-Latn"),
        ("fiu-vro", "vro-Latn"),
        ("bat-smg", "sgs-Latn"),
        ("map-bms", "jav-Latn"),
        ("cbk-zam", "cbk-Latn"),
        ("nds-nl", "nds-Latn"),
        ("sh", "hbs-Zzzz"),
        ("Norwegian-Bokmaal", "nor-Latn"),
        ("Norwegian_Bokmål", "nor-Latn"),
        ("Ancient Greek", "grc-Grek"),
        ("Old_Church_Slavonic", "chu-Cyrl"),
        ("Classical_Chinese", "lzh-Hant"),
        ("Mbya Guarani", "gun-Latn"),
        ("Swiss German", "gsw-Latn"),
        ("German_Sign_Language", "gsg-Zzzz"),
    ],
)
def test_codes_that_data_sets_use(text: str, right: str) -> None:
    assert str(Language.parse(text)) == right


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("als", ["sqi-Latn", "gsw-Latn", "Alemannic in Wikipedia and WikiAnn"]),
        ("ALS", ["sqi-Latn", "gsw-Latn"]),
        ("als-AL", ["sqi-Latn", "gsw-Latn"]),
        ("nrm", ["nrm-Latn", "nrf-Latn"]),
        ("bh", ["bho-Deva", "mai-Deva"]),
        ("eml", ["egl-Latn", "rgn-Latn"]),
        ("nah", ["nci-Latn", "nhe-Latn"]),
    ],
)
def test_a_code_with_two_meanings_is_refused_with_both(text: str, choices: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Language.parse(text)
    assert all(choice in str(caught.value) for choice in choices)


@pytest.mark.parametrize("text", ["mul", "und", "zxx", "xx", "nah", "in", "ṭe"])
def test_a_short_code_brings_no_far_fetched_hint(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Language.parse(text)
    assert not any(wrong in str(caught.value) for wrong in ("Malayalam", "Rundi", "Shona", "`tel"))


@pytest.mark.parametrize(("text", "hint"), [("en-fr", "`en-FR`"), ("my_zaw", "Zawgyi")])
def test_a_second_part_that_may_be_a_language_is_refused(text: str, hint: str) -> None:
    with pytest.raises(InputError, match=hint):
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
def test_private_use_codes_are_no_languages_of_ours(code: str) -> None:
    language = Language.parse(code)
    assert (str(language), language.name) == (f"{code}-Latn", f"Private use {code}")
    assert language.is_private_use
    assert Language.parse(str(language)) == language


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("qtd", "Turkish-German"),
        ("qhe", "Hindi-English"),
        ("qte", "Telugu-English"),
        ("qfn", "Frisian-Dutch"),
        ("qaf", "Maghrebi Arabic-French"),
    ],
)
def test_codes_of_universal_dependencies_are_their_own(code: str, name: str) -> None:
    assert Language.parse(code).name == f"{name} code-switching"


def test_codes_just_outside_private_use_are_not_synthetic() -> None:
    assert Language.parse("que").family == "Quechuan"
    assert Language.parse("qua").name == "Quapaw"
    assert not Language.parse("qua").is_private_use


def test_equality_and_hash_follow_code_and_script_only() -> None:
    bare = Language("tel", "Telu")
    assert bare == Language.parse("te")
    assert len({bare, Language.parse("te")}) == 1
    assert pickle.loads(pickle.dumps(bare)) == bare


def test_every_known_language_reads_its_own_print() -> None:
    assert all(Language.parse(str(language)) == language for language in known_languages())


def test_every_language_of_the_standard_reads_its_own_print() -> None:
    for entry in pycountry.languages:
        code = entry.alpha_3
        try:
            language = Language.parse(code)
        except InputError:  # `mul` and its like, and codes with two meanings
            continue
        assert Language.parse(str(language)) == language
        for script in ("Latn", "Zzzz"):
            with_script = Language.parse(f"{code}-{script}")
            assert Language.parse(str(with_script)) == with_script


_PARTS = st.sampled_from(
    ["te", "tel", "als", "nrm", "zh", "sr", "pt", "en", "Latn", "Hans", "Zzzz", "rom", "BR", "br"]
)
_TAGS = st.lists(_PARTS | st.text(max_size=5), min_size=1, max_size=5).map("-".join)


@given(st.text(max_size=12) | _TAGS | _TAGS.map(lambda tag: tag.replace("-", "_")))
def test_any_text_is_a_language_or_an_input_error(text: str) -> None:
    try:
        language = Language.parse(text)
    except InputError:
        return
    assert Language.parse(str(language)) == language


def test_text_of_any_length_is_answered_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Language.parse("te-" * 1_000_000)
    assert len(str(caught.value)) < 1000
