from dataclasses import replace

from isogloss.data import TaggedSentence
from isogloss.evaluation import LabelledTest
from isogloss.tasks import FORMS
from unit.evaluation.toys import LetterTokenizer, Parrot, cell
from unit.tasks import toys

FORM = FORMS["token_classification"]
SENTENCES = [TaggedSentence(("ab", "c"), ("NOUN", "VERB")), TaggedSentence(("c",), ("VERB",))]
TAGS = ["NOUN", "VERB"]


def test_an_example_holds_its_tags_and_its_words() -> None:
    assert list(FORM.labels(SENTENCES[0])) == TAGS
    assert FORM.text(SENTENCES[0]) == "ab c"


def test_one_row_per_sentence() -> None:
    rows = FORM.encode(SENTENCES, TAGS, LetterTokenizer(), 24)
    assert [row.labels for row in rows] == [(-100, 0, -100, 1, -100), (-100, 1, -100)]


def test_learns_and_measures_the_loss() -> None:
    before, after = toys.losses_of_a_step(FORM, SENTENCES * 4, TAGS)
    assert after < before / 2


def test_the_head_follows_from_the_seed() -> None:
    assert toys.close(*toys.same_head(FORM, TAGS))


def test_one_table_of_the_metric_of_the_cell() -> None:
    test = LabelledTest(TAGS, LetterTokenizer())
    [table] = FORM.evaluate(Parrot(2), SENTENCES, test, 0, cell("pos_accuracy"))
    assert table.counts.tolist() == [[1, 2], [0, 1]]


def test_a_task_of_two_metrics_is_tagged_once_and_scored_by_both() -> None:
    test = LabelledTest(TAGS, LetterTokenizer())
    asked = replace(cell("pos_f1"), task="pos_xtreme")
    first, second = FORM.evaluate(Parrot(2), SENTENCES, test, 0, asked)
    assert (first.cell.metric, second.cell.metric) == ("pos_f1", "pos_accuracy")
    assert first.predictions == second.predictions
    assert second.counts.tolist() == [[1, 2], [0, 1]]
    assert first.counts[:, 2].tolist() == [2, 1]
