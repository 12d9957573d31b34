from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from isogloss.core import InputError
from isogloss.diagnosis.sharing import learning
from isogloss.diagnosis.sharing.gates import GatePlace, frozen, gate_sizes, gated
from isogloss.diagnosis.sharing.hard_concrete import expected_density
from isogloss.diagnosis.sharing.learning import GateFile, GateTraining, learn_gates
from isogloss.diagnosis.sharing.similarity import pearson

N = 16
QUICK = GateTraining(updates=120, learning_rate=0.1)


class TwoNetworks:
    """A map of two disjoint halves; "language" 0 uses the one, "language" 1 the other."""

    def __init__(self, sets: tuple[tuple[int, int], ...]) -> None:
        generator = torch.Generator().manual_seed(1)
        self.map = nn.Linear(N, N)
        with torch.no_grad():
            self.map.weight.copy_(torch.randn((N, N), generator=generator))
            self.map.bias.zero_()
        self.places = (GatePlace(0, "feed_forward", "map", self.map, N),)
        self.sets = sets

    def __call__(self, update: int, gates: Tensor) -> Tensor:
        rows = [self._text(language, seed, update) for language, seed in self.sets]
        x = torch.stack(rows)
        with torch.no_grad():
            whole = self.map(x)
        with gated(self.places, gates, torch.arange(len(x))):
            return (self.map(x) - whole).square().mean((1, 2))

    def _text(self, language: int, seed: int, update: int) -> Tensor:
        generator = torch.Generator().manual_seed(1000 * update + 10 * seed + language)
        x = torch.randn((12, N), generator=generator)
        half = torch.arange(N) < N // 2
        return x * (half if language == 0 else ~half)


def learned(
    net: TwoNetworks, training: GateTraining = QUICK, keep: GateFile | None = None
) -> Tensor:
    with frozen(net.map):
        return learn_gates(
            net, gate_sizes(net.places), [s for _, s in net.sets], training, keep=keep
        )


def test_planted_networks_are_recovered() -> None:
    net = TwoNetworks(((0, 0), (0, 1), (1, 0), (1, 1)))
    before = {name: value.clone() for name, value in net.map.named_parameters()}
    found = learned(net).numpy()
    half = np.arange(N) < N // 2
    assert ((found[:2] > 0) == half).all()
    assert ((found[2:] > 0) == ~half).all()
    assert pearson(found[0], found[1]) > 0.95
    assert pearson(found[2], found[3]) > 0.95
    assert pearson(found[0], found[2]) < -0.95
    assert all(torch.equal(before[name], value) for name, value in net.map.named_parameters())


@pytest.mark.parametrize("target", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_targets_are_met(target: float) -> None:
    net = TwoNetworks(((0, 0), (1, 0)))
    found = learned(net, GateTraining(density=target, updates=30))
    density = expected_density(found, gate_sizes(net.places))
    assert density.tolist() == pytest.approx([target, target], abs=0.02)


def test_a_set_learns_what_it_learns_alone() -> None:
    training = GateTraining(updates=12)
    together = learned(TwoNetworks(((0, 0), (1, 0), (1, 1))), training)
    alone = learned(TwoNetworks(((1, 1),)), training)
    assert torch.allclose(together[2], alone[0], atol=1e-5)


def test_penalties_at_their_limits() -> None:
    net = TwoNetworks(((0, 0),))
    none = learned(net, GateTraining(density=None, penalty=0.0, updates=60))
    assert (none > 0).all(), "nothing is lost where nothing is asked for"
    all_ = learned(net, GateTraining(density=None, penalty=1e4, updates=120))
    assert (all_ < 0).all()


def test_interrupted_gates_go_on_to_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "_CHECKPOINT_SECONDS", -1.0)
    training, keep = GateTraining(updates=20), GateFile(tmp_path / "gates.safetensors")
    whole = learned(TwoNetworks(((0, 0), (1, 0))), training)

    class Breaks(TwoNetworks):
        def __call__(self, update: int, gates: Tensor) -> Tensor:
            if update == 11:
                raise KeyboardInterrupt
            return super().__call__(update, gates)

    with pytest.raises(KeyboardInterrupt):
        learned(Breaks(((0, 0), (1, 0))), training, keep=keep)

    asked: list[int] = []

    class Counts(TwoNetworks):
        def __call__(self, update: int, gates: Tensor) -> Tensor:
            asked.append(update)
            return super().__call__(update, gates)

    resumed = learned(Counts(((0, 0), (1, 0))), training, keep=keep)
    assert asked == list(range(11, 20))
    assert torch.equal(whole, resumed)
    assert torch.equal(learned(Counts(((0, 0), (1, 0))), training, keep=keep), whole)
    assert len(asked) == 9, "what is finished is read"


def test_checkpoints_of_others_are_refused(tmp_path: Path) -> None:
    keep = GateFile(tmp_path / "gates.safetensors", "model a")
    learned(TwoNetworks(((0, 0),)), GateTraining(updates=2), keep=keep)
    with pytest.raises(InputError, match="gates of another model, text or settings"):
        learned(TwoNetworks(((0, 0),)), GateTraining(updates=3), keep=keep)
    with pytest.raises(InputError, match="gates of another model"):
        learned(TwoNetworks(((0, 0),)), GateTraining(updates=2), GateFile(keep.path, "model b"))
    keep.path.write_bytes(b"no gates")
    with pytest.raises(InputError, match="damaged"):
        learned(TwoNetworks(((0, 0),)), GateTraining(updates=2), keep=keep)


def test_a_density_or_a_penalty() -> None:
    with pytest.raises(InputError, match="both"):
        GateTraining(penalty=1.0)
    with pytest.raises(InputError, match="neither"):
        GateTraining(density=None)
    with pytest.raises(InputError, match=r"a density from 0\.1 to 0\.9"):
        GateTraining(density=0.95)


def test_a_loss_that_is_no_number_is_told() -> None:
    with pytest.raises(ValueError, match="not finite at update 0"):
        learn_gates(lambda _, gates: gates.sum(1) * torch.nan, torch.ones(3), [0], QUICK)
