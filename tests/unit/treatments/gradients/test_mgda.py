import numpy as np
import pytest
import torch

from isogloss.study.spec.treatment_entry import TreatmentEntry
from isogloss.treatments.gradients.mgda import mgda
from unit.treatments.directions import SCOPES, directions, weights_of
from unit.treatments.gradients.matrices import draws, unit_rows


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_a_convex_combination_that_conflicts_with_none(kind: str) -> None:
    for g in draws(kind, 1000):
        weights = mgda(g @ g.T)
        d = weights @ g
        assert weights.min() >= 0 and weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert (unit_rows(g) @ d).min() >= -1e-9 * np.linalg.norm(d)


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_it_is_the_shortest(kind: str) -> None:
    """Every gradient reaches at least as far along it as it does itself."""
    for g in draws(kind, 200):
        d = mgda(g @ g.T) @ g
        rounding = 1e-13 * np.linalg.norm(g, axis=1) * np.linalg.norm(d)
        assert (g @ d + rounding).min() >= (d @ d) * (1 - 1e-9)


def test_gradients_that_cancel_have_a_combination_of_no_length() -> None:
    for g in draws("dependent", 1000):
        weights = mgda(g @ g.T)
        size = weights @ np.linalg.norm(g, axis=1)
        assert weights.min() >= 0 and weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert (unit_rows(g) @ (weights @ g)).min() >= -1e-7 * size


def test_a_language_of_no_length_would_silence_it() -> None:
    """Why absent languages are dropped before a rule is asked: of a short one little is left."""
    g = np.array([[1.0, 0.0], [0.0, 1e-6]])
    assert np.linalg.norm(mgda(g @ g.T) @ g) < 1e-6


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
