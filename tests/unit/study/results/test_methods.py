import pytest

from isogloss.study.results.methods import methods
from unit.study import toys


def test_what_was_done_can_be_read() -> None:
    text = methods(toys.spec(tasks=["pos"], match=["language", "total"], seeds=[3, 5]))
    for said in (
        *("Models (micro)", "30% of tokens", "one bpe vocabulary of 400 tokens"),
        *("4 sequences of 24 tokens", "6 updates per language", "qaa-Latn + qab-Latn"),
        *(
            "same updates on a language (same data) and the same updates in all (same compute)",
            "for pos (1 epochs",
            "Seeds: 3, 5",
        ),
        "positive = hurt",
    ):
        assert said in text.replace("\u00a0", " "), said


def test_a_study_of_fine_tuning_says_how_it_differs() -> None:
    text = methods(toys.spec(tasks=["pos"], treat="finetuning", zero_shot_to=["qac"]))
    for said in (
        "One untreated model was pretrained for each mixture and seed (6 updates per language",
        "(qaa-Latn + qab-Latn) together, with equally many examples (1 passes over all of them",
        "Zero-shot tests are on languages without fine-tuning: qac-Latn.",
    ):
        assert said in text
    assert "one language at a time" not in text


def test_pseudo_tasks_are_told() -> None:
    groups = {"language": "qaa", "groups": 3}
    text = methods(toys.spec(tasks=["pos"], treat="finetuning", pseudo_tasks=groups))
    assert "3 groups of qaa-Latn's examples, by character n-grams" in text


def test_without_tasks() -> None:
    assert "No task was fine-tuned." in methods(toys.spec())


@pytest.mark.parametrize(("alpha", "level"), [(0.05, "95"), (0.01, "99"), (0.001, "99.9")])
def test_the_level_of_the_intervals_is_the_studys(alpha: float, level: str) -> None:
    text = methods(toys.spec(statistics={"alpha": alpha})).replace("\u00a0", " ")
    assert f"The {level} % intervals" in text


def test_no_object_of_ours_stands_in_the_paragraph() -> None:
    text = methods(toys.spec(tasks=["pos"]))
    assert "modules tuned for tests on that language and frozen for tests on others" in text
    assert "within_language=" not in text


def test_says_what_single_tasks_have_of_their_own() -> None:
    own = {"pos": {"length": 20, "learning_rate": 0.25}}
    for treat in ("pretraining", "finetuning"):
        text = methods(toys.spec(tasks=["pos"], treat=treat, finetuning={"tasks": own}))
        assert "; pos: length 20, learning_rate 0.25" in text


def test_a_study_from_a_checkpoint_says_so() -> None:
    spec = toys.spec(model="someone/encoder")
    text = methods(spec)
    assert text.startswith("Models started from the checkpoint someone/encoder and were trained by")
    assert "its own tokenizer" in text and "peak rate of 5e-05" in text
    changes = {"treat": "finetuning", "tasks": ["pos"], "pretraining": {"updates": 0}}
    assert "not trained further" in methods(toys.spec(model="someone/encoder", **changes))
