"""Cut entities and parts of speech of six languages: three of high resource, three of low."""

import sys
from pathlib import Path

N_TRAIN = {"en": 320, "fr": 320, "ar": 320, "hi": 64, "sw": 64, "te": 64}
N_DEV, N_TEST = 100, 300


def main(source: Path, target: Path) -> None:
    """Write {task}/{language}.{split}, and a few lines of text, which a study asks for."""
    for folder in ("ner", "pos", "text"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for language, n_train in N_TRAIN.items():
        for split, n in (("train", n_train), ("dev", N_DEV), ("test", N_TEST)):
            for task in ("ner", "pos"):
                cut(source, target, f"{task}/{language}.{split}", n)
            lines = (source / "text" / f"{language}.{split}.txt").read_text("utf-8").split("\n")
            text = "\n".join(lines[:20]) + "\n"
            (target / "text" / f"{language}.{split}.txt").write_text(text, "utf-8")


def cut(source: Path, target: Path, name: str, n: int) -> None:
    """Keep the first `n` sentences; they are divided by an empty line in each of the layouts."""
    (path,) = [
        source / f"{name}{ending}"
        for ending in (".tsv", ".txt", ".conllu")
        if (source / f"{name}{ending}").exists()
    ]
    sentences = [s for s in path.read_text("utf-8").split("\n\n") if s.strip()]
    (target / f"{name}{path.suffix}").write_text("\n\n".join(sentences[:n]) + "\n\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
