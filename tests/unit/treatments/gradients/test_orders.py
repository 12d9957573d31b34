import numpy as np

from isogloss.treatments.gradients.orders import Orders, random_orders


def test_each_meets_all_others_once() -> None:
    orders = random_orders(6, np.random.default_rng(0))
    for row, order in enumerate(orders.tolist()):
        assert sorted([row, *order]) == list(range(6))
    assert random_orders(1, np.random.default_rng(0)).shape == (1, 0)


def test_units_and_turns_and_seeds_have_orders_of_their_own() -> None:
    one, same, other = Orders(1), Orders(1), Orders(2)
    drawn = [one.draw("a", 8), one.draw("a", 8), one.draw("b", 8), other.draw("a", 8)]
    assert len({order.tobytes() for order in drawn}) == 4
    np.testing.assert_array_equal(same.draw("a", 8), drawn[0])
