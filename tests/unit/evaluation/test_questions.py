import numpy as np
import pytest
import torch
from torch import Tensor, nn

from isogloss.core import InputError
from isogloss.data import Question, Window, encode_questions
from isogloss.evaluation import LabelledTest, evaluate_questions, span_nats
from isogloss.evaluation.questions import n_best
from isogloss.models import TokenClassifier
from unit.evaluation.toys import LetterTokenizer, cell
from unit.models.toys import toy_model

CONTEXT = "abcd efgh"


class Pointer(nn.Module):
    """Points to the first `wanted` letter of a row, and for the last piece to the letter after."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = LetterTokenizer().encode([wanted])[0][0]
        self.nothing = nn.Parameter(torch.zeros(1))

    def forward(self, ids: Tensor, mask: Tensor | None, language: Tensor) -> Tensor:
        here = (ids == self.wanted).float()
        after = torch.zeros_like(here)
        after[:, 1:] = here[:, :-1]
        return torch.stack([here, after], dim=-1)


def questions(context: str = CONTEXT) -> list[Question]:
    return [
        Question("1", context, "x", ("de", "d e"), (0, 3)),
        Question("2", context, "d", ("a",), (0,)),
    ]


def labelled(**changes: object) -> LabelledTest:
    return LabelledTest((), LetterTokenizer(), **changes)


def test_an_answer_is_text_of_the_file() -> None:
    f1, em = evaluate_questions(Pointer("d"), questions(), labelled(), 0, cell=cell("qa_f1"))
    # A `d` in the question is no answer; the blank between the pieces comes back.
    assert f1.predictions == em.predictions == ("d e", "d e")
    assert (f1.cell.metric, em.cell.metric) == ("qa_f1", "qa_em")
    assert f1.counts.tolist() == [[1, 1], [0, 1]]
    assert em.counts.tolist() == [[1, 1], [0, 1]]


@pytest.mark.parametrize("batch_size", [1, 3, 64])
@pytest.mark.parametrize("length", [8, 10, 64])
def test_the_best_window_wins_whatever_its_place(batch_size: int, length: int) -> None:
    context = "bbbbbbbb bbbbbbbb bd ebbb bbbb"
    test = labelled(batch_size=batch_size, max_length=length)
    f1, _ = evaluate_questions(Pointer("d"), questions(context)[:1], test, 0, cell=cell("qa_f1"))
    assert f1.predictions == ("d e",)


def test_n_best_by_hand() -> None:
    spans = tuple((n, n + 1) for n in range(4))
    window = Window((2, 9, 3, 5, 6, 7, 8, 3), 0, 3, spans, (0, 0), (True,) * 4)
    scores = np.full((8, 2), -9.0, dtype=np.float32)
    scores[0] = 50, 50  # cls, outside of the paragraph
    scores[3:7, 0] = 1, 4, 0, 2
    scores[3:7, 1] = 3, 0, 2, 1
    found = n_best(window, scores, "abcd", n=3)
    assert found == [(6.0, "bc"), (5.0, "bcd"), (4.0, "a")]
    # b-a has the highest sum, 7, but ends before it begins.
    assert n_best(window, scores, "abcd", longest=1) == [
        (4.0, "b"),  # of equal sums the one that begins better
        (4.0, "a"),
        (3.0, "d"),
        (2.0, "c"),
    ]


def test_no_answer_is_longer_than_30_pieces() -> None:
    class Whole(Pointer):
        def forward(self, ids: Tensor, mask: Tensor | None, language: Tensor) -> Tensor:
            place = torch.arange(ids.shape[1]).float().expand(ids.shape)
            return torch.stack([-place, place], dim=-1)

    context = "b" * 40
    asked = [Question("1", context, "x", (context,), (0,))]
    f1, _ = evaluate_questions(Whole("b"), asked, labelled(), 0, cell=cell("qa_f1"))
    assert len(f1.predictions[0]) <= 30


def test_a_set_of_mlqa_refuses_other_languages() -> None:
    with pytest.raises(InputError, match="MLQA"):
        evaluate_questions(
            Pointer("d"), questions(), labelled(kind="qa.mlqa"), 0, cell=cell("qa_f1")
        )


def test_no_questions_no_counts() -> None:
    f1, em = evaluate_questions(Pointer("d"), [], labelled(), 0, cell=cell("qa_f1"))
    assert f1.counts.shape == em.counts.shape == (0, 2)


def test_the_loss_does_not_depend_on_the_batch_size() -> None:
    rows = encode_questions(questions("abcdefghij" * 5), LetterTokenizer(), 16).examples
    model = TokenClassifier(toy_model(), 2, seed=1)
    found = [span_nats(model, rows, 0, 0, batch_size=size) for size in (1, 5, 64)]
    assert np.allclose(found, found[0], rtol=1e-5)
    assert 0 < found[0] < 4
