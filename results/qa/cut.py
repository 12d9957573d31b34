"""Cut TyDiQA-GoldP and XQuAD to what a busy core trains in minutes: the data of this study."""

import json
import sys
from pathlib import Path

SHORT = 800  # characters of a paragraph that is trained on; tested paragraphs have any length
N_TRAIN = 200
N_TEST = {"en": 100, "sw": 100, "ar": 60, "te": 40, "ru": 50, "hi": 50}
XQUAD = ("ru", "hi")  # tested on XQuAD, the others on TyDiQA-GoldP


def main(source: Path, target: Path) -> None:
    """Write qa/{language}.{split}.json and text/{language}.{split}.txt of six languages."""
    for kind in ("qa", "text"):
        (target / kind).mkdir(parents=True, exist_ok=True)
    for language, n_test in N_TEST.items():
        name = f"{language}.xquad.test" if language in XQUAD else f"{language}.test"
        cut(source / "qa" / f"{name}.json", target / "qa" / f"{language}.test.json", n_test)
        for split in ("train", "dev", "test"):
            lines = (source / "text" / f"{language}.{split}.txt").read_text("utf-8").split("\n")
            text = "\n".join(lines[:20]) + "\n"  # a study asks for text; nothing is trained on it
            (target / "text" / f"{language}.{split}.txt").write_text(text, "utf-8")
    for language in ("en", "sw"):
        for split, n in (("train", N_TRAIN), ("dev", 20)):
            path = f"qa/{language}.{split}.json"
            cut(source / path, target / path, n, SHORT)


def cut(source: Path, target: Path, n: int, longest: int | None = None) -> None:
    """Keep the first `n` questions, of short paragraphs only where `longest` is given."""
    kept = []
    for article in json.loads(source.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            if longest is None or len(paragraph["context"]) <= longest:
                kept += [{**paragraph, "qas": [question]} for question in paragraph["qas"]]
    data = {"data": [{"paragraphs": kept[:n]}]}
    target.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
