"""A function of one's own: found by its name, asked once, refused where it is none."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.translations.contract import Material
from isogloss.data.translations.function import Function
from unit.data.translations.conftest import EN, wanted, write


@pytest.fixture
def own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(folder))
    write(
        folder,
        "my_translator.py",
        "ASKED = []\n\n\ndef shout(texts, source, target):\n    ASKED.extend(texts)\n"
        "    return [f'{target}:{text}' for text in texts]\n\n\nNONE = 7",
    )
    return "my_translator:shout"


def test_it_is_asked_for_each_text_once(own: str, material: Material) -> None:
    examples = material.source.classified("nli", EN, "train")
    first = Function(own).translate(examples, wanted(), material)
    assert first[0].translation.text == f"fra-Latn:{examples[0].text}"
    assert str(first.provenance) == "machine (my_translator:shout)"
    import my_translator  # pyright: ignore[reportMissingImports]

    n_asked = len(my_translator.ASKED)
    assert Function(own).translate(examples, wanted(), material).pairs == first.pairs
    assert len(my_translator.ASKED) == n_asked


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no_such_module:f", "no_such_module"),
        ("my_translator:gone", "gone"),
        ("my_translator:NONE", "a int"),
        ("shout", "module:name"),
        ("", "module:name"),
    ],
)
def test_what_is_no_function_is_refused(own: str, material: Material, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Function(name).fingerprint(wanted(), material)
