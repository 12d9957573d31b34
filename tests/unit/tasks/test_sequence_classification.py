from isogloss.data import ClassifiedText
from isogloss.evaluation import LabelledTest
from isogloss.tasks import FORMS
from unit.evaluation.toys import LetterTokenizer, Parrot, cell
from unit.tasks import toys

FORM = FORMS["sequence_classification"]
PAIRS = [ClassifiedText("ab", "cd", "yes"), ClassifiedText("cd", "ab", "no")]
LABELS = ["no", "yes"]


def test_an_example_holds_its_label_and_its_texts() -> None:
    assert list(FORM.labels(PAIRS[0])) == ["yes"]
    assert FORM.text(PAIRS[0]) == "ab cd"
    assert FORM.text(ClassifiedText("ab", None, "no")) == "ab "


def test_a_pair_is_cls_premise_sep_hypothesis_sep() -> None:
    first, second = FORM.encode(PAIRS, LABELS, LetterTokenizer(), 24)
    cls, sep = LetterTokenizer.cls_id, LetterTokenizer.sep_id
    assert first.ids == (cls, 5, 6, sep, 7, 8, sep)
    assert second.ids == (cls, 7, 8, sep, 5, 6, sep)
    assert (first.labels, second.labels) == (1, 0)


def test_learns_and_measures_the_loss() -> None:
    before, after = toys.losses_of_a_step(FORM, PAIRS * 4, LABELS)
    assert after < before / 2


def test_the_head_follows_from_the_seed() -> None:
    assert toys.close(*toys.same_head(FORM, LABELS))


def test_one_table_of_the_metric_of_the_cell() -> None:
    test = LabelledTest(LABELS, LetterTokenizer())
    [table] = FORM.evaluate(Parrot(2, rows=True), PAIRS, test, 0, cell("accuracy"))
    assert table.predictions == ("no", "no")
    assert table.counts.tolist() == [[0, 1], [1, 1]]
