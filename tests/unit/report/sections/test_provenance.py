from isogloss.report.sections import provenance
from isogloss.report.study_files import StudyFiles


def test_facts(study: StudyFiles) -> None:
    facts = provenance.frame(study).set_index("fact")["value"]
    assert facts["seeds"] == "1, 2, 3"
    assert facts["command"] == "isogloss run studies/toy.yaml --out out/toy"
    assert facts["version of torch"] == "2.13"
    assert facts["wall time"] == "1 h 12 min"
    assert "fingerprints" in str(provenance.build(study)["spec"])


def test_what_is_unknown_is_said(bare: StudyFiles) -> None:
    facts = provenance.frame(bare).set_index("fact")["value"]
    assert facts["command"] == "not recorded"
    assert len(provenance.build(bare)["missing"]) >= 5
