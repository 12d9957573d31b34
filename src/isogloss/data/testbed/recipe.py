"""What to generate: the languages, the size of their lexicon, the sizes of the splits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from isogloss.core import InputError, look_up
from isogloss.data.testbed.lexicon import TOPICS, LexiconSize

# The default strength of each relation; None = the relation has no strength.
RELATION_STRENGTHS: Final[Mapping[str, float | None]] = {
    "base": None,
    "twin": None,
    "clone": None,
    "relexified": 0.5,
    "reordered": None,
    "conflict": 1.0,
    "unrelated": None,
}
MAX_LANGUAGES: Final = 26
DEFAULT_RECIPE: Final = "base,twin,clone,reordered,conflict,unrelated"
_EXAMPLE: Final = "Write for example `base,clone,conflict:0.8@500`."


@dataclass(frozen=True)
class LanguageRecipe:
    """One language of the bed.

    Args:
        relation: how it relates to the base, a key of `RELATION_STRENGTHS`.
        strength: in (0, 1]; of `conflict` the share of word forms that change their meaning, of
            `relexified` the share of words that stay; None for relations without strength.
        sentences: training sentences; None = as many as `synthesise` is told.
    """

    relation: str
    strength: float | None = None
    sentences: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be generated and fill in the default strength."""
        default = look_up(RELATION_STRENGTHS, self.relation, "relation of a synthetic language")
        where = f"recipe, language `{self.relation}`"
        if self.strength is None:
            object.__setattr__(self, "strength", default)
        elif default is None:
            raise InputError(
                expected=f"no strength for `{self.relation}`",
                found=f"strength {self.strength:g}",
                where=where,
                next_step=f"Write `{self.relation}` alone; "
                "conflict and relexified have a strength.",
            )
        elif not 0 < self.strength <= 1:
            raise InputError(
                expected="a strength above 0 and at most 1",
                found=f"{self.strength:g}",
                where=where,
                next_step=f"Write for example `{self.relation}:{default:g}`.",
            )
        if self.sentences is not None:
            require_count(self.sentences, f"{where}, sentences", at_least=1)

    @property
    def label(self) -> str:
        """The relation as a recipe line writes it, without the size: `conflict:0.8`."""
        return self.relation if self.strength is None else f"{self.relation}:{self.strength:g}"


@dataclass(frozen=True)
class SplitSizes:
    """Sentences of the splits that do not grow with the training text.

    Args:
        held_out: lines of each of the text's dev and test splits.
        train, dev, test: sentences of every parallel and labelled split; every language says the
            same ones, so labelled sets are parallel too.
    """

    held_out: int = 500
    train: int = 600
    dev: int = 200
    test: int = 500

    def __post_init__(self) -> None:
        """Refuse empty splits."""
        for part in fields(self):
            require_count(getattr(self, part.name), f"recipe, sizes.{part.name}", at_least=1)


@dataclass(frozen=True)
class Recipe:
    """A test bed: its languages, the size of its lexicon and of its held-out splits.

    Args:
        languages: the first and only the first is the base.
        lexicon: lexemes of each category.
        sizes: sentences of the held-out and labelled splits.

    Example:
        >>> Recipe((LanguageRecipe("base"), LanguageRecipe("conflict", 0.8))).codes
        ('qaa', 'qab')
    """

    languages: tuple[LanguageRecipe, ...]
    lexicon: LexiconSize = field(default_factory=LexiconSize)
    sizes: SplitSizes = field(default_factory=SplitSizes)

    def __post_init__(self) -> None:
        """Refuse a bed without exactly one base in front, or with too many languages."""
        relations = [language.relation for language in self.languages]
        if relations[:1] != ["base"] or relations.count("base") != 1:
            raise InputError(
                expected="`base` first and once: the others are defined by their relation to it",
                found=f"`{','.join(relations)}`",
                where="recipe, languages",
                next_step=_EXAMPLE,
            )
        if len(relations) > MAX_LANGUAGES:
            raise InputError(
                expected=f"at most {MAX_LANGUAGES} languages (qaa to qaz)",
                found=f"{len(relations)} languages",
                where="recipe, languages",
                next_step="Make two test beds.",
            )
        self._check_lexicon()

    def _check_lexicon(self) -> None:
        """Every topic needs words of both kinds, every entity type names of its own."""
        size = self.lexicon
        where = "recipe, lexicon"
        if not 2 <= size.topics <= len(TOPICS):
            raise InputError(
                expected=f"2 to {len(TOPICS)} topics",
                found=f"{size.topics}",
                where=f"{where}.topics",
                next_step=f"The default is {LexiconSize.topics}.",
            )
        for name in ("nouns", "verbs", "adjectives"):
            require_count(getattr(size, name), f"{where}.{name}", at_least=2 * size.topics)
        require_count(size.adverbs, f"{where}.adverbs", at_least=1)
        require_count(size.names, f"{where}.names", at_least=4)

    @property
    def codes(self) -> tuple[str, ...]:
        """ISO 639 private-use codes of the languages: qaa, qab, ..."""
        return tuple(f"qa{chr(ord('a') + i)}" for i in range(len(self.languages)))

    def to_dict(self) -> dict[str, Any]:
        """The recipe as plain mappings; `reading.recipe_from_tree` reads it back."""
        tree = asdict(self)
        tree["languages"] = [asdict(language) for language in self.languages]
        return tree


def require_count(value: object, where: str, *, at_least: int) -> None:
    """Refuse anything but a whole number of at least `at_least`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < at_least:
        raise InputError(
            expected=f"a whole number of at least {at_least}",
            found=f"{value!r}",
            where=where,
            next_step=f"Give {at_least} or more.",
        )
