"""Study files: the kind that they name, overrides, and files that are none."""

from pathlib import Path
from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.study import load_spec, parse_spec
from isogloss.study.plan.kinds import STUDY_KINDS
from isogloss.study.spec.files import apply_override

LEAST = {"name": "one", "mixtures": [["en", "sw"]], "tasks": ["pos"]}


@pytest.mark.parametrize("name", STUDY_KINDS)
def test_a_spec_is_of_the_kind_that_it_names(name: str) -> None:
    spec = parse_spec({**LEAST, "treat": name}, "one.yaml")
    assert type(spec) is STUDY_KINDS[name].spec
    assert parse_spec(spec.model_dump(mode="json"), "spec.yaml") == spec


def test_pretraining_is_treated_where_nothing_is_said() -> None:
    assert parse_spec(LEAST, "one.yaml").treat == "pretraining"


@pytest.mark.parametrize(("named", "near"), [("finetunning", "finetuning"), (["x"], ""), (3, "")])
def test_another_kind_is_refused(named: object, near: str) -> None:
    with pytest.raises(InputError, match="one of pretraining, finetuning") as refused:
        parse_spec({**LEAST, "treat": named}, "one.yaml")
    assert refused.value.where == "one.yaml: treat"
    assert near in refused.value.next_step


class TestFiles:
    def write(self, folder: Path, text: str) -> Path:
        path = folder / "one.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_overrides(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, "name: one\nmixtures: [[en, sw]]\ntasks: [pos]\nfinetuning:\n")
        changes = ("pretraining.updates=7", "seeds=[5, 6]", "finetuning.epochs=2", "name=two")
        spec = load_spec(path, changes)
        assert (spec.pretraining.updates, spec.seeds, spec.name) == (7, (5, 6), "two")
        assert spec.finetuning.epochs == 2

    def test_an_override_of_an_unknown_key(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, "name: one\nmixtures: [[en, sw]]")
        with pytest.raises(InputError, match="Did you mean `updates`"):
            load_spec(path, ("pretraining.updatess=7",))

    @pytest.mark.parametrize(
        "override",
        ["pretraining.updates", "=3", "", "name.first=1", "treatments.0.name=x", "seeds=[1"],
    )
    def test_an_override_that_cannot_be_done(self, tmp_path: Path, override: str) -> None:
        path = self.write(tmp_path, "name: one\nmixtures: [[en, sw]]\ntreatments: [untreated]")
        with pytest.raises(InputError) as refused:
            load_spec(path, (override,))
        assert refused.value.where == "--set"
        assert f"`{override}`" in refused.value.found

    def test_the_content_is_changed_in_place(self) -> None:
        content: dict[str, Any] = {"a": None}
        apply_override(content, "a.b.c=1")
        apply_override(content, "a.b.d==x")
        assert content == {"a": {"b": {"c": 1, "d": "=x"}}}

    @pytest.mark.parametrize("overrides", [(), ("name=one",)])
    def test_an_empty_file(self, tmp_path: Path, overrides: tuple[str, ...]) -> None:
        with pytest.raises(InputError, match="a study: keys and values"):
            load_spec(self.write(tmp_path, ""), overrides)

    def test_a_file_that_is_no_yaml(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="Expected YAML"):
            load_spec(self.write(tmp_path, "name: [one"))
        (tmp_path / "one.yaml").write_bytes(b"\xff\xfe\x00name")
        with pytest.raises(InputError):
            load_spec(tmp_path / "one.yaml")

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="no such file") as refused:
            load_spec(tmp_path / "none.yaml")
        assert refused.value.where == str(tmp_path / "none.yaml")
