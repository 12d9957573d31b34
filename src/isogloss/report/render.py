"""From a study folder to `report.html`: read, build every section, fill the templates, write."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from isogloss.core import InputError, write_atomically
from isogloss.report.exhibit import Section
from isogloss.report.sections import SECTIONS
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles, read_study
from isogloss.report.text.cautions import cautions
from isogloss.report.text.diagnosed import diagnosed, of_subject
from isogloss.report.text.known_truth import known_truth
from isogloss.report.text.naming import language_names
from isogloss.report.text.plain_answer import headline
from isogloss.report.text.what_to_do import what_to_do

_PAGE: Final = "report.html.j2"
_ABSENT: Final = "not_measured.html.j2"
# In the head of every report, which begins with this much at the most.
_GENERATOR: Final = b'<meta name="generator" content="isogloss">'
_HEAD_BYTES: Final = 4096
_LOADER: Final = PackageLoader("isogloss.report", "templates")


def render_report(study_folder: Path, target: Path | None = None) -> Path:
    """Write the report of a study as one HTML file that needs no network and no other file.

    Args:
        study_folder: what `isogloss run --out` or `isogloss audit --out` wrote.
        target: where to write; `report.html` in the study folder when None.

    Returns:
        The file that was written.

    Raises:
        InputError: the folder is no study, or the target is no report or cannot be written.
    """
    study = read_study(Path(study_folder))
    path = Path(target) if target is not None else Path(study_folder) / "report.html"
    _refuse_foreign(path)
    write_atomically(path, page(study))
    return path


def write_page(path: Path, template: str, context: Mapping[str, object]) -> Path:
    """Write a page of another template than a study's, in the report's style.

    Args:
        path: file to write, new or a page of ours.
        template: file in `templates/`.
        context: what it needs besides `style` and `written`.

    Returns:
        The file that was written.

    Raises:
        InputError: the file is no page of ours, or cannot be written.
    """
    environment = _environment()
    _refuse_foreign(path)
    text = environment.get_template(template).render(
        style=Markup(_asset(environment, "report.css")),
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        **context,
    )
    write_atomically(path, text)
    return path


def _refuse_foreign(path: Path) -> None:
    """Refuse to replace a file that is no report of ours."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        beginning = file.read(_HEAD_BYTES)
    if beginning and _GENERATOR not in beginning:
        raise InputError(
            expected="a new file, or a report to write again",
            found="a file that isogloss did not write",
            where=str(path),
            next_step="Name another file with --to; this one was left as it was.",
        )


def answer_of(study_folder: Path) -> tuple[str, str]:
    """Return the headline of a study and what to do, a sentence each; "" where there is none.

    Args:
        study_folder: what `isogloss run --out` or `isogloss audit --out` wrote.

    Raises:
        InputError: the folder is no study.
    """
    study = read_study(Path(study_folder))
    try:
        found = headline(of_subject(diagnosed(study)), language_names(study))
    except NotMeasured:
        found = ""
    return found, what_to_do(study)


def truth_of(study_folder: Path) -> str:
    """Return what a study on a synthetic test bed found of what was planted; "" on other data.

    Args:
        study_folder: what `isogloss run --out` or `isogloss audit --out` wrote.

    Raises:
        InputError: the folder is no study.
    """
    return known_truth(read_study(Path(study_folder)))


def page(study: StudyFiles) -> str:
    """Return the HTML of a study.

    Args:
        study: its contents.

    Returns:
        A whole document.
    """
    environment = _environment()
    script = _asset(environment, "report.js")
    return environment.get_template(_PAGE).render(
        study=study,
        title=study.text("title") or study.text("name") or study.folder.name,
        question=study.text("question"),
        cautions=cautions(study),
        sections=[
            {"anchor": one.anchor, "title": one.title, "body": body}
            for one in SECTIONS
            if (body := _body(environment, one, study)) is not None
        ],
        style=Markup(_asset(environment, "report.css")),
        script=Markup(script),
        # The page allows this one script by its hash; text that came in with data cannot run.
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def _environment() -> Environment:
    """Templates of this package; every value is escaped, an unknown one is an error."""
    return Environment(
        loader=_LOADER,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(environment: Environment, name: str) -> str:
    """The text of a file beside the templates."""
    return _LOADER.get_source(environment, name)[0].strip()


def _body(environment: Environment, section: Section, study: StudyFiles) -> Markup | None:
    """The inside of a section; where nothing was measured, the reason; None where not asked for."""
    try:
        context: Mapping[str, object] = section.build(study)
    except NotAsked:
        return None
    except NotMeasured as reason:
        template = environment.get_template(_ABSENT)
        return Markup(template.render(reason=str(reason)))
    return Markup(environment.get_template(section.template).render(**context))
