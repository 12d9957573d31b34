"""The short forms of a line; what is refused stands in test_spec."""

import pytest

from isogloss.study.treatment_entry import TreatmentEntry


@pytest.mark.parametrize(
    "written",
    [
        {"temperature": {"exponents": [0.5]}, "label": "half", "updates_factor": 2},
        {
            "name": "temperature",
            "options": {"exponents": [0.5]},
            "label": "half",
            "updates_factor": 2,
        },
    ],
)
def test_both_ways_of_writing_it(written: dict[str, object]) -> None:
    entry = TreatmentEntry.model_validate(written)
    assert (entry.name, entry.label, entry.updates_factor) == ("temperature", "half", 2)
    assert entry.options == {"exponents": [0.5]}


def test_a_name_alone_is_its_label() -> None:
    entry = TreatmentEntry.model_validate("untreated")
    assert (entry.label, entry.options) == ("untreated", {})
