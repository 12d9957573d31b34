"""Languages under the names that X-MOD gives its adapters: `te_IN`, `en_XX`."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from isogloss.core import InputError, Language

# The 81 adapters of facebook/xmod-base, in its order (its model card), and whose they are.
_OF_XMOD: Final = """
en_XX eng-Latn  id_ID ind-Latn  vi_VN vie-Latn  ru_RU rus-Cyrl  fa_IR fas-Arab  sv_SE swe-Latn
ja_XX jpn-Jpan  fr_XX fra-Latn  de_DE deu-Latn  ro_RO ron-Latn  ko_KR kor-Kore  hu_HU hun-Latn
es_XX spa-Latn  fi_FI fin-Latn  uk_UA ukr-Cyrl  da_DK dan-Latn  pt_XX por-Latn  no_XX nor-Latn
th_TH tha-Thai  pl_PL pol-Latn  bg_BG bul-Cyrl  nl_XX nld-Latn  zh_CN zho-Hans  he_IL heb-Hebr
el_GR ell-Grek  it_IT ita-Latn  sk_SK slk-Latn  hr_HR hrv-Latn  tr_TR tur-Latn  ar_AR ara-Arab
cs_CZ ces-Latn  lt_LT lit-Latn  hi_IN hin-Deva  zh_TW zho-Hant  ca_ES cat-Latn  ms_MY msa-Latn
sl_SI slv-Latn  lv_LV lav-Latn  ta_IN tam-Taml  bn_IN ben-Beng  et_EE est-Latn  az_AZ aze-Latn
sq_AL sqi-Latn  sr_RS srp-Cyrl  kk_KZ kaz-Cyrl  ka_GE kat-Geor  tl_XX tgl-Latn  ur_PK urd-Arab
is_IS isl-Latn  hy_AM hye-Armn  ml_IN mal-Mlym  mk_MK mkd-Cyrl  be_BY bel-Cyrl  la_VA lat-Latn
te_IN tel-Telu  eu_ES eus-Latn  gl_ES glg-Latn  mn_MN mon-Cyrl  kn_IN kan-Knda  ne_NP nep-Deva
sw_KE swa-Latn  si_LK sin-Sinh  mr_IN mar-Deva  af_ZA afr-Latn  gu_IN guj-Gujr  cy_GB cym-Latn
eo_EO epo-Latn  km_KH khm-Khmr  ky_KG kir-Cyrl  uz_UZ uzb-Latn  ps_AF pus-Arab  pa_IN pan-Guru
ga_IE gle-Latn  ha_NG hau-Latn  am_ET amh-Ethi  lo_LA lao-Laoo  ku_TR kmr-Latn  so_SO som-Latn
my_MM mya-Mymr  or_IN ori-Orya  sa_IN san-Deva
"""
_PRIVATE: Final = "x_"
# A language and a region, as `xh_ZA` of a model that was given a language more.
_REGIONAL: Final = re.compile(r"(?P<language>[a-z]{2,3})_[A-Z]{2}")


def language_code(language: Language) -> str:
    """Return the name of a language's adapter in X-MOD.

    A language of facebook/xmod-base has its name there; another one has ISO 639-3 and script,
    joined by an underscore; what `Language.parse` would not read back as the same language gets
    `x_` before that, as private use does in BCP 47. No two languages share a name.

    Args:
        language: of the model.

    Returns:
        The name; `language_of` is the way back.

    Example:
        >>> [language_code(Language.parse(one)) for one in ("te", "tel-Latn", "qaa")]
        ['te_IN', 'tel_Latn', 'qaa_Latn']
    """
    if language in _by_language():
        return _by_language()[language]
    code = f"{language.code}_{language.script}"
    try:
        return code if language_of(code, where="") == language else _PRIVATE + code
    except InputError:
        return _PRIVATE + code


def language_of(code: str, *, where: str) -> Language:
    """Return the language that an adapter of X-MOD is named after.

    Args:
        code: as `language_code` writes it, or as other people name adapters: a language and a
            region (`xh_ZA`), or anything that `Language.parse` reads.
        where: the file, for the message.

    Returns:
        The language.

    Raises:
        InputError: the name is no language's.
    """
    if code in _by_code():
        return _by_code()[code]
    name, _, script = code.removeprefix(_PRIVATE).rpartition("_")
    if code.startswith(_PRIVATE) and name:
        return Language(name, script)
    regional = _REGIONAL.fullmatch(code)
    return Language.parse(regional["language"] if regional else code, where=where)


@cache
def _by_code() -> Mapping[str, Language]:
    """X-MOD's name -> language."""
    words = _OF_XMOD.split()
    return dict(zip(words[::2], map(Language.parse, words[1::2]), strict=True))


@cache
def _by_language() -> Mapping[Language, str]:
    """Language -> X-MOD's name."""
    return {language: code for code, language in _by_code().items()}
