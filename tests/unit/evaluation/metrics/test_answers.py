import pytest

from isogloss.core import InputError, Language
from isogloss.evaluation.metrics import answer_normaliser, answer_scores
from isogloss.evaluation.metrics.answers import normalise_mlqa, normalise_squad


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("es", "La Torre Eiffel", "torre eiffel"),
        ("ar", "والكتاب", "و كتاب"),
        ("zh", "埃菲尔铁塔 in 1889年", "埃 菲 尔 铁 塔 in 1889 年"),
        ("en", "The tower, «a» tower!", "tower tower"),
        ("de", "Die Brücke des Königs", "brücke königs"),
        ("vi", "những con sông của tôi", "con sông tôi"),
        ("hi", "एक किताब।", "एक किताब"),
        ("zh", "“北京”，中国。", "北 京 中 国"),
        ("es", "unos niños y las Islas", "niños y islas"),
        ("de", "eines Tages, dem Ende", "tages ende"),
        ("ar", "الطالب، في المدرسة؟", "ط ب في مدرسة"),  # as published: inside a word, too
        ("ar", "السلام", "سلام"),
        ("hi", "“दिल्ली” में, १९४७ में।", "दिल्ली में १९४७ में"),
        ("zh", "A-1 号 楼 the", "a1 号 楼 the"),
        ("vi", "cái bàn, chiếc ghế", "bàn ghế"),
    ],
)
def test_mlqa_normalises_by_language(code: str, text: str, expected: str) -> None:
    assert normalise_mlqa(text, Language.parse(code)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الطالب، في المدرسة.", "الطالب، في المدرسة"),  # neither its article nor its comma
        ("दिल्ली में।", "दिल्ली में।"),
        ("กรุงเทพ (the city)", "กรุงเทพ city"),
        ("\u00a0a\u3000the  X", "x"),  # blanks of Unicode are blanks
    ],
)
def test_squad_knows_english_alone(text: str, expected: str) -> None:
    assert normalise_squad(text) == expected


def test_squad_normalises_all_languages_alike() -> None:
    assert normalise_squad("The tower's  a-b.") == "towers ab"
    assert normalise_squad("La Torre «Eiffel»") == "la torre «eiffel»", "ASCII punctuation only"


@pytest.mark.parametrize(
    ("kind", "code", "predicted", "gold", "f1"),
    [
        ("qa.mlqa", "zh", "埃菲尔铁塔", "埃菲尔塔", 8 / 9),
        ("qa", "zh", "埃菲尔铁塔", "埃菲尔塔", 0.0),
        ("qa.mlqa", "en", "the tower", "tower of Paris", 0.5),
        ("qa.xquad", "en", "the tower", "tower of Paris", 0.5),
        ("qa", "en", "b b a c", "b c c", 2 * 2 / 6),
        ("qa", "th", "กรุงเทพมหานคร", "กรุงเทพ", 0.0),
        ("qa", "ar", "المدرسة الكبيرة", "مدرسة الكبيرة", 0.5),
        ("qa.mlqa", "ar", "المدرسة الكبيرة", "مدرسة كبيرة جدا", 4 / 5),
        ("qa.mlqa", "hi", "एक किताब।", "किताब", 2 / 3),
        ("qa.mlqa", "zh", "1889 年", "1889年建", 4 / 5),
    ],
)
def test_f1_counts_shared_words(kind: str, code: str, predicted: str, gold: str, f1: float) -> None:
    normalise = answer_normaliser(kind, Language.parse(code))
    found = answer_scores(predicted, [gold], normalise)
    assert found == (pytest.approx(f1, abs=1e-6), 0.0)


def test_nothing_and_an_article_are_equal_but_share_no_word() -> None:
    for kind in ("qa", "qa.mlqa"):
        normalise = answer_normaliser(kind, Language.parse("en"))
        assert answer_scores("", ["the"], normalise) == (0.0, 1.0)


def test_the_best_gold_answer_counts() -> None:
    assert answer_scores("Paris", ["in Paris", "Paris", "Rome"], normalise_squad) == (1.0, 1.0)


def test_mlqa_has_seven_languages() -> None:
    with pytest.raises(InputError, match="en, es, hi, vi, de, ar, zh"):
        answer_normaliser("qa.mlqa", Language.parse("te"))
    assert answer_normaliser("qa.mlqa-like", Language.parse("te")) is normalise_squad
