from pathlib import Path

import pytest

from isogloss.comparison.task_languages import language_of_task, languages_of, read_mapping
from isogloss.core import InputError


@pytest.mark.parametrize(
    ("task", "language"),
    [
        ("belebele_swh_Latn", "swa-Latn"),
        ("belebele_zho_Hant", "zho-Hant"),
        ("xnli_sw", "swa-Latn"),
        ("global_mmlu_fr", "fra-Latn"),
        ("global_mmlu_full_am_anatomy", "amh-Ethi"),
        ("lighteval|xnli_swa_mcf|0", "swa-Latn"),
        ("lighteval|belebele_swh_Latn_mcf|0", "swa-Latn"),
        ("xquad.hi", None),
        ("mgsm_direct_bn", "ben-Beng"),
        ("wer-german", "deu-Latn"),
        ("arc_easy", None),
        ("gsm8k_cot", None),
        ("mmlu_pro", None),
        ("flores_en-fr", "fra-Latn"),
    ],
)
def test_languages_in_names(task: str, language: str | None) -> None:
    found = language_of_task(task)
    assert (None if found is None else str(found)) == language


def test_a_mapping_goes_before_the_name_and_may_leave_out() -> None:
    found = languages_of(["xnli_sw", "arc_easy"], {"xnli_sw": "te", "arc_easy": "-"}, "run")
    assert found == {"xnli_sw": "tel-Telu", "arc_easy": None}


def test_tasks_without_a_language_are_named() -> None:
    with pytest.raises(InputError, match=r"none for `arc_easy`, `piqa`.*--languages FILE"):
        languages_of(["arc_easy", "xnli_sw", "piqa"], {}, "run")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.yaml", "arc_easy: en\npiqa: fr\n"),
        ("map.csv", "task,language\narc_easy,en\npiqa,fr\n"),
    ],
)
def test_mappings_are_read(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert read_mapping(path) == {"arc_easy": "en", "piqa": "fr"}


@pytest.mark.parametrize(("name", "content"), [("a.yaml", "- x\n"), ("a.csv", "a,b\n1,2\n")])
def test_what_is_no_mapping_is_refused(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match="task: language"):
        read_mapping(path)
    with pytest.raises(InputError, match="no such file"):
        read_mapping(tmp_path / "absent.yaml")
