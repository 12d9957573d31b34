"""Learning gates: the logits alone are trained, many sets at once, and can be interrupted."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from isogloss.core import InputError, replacing
from isogloss.diagnosis.sharing.hard_concrete import (
    LARGEST,
    TEMPERATURE,
    expected_density,
    held_at,
    logit_of_drop,
    open_probability,
    sample_gates,
)

Losses = Callable[[int, Tensor], Tensor]
"""(update, gates [sets * samples, gates]) -> mean loss of each set on its own text, [sets]."""
Tell = Callable[[str], None]

# Gates are a few thousand numbers: a checkpoint is cheap, and a lost minute is not much.
_CHECKPOINT_SECONDS: Final = 30.0
_TOLD_SECONDS: Final = 20.0
# Of the first and the second moment. Gradients change by orders of magnitude as gates open and
# close: a short memory follows.
_BETAS: Final = (0.9, 0.99)
_STATE: Final = ("logits", "first", "second")
_TINY: Final = 1e-12
_LEAST: Final = 0.1
# Spread of the first logits, so that no two gates begin alike (Wang, Wohlwend and Lei's code).
_SPREAD: Final = 0.01


@dataclass(frozen=True)
class GateTraining:
    """How gates are learned.

    Attributes:
        density: share of the gated weights that each set has to keep, from 0.1 to 0.9; None = see
            `penalty`. It comes down linearly over the first half of the updates, and is held from
            there. With one density for all languages, none differs by how many it keeps.
        penalty: lambda, what the whole of the gated weights costs in units of the loss; used where
            `density` is None.
        updates: of the logits.
        learning_rate: how far a gate of a typical gradient moves per update, in logits.
        temperature: of the gates.
        drop: probability to be dropped that all gates begin with.
    """

    density: float | None = 0.5
    penalty: float | None = None
    updates: int = 150
    learning_rate: float = 0.1
    temperature: float = TEMPERATURE
    drop: float = 0.05

    def __post_init__(self) -> None:
        if (self.density is None) == (self.penalty is None):
            raise InputError(
                expected="either a density that gates are held at, or a penalty",
                found="both" if self.density is not None else "neither",
                where="the settings of gates",
                next_step="A density of 0.5 needs no tuning.",
            )
        if self.density is not None and not _LEAST <= self.density <= 1 - _LEAST:
            raise InputError(
                expected=f"a density from {_LEAST} to {1 - _LEAST}",
                found=f"{self.density:g}",
                where="the settings of gates",
                next_step="At 0 nothing is left to compare, at 1 nothing is asked.",
            )


@dataclass(frozen=True)
class GateFile:
    """Where gates are kept while they are learned.

    Attributes:
        path: of the file.
        made_with: what they depend on besides the settings: the model, the text. A file that was
            made with something else is refused.
    """

    path: Path
    made_with: str = ""

    def part(self, number: int) -> "GateFile":
        """Return the file of some of the sets beside this one."""
        return GateFile(self.path.with_stem(f"{self.path.stem}-{number}"), self.made_with)


def learn_gates(
    losses: Losses,
    sizes: Tensor,
    seeds: Sequence[int],
    training: GateTraining,
    *,
    samples: int = 1,
    keep: GateFile | None = None,
    tell: Tell = lambda _: None,
) -> Tensor:
    """Minimise, for each set of gates, its mean loss plus the cost of what it keeps.

    E_z [ loss(theta * z) ] + lambda E ||z||_0 / N; or the loss alone, with the logits put back to
    the density after each update (`held_at`). The sets share batches and nothing else: each learns
    what it would alone.

    Args:
        losses: of each set; the text of a set follows from the update and its seed.
        sizes: weights that each gate multiplies, shape [gates].
        seeds: of the first logits and the noise of each set.
        training: settings.
        samples: of the random gates that each set is given per update, for parts of its text; the
            more, the less noise in its gradient.
        keep: file from which an interrupted call goes on, to the same bits; None = none.
        tell: is told now and then how far it is.

    Returns:
        Logits pi, shape [sets, gates].

    Raises:
        InputError: the file is damaged, or was made with something else.
        ValueError: a loss is not finite.
    """
    state = _State.begin(sizes, seeds, training)
    fingerprint = _fingerprint(sizes, seeds, training, "" if keep is None else keep.made_with)
    if keep is not None and keep.path.is_file():
        state.restore(keep.path, fingerprint)
    saved = told = time.monotonic()
    while state.update < training.updates:
        shape = (samples, len(sizes))
        noise = torch.cat([_noise(seed, state.update, shape) for seed in seeds])
        logits = state.logits.repeat_interleave(samples, dim=0)
        gates = sample_gates(logits, noise, training.temperature)
        loss = losses(state.update, gates)
        if not bool(torch.isfinite(loss).all()):
            raise ValueError(f"a loss of gates is not finite at update {state.update}: {loss}")
        state.step(loss, sizes, training)
        now = time.monotonic()
        if keep is not None and (
            now - saved > _CHECKPOINT_SECONDS or state.update == training.updates
        ):
            state.save(keep.path, fingerprint)
            saved = now
        if now - told > _TOLD_SECONDS:
            tell(f"gates: update {state.update} of {training.updates}")
            told = now
    return state.logits.detach()


@dataclass
class _State:
    """Everything that the next update depends on.

    The step is Adam's with one second moment per set in place of one per gate. A gate that the loss
    hardly depends on has a gradient of noise; Adam makes its steps as long as those of any other,
    and two seeds of one language then disagree (`docs/log.md` has the figures).
    """

    logits: Tensor
    first: Tensor
    second: Tensor
    update: int

    @classmethod
    def begin(cls, sizes: Tensor, seeds: Sequence[int], training: GateTraining) -> "_State":
        start = logit_of_drop(training.drop)
        drawn = [torch.randn(len(sizes), generator=_generator(seed, "first")) for seed in seeds]
        logits = (start + _SPREAD * torch.stack(drawn)).requires_grad_(True)
        return cls(logits, torch.zeros_like(logits), torch.zeros(len(seeds), 1), 0)

    def step(self, loss: Tensor, sizes: Tensor, training: GateTraining) -> None:
        """One update of the logits."""
        total = loss.sum()
        if training.penalty is not None:
            density = expected_density(self.logits, sizes, training.temperature)
            total = total + training.penalty * density.sum()
        (gradient,) = torch.autograd.grad(total, self.logits)
        self.update += 1
        self.first.mul_(_BETAS[0]).add_(gradient, alpha=1 - _BETAS[0])
        squares = gradient.square().mean(1, keepdim=True)
        self.second.mul_(_BETAS[1]).add_(squares, alpha=1 - _BETAS[1])
        first, second = (
            one / (1 - beta**self.update)
            for one, beta in zip((self.first, self.second), _BETAS, strict=True)
        )
        # The rate goes to 0 over the second half, where the density is held.
        rate = training.learning_rate * min(1.0, 2 * (1 - (self.update - 1) / training.updates))
        moved = self.logits.detach() - rate * first / (second.sqrt() + _TINY)
        if training.density is None:
            moved = moved.clamp(-LARGEST, LARGEST)
        else:
            density_now = _density_at(self.update, training)
            moved = held_at(moved, sizes, density_now, training.temperature)
        self.logits = moved.requires_grad_(True)

    def save(self, path: Path, fingerprint: str) -> None:
        """Write the state whole or not at all."""
        state = (self.logits.detach(), self.first, self.second)
        tensors = dict[str, Tensor](zip(_STATE, state, strict=True))
        about = json.dumps({"update": self.update, "fingerprint": fingerprint})
        with replacing(path) as partial:
            save_file(tensors, partial, metadata={"isogloss": about})

    def restore(self, path: Path, fingerprint: str) -> None:
        """Go on from a saved state."""
        try:
            with safe_open(path, framework="pt") as file:
                about = json.loads((file.metadata() or {})["isogloss"])
                # Copies: what lies at an odd place in memory is rounded otherwise.
                logits, first, second = (file.get_tensor(name).clone() for name in _STATE)
        except (SafetensorError, KeyError, ValueError) as error:
            raise _refused(path, f"a damaged file ({error})") from error
        if about["fingerprint"] != fingerprint:
            raise _refused(path, "gates of another model, text or settings")
        self.logits, self.first, self.second = logits.requires_grad_(True), first, second
        self.update = about["update"]


def _density_at(update: int, training: GateTraining) -> float:
    """Return the density that gates are held at after some updates."""
    assert training.density is not None
    share = min(1.0, 2 * update / training.updates)
    first = float(open_probability(torch.tensor(logit_of_drop(training.drop))))
    return first + share * (training.density - first)


def _refused(path: Path, found: str) -> InputError:
    return InputError(
        expected="the checkpoint of these gates",
        found=found,
        where=str(path),
        next_step="Remove that file, or give another folder.",
    )


def _fingerprint(
    sizes: Tensor, seeds: Sequence[int], training: GateTraining, made_with: str
) -> str:
    settings = json.dumps([sizes.tolist(), list(seeds), asdict(training), made_with])
    return hashlib.sha256(settings.encode()).hexdigest()


def _noise(seed: int, update: int, shape: tuple[int, int]) -> Tensor:
    return torch.rand(shape, generator=_generator(seed, update))


def _generator(*key: object) -> torch.Generator:
    """Seed by a digest: torch keeps the lower 32 bits of a seed only, on the CPU."""
    digest = hashlib.sha256("\n".join(map(str, ("gates", *key))).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:4], "little"))
