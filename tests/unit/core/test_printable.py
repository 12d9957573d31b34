"""No character that a terminal would act on is left."""

import unicodedata

from isogloss.core import printable


def test_only_text_line_feeds_and_tabs_are_left() -> None:
    everything = "".join(map(chr, range(0x110000)))
    left = printable(everything)
    assert {one for one in left if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs")} == set(
        "\n\t"
    )
    assert not set(left) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    left.encode()  # halves of surrogates would not let it
    assert not set(printable(everything, one_line=True)) & set("\n\t")


def test_scripts_stay_as_they_are() -> None:
    # The joiners of Persian and Indic scripts are no controls.
    for text in ("می\u200cخواهم", "क्\u200dष", "తెలుగు", "👩\u200d💻", "a b\n\tc"):
        assert printable(text) == text


def test_what_was_there_can_be_read() -> None:
    assert printable("\x1b]0;own\x07\x9b2J\r\u202e") == r"\x1b]0;own\x07\x9b2J\r\u202e"
