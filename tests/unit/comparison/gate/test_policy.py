from pathlib import Path

import pytest

from isogloss.comparison.gate import read_policy
from isogloss.core import InputError

WHOLE = """
groups: {low: [sw, te]}
rules:
  - {name: all, tier: critical, languages: all, largest_loss: 0.02}
  - name: low
    tier: supporting
    languages: [low, fr, "no"]
    tasks: ["xnli_*"]
    labels: [PER]
    largest_loss: metric
    worst_language: 0.01
    share_hurt: 0.1
    required_power: 0.9
least_examples: 40
least_paired: 0.5
alpha: 0.1
correction: bh
"""


def policy(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    read = read_policy(policy(tmp_path, WHOLE))
    first, second = read.rules
    assert read.languages_of(first) is None
    assert read.languages_of(second) == ("swa-Latn", "tel-Telu", "fra-Latn", "nor-Latn")
    assert (second.tasks, second.labels, second.share_hurt) == (("xnli_*",), ("PER",), 0.1)
    assert (read.least_examples, read.least_paired, read.correction) == (40, 0.5, "bh")


RULE = "rules: [{name: a, languages: all, largest_loss: 0.1}]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "a policy with the key `rules`"),
        ("rules: []", "a list of at least 1"),
        ("alpha: 0.1", "the key `rules`"),
        (RULE + "alhpa: 0.1", "Did you mean `alpha`?"),
        ("rules: [{name: a, languages: all, largest_los: 1}]", "Did you mean `largest_loss`?"),
        ("rules: [{name: a, languages: all}]", "one of largest_loss, worst_language"),
        ("rules: [{name: a, largest_loss: 1}]", "the key `languages`"),
        ("rules: [{name: a, languages: [], largest_loss: 1}]", "an empty list"),
        ("rules: [{name: a, languages: [hgih], largest_loss: 1}]", "Found `hgih`"),
        ("rules: [{name: a, languages: [false], largest_loss: 1}]", "text"),
        ("rules: [{name: a, languages: all, largest_loss: true}]", "a number"),
        ("rules: [{name: a, languages: all, largest_loss: -1}]", "above 0"),
        ("rules: [{name: a, languages: all, largest_loss: .nan}]", "a finite number"),
        ("rules: [{name: a, languages: all, largest_loss: 1, tier: main}]", "'critical'"),
        (RULE + "groups: {low: []}", "`low` without languages"),
        (RULE + "groups: {low: [hgih]}", "Found `hgih`"),
        (RULE + "groups: {all: [sw]}", "Found `all`"),
        (RULE + "least_examples: 1", "at least 2"),
        (
            "rules: [{name: a, languages: all, share_hurt: 0.1}, "
            "{name: a, languages: all, share_hurt: 0.1}]",
            "`a` twice",
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_policy(policy(tmp_path, text))
    assert message in str(caught.value)
    assert "pydantic" not in str(caught.value)
