import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from isogloss import __version__
from isogloss.study import Prepared, parse_spec
from isogloss.study.results.about import citations, versions, write_about
from isogloss.study.store.prepared import open_prepared
from unit.study import toys


def test_versions_that_results_may_depend_on() -> None:
    found = versions()
    assert found["isogloss"] == __version__
    assert {"python", "torch", "transformers", "numpy"} <= set(found)


def test_what_the_study_says_of_itself(study: Path) -> None:
    spec = toys.spec(question="Does it hurt?", tasks=["pos"])
    write_about(spec, open_prepared(study), "isogloss run x", 1_000_000_000.0, 1_000_000_090.0)
    about = json.loads((study / "study.json").read_text())
    assert set(about) == {
        *(
            "name",
            "title",
            "question",
            "command",
            "started",
            "finished",
            "wall_s",
            "machine",
            "files",
        ),
        *("versions", "methods", "citations", "languages", "reference", "treatments", "treat"),
        *("conflict_every", "scored_on", "measurements"),
    }
    assert about["reference"] is None
    assert [one["name"] for one in about["measurements"]] == ["confounds", "conflict"]
    assert about["conflict_every"] == spec.logging.conflict
    assert (about["started"], about["wall_s"]) == ("2001-09-09T01:46:40Z", 90.0)
    assert about["languages"][0] == {
        "code": "qaa-Latn",
        "name": "base",
        "family": spec.languages[0].family,
    }


def test_private_use_is_synthetic_in_a_test_bed_alone(study: Path) -> None:
    prepared = open_prepared(study)
    elsewhere = replace(prepared, facts={**prepared.facts, "data": str(study)})
    write_about(toys.spec(), elsewhere, "", 0.0, 1.0)
    about = json.loads((study / "study.json").read_text())
    assert about["languages"][0]["name"] == "Private use qaa"


def test_the_resolved_spec_can_be_run_again(study: Path, prepared: Prepared) -> None:
    spec = toys.spec(tasks=["pos"])
    write_about(spec, open_prepared(study), "", 0.0, 1.0)
    content = yaml.safe_load((study / "spec.yaml").read_text())
    provenance = content.pop("provenance")
    assert parse_spec(content, "spec.yaml") == spec
    assert provenance["tokenizer"] == prepared.tokenizer.fingerprint
    assert set(provenance["data"]) == set(prepared.facts["wanted"]["fingerprints"])


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '{"wall_s": "x"}', "[" * 50_000])
def test_a_damaged_file_is_written_anew(content: str, study: Path) -> None:
    (study / "study.json").write_text(content)
    write_about(toys.spec(), open_prepared(study), "", 0.0, 1.0)
    assert json.loads((study / "study.json").read_text())["wall_s"] == 1.0


def test_the_tables_are_noted_by_their_hashes(study: Path) -> None:
    (study / "verdicts.csv").write_text("a\n1\n")
    write_about(toys.spec(), open_prepared(study), "", 0.0, 1.0)
    files = json.loads((study / "study.json").read_text())["files"]
    assert files == {"verdicts.csv": hashlib.sha256(b"a\n1\n").hexdigest()}


def test_what_to_cite_comes_from_the_docstrings() -> None:
    names = ["monolingual", "untreated", "language_adapters"]
    [cited] = citations(toys.spec(treatments=names))
    assert cited["key"] == "wang-etal-2020-negative"
    assert cited["bibtex"].startswith("@inproceedings{wang-etal-2020-negative,")


def test_the_paper_that_a_study_is_held_against(study: Path) -> None:
    write_about(toys.spec(reference="wang2020"), open_prepared(study), "", 0.0, 1.0)
    about = json.loads((study / "study.json").read_text())
    assert about["reference"] == "wang2020"
    assert yaml.safe_load((study / "spec.yaml").read_text())["reference"] == "wang2020"
    assert [one["key"] for one in about["citations"]] == ["wang-etal-2020-negative"]
    assert about["citations"][0]["bibtex"].startswith("@inproceedings{wang-etal-2020-negative,")


def test_a_paper_is_cited_once() -> None:
    names = ["monolingual", "untreated", "language_adapters"]
    assert len(citations(toys.spec(treatments=names, reference="wang2020"))) == 1


def test_what_needs_translations_says_so(study: Path) -> None:
    spec = toys.spec(
        treat="finetuning",
        tasks=["pos"],
        treatments=["monolingual", "untreated", "x_mixup"],
        translations={"source": "qaa"},
    )
    write_about(spec, open_prepared(study), "", 0.0, 1.0)
    _, untreated, mixed = json.loads((study / "study.json").read_text())["treatments"]
    assert "translations" not in untreated
    assert mixed["translations"] == ["training", "inference"]


def test_labels_and_samples_keep_their_names(study: Path) -> None:
    second = {"language_adapters": {"bottleneck": 4}, "label": "small"}
    spec = toys.spec(
        treatments=["monolingual", "untreated", second],
        mixtures=[["qaa", "qab"], ["qaa", "qab-x-low"]],
        samples={"qab-x-low": 0.5},
    )
    write_about(spec, open_prepared(study), "", 0.0, 1.0)
    about = json.loads((study / "study.json").read_text())
    assert about["treatments"][-1] == {
        "label": "small",
        "name": "language_adapters",
        "options": {"bottleneck": 4},
    }
    names = {one["code"]: one["name"] for one in about["languages"]}
    assert names["qab-Latn-x-low"] == f"{names['qab-Latn']} (sample low)"
