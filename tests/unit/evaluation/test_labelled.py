import numpy as np
import pytest
import torch
from tokenizers import Tokenizer as Backend
from tokenizers import models, normalizers, pre_tokenizers
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from isogloss.core import InputError
from isogloss.data import ClassifiedText, TaggedSentence, Tokenizer, encode_tagged
from isogloss.evaluation import LabelledTest, evaluate_classification, evaluate_tagging
from isogloss.models import TokenClassifier
from unit.evaluation.toys import LetterTokenizer, Parrot, ToyTagger, cell
from unit.models.toys import adapters, toy_model

TAGS = ("O", "B-PER", "I-PER")  # the parrot says: a, d, g -> O; b, e -> B-PER; c, f -> I-PER
SENTENCES = [
    TaggedSentence(("bx", "cx", "ay"), ("B-PER", "I-PER", "O")),
    TaggedSentence(("a", "b"), ("O", "O")),
    TaggedSentence(("c",), ("B-PER",)),
    TaggedSentence(("a", "bbbbbbbbbbbbbbbbbbbbb", "b"), ("O", "O", "B-PER")),
]


def labelled(labels: tuple[str, ...] = TAGS, **changes: int) -> LabelledTest:
    return LabelledTest(labels, LetterTokenizer(), **changes)


def test_entities_by_hand() -> None:
    found = evaluate_tagging(Parrot(3), SENTENCES, labelled(), 0, cell=cell("entity_f1"))
    assert found.predictions == ("B-PER I-PER O", "O B-PER", "I-PER", "O B-PER B-PER")
    # An I-PER without a beginning is an entity; the last sentence has an invented one.
    assert found.counts.tolist() == [[1, 1, 1], [0, 1, 0], [1, 1, 1], [1, 2, 1]]
    assert np.isclose(found.score(), 2 * 3 / (5 + 3))


def test_words_that_were_cut_off_are_outside_of_entities() -> None:
    found = evaluate_tagging(
        Parrot(3), SENTENCES, labelled(max_length=10), 0, cell=cell("entity_f1")
    )
    assert found.predictions[3] == "O B-PER O"
    assert found.counts[3].tolist() == [0, 1, 1]


def test_parts_of_speech_by_hand() -> None:
    sentences = [
        TaggedSentence(("a", "b", "b"), ("NOUN", "VERB", "NOUN")),
        TaggedSentence(("a", "aaaaaaaaaa", "a"), ("NOUN", "NOUN", "NOUN")),
    ]
    test = labelled(("NOUN", "VERB"), max_length=8)
    found = evaluate_tagging(Parrot(2), sentences, test, 0, cell=cell("pos_accuracy"))
    assert found.counts.tolist() == [[2, 3], [2, 3]]
    assert found.predictions == ("NOUN VERB VERB", "NOUN NOUN _")


def test_a_label_that_only_the_test_has_counts_as_missed() -> None:
    sentences = [TaggedSentence(("a", "b"), ("NOUN", "SYM"))]
    found = evaluate_tagging(
        Parrot(2), sentences, labelled(("NOUN", "VERB")), 0, cell=cell("pos_accuracy")
    )
    assert found.counts.tolist() == [[1, 2]]
    texts = [ClassifiedText("a", None, "sport"), ClassifiedText("b", None, "weather")]
    found = evaluate_classification(
        Parrot(2, rows=True), texts, labelled(("sport", "war")), 0, cell=cell("accuracy")
    )
    assert found.counts.tolist() == [[1, 1], [0, 1]]


def test_texts_and_pairs_by_hand() -> None:
    texts = [
        ClassifiedText("a", "b", "yes"),
        ClassifiedText("b", "aaaa", "yes"),
        ClassifiedText("b", None, "no"),
    ]
    found = evaluate_classification(
        Parrot(2, rows=True), texts, labelled(("yes", "no")), 0, cell=cell("accuracy")
    )
    assert found.predictions == ("yes", "no", "no")
    assert np.isclose(found.score(), 2 / 3)


@pytest.mark.parametrize("rows", [False, True])
def test_does_not_depend_on_the_batch_size(rng: np.random.Generator, rows: bool) -> None:
    words = ["".join(rng.choice(list("abcdefg"), rng.integers(1, 9))) for _ in range(60)]
    model = ToyTagger(3, rows=rows)
    tables = []
    for size in (1, 7, 64):
        test = labelled(batch_size=size)
        if rows:
            texts = [ClassifiedText(word, None, "O") for word in words]
            tables.append(evaluate_classification(model, texts, test, 0, cell=cell("accuracy")))
        else:
            sentences = [TaggedSentence((word, "a"), ("O", "B-PER")) for word in words]
            tables.append(evaluate_tagging(model, sentences, test, 0, cell=cell("entity_f1")))
    for table in tables[1:]:
        assert table.predictions == tables[0].predictions
        assert np.array_equal(table.counts, tables[0].counts)


def test_rows_of_like_length_share_a_batch() -> None:
    model = ToyTagger(3)
    sentences = [TaggedSentence(("a" * n,), ("O",)) for n in (1, 9, 2, 9, 1, 2)]
    evaluate_tagging(model, sentences, labelled(batch_size=2), 0, cell=cell("entity_f1"))
    assert model.model.calls == [(2, 11), (2, 4), (2, 3)]


def test_leaves_the_classifier_as_it_was() -> None:
    model = ToyTagger(3).train()
    before = torch.get_rng_state()
    evaluate_tagging(model, SENTENCES, labelled(), 0, cell=cell("entity_f1"))
    assert model.training
    assert model.model.dropout.training
    assert torch.equal(before, torch.get_rng_state())


def test_no_examples_no_counts() -> None:
    found = evaluate_tagging(Parrot(3), [], labelled(), 0, cell=cell("entity_f1"))
    assert found.counts.shape == (0, 3)


def test_a_metric_of_something_else_is_refused() -> None:
    with pytest.raises(InputError, match="metric of tagged sentences"):
        evaluate_tagging(Parrot(3), SENTENCES, labelled(), 0, cell=cell("bits_per_byte"))


def test_a_real_encoder_with_adapters_does_not_depend_on_the_padding(
    rng: np.random.Generator,
) -> None:
    classifier = TokenClassifier(toy_model(adapters()), 3)
    words = ["".join(rng.choice(list("abcdefg"), rng.integers(1, 30))) for _ in range(30)]
    sentences = [TaggedSentence((word, "b"), ("O", "B-PER")) for word in words]
    first, second = (
        evaluate_tagging(
            classifier,
            sentences,
            labelled(batch_size=size, max_length=32),
            1,
            cell=cell("entity_f1"),
        )
        for size in (1, 16)
    )
    assert first.predictions == second.predictions


def test_rows_of_several_languages_in_one_pass_are_those_of_one_pass_each(
    rng: np.random.Generator,
) -> None:
    model = toy_model(adapters())
    classifier = TokenClassifier(model, 3)
    for slab in model.language_specific_parameters().values():
        nn.init.normal_(slab, std=0.5)
    words = ["".join(rng.choice(list("abcdefg"), rng.integers(1, 30))) for _ in range(12)]
    sentences = [TaggedSentence((word, "b"), ("O", "B-PER")) for word in words]
    test = labelled(batch_size=8, max_length=32)
    alone = [
        evaluate_tagging(classifier, sentences, test, one, cell=cell("entity_f1")) for one in (0, 2)
    ]
    mixed = evaluate_tagging(
        classifier,
        [one for one in sentences for _ in range(2)],
        test,
        [0, 2] * len(sentences),
        cell=cell("entity_f1"),
    )
    assert alone[0].predictions != alone[1].predictions
    assert [mixed.predictions[index::2] for index in (0, 1)] == [one.predictions for one in alone]


class Oracle(nn.Module):
    """Gives every position that training would label its right class."""

    def __init__(self, sentences: list[TaggedSentence], test: LabelledTest) -> None:
        super().__init__()
        self.nothing = nn.Parameter(torch.zeros(1))
        encoded = encode_tagged(sentences, test.labels, test.tokenizer, test.max_length)
        self.rows = {example.ids: example.labels for example in encoded}
        self.n_labels = len(test.labels)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor) -> Tensor:
        logits = torch.zeros(*input_ids.shape, self.n_labels)
        for row, ids in enumerate(input_ids):
            n = len(ids) if attention_mask is None else int(attention_mask[row].sum())
            labels = self.rows[tuple(ids[:n].tolist())]
            assert not isinstance(labels, int)
            for position, label in enumerate(labels):
                logits[row, position, max(label, 0)] = 1.0
        return logits


def bert_like(words: set[str]) -> Tokenizer:
    """Return a tokenizer that removes characters of no width, as multilingual BERT's does."""
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(words)]
    backend = Backend(
        models.WordPiece({name: index for index, name in enumerate(names)}, unk_token="[UNK]")
    )
    backend.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = dict(zip(("pad", "unk", "cls", "sep", "mask"), names, strict=False))
    tokens = {f"{name}_token": token for name, token in special.items()}
    return Tokenizer(PreTrainedTokenizerFast(tokenizer_object=backend, **tokens), "bert-like")


NO_WIDTH = [
    TaggedSentence(("Asha", "\u200d", "Devi", "Pune"), ("B-PER", "I-PER", "I-PER", "B-LOC")),
    TaggedSentence(("\u200e", "Jaipur", "city"), ("B-LOC", "I-LOC", "O")),
    TaggedSentence(("\u200b",), ("B-LOC",)),
]


@pytest.mark.parametrize("metric", ["entity_f1", "pos_accuracy"])
def test_a_perfect_tagger_scores_1_though_the_tokenizer_drops_words(metric: str) -> None:
    words = {word for sentence in NO_WIDTH for word in sentence.tokens if word.isalpha()}
    labels = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    test = LabelledTest(labels, bert_like(words))
    found = evaluate_tagging(Oracle(NO_WIDTH, test), NO_WIDTH, test, 0, cell=cell(metric))
    assert found.predictions == tuple(" ".join(sentence.tags) for sentence in NO_WIDTH)
    assert found.score() == 1.0


def test_words_beyond_the_length_are_missed_even_by_a_perfect_tagger() -> None:
    long = TaggedSentence(("Asha", *["\u200d"] * 60, "Pune"), ("B-PER", *["O"] * 60, "B-LOC"))
    test = LabelledTest(("O", "B-PER", "B-LOC"), bert_like({"Asha", "Pune"}), max_length=32)
    found = evaluate_tagging(Oracle([long], test), [long], test, 0, cell=cell("entity_f1"))
    assert found.counts.tolist() == [[1, 1, 2]]
    found = evaluate_tagging(Oracle([long], test), [long], test, 0, cell=cell("pos_accuracy"))
    assert found.counts.tolist() == [[30, 62]]
