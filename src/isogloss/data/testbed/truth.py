"""What is known before anything is trained: who must hurt or help whom, and why.

`truth.yaml` beside the data carries it. Effects are stated for joint training of two languages
against monolingual training, under both ways to match budgets: `language` (as many updates on
that language) and `total` (as many updates in all).
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import permutations
from pathlib import Path
from typing import Any, Final, Literal, cast

import yaml

from isogloss.core import InputError, look_up, write_atomically
from isogloss.data.testbed.reading import recipe_from_tree
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe

Effect = Literal["hurt", "help", "none", "unknown"]
Match = Literal["language", "total"]
MATCHES: Final[tuple[Match, ...]] = ("language", "total")
FILE_NAME: Final = "truth.yaml"
MAX_IMBALANCE: Final = 1.5

# (relation to the base, match) -> what joint training does to either of the two, and why. Only
# what follows from the construction is claimed: a shared grammar alone (a clone) was seen to help
# a small model off the unigram plateau more than half the updates cost it, so sharing structure
# without meaning stays `unknown`.
_EFFECTS: Final[Mapping[tuple[str, Match], tuple[Effect, str]]] = {
    ("twin", "language"): ("help", "the same language: twice the text and updates on it"),
    ("twin", "total"): ("none", "the same language, as long as no text is repeated"),
    ("clone", "language"): ("unknown", "the grammar is shared, the words are not"),
    ("clone", "total"): ("unknown", "a shared grammar against half the updates on each word"),
    ("relexified", "language"): ("unknown", "shared words help, the others compete for capacity"),
    ("relexified", "total"): ("unknown", "shared grammar and words against half the updates"),
    ("reordered", "language"): ("unknown", "words and agreement are shared, order is not"),
    ("reordered", "total"): ("unknown", "words and agreement are shared, order is not"),
    ("conflict", "language"): ("hurt", "the same strings stand for other words"),
    ("conflict", "total"): ("hurt", "half the updates, and the same strings stand for other words"),
    ("unrelated", "language"): ("unknown", "nothing is shared but capacity"),
    ("unrelated", "total"): ("unknown", "nothing is shared but capacity and half the updates"),
}
_UNBALANCED: Final = "the sizes differ: the smaller one's text is repeated more often"
_NO_BASE: Final = "neither is the base nor its twin: their relation is not planted"


@dataclass(frozen=True)
class Expectation:
    """What training `target` jointly with `source` does to `target`.

    Attributes:
        source: code of the language that is added.
        target: code of the language that is measured.
        match: how budgets are matched.
        effect: `hurt`, `help`, `none` or `unknown`.
        reason: why.
    """

    source: str
    target: str
    match: Match
    effect: Effect
    reason: str


@dataclass(frozen=True)
class Truth:
    """The test bed's recipe and everything known about it.

    Attributes:
        recipe: what was generated.
        seed: the seed it was generated with.
        sentences: training sentences of each language, by code.
        expectations: every ordered pair of languages under both matches.
    """

    recipe: Recipe
    seed: int
    sentences: Mapping[str, int]
    expectations: tuple[Expectation, ...]

    @property
    def languages(self) -> Mapping[str, LanguageRecipe]:
        """The recipe of each language, by code."""
        return dict(zip(self.recipe.codes, self.recipe.languages, strict=True))

    def expected(self, *, source: str, target: str, match: Match) -> Expectation:
        """What joint training with `source` does to `target`.

        Raises:
            InputError: no such language in the bed.
        """
        table = {(e.source, e.target, e.match): e for e in self.expectations}
        for code in (source, target):
            look_up(self.languages, code, "language of the test bed")
        return look_up(
            {other: table[source, other, match] for other in self.languages if other != source},
            target,
            "target language",
        )

    def as_dict(self) -> dict[str, object]:
        """Return recipe, seed, sizes and expectations as plain data."""
        return {
            "recipe": self.recipe.to_dict(),
            "seed": self.seed,
            "languages": {
                code: {"relation": language.label, "sentences": self.sentences[code]}
                for code, language in self.languages.items()
            },
            "expectations": [asdict(e) for e in self.expectations],
        }

    def save(self, folder: Path) -> None:
        """Write `truth.yaml` into `folder`."""
        text = yaml.safe_dump(self.as_dict(), sort_keys=False, allow_unicode=True, width=100)
        write_atomically(folder / FILE_NAME, text)


def make_truth(recipe: Recipe, *, seed: int, sentences: Mapping[str, int]) -> Truth:
    """State the expected effect of every ordered pair under both matches."""
    return Truth(recipe, seed, dict(sentences), tuple(_expectations(recipe, sentences)))


def is_test_bed(folder: Path | str) -> bool:
    """Return whether a folder of data is a synthetic test bed: its truth file lies in it."""
    return (Path(folder) / FILE_NAME).is_file()


def read_truth(folder: Path | str) -> Truth:
    """Read the `truth.yaml` of a test bed.

    Raises:
        InputError: the folder is no test bed.
    """
    path = Path(folder) / FILE_NAME
    try:
        tree = cast(dict[str, Any], yaml.safe_load(path.read_text(encoding="utf-8")))
        recipe = recipe_from_tree(tree["recipe"])
        sentences = {code: int(entry["sentences"]) for code, entry in tree["languages"].items()}
        seed = int(tree["seed"])
    except InputError:
        raise
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            expected="the truth file of a synthetic test bed",
            found=" ".join(str(error).split()) or type(error).__name__,
            where=str(path),
            next_step="Make the test bed again with `isogloss synth`.",
        ) from error
    return make_truth(recipe, seed=seed, sentences=sentences)


def _expectations(recipe: Recipe, sentences: Mapping[str, int]) -> Iterator[Expectation]:
    languages = dict(zip(recipe.codes, recipe.languages, strict=True))
    for source, target in permutations(languages, 2):
        imbalance = max(sentences[source], sentences[target]) / min(
            sentences[source], sentences[target]
        )
        for match in MATCHES:
            effect, reason = _effect(languages[source], languages[target], match)
            if imbalance > MAX_IMBALANCE and effect in ("none", "help"):
                effect, reason = "unknown", _UNBALANCED
            yield Expectation(source, target, match, effect, reason)


def _effect(first: LanguageRecipe, second: LanguageRecipe, match: Match) -> tuple[Effect, str]:
    """A twin stands for the base, so its pairs are known as well as the base's."""
    others = [one for one in (first, second) if one.relation not in ("base", "twin")]
    if len(others) == 2:
        return "unknown", _NO_BASE
    relation = others[0].relation if others else "twin"
    return _EFFECTS[relation, match]
