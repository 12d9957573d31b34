from pathlib import Path

from isogloss.transfer.arms import effects
from isogloss.transfer.cost import forecast, measure_pace
from unit.transfer import toys


def test_counts_by_hand_and_more_at_most(bed: Path, body: Path, tmp_path: Path) -> None:
    spec = toys.spec(body, runs=2, most_runs=3, targets=["qaa"])
    cells = toys.cells_of(spec, bed, tmp_path)
    cost = forecast(cells, effects(spec))
    assert [one.n_all for one in cost.first] == [6, 1, 1 + 6]
    assert [one.n_all for one in cost.most] == [9, 1, 1 + 9]
    assert cost.first[0].tokens == 6 * 4 * 4 * 24
    per_cell, rest = divmod(cost.first[2].tokens, 7)
    assert rest == 0
    assert 50 * 5 < per_cell <= 50 * 32
    assert 0 < cost.seconds < cost.most_seconds


def test_training_the_whole_body_takes_longer(bed: Path, body: Path, tmp_path: Path) -> None:
    pace = measure_pace(toys.cells_of(toys.spec(body), bed, tmp_path).units.material)
    assert 0 < pace.scored < pace.tuned
    assert pace.learned > 0
    assert pace.labelled > pace.scored
