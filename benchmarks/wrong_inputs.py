"""How does isogloss answer wrong inputs that nobody wrote down before?

A generator spoils what is right, one thing at a time: words of a command, values of a study file
and of a mapping, lines and bytes of data files, files of a model and of a finished study. Each case
runs in a process of its own with a time limit, in a copy of a small workplace, and is counted:

    clear      exit code 2, a message with its four parts (of `data check`: an error line), no loss
    accepted   exit code 0: wrong, unless the case says that the input is merely odd
    lost       a file of the user's was changed or removed
    other      a traceback, another exit code, a message without its parts, or a hang

    python benchmarks/wrong_inputs.py --out /tmp/wrong --cases 150 --seed 1

The folder keeps what each case printed.
"""

import argparse
import contextlib
import hashlib
import io
import json
import multiprocessing
import os
import random
import shlex
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from isogloss.cli import main as isogloss
from isogloss.data import synthesise
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes

RESULT = Path(__file__).parent / "results" / "wrong_inputs.json"
LIMIT_S = 180
STUDY = {
    "name": "micro",
    "mixtures": [["qaa", "qab"]],
    "seeds": [0, 1],
    "match": ["language"],
    "model": "micro",
    "precision": "fp32",
    "tasks": ["pos"],
    "tokenizer": {"vocabulary_size": 400},
    "pretraining": {"updates": 2, "rows": 4, "length": 16, "dev_points": 1},
    "finetuning": {"epochs": 1, "rows": 8, "length": 16, "max_examples": 8},
}
RUN = "run study.yaml --data data --out out --launcher inline"
NEW = "run study.yaml --data data --out new --launcher inline"
PLAN = "plan study.yaml --data data"
CHECK = "data check data"


@dataclass(frozen=True)
class Case:
    """One wrong input.

    Attributes:
        what: what was spoilt, and how.
        command: as typed after `isogloss`.
        make: spoils the workplace.
        writes: prefixes of the paths that the command may write.
    """

    what: str
    command: str
    make: Callable[[Path], None] = lambda folder: None
    writes: tuple[str, ...] = ("out/", "new")


Kind = Callable[[random.Random], Case]


def commands(rng: random.Random) -> Case:
    """Spoil one word of a command."""
    command = rng.choice(
        [
            RUN,
            PLAN,
            "audit --text data --languages qaa,qab --out new --model micro --budget updates=2",
            "matrix --text data --languages qaa,qab --out new --model micro --budget updates=2",
            "synth --out new --recipe base,clone",
            "report out",
            "compare out out2",
            "export out/runs/none --to hf --out new",
            "list treatments",
            "cite out",
            CHECK,
        ]
    )
    words = shlex.split(command)
    how = rng.choice(["dropped", "doubled", "letter", "empty", "nonsense", "negative", "swapped"])
    place = rng.randrange(len(words))
    if how == "dropped":
        place = rng.randrange(max(1, len(words) - 1), len(words)) if len(words) > 1 else 0
        del words[place]
    elif how == "doubled":
        words.insert(place, "--frobnicate")
    elif how == "letter":
        words[place] = words[place][:-1] + "ž"
    elif how == "empty":
        words[place] = ""
    elif how == "nonsense":
        words[place] = "nonsense/\x1b[31m"
    elif how == "negative":
        words += ["--workers", rng.choice(["-1", "0", "1e9", "two", "100000000000"])]
    else:
        # Two arguments at the wrong places; where there is one, another too many.
        words = [words[0], *reversed(words[1:])] if len(words) > 2 else [*words, "more"]
    return Case(f"command: word {place} {how} in `{command}`", shlex.join(words))


VALUES = [
    None, True, "", "none", -1, 0, 1e308, 10**30, float("nan"), [], {}, [[]], "x" * 5000, "../..",
    [None], {"a": 1}, 3.7, ["qaa", "qaa"], "\x1b[2J", "2026-11-28",
]  # fmt: skip


def study_files(rng: random.Random) -> Case:
    """Give a key of the study a value that it cannot have."""
    fits = {
        "name": ("none", "x" * 5000, "../..", "2026-11-28"),
        "tasks": ([],),
        "tokenizer": ({},),
        "pretraining": ({},),
        "finetuning": ({},),
        "match": (),
    }
    paths = [(key,) for key in STUDY] + [
        (key, inner) for key, value in STUDY.items() if isinstance(value, dict) for inner in value
    ]
    path = rng.choice(paths)
    value = rng.choice(VALUES)
    while value in fits.get(path[0], ()) or (value == 3.7 and path[-1] == "epochs"):
        value = rng.choice(VALUES)
    if rng.random() < 0.2:
        path, value = (*path[:-1], path[-1][:-1] + "q"), 1

    def make(folder: Path) -> None:
        content = json.loads(json.dumps(STUDY))
        inside = content
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = value
        (folder / "study.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")

    return Case(f"study: {'.'.join(path)} = {str(value)[:40]!r}", NEW, make)


def mappings(rng: random.Random) -> Case:
    """Spoil a mapping."""
    right = {
        "text": {"files": "data/text/{language}.{split}.txt"},
        "pos": {"files": "data/pos/{language}.{split}.conllu", "languages": ["qaa", "qab"]},
    }
    kind = rng.choice(list(right))
    key, value = rng.choice(
        [
            ("files", "data/text/{langage}.{split}.txt"),
            ("files", "data/none/{language}.{split}.txt"),
            ("files", 7),
            ("files", ""),
            ("columns", {"tokens": "none"}),
            ("columns", {"tokens": 99, "tags": 100}),
            ("columns", {"nonsense": 1}),
            ("columns", "tokens"),
            ("prefix", 5),
            ("limit", -3),
            ("limit", "many"),
            ("labels", {"NOUN": 7}),
            ("labels", {"NOSUCH": "NOUN"}),
            ("revision", "main"),
            ("streaming", "perhaps"),
            ("languages", ["xxx"]),
            ("languages", "qaa"),
            ("repair", "please"),
            ("split", "train"),
            ("nonsense", 1),
        ]
    )

    def make(folder: Path) -> None:
        content = {**right, kind: {**right[kind], key: value}}
        (folder / "map.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")

    command = rng.choice(["data check map.yaml", "plan study.yaml --data map.yaml"])
    return Case(f"mapping: {kind}.{key} = {value!r}", command, make)


def _in_a_line(more: bytes) -> Callable[[bytes, random.Random], bytes]:
    """Return what adds bytes to the end of one line."""

    def spoil(content: bytes, rng: random.Random) -> bytes:
        lines = content.split(b"\n")
        lines[rng.randrange(len(lines) - 1)] += more
        return b"\n".join(lines)

    return spoil


WHOLE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "emptied": lambda content, rng: b"",
    "blank lines only": lambda content, rng: b"\n\n  \n\n",
    "not UTF-8": _in_a_line(b" caf\xe9"),
    "a NUL byte": _in_a_line(b"\x00"),
    "random bytes": lambda content, rng: rng.randbytes(4000),
    "UTF-16": lambda content, rng: content.decode(errors="replace").encode("utf-16"),
    "HTML": lambda content, rng: b"<!DOCTYPE html><html><body>404 not found</body></html>\n",
    "a Git LFS pointer": lambda content, rng: (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 123\n"
    ),
    "a ZIP archive": lambda content, rng: b"PK\x03\x04" + rng.randbytes(2000),
    "JSON": lambda content, rng: b'{"data": [1, 2, 3]}\n',
    "numbers": lambda content, rng: b"\n".join(b"%d\t%d" % (i, i + 1) for i in range(60)) + b"\n",
}
IN_TABLES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    **WHOLE,
    "tabs to spaces": lambda content, rng: content.replace(b"\t", b" "),
    "one more column": _in_a_line(b"\tmore"),
    "cut off": lambda content, rng: content[: len(content) // 2].rsplit(b"\t", 1)[0],
}


def _spoil(content: bytes, how: str, rng: random.Random) -> bytes:
    return IN_TABLES[how](content, rng)


def data_files(rng: random.Random) -> Case:
    """Spoil one data file."""
    kind, ends = rng.choice(
        [("text", "txt"), ("pos", "conllu"), ("ner", "tsv"), ("nli", "tsv"), ("topic", "tsv")]
    )
    # Tagged words may be divided by blanks, and a class has a column more in many data sets.
    hows = WHOLE if kind == "text" else IN_TABLES
    how = rng.choice([one for one in hows if kind not in ("pos", "ner") or "spaces" not in one])
    split = rng.choice(["train", "dev", "test"])
    number = rng.randrange(10**6)

    def make(folder: Path) -> None:
        place = folder / "data" / kind
        name = next(iter(sorted(place.glob(f"qaa*.{split}.*"))), place / f"qaa.{split}.{ends}")
        content = name.read_bytes() if name.is_file() else b"a\tb\nc\td\n"
        place.mkdir(exist_ok=True)
        name.write_bytes(_spoil(content, how, random.Random(number)))

    return Case(f"data: {kind} {split} {how}", CHECK, make)


def models(rng: random.Random) -> Case:
    """Spoil a file of a model folder."""
    name = rng.choice(["config.json", "model.safetensors", "tokenizer.json"])
    how = rng.choice(["emptied", "random bytes", "HTML", "JSON", "removed", "cut off"])
    number = rng.randrange(10**6)

    def make(folder: Path) -> None:
        run = next((folder / "out" / "runs").glob("pretrain-qaa+qab-*"))
        shutil.copytree(run / "model", folder / "mine")
        shutil.copytree(folder / "out/prepared/tokenizer", folder / "mine", dirs_exist_ok=True)
        (folder / "study.yaml").write_text(yaml.safe_dump({**STUDY, "model": "./mine"}))
        path = folder / "mine" / name
        if how == "removed":
            path.unlink()
        elif how == "cut off":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        else:
            path.write_bytes(_spoil(path.read_bytes(), how, random.Random(number)))

    return Case(f"model: {name} {how}", NEW, make)


def finished(rng: random.Random) -> Case:
    """Spoil a file of a finished study and ask for its report, citations or a comparison."""
    name, command = rng.choice(
        [
            ("verdicts.csv", "report out"),
            ("records.csv", "report out"),
            ("notes.json", "report out"),
            ("study.json", "report out"),
            ("study.json", "cite out"),
            ("study.json", RUN),
            ("records.parquet", "compare out out2"),
            ("spec.yaml", "compare out out2"),
            ("spec.yaml", RUN),
        ]
    )
    how = rng.choice(["emptied", "random bytes", "HTML", "UTF-16", "cut in half"])
    number = rng.randrange(10**6)

    def make(folder: Path) -> None:
        path = folder / "out" / name
        if how == "cut in half":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        else:
            path.write_bytes(_spoil(path.read_bytes(), how, random.Random(number)))

    return Case(f"finished study: {name} {how}, then `{command.split()[0]}`", command, make)


KINDS: list[tuple[Kind, int]] = [
    (commands, 5),
    (study_files, 8),
    (mappings, 5),
    (data_files, 8),
    (models, 2),
    (finished, 2),
]


def cases(n: int, seed: int) -> Iterator[Case]:
    """Yield `n` different cases."""
    rng = random.Random(seed)
    seen: set[str] = set()
    kinds, weights = zip(*KINDS, strict=True)
    while len(seen) < n:
        case = rng.choices(kinds, weights)[0](rng)
        if case.what not in seen:
            seen.add(case.what)
            yield case


def workplace(folder: Path) -> None:
    """Make a place where nothing is wrong, with a finished study and a second one."""
    languages = tuple(map(LanguageRecipe, ("base", "conflict")))
    recipe = Recipe(languages, sizes=SplitSizes(40, 24, 8, 20))
    synthesise(recipe, folder / "data", seed=1, sentences=60)
    (folder / "study.yaml").write_text(yaml.safe_dump(STUDY), encoding="utf-8")
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = isogloss(RUN.split())
    assert code == 0
    shutil.copytree(folder / "out", folder / "out2")


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _meet(case: Case, place: Path, log: Path) -> None:
    """Run one case in this process; what it printed and its exit code go to `log`."""
    os.setpgrp()
    os.chdir(place)
    out, err = io.StringIO(), io.StringIO()
    code: object
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = isogloss(shlex.split(case.command))
        except SystemExit as stop:
            code = stop.code
        except BaseException:  # whatever escapes is what we count
            traceback.print_exc(file=err)
            code = "traceback"
    log.write_text(json.dumps({"code": code, "out": out.getvalue(), "err": err.getvalue()}))


def judge(case: Case, origin: Path, place: Path, log: Path) -> tuple[str, str]:
    """Run one case and return its class and its last line."""
    shutil.copytree(origin, place)
    case.make(place)
    before = _contents(place)
    process = multiprocessing.get_context("fork").Process(target=_meet, args=(case, place, log))
    process.start()
    process.join(LIMIT_S)
    if process.is_alive():
        os.killpg(process.pid or 0, 9)
        return "other", "a hang"
    if not log.is_file():
        return "other", f"the process died ({process.exitcode})"
    told = json.loads(log.read_text())
    after = _contents(place)
    lost = [
        name
        for name, digest in before.items()
        if after.get(name) != digest and not name.startswith(case.writes)
    ]
    lines = told["err"].strip().splitlines() or [""]
    if "Traceback" in told["err"]:
        return "other", lines[-1]
    if lost:
        return "lost", f"{lost[:3]}: {lines[-1]}"
    if told["code"] == 0:
        return "accepted", (told["out"].strip().splitlines() or [""])[-1]
    told_of = told["err"] if "data check" not in case.command else told["out"] + told["err"]
    said = [one for one in told_of.splitlines() if one.startswith(("isogloss", "error: "))]
    last = said[-1] if said else lines[-1]
    finding = last.startswith("error: ")  # of a data check, which lists all that is wrong
    parts = finding or "usage" in told["err"] or ("Expected" in last and "Found" in last)
    raw = "\x1b" in told["err"] or "\x1b" in told["out"]
    return ("clear" if told["code"] == 2 and parts and not raw else "other"), last


def keep(run: dict[str, object]) -> None:
    """Write what a run came to beside the runs of other seeds."""
    runs = json.loads(RESULT.read_text(encoding="utf-8"))["runs"]
    others = [one for one in runs if one["seed"] != run["seed"]]
    content = {"runs": sorted([*others, run], key=lambda one: one["seed"])}
    RESULT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Make the cases, count the answers."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    out = args.out.resolve()
    shutil.rmtree(out, ignore_errors=True)
    origin = out / "right"
    origin.mkdir(parents=True)
    workplace(origin)
    counts: Counter[str] = Counter()
    unclear = []
    for number, case in enumerate(cases(args.cases, args.seed)):
        kind, line = judge(case, origin, out / f"{number:03}", out / f"{number:03}.json")
        shutil.rmtree(out / f"{number:03}", ignore_errors=True)
        counts[kind] += 1
        if kind != "clear":
            unclear.append({"case": case.what, "answer": kind})
            print(f"{number:03} {kind}: {case.what}\n      {line[:300]!r}", flush=True)
    answers = {kind: counts[kind] for kind in ("clear", "accepted", "lost", "other")}
    keep({"seed": args.seed, "cases": args.cases, **answers, "not clear": unclear})
    print(dict(counts))


if __name__ == "__main__":
    main()
