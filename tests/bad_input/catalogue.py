"""Every kind of bad input, and the table of the book."""

from bad_input import (
    comparisons,
    data,
    exports,
    finished,
    gates,
    models,
    modules,
    places,
    sharings,
    study_files,
    translations,
    trims,
    typed,
)
from bad_input.mistake import Mistake

SECTIONS = {
    "The study file": study_files.MISTAKES,
    "The command line": typed.MISTAKES,
    "Data": data.MISTAKES,
    "Models": models.MISTAKES,
    "Translations": translations.MISTAKES,
    "Language-specific modules": modules.MISTAKES,
    "Exports": exports.MISTAKES,
    "Trimming": trims.MISTAKES,
    "Sharing, groups and advice": sharings.MISTAKES,
    "Places": places.MISTAKES,
    "Study folders": finished.MISTAKES,
    "Scores of finished systems": comparisons.MISTAKES,
    "Gates, and models on raw text": gates.MISTAKES,
}
MISTAKES: list[Mistake] = [mistake for section in SECTIONS.values() for mistake in section]

_HEAD = """# Bad input

What isogloss says to each kind of mistake. Every message has four parts: what was expected, what
was found, where, and what to do next; it goes to standard error, the exit code is 2, and nothing
that was there before is lost or overwritten. An ellipsis stands for what differs from case to case.

This page is written by `python tests/bad_input/write_page.py`; a test keeps it true and makes each
of its {n} mistakes.
"""


def page() -> str:
    """Return the page of the book."""
    parts = [_HEAD.format(n=len(MISTAKES))]
    for title, mistakes in SECTIONS.items():
        rows = [
            f"| {mistake.what} | `isogloss {_cell(mistake.command)}` | {_cell(mistake.says)} |"
            for mistake in mistakes
        ]
        parts.append(
            "\n".join(
                [f"## {title}\n", "| mistake | command | message |", "|---|---|---|", *rows, ""]
            )
        )
    return "\n".join(parts)


def _cell(text: str) -> str:
    """Return text that Markdown shows as it is in a cell of a table."""
    return text.replace("|", r"\|").replace("<", "&lt;").replace("*", r"\*")
