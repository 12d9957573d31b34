from pathlib import Path
from typing import Any

import pytest
import yaml

from isogloss.core import InputError, Language
from isogloss.study import parse_spec
from isogloss.study.spec.settings import PretrainingSettings
from isogloss.study.spec.treatment_entry import TreatmentEntry

LEAST = {"name": "one", "mixtures": [["en", "sw"]]}


def refusal(**changes: Any) -> InputError:
    with pytest.raises(InputError) as refused:
        parse_spec({**LEAST, **changes}, "one.yaml")
    return refused.value


class TestAccepted:
    def test_the_least_that_makes_a_study(self) -> None:
        spec = parse_spec(LEAST, "one.yaml")
        assert [entry.name for entry in spec.treatments] == ["monolingual", "untreated"]
        assert (spec.seeds, spec.match, spec.tasks) == ((0, 1, 2), ("language", "total"), ())

    def test_rates_come_from_the_kind_of_start(self) -> None:
        """What is said stays; the resolved spec says the rest, and reads the same again."""
        scratch = parse_spec(LEAST, "x")
        assert (scratch.pretraining.learning_rate, scratch.finetuning.learning_rate) == (2e-3, 5e-4)
        hub = {**LEAST, "model": "someone/encoder"}
        found = parse_spec(hub, "x")
        for settings in (found.pretraining, found.finetuning):
            rates = settings.learning_rate, settings.warm_up, settings.weight_decay
            assert rates == (5e-5, 0.1, 0.01)
        assert parse_spec(found.model_dump(mode="json"), "x") == found
        said = parse_spec({**hub, "pretraining": {"learning_rate": 1e-4, "rows": 4}}, "x")
        assert (said.pretraining.learning_rate, said.pretraining.rows) == (1e-4, 4)
        assert said.finetuning.learning_rate == 5e-5

    def test_rates_of_a_study_made_in_python(self) -> None:
        settings = PretrainingSettings(updates=5)
        spec = parse_spec({**LEAST, "model": "someone/encoder", "pretraining": settings}, "x")
        assert (spec.pretraining.updates, spec.pretraining.learning_rate) == (5, 5e-5)
        own = PretrainingSettings(learning_rate=2e-3)
        spec = parse_spec({**LEAST, "model": "someone/encoder", "pretraining": own}, "x")
        assert spec.pretraining.learning_rate == 2e-3

    def test_a_wrong_section_of_a_checkpoint_is_refused_as_any(self) -> None:
        error = refusal(model="someone/encoder", pretraining=3)
        assert "pretraining" in error.where

    def test_languages_in_the_order_of_first_mention(self) -> None:
        spec = parse_spec({**LEAST, "mixtures": [["en", "swahili"], ["tel-Telu", "eng"]]}, "x")
        assert list(map(str, spec.languages)) == ["eng-Latn", "swa-Latn", "tel-Telu"]

    def test_three_ways_to_write_a_treatment(self) -> None:
        named = ["monolingual", {"name": "untreated"}, {"language_adapters": {"bottleneck": 8}}]
        spec = parse_spec({**LEAST, "treatments": named}, "x")
        assert spec.treatments[2] == TreatmentEntry(
            name="language_adapters", options={"bottleneck": 8}
        )

    def test_a_treatment_without_options_may_end_in_a_colon(self) -> None:
        named = yaml.safe_load("[monolingual, untreated, {temperature: }]")
        assert parse_spec({**LEAST, "treatments": named}, "x").treatments[2].options == {}

    def test_there_and_back(self) -> None:
        spec = parse_spec({**LEAST, "tasks": ["ner"], "seeds": [4]}, "x")
        again = parse_spec(yaml.safe_load(yaml.safe_dump(spec.model_dump(mode="json"))), "x")
        assert again == spec

    def test_frozen(self) -> None:
        with pytest.raises(ValueError, match="frozen"):
            parse_spec(LEAST, "x").name = "other"  # type: ignore[misc]


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "path", "near"),
        [
            ({"mixture": []}, "mixture", "mixtures"),
            ({"pretraining": {"update": 1}}, "pretraining.update", "updates"),
            ({"finetuning": {"epoch": 1}}, "finetuning.epoch", "epochs"),
            ({"tokenizer": {"vocab_size": 1}}, "tokenizer.vocab_size", "vocabulary_size"),
            ({"statistics": {"alfa": 1}}, "statistics.alfa", "alpha"),
            ({"logging": {"tensor_board": True}}, "logging.tensor_board", "tensorboard"),
            (
                {"treatments": ["monolingual", {"name": "untreated", "option": {}}]},
                "treatments.1.option",
                "options",
            ),
        ],
    )
    def test_an_unknown_key_with_the_nearest(
        self, content: dict[str, Any], path: str, near: str
    ) -> None:
        refused = refusal(**content)
        assert refused.where == f"one.yaml: {path}"
        assert refused.next_step == f"Did you mean `{near}`?"
        assert near in refused.expected

    def test_an_unknown_key_that_is_near_nothing(self) -> None:
        assert refusal(zzz=1).next_step == "Remove the key."

    @pytest.mark.parametrize(
        ("content", "path"),
        [
            ({"seeds": "many"}, "seeds"),
            ({"seeds": []}, "seeds"),
            ({"seeds": [-1]}, "seeds.0"),
            ({"seeds": [2**31]}, "seeds.0"),
            ({"name": ""}, "name"),
            ({"match": ["languages"]}, "match.0"),
            ({"match": []}, "match"),
            ({"mixtures": []}, "mixtures"),
            ({"mixtures": [[]]}, "mixtures.0"),
            ({"pretraining": {"updates": -1}}, "pretraining.updates"),
            ({"pretraining": {"masking": 1}}, "pretraining.masking"),
            ({"pretraining": {"schedule": "cosin"}}, "pretraining.schedule"),
            ({"finetuning": {"epochs": 1.5}}, "finetuning.epochs"),
            ({"tokenizer": 2000}, "tokenizer"),
            ({"treatments": "untreated"}, "treatments"),
            ({"treatments": [{"temperature": [1]}]}, "treatments.0.options"),
            ({"statistics": {"smallest_effect": {"entity_f1": -1}}}, "smallest_effect.entity_f1"),
        ],
    )
    def test_a_wrong_value_names_its_place(self, content: dict[str, Any], path: str) -> None:
        refused = refusal(**content)
        assert refused.where.endswith(path)
        assert "one.yaml" in refused.where
        assert "docs/studies.md" in refused.next_step

    def test_a_missing_key(self) -> None:
        with pytest.raises(InputError) as refused:
            parse_spec({"name": "one"}, "one.yaml")
        assert "`mixtures`" in refused.value.expected

    @pytest.mark.parametrize("aliases", [["sw", "Swahili"], ["swa-Latn", "en", "sw"]])
    def test_a_language_twice_in_a_mixture_by_whatever_name(self, aliases: list[str]) -> None:
        refused = refusal(mixtures=[["en", "te"], aliases])
        assert "swa-Latn" in refused.found
        assert refused.expected == "each language once in a mixture"

    @pytest.mark.parametrize(
        "twice",
        [
            {"seeds": [1, 2, 1]},
            {"tasks": ["ner", "ner"]},
            {"match": ["total", "total"]},
            {"mixtures": [["en", "sw"], ["eng", "Swahili"]]},
        ],
    )
    def test_the_same_twice_would_count_as_more_evidence(self, twice: dict[str, Any]) -> None:
        assert "not more evidence" in refusal(**twice).found

    @pytest.mark.parametrize("control", ["untreated", "monolingual"])
    def test_a_control_is_missing(self, control: str) -> None:
        others = [name for name in ("untreated", "monolingual") if name != control]
        assert f"`{control}` is missing" in refusal(treatments=[*others, "temperature"]).found

    def test_a_label_that_would_be_mistaken_for_a_treatment(self) -> None:
        for entry in (
            {"temperature": None, "label": "untreated"},
            {"name": "untreated", "label": "plain"},
        ):
            names = ["monolingual", *(["untreated"] if "label" in entry else []), entry]
            assert "a label that is no treatment's name" in refusal(treatments=names).expected

    def test_a_sample_without_a_share_and_a_share_without_a_sample(self) -> None:
        for changes in (
            {"mixtures": [["qaa", "qab-x-low"]]},
            {"samples": {"qab-x-low": 0.5}},
            {"mixtures": [["qaa", "qab-x-low"]], "samples": {"qab-x-lo": 0.5}},
        ):
            assert "a share under `samples`" in refusal(**changes).expected

    def test_a_treatment_twice(self) -> None:
        twice = ["monolingual", "untreated", {"temperature": {"exponents": [1]}}, "temperature"]
        assert "a treatment twice" in refusal(treatments=twice).found

    @pytest.mark.parametrize(
        ("content", "near"),
        [
            ({"treatments": ["monolingual", "untreatd"]}, "untreated"),
            ({"treatments": [{"language_adapters": {"botleneck": 1}}]}, "bottleneck"),
            ({"tasks": ["nerr"]}, "ner"),
            ({"model": "tinny"}, "tiny"),
            ({"statistics": {"smallest_effect": {"entity_f": 0.1}}}, "entity_f1"),
            ({"mixtures": [["en", "Swahilli"]]}, "Swahili"),
        ],
    )
    def test_an_unknown_name_with_the_nearest(self, content: dict[str, Any], near: str) -> None:
        """Before anything is trained, and not in the middle of a study."""
        refused = refusal(**content)
        assert near.lower() in refused.next_step.lower()
        assert refused.where.startswith("one.yaml: ")

    @pytest.mark.parametrize("content", [None, [], "text", 3])
    def test_a_file_that_is_no_study(self, content: object) -> None:
        with pytest.raises(InputError, match="a study: keys and values"):
            parse_spec(content, "one.yaml")

    def test_a_folder_or_a_hub_name_is_a_model_too(self, tmp_path: Path) -> None:
        for model in (str(tmp_path), "FacebookAI/xlm-roberta-base", "paper"):
            assert parse_spec({**LEAST, "model": model}, "x").model == model


def test_languages_given_as_objects() -> None:
    pair = (Language.parse("en"), Language.parse("sw"))
    assert parse_spec({**LEAST, "mixtures": [pair]}, "x").languages == pair


class TestReference:
    def test_none_is_the_default(self) -> None:
        assert parse_spec(LEAST, "one.yaml").reference is None

    def test_a_paper_by_its_name(self) -> None:
        spec = parse_spec({**LEAST, "reference": "wang2020"}, "one.yaml")
        assert spec.reference == "wang2020"
        assert parse_spec(spec.model_dump(mode="json"), "spec.yaml") == spec

    def test_the_nearest_is_named(self) -> None:
        error = refusal(reference="wang2021")
        assert error.where == "one.yaml: reference"
        assert error.next_step == "Did you mean `wang2020`?"
