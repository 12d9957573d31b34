"""Studies: a frozen spec, the runs it expands to, launchers, records and statistics.

    spec = load_spec(Path("real-small"))  # a bundled study, or a file
    run_study(spec, "data", Path("out"), Launch("pool", workers=2))

A run is addressed by its content: interrupted, it resumes from its last checkpoint; finished, it
is never repeated, whichever treatment or launcher asks for it.
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.study.launch.launchers import LAUNCHERS, Watcher, workers_ready
    from isogloss.study.launch.time_left import TimeKeeper, read_progress
    from isogloss.study.plan.estimate import Estimate, estimate
    from isogloss.study.plan.expectation import ExpectedEffect, expected_effects
    from isogloss.study.plan.planning import foresee, plan_study
    from isogloss.study.plan.reading import load_spec, parse_spec
    from isogloss.study.plan.runs import Choice, Role, Run, StudyPlan
    from isogloss.study.results.advice import Advice, advise
    from isogloss.study.results.compare import compare_studies
    from isogloss.study.run.grouping import (
        DEFAULT_AFFINITIES,
        GroupChoices,
        GroupTables,
        write_groups,
    )
    from isogloss.study.run.sharing import SharingTables, write_sharing
    from isogloss.study.spec.files import bundled_studies
    from isogloss.study.spec.spec import StudySpec
    from isogloss.study.store.counted import material_of
    from isogloss.study.store.exporting import export_run
    from isogloss.study.store.lock import study_lock
    from isogloss.study.store.prepare import prepare
    from isogloss.study.store.prepared import Prepared
    from isogloss.study.study import Launch, choices, run_study

__all__ = [
    "DEFAULT_AFFINITIES",
    "LAUNCHERS",
    "Advice",
    "Choice",
    "Estimate",
    "ExpectedEffect",
    "GroupChoices",
    "GroupTables",
    "Launch",
    "Prepared",
    "Role",
    "Run",
    "SharingTables",
    "StudyPlan",
    "StudySpec",
    "TimeKeeper",
    "Watcher",
    "advise",
    "bundled_studies",
    "choices",
    "compare_studies",
    "estimate",
    "expected_effects",
    "export_run",
    "foresee",
    "load_spec",
    "material_of",
    "parse_spec",
    "plan_study",
    "prepare",
    "read_progress",
    "run_study",
    "study_lock",
    "workers_ready",
    "write_groups",
    "write_sharing",
]

make_lazy(__name__)
