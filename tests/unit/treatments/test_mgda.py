import pytest
import torch

from isogloss.study.spec.treatment_entry import TreatmentEntry
from unit.treatments.directions import SCOPES, directions, weights_of


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_a_convex_combination_that_conflicts_with_none(scope: str) -> None:
    found = directions("mgda", scope=scope, parameter=SCOPES[scope])
    weights = weights_of(found)
    assert float(weights.sum()) == pytest.approx(1.0, abs=1e-4)
    assert (weights > -1e-5).all()
    assert (found.gains > -1e-5 * found.taken.norm()).all()


@pytest.mark.parametrize("name", ["mgda", "cagrad"])
def test_by_module_stands_beside_the_whole_model_as_a_row_of_its_own(name: str) -> None:
    whole = TreatmentEntry.model_validate(name)
    by_module = TreatmentEntry.model_validate(
        {name: {"scope": "module"}, "label": f"{name}_by_module"}
    )
    assert (whole.label, by_module.label) == (name, f"{name}_by_module")
    directions_taken = [directions(name, **entry.options).taken for entry in (whole, by_module)]
    assert not torch.allclose(*directions_taken, rtol=1e-2)


def test_single_pass_by_module_is_torchjd_with_one_call_a_module() -> None:
    """Our rows, module by module in one backward, against TorchJD's own Jacobians."""
    aggregation = pytest.importorskip("torchjd.aggregation", reason="torchjd is not installed")
    autojac = pytest.importorskip("torchjd.autojac", reason="torchjd is not installed")

    found = directions("mgda", scope="module")
    one = found.training
    ours = {name: p.grad for name, p in one.model.named_parameters()}
    one.model.zero_grad()
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    means = one.objective.losses(one.model, targets).mean
    autojac.backward(list(means), parallel_chunk_size=1)
    named = dict(one.model.named_parameters())
    tied = {"backbone.model.embeddings.tok_embeddings.weight", "backbone.decoder.bias"}
    groups: dict[str, list[torch.nn.Parameter]] = {}
    for name, parameter in named.items():
        group = "tied" if name in tied else name.rpartition(".")[0]
        groups.setdefault(group, []).append(parameter)
    for group in groups.values():
        autojac.jac_to_grad(
            group,
            aggregation.MGDA(epsilon=1e-9, max_iters=20_000),
            optimize_gramian_computation=True,
        )
    for name, parameter in named.items():
        torch.testing.assert_close(ours[name], parameter.grad, rtol=2e-3, atol=1e-5, msg=name)
