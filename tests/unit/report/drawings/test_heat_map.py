from isogloss.report.drawings.heat_map import Cell, fill, heat_map


def test_numbers_hatches_and_gaps() -> None:
    cells = {
        ("a", "b"): Cell(0.5, "+5.0", "a to b: +5.0, hurt."),
        ("b", "a"): Cell(-0.1, "\u22120.2", "b to a", hatched=True),
    }
    made = heat_map(
        cells,
        {"a": "<i>A", "b": "A very long name of a language"},
        sources=["a", "b"],
        targets=["a", "b"],
        title="Matrix",
        description="All of it.",
    )
    assert made.count("url(#hatch)") == 1
    assert made.count('class="absent"') == 2
    assert ">+5.0<" in made
    assert "&lt;i&gt;A" in made
    assert "…" in made
    assert "source ↓" in made
    assert "target →" in made


def test_colours_are_the_pages_own() -> None:
    assert "--warm) 82%" in fill(1.0)
    assert "--cool) 41%" in fill(-0.5)
    assert "--cool) 82%" in fill(7.0, sequential=True)
