from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.diagnosis.sharing.learning import GateFile, GateTraining
from isogloss.diagnosis.sharing.sharing_map import SharingMap, SharingSettings, measure_sharing
from isogloss.models import MultilingualModel
from unit.evaluation.toys import LetterTokenizer, letter_corpus
from unit.models.toys import toy_model

EN, SW = toys.PAIR
TOKENIZER: Any = LetterTokenizer()
TRAINING = GateTraining(updates=3, drop=0.4)
QUICK = SharingSettings(rows=2, length=12, training=TRAINING)


def corpus(language: Any, split: str) -> Any:
    assert split in {"train", "dev"}
    return toys.corpora(toys.PAIR)[language]


def guessing() -> MultilingualModel:
    """Return a model that knows that special tokens are no targets, and nothing else."""
    model = toys.model(toys.plan())
    with torch.no_grad():
        model.backbone.decoder.bias[:5] = -9
    return model


@pytest.fixture(scope="module")
def found() -> SharingMap:
    return measure_sharing(guessing(), TOKENIZER, corpus, toys.PAIR, QUICK)


def test_a_model_that_guesses_at_random_is_refused() -> None:
    model = toys.model(toys.plan())
    with torch.no_grad():
        for one in model.parameters():
            one.mul_(3)
    with pytest.raises(InputError, match="a masked-LM head that was trained"):
        measure_sharing(model, TOKENIZER, corpus, toys.PAIR, QUICK)


def test_a_row_per_half_layer_and_pair(found: SharingMap) -> None:
    rows = found.rows()
    places = {(row["layer"], row["sublayer"]) for row in rows}
    assert places == {(n, half) for n in (0, 1) for half in ("attention", "feed_forward")}
    pairs = [(row["language_a"], row["language_b"]) for row in rows[:3]]
    assert pairs == [(str(EN), str(EN)), (str(EN), str(SW)), (str(SW), str(SW))]
    for row in rows:
        counted = [row[name] for name in ("universal", "only_a", "only_b", "unused")]
        assert sum(counted) == row["n_gates"]
    assert found.logits.shape[:2] == (2, 2)


def test_blocks_hold_every_gate_once(found: SharingMap) -> None:
    gates = np.concatenate([block.gates for block in found.blocks])
    assert sorted(gates) == list(range(found.logits.shape[2]))


def test_what_gates_keep_is_tested_on_other_text(found: SharingMap) -> None:
    assert [(row["language"], row["seed"]) for row in found.kept] == [
        (str(language), seed) for language in toys.PAIR for seed in (0, 1)
    ]
    for row in found.kept:
        assert row["density"] == pytest.approx(0.5, abs=0.02)
        assert row["loss_whole"] > 0
        assert row["loss_gated"] != row["loss_random"]


def test_histograms_of_both_directions(found: SharingMap) -> None:
    rows = found.histogram_rows()
    assert {(row["sublayer"], row["language_a"]) for row in rows} == {
        (half, str(one)) for half in ("attention", "feed_forward") for one in toys.PAIR
    }
    of_pair = [row for row in rows if row["language_a"] == str(EN)]
    assert sum(row["n"] for row in of_pair) == found.logits.shape[2]


def test_one_language_and_short_text_are_refused() -> None:
    model = guessing()
    with pytest.raises(InputError, match="two languages or more"):
        measure_sharing(model, TOKENIZER, corpus, [EN], QUICK)
    with pytest.raises(InputError, match="at least one sequence of 12 tokens"):
        short: Any = letter_corpus(6)
        measure_sharing(model, TOKENIZER, lambda *_: short, toys.PAIR, QUICK)


def test_maps_of_positions_are_gated_one_set_at_a_time(tmp_path: Path) -> None:
    """DeBERTa's attention maps are applied to relative positions, which belong to no row."""
    model = toy_model(model_type="deberta-v2", languages=toys.PAIR)
    keep = GateFile(tmp_path / "gates.safetensors")
    quick = SharingSettings(criterion="representation", rows=2, length=12, training=TRAINING)
    found = measure_sharing(model, TOKENIZER, corpus, toys.PAIR, quick, keep=keep)
    assert found.logits.shape[:2] == (2, 2)
    assert len(list(tmp_path.iterdir())) == 4
    assert len(found.kept) == 4
