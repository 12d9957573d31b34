import numpy as np
import torch

from isogloss.evaluation.retrieval import embed, evaluate_retrieval
from unit.evaluation.toys import LetterTokenizer, ToyEncoder, cell

RETRIEVAL = cell("retrieval_accuracy")


def sentences(rng: np.random.Generator, n: int) -> list[str]:
    return ["".join(rng.choice(list("abcdefghijk"), rng.integers(3, 12))) for _ in range(n)]


def test_a_sentence_finds_itself(rng: np.random.Generator) -> None:
    lines = sentences(rng, 30)
    found = evaluate_retrieval(
        ToyEncoder(),
        list(zip(lines, lines, strict=True)),
        LetterTokenizer(),
        (0, 0),
        cell=RETRIEVAL,
    )
    assert found.score() == 1.0
    assert found.predictions[4] == "4 4"


def test_unrelated_sentences_are_near_chance(rng: np.random.Generator) -> None:
    pairs = list(zip(sentences(rng, 60), sentences(rng, 60), strict=True))
    found = evaluate_retrieval(ToyEncoder(), pairs, LetterTokenizer(), (0, 1), cell=RETRIEVAL)
    assert found.score() < 0.2
    assert (found.counts[:, 1] == 2).all()


def test_does_not_depend_on_the_batch_size(rng: np.random.Generator) -> None:
    pairs = list(zip(sentences(rng, 25), sentences(rng, 25), strict=True))
    tables = [
        evaluate_retrieval(
            ToyEncoder(), pairs, LetterTokenizer(), (0, 1), cell=RETRIEVAL, batch_size=size
        )
        for size in (1, 4, 64)
    ]
    assert tables[0].predictions == tables[1].predictions == tables[2].predictions


def test_vectors_are_means_of_length_one() -> None:
    model, rows = ToyEncoder().eval(), [[2, 5, 6, 3], [2, 7, 3]]
    vectors = embed(model, rows, LetterTokenizer(), 1)
    with torch.no_grad():
        hidden = model.encode(torch.tensor([rows[1]]), None, torch.tensor([1]))[0].mean(0)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert np.allclose(vectors[1], (hidden / hidden.norm()).numpy(), atol=1e-6)


def test_long_sentences_are_cut() -> None:
    model = ToyEncoder()
    pairs = [("a" * 50, "b" * 50), ("c", "d")]
    evaluate_retrieval(model, pairs, LetterTokenizer(), (0, 1), cell=RETRIEVAL, max_length=8)
    assert max(length for _, length in model.calls) == 8


def test_no_pairs() -> None:
    found = evaluate_retrieval(ToyEncoder(), [], LetterTokenizer(), (0, 1), cell=RETRIEVAL)
    assert found.n_examples == 0
