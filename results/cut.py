"""Cut labelled data to what two cores train and test in minutes.

    python results/cut.py DATA CUT --tasks ner,pos --train en=320,sw=64 --dev 100 --test 300

Keeps the first sentences of each split. Languages named without a number of training sentences are
tested only. Text is cut to twenty lines: a study asks for some, and nothing is trained on it.
"""

import argparse
from pathlib import Path

ENDINGS = (".tsv", ".txt", ".conllu")


def main(args: argparse.Namespace) -> None:
    """Write {task}/{language}.{split} and text/{language}.{split}.txt."""
    asked = dict(one.partition("=")[::2] for one in args.train.split(","))
    for language, n_train in asked.items():
        for split, n in (("train", int(n_train or 0)), ("dev", args.dev), ("test", args.test)):
            for task in args.tasks.split(","):
                cut(args.data, args.out, f"{task}/{language}.{split}", n)
            name = f"text/{language}.{split}"
            lines = (args.data / f"{name}.txt").read_text("utf-8").split("\n")[:20]
            write(args.out / f"{name}.txt", "\n".join(lines) + "\n")


def cut(data: Path, out: Path, name: str, n: int) -> None:
    """Keep the first `n` of a file, if it is there: sentences, or rows where these are rows."""
    found = [path for path in (data / f"{name}{ending}" for ending in ENDINGS) if path.exists()]
    if not found or not n:
        return
    text = found[0].read_text("utf-8")
    between = "\n\n" if "\n\n" in text.strip() else "\n"
    parts = [part for part in text.split(between) if part.strip()]
    write(out / f"{name}{found[0].suffix}", between.join(parts[:n]) + between)


def write(path: Path, text: str) -> None:
    """Write a file and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tasks", required=True)
    parser.add_argument("--train", required=True, help="en=320,sw=64,te")
    parser.add_argument("--dev", type=int, default=100)
    parser.add_argument("--test", type=int, default=300)
    main(parser.parse_args())
