import pytest
import torch

from unit.treatments.directions import directions, weights_of

pytest.importorskip("torchjd", reason="the extra torchjd is not installed")


def test_the_claim_a_convex_combination_that_conflicts_with_none() -> None:
    found = directions("mgda")
    weights = weights_of(found)
    assert float(weights.sum()) == pytest.approx(1.0, abs=1e-3)
    assert (weights > -1e-4).all() and (found.gains > -1e-3).all()


def test_single_pass_by_module_is_torchjd_with_one_call_a_module() -> None:
    """Our rows, module by module in one backward, against TorchJD's own Jacobians."""
    from torchjd.aggregation import MGDA
    from torchjd.autojac import backward, jac_to_grad

    found = directions("mgda", scope="module")
    one = found.training
    ours = {name: p.grad for name, p in one.model.named_parameters()}
    one.model.zero_grad()
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    means = one.objective.losses(one.model, targets).mean
    backward(list(means), parallel_chunk_size=1)
    named = dict(one.model.named_parameters())
    tied = {"backbone.model.embeddings.tok_embeddings.weight", "backbone.decoder.bias"}
    groups: dict[str, list[torch.nn.Parameter]] = {}
    for name, parameter in named.items():
        group = "tied" if name in tied else name.rpartition(".")[0]
        groups.setdefault(group, []).append(parameter)
    for group in groups.values():
        jac_to_grad(group, MGDA(), optimize_gramian_computation=True)
    for name, parameter in named.items():
        torch.testing.assert_close(ours[name], parameter.grad, rtol=1e-3, atol=1e-6, msg=name)
