"""The works to cite, with BibTeX."""

from collections.abc import Mapping

import pandas as pd

from isogloss.report.exhibit import Section
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return key, text and bibtex of every work.

    Raises:
        NotAsked: the study names none.
        NotMeasured: `study.json` is missing.
    """
    works = [
        {name: str(work.get(name) or "") for name in ("key", "text", "bibtex")}
        for work in study.items("citations")
    ]
    if not study.about:
        raise NotMeasured("study.json, which names the works to cite, is not there.")
    if not works:
        raise NotAsked
    return pd.DataFrame(works)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Return the works and all their BibTeX in one piece."""
    works = frame(study)
    return {
        "works": works.to_dict("records"),
        "bibtex": "\n\n".join(text.strip() for text in works["bibtex"] if text.strip()),
    }


SECTION = Section("citations", "Citations", "citations.html.j2", frame, build)
