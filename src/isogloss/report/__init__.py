"""The report: a finished study folder becomes one HTML file that needs nothing else.

Imports `isogloss.core` only, so a report is re-rendered from records on a machine without torch.
`sections/` holds one file per display: `frame(study)` is its tidy table, a drawing from `drawings/`
its figure, and the literal table `SECTIONS` the order in which a reader meets them. Templates lie
in `templates/`; everything that comes from data is escaped there or in `drawings/svg.py`.

    from isogloss.report import render_report
    render_report(Path("out"))  # writes out/report.html
"""

from isogloss.report.comparison_page import render_comparison
from isogloss.report.conflict_page import render_conflict
from isogloss.report.matrix_files import is_matrix
from isogloss.report.matrix_page import matrix_answer, render_matrix
from isogloss.report.render import answer_of, render_report, truth_of
from isogloss.report.sections import SECTIONS
from isogloss.report.sharing_page import render_sharing, sharing_summary

__all__ = [
    "SECTIONS",
    "answer_of",
    "is_matrix",
    "matrix_answer",
    "render_comparison",
    "render_conflict",
    "render_matrix",
    "render_report",
    "render_sharing",
    "sharing_summary",
    "truth_of",
]
