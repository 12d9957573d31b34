from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.transfer import parse_matrix
from isogloss.transfer.material import drawn, prepare
from unit.transfer import toys


def test_what_is_there_is_not_made_again(bed: Path, body: Path, tmp_path: Path) -> None:
    spec = toys.spec(body)
    first = prepare(spec, str(bed), tmp_path)
    facts = tmp_path / "prepared" / "facts.json"
    before = facts.stat().st_mtime_ns
    again = prepare(spec, str(bed), tmp_path)
    assert facts.stat().st_mtime_ns == before
    assert again.facts == {key: one for key, one in first.facts.items() if key in again.facts}
    text = tmp_path / "prepared" / "text" / "qaa-Latn.train.bin"
    [text] = list(text.parent.glob("qaa*.train.bin"))
    text.write_bytes(b"")
    prepare(spec, str(bed), tmp_path)
    assert facts.stat().st_mtime_ns != before
    assert text.stat().st_size > 0


def test_samples_are_fixed_recorded_and_in_order(bed: Path, body: Path, tmp_path: Path) -> None:
    spec = toys.spec(body, test_examples=7)
    material = prepare(spec, str(bed), tmp_path)
    places = material.sample("pos", toys.QAA)
    assert len(places) == 7
    assert places == sorted(places)
    assert places == material.sample("pos", toys.QAB), "parallel sets stay parallel"
    assert len(material.test_examples("pos", toys.QAA)) == 7
    assert material.targets("pos") == spec.columns
    assert drawn(5, None, [0]) == drawn(5, 9, [0]) == [0, 1, 2, 3, 4]
    assert drawn(100, 5, [0]) != drawn(100, 5, [1])


def test_a_trimmed_body_is_used(bed: Path, body: Path, tmp_path: Path) -> None:
    material = prepare(toys.spec(body, trim=True), str(bed), tmp_path)
    assert material.body == tmp_path / "prepared" / "model"
    assert material.tokenizer.vocabulary_size <= 600


def test_a_preset_has_nothing_to_transfer_into(bed: Path, tmp_path: Path) -> None:
    spec = parse_matrix({"model": "tiny", "transfer_languages": ["qaa", "qab"]}, "here")
    with pytest.raises(InputError, match="whose weights are random"):
        prepare(spec, str(bed), tmp_path)


def test_absent_data_are_refused(bed: Path, body: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="kind `nli`"):
        prepare(toys.spec(body, tasks=["nli"]), str(bed), tmp_path)
    with pytest.raises(InputError):
        prepare(toys.spec(body, transfer_languages=["qaa", "en"]), str(bed), tmp_path)
