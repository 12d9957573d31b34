import pytest

from isogloss.study.plan.arithmetic import Work
from isogloss.study.plan.speed import Speed, measure_speed


def test_time_is_the_sum_of_the_parts() -> None:
    assert Speed(2.0, 3.0, 5.0).seconds(Work(1.0, 10.0, 100.0)) == pytest.approx(2 + 30 + 500)


def test_a_machine_is_measured_in_plausible_units() -> None:
    """From a slow single-board computer to a fast server."""
    speed = measure_speed()
    assert 1e-4 < speed.call < 1e-1
    assert 1e-4 < speed.gigaflop < 1
    assert 1e-3 < speed.element < 1
