"""Which kind of study it is, is asked in the table of kinds: everywhere else its members are."""

import re

from isogloss.study.plan.kinds import STUDY_KINDS
from structure import sources

KINDS = "src/isogloss/study/plan/kinds/"
# The key itself, where a spec declares it, where a file is read and where its word is written down.
KEY = {
    "src/isogloss/study/spec/spec.py",
    "src/isogloss/study/plan/planning.py",
    "src/isogloss/study/plan/reading.py",
    "src/isogloss/study/results/about.py",
}
ASKED = re.compile(r'\.treat\b|"treat"|\btreat:')
COMPARED = re.compile(rf'[!=]= "(?:{"|".join(STUDY_KINDS)})"|isinstance\(\w+, Treated')


def test_a_kind_is_asked_for_in_its_table_only() -> None:
    found = {name for name, text in _sources() if ASKED.search(_code(text))}
    assert found <= KEY, "ask a member of the spec instead of `treat`"


def test_no_kind_is_known_by_name() -> None:
    found = [name for name, text in _sources() if COMPARED.search(_code(text))]
    assert not found, "a kind of study is compared by its name"


def _sources() -> list[tuple[str, str]]:
    """Return name and text of each file of the package outside the kinds."""
    texts = ((sources.name(path), path.read_text(encoding="utf-8")) for path in sources.files())
    return [(name, text) for name, text in texts if not name.startswith(KINDS)]


def _code(text: str) -> str:
    """Return a text without its docstrings, and without words in backticks, which are prose."""
    return re.sub(r"`[^`]*`", "", re.sub(r'"""[\s\S]*?"""', "", text))
