"""Device, processes and precision: one thin protocol, one plain engine, one on accelerate."""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

import torch
from torch import Tensor, nn

from isogloss.core import InputError
from isogloss.models import MultilingualModel

# Narrowest model for which "auto" is bf16 on a CPU that has it. Measured on Zen 5, 16 rows of 128,
# one core: 1.24 times the speed of fp32 at a width of 96, 1.73 at 128. For narrow models that is
# not worth what it takes: the library keeps a kernel for every shape, 0.5 GB after some hundred
# updates with changing numbers of masked tokens, where all else takes 0.6.
BF16_WIDTH = 128

# Longest rows for which attention by plain products was measured to be faster than the fused kernel
# in bf16 on that CPU, forward and backward: 4.2 times as fast at 128, 2.2 and 1.1 at 256 (widths of
# 192 and 768), 0.7 at 512.
BF16_PLAIN_ATTENTION = 256


class Engine(Protocol):
    """What the loop and the steps may ask of the machine.

    Gradients are summed across processes by `sum_across_processes`, one flat all-reduce, rather
    than by the hooks of DistributedDataParallel: `autograd.grad` and `functional_call`, which some
    steps need, go past those hooks in silence.
    """

    @property
    def device(self) -> torch.device:
        """Where the model lies."""
        ...

    @property
    def rank(self) -> int:
        """Number of this process, from 0."""
        ...

    @property
    def world_size(self) -> int:
        """Number of processes."""
        ...

    @property
    def precision(self) -> str:
        """Either "bf16" or "fp32"."""
        ...

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context of a forward pass."""
        ...

    def sum_across_processes(self, tensors: list[Tensor]) -> None:
        """Replace each tensor by its sum over the processes, in place."""
        ...

    def wait_for_everyone(self) -> None:
        """Return when every process has come here."""
        ...


def has_fast_bf16() -> bool:
    """Return whether bf16 arithmetic is native here; emulated bf16 is slower than fp32."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported(including_emulation=False)
    probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, probe, bool)()) for probe in probes)


def resolve_precision(precision: str, width: int | None = None) -> str:
    """Return "bf16" or "fp32" for "auto", "bf16" or "fp32".

    Args:
        precision: "auto" is bf16 where it is faster: on a GPU or a processor that has it natively,
            there for models of `BF16_WIDTH` and more.
        width: hidden size of the model; None = wide.

    Raises:
        InputError: another word.
    """
    if precision == "auto":
        narrow = width is not None and width < BF16_WIDTH and not torch.cuda.is_available()
        return "bf16" if has_fast_bf16() and not narrow else "fp32"
    if precision in ("bf16", "fp32"):
        return precision
    raise InputError(
        expected="precision auto, bf16 or fp32",
        found=f"`{precision}`",
        where="precision",
        next_step="Use auto: bf16 where it is faster, fp32 elsewhere.",
    )


def fastest_attention(precision: str, device: str, length: int) -> Literal["sdpa", "eager"]:
    """Return which attention trains fastest: fused ("sdpa"), or plain products ("eager").

    Args:
        precision: "bf16" or "fp32".
        device: its type, such as "cpu".
        length: of a row.
    """
    plain = device == "cpu" and precision == "bf16" and length <= BF16_PLAIN_ATTENTION
    return "eager" if plain else "sdpa"


def use_fastest_attention(model: nn.Module, engine: Engine, length: int) -> None:
    """Let every encoder in a model use the attention that trains fastest on rows of a length."""
    attention = fastest_attention(engine.precision, engine.device.type, length)
    for encoder in model.modules():
        if isinstance(encoder, MultilingualModel):
            encoder.use_attention(attention)


class PlainEngine:
    """One process on the CPU (or a device given by name)."""

    rank = 0
    world_size = 1

    def __init__(
        self, precision: str = "auto", device: str = "cpu", width: int | None = None
    ) -> None:
        self.device = torch.device(device)
        self.precision = resolve_precision(precision, width)

    def autocast(self) -> AbstractContextManager[object]:
        """Return bf16 autocast, or nothing in fp32."""
        if self.precision == "fp32":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def sum_across_processes(self, tensors: list[Tensor]) -> None:
        """Do nothing: there is one process."""

    def wait_for_everyone(self) -> None:
        """Do nothing: there is one process."""


class AccelerateEngine:
    """One of several processes, or a GPU, through Hugging Face accelerate; start with `torchrun`.

    `accelerate launch --cpu --num_processes 2` starts a single process without a word (accelerate
    1.15), which is why the documentation says `torchrun`.
    """

    def __init__(self, precision: str = "auto", width: int | None = None) -> None:
        from accelerate import Accelerator

        self.precision = resolve_precision(precision, width)
        mixed = "bf16" if self.precision == "bf16" else "no"
        self._accelerator = Accelerator(mixed_precision=mixed, cpu=not torch.cuda.is_available())
        self.device: torch.device = self._accelerator.device
        self.rank: int = self._accelerator.process_index
        self.world_size: int = self._accelerator.num_processes

    def autocast(self) -> AbstractContextManager[object]:
        """Return accelerate's autocast context."""
        return self._accelerator.autocast()

    def sum_across_processes(self, tensors: list[Tensor]) -> None:
        """Sum with one flat all-reduce; see `Engine.sum_across_processes`."""
        if self.world_size == 1 or not tensors:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        torch.distributed.all_reduce(flat)
        for tensor, summed in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
            tensor.copy_(summed.view_as(tensor))

    def wait_for_everyone(self) -> None:
        """Wait at accelerate's barrier."""
        self._accelerator.wait_for_everyone()


def create_engine(precision: str = "auto", width: int | None = None) -> Engine:
    """Return the engine for this process: accelerate under `torchrun` or on a GPU, else plain.

    Args:
        precision: see `resolve_precision`.
        width: hidden size of the model that it will run; None = wide.
    """
    several = int(os.environ.get("WORLD_SIZE", "1")) > 1
    if several or torch.cuda.is_available():
        return AccelerateEngine(precision, width)
    return PlainEngine(precision, width=width)
