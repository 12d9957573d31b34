import math

from isogloss.report.drawings.strip_plot import Mark, strip_plot


def draw(*values: float) -> str:
    marks = [Mark(value, slot, f"note {slot}") for slot, value in enumerate(values)]
    return str(
        strip_plot([("Swahili", marks), ("<x>", [])], x_label="gain", title="t", description="d")
    )


def test_marks_lie_on_both_sides_of_zero() -> None:
    drawing = draw(-2.0, 2.0)
    places = [part.split(" ")[0] for part in drawing.split("translate(")[1:]]
    left, right = map(float, places)
    zero = float(drawing.split('class="zero"')[0].rsplit('d="M', 1)[1].split(" ")[0])
    assert abs((left + right) / 2 - zero) < 0.5
    assert left < right
    assert "note 0" in drawing


def test_what_is_no_number_is_left_out_and_names_are_escaped() -> None:
    drawing = draw(math.nan, 1.0)
    assert drawing.count("translate(") == 1
    assert "<x>" not in drawing
