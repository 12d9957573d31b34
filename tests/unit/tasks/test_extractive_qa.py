from isogloss.core import Language
from isogloss.data import Question
from isogloss.evaluation import LabelledTest
from isogloss.tasks import FORMS
from unit.evaluation.test_questions import Pointer
from unit.evaluation.toys import LetterTokenizer, cell
from unit.tasks import toys

SWAHILI = Language.parse("sw")
FORM = FORMS["extractive_qa"]
CONTEXT = "abcdefghijklmnopqrstuvwxyz"
QUESTIONS = [
    Question(str(n), CONTEXT, letter, (CONTEXT[n : n + 2],), (n,))
    for n, letter in enumerate(CONTEXT[:12])
]


def test_an_example_holds_no_classes_and_its_question() -> None:
    assert list(FORM.labels(QUESTIONS[0])) == []
    assert FORM.text(QUESTIONS[1]) == "b"


def test_rows_are_windows() -> None:
    rows = FORM.encode(QUESTIONS[:1], [], LetterTokenizer(), 24)
    assert [row.labels for row in rows] == [(3, 4), (0, 0)]
    assert not FORM.one_row


def test_learns_and_measures_the_loss() -> None:
    before, after = toys.losses_of_a_step(FORM, QUESTIONS[:2] * 4, [])
    assert after < before / 2


def test_the_head_points_with_two_numbers() -> None:
    first, second = toys.same_head(FORM, [])
    assert toys.close(first, second)
    assert first.head.weight.shape[0] == 2


def test_a_table_of_each_metric() -> None:
    test = LabelledTest([], LetterTokenizer(), kind="qa")
    tables = FORM.evaluate(Pointer("d"), QUESTIONS, test, 0, cell("qa_f1"))
    assert [table.cell.metric for table in tables] == ["qa_f1", "qa_em"]
    assert {table.predictions for table in tables} == {("de",) * 12}
    assert [table.score() for table in tables] == [1 / 12, 1 / 12]


def test_without_its_question_a_row_is_the_paragraph_alone() -> None:
    class Source:
        def questions(self, *_: object) -> list[Question]:
            return QUESTIONS

    alone = FORMS["extractive_qa_passage_only"]
    examples = alone.read(Source(), "qa", SWAHILI, "test")
    assert [one.answers for one in examples] == [one.answers for one in QUESTIONS]
    assert {alone.text(one) for one in examples} == {CONTEXT}
    tokenizer = LetterTokenizer()
    rows = alone.encode(examples, [], tokenizer, 64)
    whole = (tokenizer.cls_id, tokenizer.sep_id, *tokenizer.encode([CONTEXT])[0], tokenizer.sep_id)
    assert {row.ids for row in rows} == {whole}
    assert [row.labels for row in rows] == [(n + 2, n + 3) for n in range(12)]
