from isogloss.report.drawings.legend import legend, sample
from isogloss.report.drawings.scatter_plot import marker


def test_names_are_escaped_and_signs_hidden() -> None:
    made = legend([(sample(marker(0), "-8 -8 16 16", 16, 16), "<b>")])
    assert "&lt;b&gt;" in made
    assert 'aria-hidden="true"' in made
    assert made.startswith('<ul class="legend"><li><svg')
