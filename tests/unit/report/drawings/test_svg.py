import pytest

from isogloss.report.drawings.scatter_plot import marker
from isogloss.report.drawings.svg import Scale, drawing, element, half_range, legend, sample, ticks


def test_text_and_attributes_are_escaped() -> None:
    written = element("text", "<b>&", title='"><img onerror=1>', x=1.0, hidden=False, y=None)
    assert written == ('<text title="&#34;&gt;&lt;img onerror=1&gt;" x="1">&lt;b&gt;&amp;</text>')


def test_elements_nest_without_escaping_twice() -> None:
    assert element("g", element("path", d="M0 0")) == '<g><path d="M0 0"/></g>'


@pytest.mark.parametrize(("value", "written"), [(0.0, "0"), (-0.001, "0"), (2.5, "2.5"), (7, "7")])
def test_numbers_are_short(value: float, written: str) -> None:
    assert element("a", x=value) == f'<a x="{written}"/>'


def test_a_drawing_is_named() -> None:
    made = drawing(10, 20, title="Name", description="What <it> shows")
    assert 'role="img"' in made
    assert "Name. What &lt;it&gt; shows" in made


def test_scale() -> None:
    assert Scale(0, 10, 100, 200)(5) == 150
    assert Scale(3, 3, 0, 10)(3) == 5


def test_ticks() -> None:
    assert ticks(-0.3, 0.3, 4) == [-0.2, 0.0, 0.2]
    assert ticks(1.0, 1.0) == [1.0]
    assert ticks(float("nan"), 1.0) == []


def test_half_range() -> None:
    assert half_range([]) == 1.0
    assert half_range([float("nan"), 0.0]) == 1.0
    assert half_range([0.1, -0.276]) == pytest.approx(0.3)


def test_names_are_escaped_and_signs_hidden() -> None:
    made = legend([(sample(marker(0), "-8 -8 16 16", 16, 16), "<b>")])
    assert "&lt;b&gt;" in made
    assert 'aria-hidden="true"' in made
    assert made.startswith('<ul class="legend"><li><svg')
