import numpy as np
import torch

from isogloss.gradients.aggregation.gradvac import gradvac
from isogloss.gradients.aggregation.orders import Orders
from unit.treatments.directions import directions, weights_of


def test_the_claim_at_work_on_the_model() -> None:
    """That a pair is brought to its target is tested with the rule; here, that the rule is used."""
    found = directions("gradvac", scope="model", beta=0.5)
    gramian = (found.rows @ found.rows.T).numpy()
    orders = Orders(found.training.plan.seed).draw("model", 3)
    weights, targets = gradvac(gramian, np.zeros((3, 3)), orders, beta=0.5)
    torch.testing.assert_close(
        weights_of(found), torch.from_numpy(weights / 3), rtol=1e-3, atol=1e-4
    )
    kept = found.training.combine.state()["targets/model"].numpy()
    np.testing.assert_allclose(kept, targets, atol=1e-4)


def test_the_default_speed_is_the_authors() -> None:
    from isogloss.treatments import build_treatment

    assert build_treatment("gradvac", {}).beta == 0.01  # type: ignore[attr-defined]
