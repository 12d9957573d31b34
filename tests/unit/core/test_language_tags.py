"""Tags are taken apart into language, script and private part."""

import subprocess
import sys

import pytest

from isogloss.core.language_tags import read_tag


@pytest.mark.parametrize(
    ("text", "code", "script", "variant"),
    [
        ("te", "tel", "", ""),
        ("tel_Latn", "tel", "Latn", ""),
        ("zh-yue-Hans", "yue", "Hans", ""),
        ("uz-AF", "uzb", "Arab", ""),
        ("uz-Cyrl-AF", "uzb", "Cyrl", ""),
        ("fr-CA-x-Low", "fra", "", "low"),
    ],
)
def test_parts(text: str, code: str, script: str, variant: str) -> None:
    tag = read_tag(text)
    assert tag.entry is not None
    assert (tag.entry.code, tag.script, tag.variant, tag.wrong) == (code, script, variant, "")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("tel-Abcd", "Abcd"), ("en-fr", "fr"), ("PT-ES", "ES"), ("tel-IN-Telu", "IN")],
)
def test_what_cannot_be_read_is_named(text: str, wrong: str) -> None:
    assert read_tag(text).wrong == wrong


def test_a_script_settles_what_a_code_means() -> None:
    assert read_tag("als").doubtful and read_tag("als-AL").doubtful
    settled = read_tag("als_Latn")
    assert not settled.doubtful and settled.entry is not None and settled.entry.code == "sqi"


@pytest.mark.parametrize("text", ["", "-", "te-", "-te", "te--Latn", "x-low"])
def test_what_names_no_language(text: str) -> None:
    assert read_tag(text).entry is None


def test_what_our_own_table_knows_does_not_read_the_standard() -> None:
    program = (
        "import sys; from isogloss.core.language_tags import read_tag; "
        "[read_tag(one) for one in ('te', 'tel-Telu', 'eng_Latn', 'qaa-Latn', 'fr-x-low')]; "
        "sys.exit('pycountry' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
