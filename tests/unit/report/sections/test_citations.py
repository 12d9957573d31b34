import dataclasses

import pytest

from isogloss.report.sections import citations
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles


def test_works_with_bibtex(study: StudyFiles) -> None:
    built = citations.build(study)
    assert len(built["works"]) == 1
    assert str(built["bibtex"]).startswith("@inproceedings{wang2020negative")


def test_no_works(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match="not there"):
        citations.frame(bare)
    with pytest.raises(NotAsked):
        citations.frame(dataclasses.replace(bare, about={"name": "bare"}))
