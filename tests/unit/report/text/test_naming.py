import pandas as pd

from isogloss.report.study_files import StudyFiles
from isogloss.report.text import naming


def test_names_and_mixtures(study: StudyFiles) -> None:
    names = naming.language_names(study)
    assert names["swa-Latn"] == "Swahili"
    assert naming.mixture_name("eng-Latn+swa-Latn", names) == "English + Swahili"
    assert naming.mixture_name("a+b+c+d+e+f+g", {}) == "a + b + c + d + 3 more"


def test_who_is_meant_and_with_whom() -> None:
    names = {code: code.upper() for code in "abcdefgh"}
    whole = pd.DataFrame(
        [{"language": "a", "mixture": one} for one in ("a+b", "a+c")]
        + [{"language": one, "mixture": "a+b"} for one in "bcdefgh"]
    )
    assert naming.who(whole[:2], names, whole) == "A", "in all of its mixtures"
    assert naming.who(whole[:1], names, whole) == "A (with B)"
    assert naming.who(whole[2:4], names, whole) == "B and C"
    assert naming.who(whole[2:], names, whole) == "B, C, D, E, F and 2 others"


def test_orders(study: StudyFiles) -> None:
    names = naming.language_names(study)
    assert naming.language_order(names, ["xyz", "ara-Arab", "eng-Latn"]) == [
        *("eng-Latn", "ara-Arab", "xyz")
    ]
    mixtures = ["zz", "eng-Latn+ara-Arab", "eng-Latn+swa-Latn"]
    assert naming.mixture_order(study, mixtures)[-1] == "zz"


def test_slots_are_stable_and_distinct(study: StudyFiles) -> None:
    slots = naming.treatment_slots(study)
    assert slots["monolingual"] == 0
    assert slots["untreated"] == 1
    assert len(set(slots.values())) == len(slots)


def test_badges_carry_a_sign_and_a_word() -> None:
    assert "▼" in naming.badge("HURT")
    assert "Hurt" in naming.badge("HURT")
    assert "v-other" in naming.badge("SOMETHING_NEW")
    assert "<b>" not in naming.badge("<b>")


def test_named_escapes() -> None:
    assert naming.named("a", {"a": "<i>"}).startswith("&lt;i&gt;")
    assert naming.named("a", {}) == '<span class="name">a</span>'


def test_codes_in_a_text_become_names() -> None:
    names = {"eng-Latn": "English", "swa-Latn": "Swahili", "swa-Latn-x-low": "Swahili, sample low"}
    said = naming.in_names("ner, eng-Latn+swa-Latn: swa-Latn, swa-Latn-x-low, pre-eng-Latn", names)
    assert said == "ner, English + Swahili: Swahili, Swahili, sample low, pre-eng-Latn"
    assert naming.in_names("eng-Latn", {}) == "eng-Latn"
