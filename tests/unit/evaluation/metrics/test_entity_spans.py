import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core import METRICS
from isogloss.evaluation.metrics import entity_spans, span_counts, tag_runs

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]
SENTENCES = st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), max_size=12)


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O O", []),
        ("B-PER", [("PER", 0, 1)]),
        ("B-PER I-PER O", [("PER", 0, 2)]),
        ("B-PER B-PER I-PER", [("PER", 0, 1), ("PER", 1, 3)]),
        ("B-PER I-LOC", [("PER", 0, 1), ("LOC", 1, 2)]),
        ("O I-LOC I-LOC O", [("LOC", 1, 3)]),
        ("I-LOC B-LOC", [("LOC", 0, 1), ("LOC", 1, 2)]),
        ("B-PER O I-PER", [("PER", 0, 1), ("PER", 2, 3)]),
        ("B-X-Y I-X-Y", [("X-Y", 0, 2)]),
        ("", []),
    ],
)
def test_spans_by_hand(tags: str, spans: list[tuple[str, int, int]]) -> None:
    assert [tuple(span) for span in entity_spans(tags.split())] == spans


def test_both_ends_and_the_type_must_agree() -> None:
    gold = ["B-PER", "I-PER", "O", "B-LOC", "O", "B-ORG"]
    predicted = ["B-PER", "O", "O", "B-ORG", "O", "B-ORG"]
    assert span_counts(gold, predicted) == [1.0, 3.0, 3.0]


@settings(max_examples=150, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=6))
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
def test_any_tags_give_the_f1_of_seqeval(pairs: list[list[tuple[str, str]]]) -> None:
    metrics = pytest.importorskip("seqeval.metrics")
    gold = [[pair[0] for pair in sentence] for sentence in pairs]
    predicted = [[pair[1] for pair in sentence] for sentence in pairs]
    counts = np.array([span_counts(*both) for both in zip(gold, predicted, strict=True)])
    ours = METRICS["entity_f1"].value(counts.sum(axis=0))
    theirs = metrics.f1_score(gold, predicted, zero_division=0)
    assert np.isclose(ours, theirs, atol=1e-12)


@given(st.lists(st.sampled_from(TAGS), max_size=15))
def test_spans_do_not_overlap_and_cover_every_tagged_word(tags: list[str]) -> None:
    covered = [word for span in entity_spans(tags) for word in range(span.start, span.end)]
    assert covered == [word for word, tag in enumerate(tags) if tag != "O"]


def _f1(gold: str, predicted: str) -> float:
    counts = np.array([span_counts(gold.split(), predicted.split(), tag_runs)])
    return float(METRICS["pos_f1"].value(counts.sum(axis=0)))


@pytest.mark.parametrize(
    ("gold", "predicted", "score"),
    [
        # Values of seqeval 0.0.12, run outside on the same tags; 1.2.2 gives 0.5 and 1.0.
        ("NOUN NOUN VERB SCONJ SCONJ X", "NOUN VERB VERB SCONJ SCONJ X", 0.6),
        ("CCONJ NOUN", "SCONJ NOUN", 0.5),
        ("NOUN NOUN", "NOUN NOUN", 1.0),
        ("SYM SYM", "SYM NOUN", 0.5),
    ],
)
def test_parts_of_speech_as_xtreme_scores_them(gold: str, predicted: str, score: float) -> None:
    assert _f1(gold, predicted) == pytest.approx(score)


def test_entities_as_seqeval_reads_them() -> None:
    # Values of seqeval, run outside: I- after O or after another type begins an entity.
    gold = ["B-PER", "I-PER", "O", "I-LOC"]
    for predicted, score in (
        (["B-PER", "I-PER", "O", "B-LOC"], 1.0),
        (["B-PER", "I-ORG", "O", "B-LOC"], 0.4),
    ):
        counts = np.array(span_counts(gold, predicted))
        assert float(METRICS["entity_f1"].value(counts)) == pytest.approx(score)
