import pytest
import torch

from isogloss.core import InputError
from isogloss.training import AccelerateEngine, PlainEngine, create_engine, resolve_precision
from isogloss.training.engine import fastest_attention, has_fast_bf16


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_a_named_precision_is_taken(precision: str) -> None:
    assert resolve_precision(precision) == precision


@pytest.mark.parametrize(("native", "resolved"), [(True, "bf16"), (False, "fp32")])
def test_auto_is_bf16_where_the_processor_has_it(
    native: bool, resolved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.training.engine.has_fast_bf16", lambda: native)
    assert resolve_precision("auto") == resolved


@pytest.mark.parametrize(
    ("width", "gpu", "resolved"), [(96, False, "fp32"), (192, False, "bf16"), (96, True, "bf16")]
)
def test_auto_is_fp32_for_narrow_models_on_a_processor(
    width: int, gpu: bool, resolved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.training.engine.has_fast_bf16", lambda: True)
    monkeypatch.setattr("torch.cuda.is_available", lambda: gpu)
    assert resolve_precision("auto", width) == resolved
    assert resolve_precision("bf16", width) == "bf16"


@pytest.mark.parametrize("precision", ["fp16", "BF16", "", "half"])
def test_another_precision_is_refused(precision: str) -> None:
    with pytest.raises(InputError, match="Expected precision auto, bf16 or fp32") as refused:
        PlainEngine(precision)
    assert f"`{precision}`" in refused.value.found


def test_asking_the_processor_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(has_fast_bf16(), bool)
    # Another build of torch may not have the probes at all.
    monkeypatch.delattr("torch.cpu._is_avx512_bf16_supported", raising=False)
    monkeypatch.delattr("torch.cpu._is_amx_tile_supported", raising=False)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert not has_fast_bf16()


@pytest.mark.parametrize(("precision", "dtype"), [("bf16", "bfloat16"), ("fp32", "float32")])
def test_autocast(precision: str, dtype: str) -> None:
    with PlainEngine(precision).autocast():
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == getattr(torch, dtype)


def test_one_process_sums_and_waits_for_nobody() -> None:
    engine, values = PlainEngine("fp32"), torch.ones(3)
    engine.sum_across_processes([values])
    engine.wait_for_everyone()
    assert (engine.rank, engine.world_size, values.tolist()) == (0, 1, [1, 1, 1])


def test_the_engine_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert isinstance(create_engine("fp32"), PlainEngine)
    # Under torchrun the variables are there; accelerate itself starts in tests/integration.
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr(AccelerateEngine, "__init__", lambda self, precision, width: None)
    assert isinstance(create_engine("fp32"), AccelerateEngine)


@pytest.mark.parametrize(
    ("precision", "device", "length", "attention"),
    [
        ("bf16", "cpu", 128, "eager"),
        ("bf16", "cpu", 512, "sdpa"),
        ("bf16", "cuda", 128, "sdpa"),
        ("fp32", "cpu", 128, "sdpa"),
    ],
)
def test_attention_is_plain_where_the_fused_kernel_is_slow(
    precision: str, device: str, length: int, attention: str
) -> None:
    assert fastest_attention(precision, device, length) == attention
