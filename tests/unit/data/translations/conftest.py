"""A folder of data that are parallel across languages, small enough to read."""

from pathlib import Path

import pytest

from isogloss.core import Language
from isogloss.data.sources import open_source
from isogloss.data.translations.contract import Material, Wanted

EN, FR, SW = (Language.parse(code) for code in ("en", "fr", "sw"))

NLI = {
    "en": (
        "The dog runs.\tA dog moves.\tentailment",
        "It rains.\tIt is dry.\tcontradiction",
        "It rains.\tRain falls.\tentailment",
        "It rains.\tNo rain falls.\tcontradiction",
    ),
    "fr": (
        "Le chien court.\tUn chien bouge.\tentailment",
        "Il pleut.\tIl fait sec.\tcontradiction",
        "Il pleut.\tDe la pluie tombe.\tentailment",
        "Il pleut.\tAucune pluie ne tombe.\tcontradiction",
    ),
}
POS = {
    "en": (("a1", "The/DET dog/NOUN runs/VERB"), ("a2", "It/PRON rains/VERB")),
    "fr": (("a2", "Il/PRON pleut/VERB"), ("a1", "Le/DET chien/NOUN court/VERB")),
}
PARALLEL = ("the dog\tle chien", "the house\tla maison", "a dog\tun chien", "a house\tune maison")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for code, lines in NLI.items():
        write(tmp_path, f"nli/{code}.train.tsv", "\n".join(lines))
        write(tmp_path, f"nli/{code}.test.tsv", "\n".join(lines))
    for code, sentences in POS.items():
        write(tmp_path, f"pos/{code}.train.conllu", "\n".join(map(conllu, sentences)))
    write(tmp_path, "parallel/en-fr.train.tsv", "\n".join(PARALLEL * 3))
    return tmp_path


@pytest.fixture
def material(folder: Path) -> Material:
    return Material(open_source(str(folder)), folder / "cache")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def conllu(sentence: tuple[str, str]) -> str:
    identifier, words = sentence
    rows = [
        "\t".join([str(n), *word.split("/")[:1], "_", word.split("/")[1], "_", "_", "0", *"___"])
        for n, word in enumerate(words.split(), start=1)
    ]
    return "\n".join([f"# sent_id = {identifier}", *rows, ""])


def wanted(kind: str = "nli", split: str = "train", target: Language = FR) -> Wanted:
    return Wanted(kind, split, EN, target)
