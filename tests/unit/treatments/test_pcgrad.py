import pytest
import torch

import toys
from isogloss.gradients.aggregation.orders import Orders
from isogloss.gradients.aggregation.pcgrad import pcgrad
from unit.treatments.directions import directions, weights_of

WEIGHT = "backbone.model.layers.1.mlp.Wo.weight"


def test_the_claim_two_languages_do_not_lose() -> None:
    for scope, parameter in (("model", None), ("module", WEIGHT)):
        found = directions("pcgrad", toys.PAIR, scope=scope, parameter=parameter)
        assert (found.gains > -1e-6).all()


def test_each_module_has_the_weights_of_its_own_gramian() -> None:
    found = directions("pcgrad", scope="module", parameter=WEIGHT)
    gramian = (found.rows @ found.rows.T).numpy()
    orders = Orders(found.training.plan.seed).draw(WEIGHT.removesuffix(".weight"), 3)
    expected = torch.from_numpy(pcgrad(gramian, orders) / 3)
    torch.testing.assert_close(weights_of(found), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("scope", ["module", "layer", "model"])
def test_one_language_is_trained_as_it_is(scope: str) -> None:
    found = directions("pcgrad", toys.PAIR[:1], scope=scope)
    torch.testing.assert_close(found.taken, found.rows[0], rtol=1e-4, atol=1e-6)
