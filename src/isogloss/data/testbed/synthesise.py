"""The test bed as a folder that reads like real data."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from isogloss.core import write_atomically
from isogloss.data.testbed.labels import ner_file, pos_file, topic_file
from isogloss.data.testbed.lexicon import Lexicon, make_lexicon
from isogloss.data.testbed.meanings import Meanings, UniqueMeanings
from isogloss.data.testbed.reading import read_recipe
from isogloss.data.testbed.recipe import Recipe, require_count
from isogloss.data.testbed.relations import RELATIONS, SyntheticLanguage, make_base
from isogloss.data.testbed.speaker import Speaker
from isogloss.data.testbed.truth import Truth, make_truth

# Streams of chance. Language i has streams of its own, so that adding a language to a recipe
# changes no byte of the languages before it.
_LEXICON, _COMMON, _FORMS, _TEXT = range(4)


def synthesise(
    recipe: Recipe | Path | str, folder: Path | str, *, seed: int, sentences: int = 2000
) -> Truth:
    """Generate languages of known relation and write them as a data folder.

    Writes `text/{code}.{split}.txt`, `parallel/qaa-{code}.{split}.tsv`, `pos/` and `ner/`
    (token TAB tag), `topic/` (header, then index, topic, text) and `truth.yaml`. No clause occurs
    twice in the whole bed, so neither splits nor tasks leak into one another. The same arguments
    give the same bytes.

    A sentence has about ten tokens. Give `sentences` for the whole budget of the monolingual model
    (updates x rows x length / 10): text that is repeated several times is learnt less well than as
    much fresh text, so that even a twin helps at equal total budget, with its other sentences.

    Args:
        recipe: a `Recipe`, one line such as `base,clone,conflict:0.8@500`, or a YAML file.
        folder: where to write; files of the same name are replaced.
        seed: at least 0.
        sentences: training sentences of every language whose recipe names no size.

    Returns:
        Who is expected to hurt or help whom.

    Raises:
        InputError: the recipe is wrong or the folder cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     truth = synthesise("base,conflict", folder, seed=1, sentences=50)
        >>> truth.expected(source="qab", target="qaa", match="language").effect
        'hurt'
    """
    plan = read_recipe(recipe)
    require_count(seed, "seed", at_least=0)
    require_count(sentences, "sentences", at_least=1)
    folder = Path(folder)
    counts = {
        code: language.sentences or sentences
        for code, language in zip(plan.codes, plan.languages, strict=True)
    }
    lexicon = make_lexicon(plan.lexicon)
    languages = _languages(plan, lexicon, seed)
    unique = UniqueMeanings()
    common = _common(plan, languages["qaa"], lexicon, unique, seed)
    for code, language in languages.items():
        _write_labelled(folder, code, language, common)
        if code != "qaa":
            _write_parallel(folder, code, (languages["qaa"], language), common)
    for index, (code, language) in enumerate(languages.items()):
        speaker = Speaker(lexicon, language.habits)
        held_out = plan.sizes.held_out
        rng = np.random.default_rng([seed, _TEXT, index])
        meanings = unique.draw(speaker, 2 * held_out + counts[code], rng)
        splits = {"dev": held_out, "test": held_out, "train": counts[code]}
        _write_text(folder, code, language, _cut(meanings, splits))
    truth = make_truth(plan, seed=seed, sentences=counts)
    truth.save(folder)
    return truth


def _languages(plan: Recipe, lexicon: Lexicon, seed: int) -> dict[str, SyntheticLanguage]:
    """All languages by code; the base first."""
    base = make_base(lexicon, np.random.default_rng([seed, _LEXICON]))
    languages = {"qaa": base}
    for index, (code, one) in enumerate(zip(plan.codes, plan.languages, strict=True)):
        if index > 0:
            rng = np.random.default_rng([seed, _FORMS, index])
            languages[code] = RELATIONS[one.relation](base, lexicon, rng, one.strength or 0.0)
    return languages


def _common(
    plan: Recipe,
    base: SyntheticLanguage,
    lexicon: Lexicon,
    unique: UniqueMeanings,
    seed: int,
) -> dict[str, Meanings]:
    """The clauses that every language says: parallel and labelled splits."""
    splits = {"train": plan.sizes.train, "dev": plan.sizes.dev, "test": plan.sizes.test}
    rng = np.random.default_rng([seed, _COMMON])
    speaker = Speaker(lexicon, base.habits)
    return _cut(unique.draw(speaker, sum(splits.values()), rng), splits)


def _cut(meanings: Meanings, splits: Mapping[str, int]) -> dict[str, Meanings]:
    """Consecutive parts of the given sizes."""
    ends = np.cumsum(list(splits.values())).tolist()
    return {
        split: meanings[end - size : end]
        for (split, size), end in zip(splits.items(), ends, strict=True)
    }


def _write_text(
    folder: Path, code: str, language: SyntheticLanguage, splits: Mapping[str, Meanings]
) -> None:
    for split, meanings in splits.items():
        text = "\n".join(language.lines(meanings)) + "\n"
        write_atomically(folder / "text" / f"{code}.{split}.txt", text)


def _write_labelled(
    folder: Path, code: str, language: SyntheticLanguage, splits: Mapping[str, Meanings]
) -> None:
    first_index = 0
    for split, meanings in splits.items():
        name = f"{code}.{split}.tsv"
        write_atomically(folder / "pos" / name, pos_file(language, meanings))
        write_atomically(folder / "ner" / name, ner_file(language, meanings))
        write_atomically(folder / "topic" / name, topic_file(language, meanings, first_index))
        first_index += len(meanings)


def _write_parallel(
    folder: Path,
    code: str,
    languages: tuple[SyntheticLanguage, SyntheticLanguage],
    splits: Mapping[str, Meanings],
) -> None:
    for split, meanings in splits.items():
        base, other = (language.lines(meanings) for language in languages)
        text = "".join(f"{a}\t{b}\n" for a, b in zip(base, other, strict=True))
        write_atomically(folder / "parallel" / f"qaa-{code}.{split}.tsv", text)
