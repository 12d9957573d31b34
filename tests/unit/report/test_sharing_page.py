import json
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import SHARING_FILES, InputError, digests_of
from isogloss.report import render_sharing, sharing_summary
from unit.report.sections.test_where_it_lives import rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write an invented map with a hostile note."""
    pair = {"language_a": "eng-Latn", "language_b": "swa-Latn", "run_id": "a"}
    bins = [{"low": -2, "high": 0, "n": 5, "mean": -1, "kept": 0.2}]
    bins += [{"low": 0, "high": 2, "n": 5, "mean": 1, "kept": 0.8}]
    gates = {"language": "eng-Latn", "seed": 0, "density": 0.5, "open": 0.4, "run_id": "a"}
    losses = {"loss_whole": 2.0, "loss_gated": 2.5, "loss_random": 4.0}
    tables = {
        "sharing": rows().assign(run_id="a"),
        "gates": pd.DataFrame([{**gates, **losses}]),
        "gate_histogram": pd.DataFrame([{**pair, "sublayer": "attention", **one} for one in bins]),
    }
    off = {"language_off": "eng-Latn", "language": "swa-Latn", "n_neurons": 3, "excess": 0.2}
    off |= {"run_id": "a", "harm": 0.3, "harm_random": 0.1, "excess_se": 0.3, "loss_whole": 2.0}
    layer = {"run_id": "a", "language": "eng-Latn", "layer": 0, "n_units": 48, "n_neurons": 3}
    tables |= {"neurons_off": pd.DataFrame([off]), "neurons": pd.DataFrame([layer])}
    for name, table in tables.items():
        table.reindex(columns=SHARING_FILES[name].columns).to_csv(
            tmp_path / f"{name}.csv", index=False
        )
    files = digests_of(tmp_path, tmp_path.glob("*.csv"))
    about = {"model": "<script>x</script>", "notes": ["<b>control</b> of 0.4"], "files": files}
    (tmp_path / "sharing.json").write_text(json.dumps(about))
    return tmp_path


def test_a_page_with_maps_pairs_histogram_and_gates(folder: Path) -> None:
    html = render_sharing(folder).read_text(encoding="utf-8")
    for heading in ("Layer by layer", "Pair by pair", "What the gates keep"):
        assert heading in html
    assert "English where Swahili" in html
    assert "<script>x" not in html
    assert "<b>control" not in html
    assert "kept above" in html
    assert "neurons of eng-Latn off, swa-Latn read: 0.200 more than random units" in html
    assert "eng-Latn, layer 0: 3" in html


def test_a_changed_table_is_refused(folder: Path) -> None:
    with (folder / "gates.csv").open("a") as file:
        file.write("more\n")
    with pytest.raises(InputError, match=r"gates\.csv that `isogloss sharing` wrote"):
        render_sharing(folder)
    with pytest.raises(InputError, match=r"sharing\.json"):
        render_sharing(folder / "nowhere")


def test_summary_for_the_terminal() -> None:
    said, table = sharing_summary(rows())
    assert said.startswith("The lower layers")
    assert table[1] == {
        "layer": 0,
        "part": "feed-forward",
        "pearson": "0.40",
        "control": "0.90",
        "corrected": "0.40",
        "permuted": "0.40",
        "universal": "0.50",
        "specific": "0.30",
    }
