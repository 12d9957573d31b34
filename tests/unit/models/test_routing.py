import pytest

from isogloss.data import Routing
from isogloss.models.routing import current_routing, reroute, routed, running_routing


def test_routing_holds_inside_only() -> None:
    outer, inner = Routing.of([0]), Routing.of([1])
    with routed(outer):
        with routed(inner):
            assert current_routing() is inner
        assert current_routing() is outer
    assert running_routing() is None
    with pytest.raises(RuntimeError, match="without languages"):
        current_routing()


def test_a_new_route_holds_up_to_the_end_of_the_pass() -> None:
    outer, inner, later = Routing.of([0]), Routing.of([1]), Routing.of([2])
    with routed(outer):
        with routed(inner):
            reroute(later)
            assert current_routing() is later
        assert current_routing() is outer
