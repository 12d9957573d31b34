"""What the README says about the tree and the commands is true."""

import re

import pytest

from structure import sources

README = sources.ROOT / "README.md"


def _listed() -> list[str]:
    """Return the paths of the file tree in the README."""
    text = README.read_text(encoding="utf-8")
    block = text.split("## What lies where")[1].split("```text\n")[1].split("```")[0]
    paths, parent = [], ""
    for line in block.splitlines():
        entry = line.split()[0]
        if not line.startswith(" "):
            parent = entry
        paths.append(parent + entry if line.startswith(" ") else entry)
    return paths


def test_every_listed_path_exists() -> None:
    missing = [path for path in _listed() if not (sources.ROOT / path).exists()]
    assert not missing


def test_every_room_is_listed() -> None:
    rooms = {path.split("/")[2] for path in _listed() if path.count("/") == 3}
    assert rooms == set(sources.ROOMS)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(document: str) -> None:
    text = (sources.ROOT / document).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing = [target for target in targets if not (sources.ROOT / target).exists()]
    assert not missing


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/quickstart.md"])
def test_make_targets_exist(document: str) -> None:
    makefile = (sources.ROOT / "Makefile").read_text(encoding="utf-8")
    text = (sources.ROOT / document).read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z]+)\b(?=`|\s{2,}|$)", text, flags=re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target} of {document}"
