"""Windows worked by hand, and places of characters in scripts whose letters are composed."""

import unicodedata

import pytest

from isogloss.core import InputError, Language
from isogloss.data import Question, Tokenizer, train_tokenizer
from isogloss.data.samplers import encode_questions, question_windows
from unit.evaluation.toys import LetterTokenizer

CLS, SEP = LetterTokenizer.cls_id, LetterTokenizer.sep_id
TEXT = "abcdefghij klmno"  # 15 pieces, the blank is none


def ids(letters: str) -> tuple[int, ...]:
    return tuple(LetterTokenizer().encode([letters])[0])


def question(answer: str, context: str = TEXT, asked: str = "xy") -> Question:
    return Question("1", context, asked, (answer,), (context.index(answer),))


def test_windows_by_hand() -> None:
    # 12 positions: cls x y sep, 7 pieces of the paragraph, sep; 12 / 3 = 4 apart.
    found = question_windows([question("hij")], LetterTokenizer(), 12)
    assert [one.ids for one in found] == [
        (CLS, *ids("xy"), SEP, *ids(part), SEP) for part in ("abcdefg", "efghijk", "ijklmno")
    ]
    assert [one.first for one in found] == [4, 4, 4]
    assert found[0].spans == tuple((n, n + 1) for n in range(7))
    assert found[2].spans == tuple((n, n + 1) for n in (8, 9, 11, 12, 13, 14, 15))
    # Pieces 7 to 9: whole in the second window only.
    assert [one.answer for one in found] == [(0, 0), (4 + 7 - 4, 4 + 9 - 4), (0, 0)]


def test_every_piece_leads_in_the_window_that_shows_most_around_it() -> None:
    found = question_windows([question("hij")], LetterTokenizer(), 12)
    # Pieces 0-6, 4-10 and 8-14: piece 5 has one piece on its shorter side in both, 6 none and two.
    shown = ["".join("x" if one else "." for one in window.leads) for window in found]
    assert shown == ["xxxxxx.", "..xxxx.", "..xxxxx"]


@pytest.mark.parametrize(("answer", "windows"), [("a", [0]), ("efg", [0, 1]), ("o", [2])])
def test_an_answer_is_labelled_in_every_window_that_holds_it(
    answer: str, windows: list[int]
) -> None:
    found = question_windows([question(answer)], LetterTokenizer(), 12)
    assert [n for n, one in enumerate(found) if one.answer != (0, 0)] == windows
    for number in windows:
        first, last = found[number].answer
        assert found[number].ids[first : last + 1] == ids(answer)


def test_an_answer_over_every_edge_is_in_no_window() -> None:
    found = question_windows([question("abcdefgh")], LetterTokenizer(), 12)
    assert {one.answer for one in found} == {(0, 0)}


def test_a_short_paragraph_is_one_window() -> None:
    [found] = question_windows([question("b", "ab")], LetterTokenizer(), 12)
    assert found.ids == (CLS, *ids("xy"), SEP, *ids("ab"), SEP)
    assert found.answer == (5, 5)


def test_a_long_question_is_cut_to_half_and_to_64() -> None:
    long = question("b", "ab" * 60, asked="x" * 100)
    assert question_windows([long], LetterTokenizer(), 23)[0].first == 12
    assert question_windows([long], LetterTokenizer(), 400)[0].first == 66
    assert encode_questions([long], LetterTokenizer(), 400).n_truncated == 1


def test_rows_know_their_question() -> None:
    found = encode_questions([question("a"), question("b", "ab")], LetterTokenizer(), 12)
    assert found.example_of_row == (0, 0, 0, 1)
    assert [row.labels for row in found] == [(4, 4), (0, 0), (0, 0), (5, 5)]


def test_no_room_is_refused() -> None:
    with pytest.raises(InputError, match="at least 8 positions"):
        question_windows([question("a")], LetterTokenizer(), 7)
    assert question_windows([question("a")], LetterTokenizer(), 8)


# Invented sentences: vowels written as marks, a nukta in both forms, joiners, double blanks.
PARAGRAPHS = {
    "ar": "كَتَبَ المعلّمُ الرسالةَ  في مدينة طنطا، ثمّ قرأها التلاميذ.",
    "hi": "पढ़ाई के बाद ज़मीन पर क्\u200dष  वाली किताब रखी गई और सब घर गए।",
    "te": "విద్యార్థులు ఉదయం  గ్రంథాలయంలో పుస్తకాలు చదివారు తరువాత ఇంటికి వెళ్ళారు.",
    "zh": "老师在图书馆里写信，学生们后来读了这封信。1889年他们去了南方。",
    "en": "The teacher wrote cafe\u0301 letters   and read them.",
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    samples = {Language.parse(code): [text] * 20 for code, text in PARAGRAPHS.items()}
    return train_tokenizer(samples, tmp_path_factory.mktemp("real"), vocabulary_size=420)


@pytest.mark.parametrize("form", ["NFC", "NFD", None])
@pytest.mark.parametrize("code", PARAGRAPHS)
def test_pieces_point_to_the_characters_of_the_file(
    real: Tokenizer, code: str, form: str | None
) -> None:
    text = PARAGRAPHS[code] if form is None else unicodedata.normalize(form, PARAGRAPHS[code])
    [(pieces, spans)] = real.encode_with_spans([text])
    assert pieces == real.encode([text])[0], "the ids are those of training text"
    covered = [text[begin:end] for begin, end in spans]
    assert all(part == part.strip() for part in covered)
    assert spans == sorted(spans)
    seen = {place for begin, end in spans for place in range(begin, end)}
    assert seen == {place for place, one in enumerate(text) if not one.isspace()}


@pytest.mark.parametrize("length", [16, 40, 128])
@pytest.mark.parametrize("code", ["ar", "hi", "te", "en"])
def test_every_word_is_found_again_by_its_labels(real: Tokenizer, code: str, length: int) -> None:
    text = unicodedata.normalize("NFD", PARAGRAPHS[code])
    place = 0
    for word in text.split():
        place = text.index(word, place)
        asked = Question("1", text, "x", (word,), (place,))
        held = [one for one in question_windows([asked], real, length) if one.answer != (0, 0)]
        assert held or length == 16
        for window in held:
            first, last = (at - window.first for at in window.answer)
            assert text[window.spans[first][0] : window.spans[last][1]] == word
        place += len(word)


def test_an_answer_inside_a_chinese_sentence_is_covered(real: Tokenizer) -> None:
    text, answer = PARAGRAPHS["zh"], "图书馆"
    asked = Question("1", text, "老师", (answer,), (text.index(answer),))
    [window] = question_windows([asked], real, 128)
    first, last = (at - window.first for at in window.answer)
    assert answer in text[window.spans[first][0] : window.spans[last][1]]
