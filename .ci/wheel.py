"""Build the wheel and use it where there is nothing but the wheel and what it declares.

The environment is new and outside the repository. What isogloss requires without extras, and what
that requires in turn, is linked into it from the environment that runs this script: no test or
development package can be imported there, and nothing is downloaded twice. `pip check` then says
whether a declared requirement is missing, and the commands of the quickstart are run.
"""

import os
import subprocess
import sys
import tempfile
import time
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = """
--help
list studies
list treatments
list languages
synth --out bed --recipe base,clone,conflict --sentences 300
plan meta-forms --data bed --set pretraining.updates=2 --set treatments=[monolingual,untreated]
audit --text bed --languages qaa,qab --budget updates=2 --seeds 1 --model micro --vocabulary 400 \
--out audit --launcher inline
report audit
"""


def required(names: set[str]) -> dict[str, Distribution]:
    """Return the installed distributions that `names` need, themselves included."""
    found: dict[str, Distribution] = {}
    waiting = [(name, frozenset[str]()) for name in names]
    done: set[Any] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # `pip check` in the new environment speaks of it
        for text in found[name].requires or ():
            need = Requirement(text)
            if need.marker is None or any(
                need.marker.evaluate({"extra": extra}) for extra in (*extras, "")
            ):
                waiting.append((need.name, frozenset(need.extras)))
    return found


def link(one: Distribution, site: Path) -> None:
    """Link everything that a distribution installed into another `site-packages`."""
    for name in {file.parts[0] for file in one.files or () if file.parts[0] != ".."}:
        target = Path(str(one.locate_file(name)))
        if name != "__pycache__" and target.exists() and not (site / name).exists():
            (site / name).symlink_to(target.resolve())


def main() -> None:
    """Build, install, run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        call([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], ROOT)
        [wheel] = folder.glob("*.whl")
        venv.create(folder / "clean", with_pip=False, symlinks=True)
        python = folder / "clean" / "bin" / "python"
        [site] = (folder / "clean" / "lib").glob("python*/site-packages")
        own = [Requirement(text) for text in distribution("isogloss").requires or ()]
        needed = required({one.name for one in own if one.marker is None})
        for one in needed.values():
            link(one, site)
        into = [*pip, "--python", str(python)]
        call([*into, "install", "--no-deps", "--no-index", str(wheel)], folder)
        call([*into, "check"], folder)
        print(f"{wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB, beside {len(needed)} packages")
        for command in COMMANDS.strip().splitlines():
            call([str(python.parent / "isogloss"), *command.split()], folder, say=command)
        if "</html>" not in (folder / "audit" / "report.html").read_text(encoding="utf-8"):
            sys.exit("the report of the audit is not whole")


def call(command: list[str], folder: Path, *, say: str = "") -> None:
    """Run a command outside the repository; show what it said if it fails."""
    began = time.monotonic()
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    if say:
        print(f"{time.monotonic() - began:5.1f} s  isogloss {say}", flush=True)


if __name__ == "__main__":
    main()
