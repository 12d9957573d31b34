"""Which measurements a study makes, and which of them its runs make themselves."""

from typing import Final

from isogloss.diagnosis import MEASUREMENTS
from isogloss.study.spec.spec import StudySpec

# Measurements that are losses under the masked-LM head.
_OF_MASKED_LM: Final = frozenset({"forgetting", "sharing", "neurons"})


def measures_of(spec: StudySpec) -> tuple[str, ...]:
    """Return the names of the measurements that a study makes, in the order of their table."""
    asked = spec.asked_measurements
    return tuple(name for name, one in MEASUREMENTS.items() if not one.on_request or name in asked)


def measured_with_run(spec: StudySpec, stage: str, *, masked_lm: bool = True) -> tuple[str, ...]:
    """Return the names of the measurements that a study's runs of a stage make themselves.

    Args:
        spec: of the study.
        stage: of the runs.
        masked_lm: whether the models have a masked-LM head that was trained.
    """
    return tuple(
        name
        for name in measures_of(spec)
        if MEASUREMENTS[name].when == "run" and stage in MEASUREMENTS[name].stages
        if masked_lm or name not in _OF_MASKED_LM
    )
