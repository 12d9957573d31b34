import pandas as pd

from isogloss.report.room import left_out, most_telling


def table() -> pd.DataFrame:
    rows = [
        {"language": language, "metric": metric, "verdict": verdict, "gain": gain}
        for language, metric, verdict, gain in [
            ("a", "m", "INCONCLUSIVE", 0.9),
            ("a", "m", "INCONCLUSIVE", 0.1),
            ("b", "m", "WORSE", -0.3),
            ("b", "m", "INCONCLUSIVE", 0.0),
            ("c", "n", "BETTER", 20.0),
            ("c", "n", "INCONCLUSIVE", float("nan")),
        ]
    ]
    return pd.DataFrame(rows)


def test_all_stays_where_there_is_room() -> None:
    assert most_telling(table(), 6, effect="gain", block=["language"]).equals(table())
    assert left_out(table(), table()) == ""


def test_blocks_with_a_verdict_stay_first() -> None:
    kept = most_telling(table(), 4, effect="gain", block=["language"])
    assert kept["language"].tolist() == ["b", "b", "c", "c"]
    assert left_out(table(), kept).startswith("The page prints 4 of 6 rows")
