from isogloss.report.drawings.bar_chart import Bar, bar_chart


def test_longest_bar_fills_the_room() -> None:
    made = bar_chart(
        [Bar("a", 0, 10.0, "10 s"), Bar("<b>", 1, 0.0, "0 s")], title="Time", description="Both."
    )
    assert 'width="340"' in made
    assert 'width="1"' in made
    assert "&lt;b&gt;" in made


def test_no_bars() -> None:
    assert "<svg" in bar_chart([], title="Time", description="None.")
