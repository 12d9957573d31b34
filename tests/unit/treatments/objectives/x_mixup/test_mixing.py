"""X-Mixup's equations: numbers of an independent implementation, and properties of their own.

`fixture.safetensors` holds the weights of a tiny XLM-R (3 layers, width 16), two pairs of rows and
what an implementation in NumPy, checked against the authors' program at layer 1 in its own mode,
made of them: entropies, ratios, hidden vectors, logits and losses in double precision.
"""

import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import cross_entropy, linear
from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

from isogloss.core import Language
from isogloss.models import MultilingualModel, Stream
from isogloss.treatments.objectives.x_mixup.mixing import (
    MixingRatio,
    Ratio,
    clean_entropy,
    gold_share,
    mixed,
    released_entropy,
)

CASES = [(k, mode) for k in (0, 1, 2) for mode in ("clean", "released")]
S = torch.tensor([[[[0.0, 1.0, 5.0], [2.0, 0.0, -3.0]]]])
TARGET, SOURCE = torch.tensor([[True, True]]), torch.tensor([[True, True, False]])


@cache
def fixture() -> dict[str, Tensor]:
    return load_file(Path(__file__).parent / "fixture.safetensors")


def _group(name: str) -> dict[str, Tensor]:
    return {
        key[len(name) + 1 :]: one for key, one in fixture().items() if key.startswith(f"{name}/")
    }


@cache
def encoder() -> MultilingualModel:
    """Return the encoder of the fixture."""
    config = XLMRobertaConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=40,
        type_vocab_size=1,
        pad_token_id=1,
        layer_norm_eps=1e-12,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    backbone = XLMRobertaForMaskedLM(config)
    weights = {k: v for k, v in _group("weights").items() if not k.startswith("classifier")}
    assert not backbone.roberta.load_state_dict(weights, strict=False).unexpected_keys
    model = MultilingualModel(
        backbone,
        languages=(Language.parse("en"), Language.parse("de")),
        modules=(),
        seed=0,
        tokenizer_fingerprint="fixture",
    )
    return model.eval()


def run(k: int, mode: Any, **changes: Tensor) -> tuple[Tensor, Tensor, Ratio]:
    """Return the last hidden vectors of target and source, and the ratio."""
    given = {**_group("inputs"), **changes}
    target = Stream.opened(encoder(), given["trg_ids"], given["trg_mask"], None).through(0, k)
    source = Stream.opened(encoder(), given["src_ids"], given["src_mask"], None).through(0, k)
    ratios: list[Ratio] = []

    def mix(crossing: Any) -> Tensor:
        ratios.append(MixingRatio(mode)(crossing.scores, crossing.target, crossing.source))
        return mixed(crossing, ratios[0].lam)

    target, source = target.crossed(source, k, mix)
    return target.through(k + 1, 3).closed(), source.through(k + 1, 3).closed(), ratios[0]


def _logits(hidden: Tensor) -> Tensor:
    w = _group("weights")
    inner = linear(hidden[:, 0], w["classifier.dense.weight"], w["classifier.dense.bias"]).tanh()
    return linear(inner, w["classifier.out_proj.weight"], w["classifier.out_proj.bias"])


def _near(found: Tensor, expected: Tensor) -> bool:
    return torch.allclose(found.double(), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("k", "mode"), CASES)
@torch.no_grad()
def test_the_numbers_are_those_of_the_fixture(k: int, mode: str) -> None:
    expected, labels = _group(f"expect/k{k}/{mode}"), _group("inputs")["labels"]
    target, source, ratio = run(k, mode)
    assert _near(ratio.entropy, expected["H"])
    assert _near(ratio.lam, expected["lam"])
    for hidden, side in ((target, "trg"), (source, "src")):
        real = _group("inputs")[f"{side}_mask"].bool()
        assert _near(hidden[real], expected[f"{side}_hidden"][real])
        assert _near(_logits(hidden), expected[f"{side}_logits"])
        ce = cross_entropy(_logits(hidden), labels, reduction="none")
        assert _near(ce, expected[f"ce_{side}"])


def test_the_example_of_the_two_entropies_by_hand() -> None:
    assert float(clean_entropy(S, TARGET, SOURCE)) == pytest.approx(0.947537, abs=1e-6)
    assert float(clean_entropy(S, TARGET, SOURCE)) == pytest.approx(2 * 0.473768, abs=2e-6)
    assert float(released_entropy(S, TARGET, SOURCE)) == pytest.approx(
        0.649168 + 0.316852, abs=2e-6
    )
    modes: Any = {"clean": 0.360310, "released": 0.362163, "fixed": 0.5}
    for mode, lam in modes.items():
        found = MixingRatio(mode)(S, TARGET, SOURCE).lam.detach()
        assert float(found) == pytest.approx(lam, abs=1e-6)


def test_flat_attention_has_the_entropy_of_the_lengths() -> None:
    flat = torch.zeros(1, 4, 2, 3)
    expected = math.log(2) + math.log(2)  # two real sources, two targets
    assert float(clean_entropy(flat, TARGET, SOURCE)) == pytest.approx(expected)
    by_length = MixingRatio("clean", entropy_norm="log_length")(flat, TARGET, SOURCE)
    assert float(by_length.entropy) == pytest.approx(1.0)


@pytest.mark.parametrize("sign", [-50.0, 0.0, 50.0])
def test_the_ratio_stays_between_zero_and_its_most(sign: float) -> None:
    ratio = MixingRatio("clean", lam0=0.4)
    with torch.no_grad():
        ratio.weight.fill_(sign)
    s = torch.randn(5, 2, 2, 3, generator=torch.Generator().manual_seed(0))
    lam = ratio(s, TARGET.expand(5, -1), SOURCE.expand(5, -1)).lam
    assert bool((lam >= 0).all()) and bool((lam <= 0.4).all())


def test_slope_and_offset_are_learned_at_their_own_rate_and_saved() -> None:
    slow, fast = MixingRatio("clean"), MixingRatio("clean", rate_factor=100.0)
    for ratio in (slow, fast):
        assert set(ratio.state_dict()) == {"weight", "bias"}
        before = ratio.slope.item(), ratio.offset.item()
        assert before == (1.0, 0.0)
        ratio(S, TARGET, SOURCE).lam.sum().backward()
        assert ratio.weight.grad.any() and ratio.bias.grad.any()  # type: ignore[union-attr]
        torch.optim.Adam(ratio.parameters(), lr=1e-3).step()
    assert 1 - slow.slope.item() == pytest.approx(1e-3, rel=1e-3)
    assert 1 - fast.slope.item() == pytest.approx(0.1, rel=1e-3)
    again = MixingRatio("clean", rate_factor=100.0)
    again.load_state_dict(fast.state_dict())
    assert again.offset.item() == fast.offset.item() != 0


@pytest.mark.parametrize("mode", ["released", "fixed"])
def test_the_other_modes_learn_no_ratio(mode: Any) -> None:
    assert not any(one.requires_grad for one in MixingRatio(mode).parameters())


@torch.no_grad()
def test_padding_changes_nothing_in_clean_mode_and_the_ratio_in_the_released_one() -> None:
    given = _group("inputs")
    other = given["src_ids"].where(given["src_mask"].bool(), torch.tensor(1))
    longer = {
        "src_ids": torch.cat([other, torch.full((2, 3), 1)], 1),
        "src_mask": torch.cat([given["src_mask"], torch.zeros(2, 3, dtype=torch.long)], 1),
    }
    for mode in ("clean", "released"):
        target, source, ratio = run(1, mode)
        padded_target, padded_source, padded = run(1, mode, **longer)
        real = given["trg_mask"].bool()
        assert (
            torch.allclose(source, padded_source[:, :7], atol=1e-5) or not given["src_mask"].all()
        )
        same = torch.allclose(ratio.lam, padded.lam, atol=1e-7)
        assert same is (mode == "clean")
        assert torch.allclose(target[real], padded_target[real], atol=1e-6) is (mode == "clean")


@torch.no_grad()
def test_no_mixing_is_not_the_plain_encoder() -> None:
    """The layer norm is applied twice on the target's way: lam = 0 is a model of its own."""
    given = _group("inputs")
    target = Stream.opened(encoder(), given["trg_ids"], given["trg_mask"], None)
    source = Stream.opened(encoder(), given["src_ids"], given["src_mask"], None)
    nothing = torch.zeros(2)
    t, _ = target.crossed(source, 0, lambda crossing: mixed(crossing, nothing))
    plain = encoder().encode(given["trg_ids"], given["trg_mask"], None)
    difference = (_logits(t.through(1, 3).closed()) - _logits(plain)).abs().max()
    assert 0.05 < float(difference) < 2


def test_the_source_has_a_gradient_from_the_target_alone() -> None:
    given = _group("inputs")
    target = Stream.opened(encoder(), given["trg_ids"], given["trg_mask"], None)
    source = Stream.opened(encoder(), given["src_ids"], given["src_mask"], None)
    hidden = source.hidden.detach().requires_grad_()
    source = Stream(encoder(), hidden, source.mask, source.inputs, source.routing)
    lam = torch.full((2,), 0.3)
    t, _ = target.crossed(source, 1, lambda crossing: mixed(crossing, lam))
    t.through(2, 3).closed()[:, 0].square().sum().backward()
    assert hidden.grad is not None
    real = given["src_mask"].bool()
    assert bool(hidden.grad[real].any()) and not bool(hidden.grad[~real].any())


def test_the_gradient_of_a_sharp_attention_is_finite() -> None:
    s = (1e4 * S).requires_grad_()
    clean_entropy(s, TARGET, SOURCE).sum().backward()
    assert s.grad is not None and bool(s.grad.isfinite().all())


def test_the_share_of_gold_sources_falls_as_the_paper_says() -> None:
    for k, step, share in (
        (1000, 4000, 0.9482),
        (1000, 5404, 0.8181),
        (1000, 10000, 0.0434),
        (2000, 10000, 0.9309),
        (2000, 20000, 0.0832),
    ):
        assert gold_share(step, k) == pytest.approx(share, abs=5e-5)
    assert gold_share(0, 1000) > 0.999
    assert gold_share(6908, 1000) == pytest.approx(0.5, abs=1e-3)
    shares = [gold_share(step, 1000) for step in range(0, 10**6, 1000)]
    assert all(first >= second for first, second in pairwise(shares))
    assert shares[-1] >= 0
