from isogloss.report.drawings.heat_map import Cell, fill, heat_map, short_names

AXES = {"sources": ["a", "b"], "targets": ["a", "b"], "title": "", "description": ""}


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


def test_a_number_that_is_none_is_drawn_as_not_measured() -> None:
    cells = {("a", "b"): Cell(float("nan"), "nan", "a to b:"), ("b", "a"): Cell(0.1, "+1.0", "")}
    made = heat_map(cells, {}, **AXES)
    assert "a to b: not measured" in made
    assert "nan" not in made
    assert ">+1.0<" in made


def test_what_all_names_begin_with_is_left_out_of_the_heads() -> None:
    made = heat_map({}, {"a": "Synthetic conflict", "b": "Synthetic base"}, **AXES)
    assert ">conflict<" in made
    assert "Synthetic" not in made
    assert short_names({"a": "Old Greek", "b": "Old"}) == {"a": "Old Greek", "b": "Old"}
    assert short_names({"a": "Norwegian Bokmål"}) == {"a": "Norwegian Bokmål"}


def test_colours_are_the_pages_own() -> None:
    assert "--warm) 82%" in fill(1.0)
    assert "--cool) 41%" in fill(-0.5)
    assert "--cool) 82%" in fill(7.0, sequential=True)
