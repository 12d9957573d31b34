"""The labelled data of a study: what each task's runs depend on, its classes and its examples."""

from collections import Counter, defaultdict
from typing import Any, Final

from isogloss.core import InputError, Language
from isogloss.data import DataSource, TaskCard
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.label_sets import LabelSets, compare_label_sets
from isogloss.study.store.material import SPLITS
from isogloss.tasks import task_form
from isogloss.training import content_hash

_UNSEEN_ERROR: Final = 0.1


def task_fingerprints(
    card: TaskCard, spec: StudySpec, source: DataSource, data: str
) -> dict[str, str]:
    """Return the content hash of each split of a task, by task, language and split.

    Raises:
        InputError: no language of the study has training data, or none has data to be scored on.
    """
    for split in ("train", spec.scored_on):
        kind = card.kind_of(split)
        if not any(source.has(kind, one, split) for one in spec.languages):
            there = ", ".join(
                one for one in source.kinds() if one.startswith(card.kind[:3]) and one != kind
            )
            raise InputError(
                expected=f"{split} data of kind `{kind}` for at least one language of the study",
                found="none for "
                + ", ".join(map(str, spec.languages))
                + (f"; there is {there}" if there else ""),
                where=f"{data}, task `{card.name}`",
                next_step="Add the files, or remove the task from the study.",
            )
    return {
        f"{card.name}/{language}/{split}": source.fingerprint(card.kind_of(split), language, split)
        for language in spec.languages
        for split in SPLITS
        if source.has(card.kind_of(split), language, split)
    }


def read_task(
    card: TaskCard, spec: StudySpec, source: DataSource, facts: dict[str, Any]
) -> list[str]:
    """Note the classes and the numbers of examples of one task.

    Args:
        card: of the task.
        spec: of the study.
        source: of the data.
        facts: of the study's material; gets the task's.

    Returns:
        What a reader should know.

    Raises:
        InputError: one scored example, classes that no training data have, or a language whose
            classes another one, which is fine-tuned on and tested on it, does not have.
    """
    own = {split: defaultdict[Language, Counter[str]](Counter) for split in SPLITS}
    counts: dict[str, dict[str, int]] = {}
    form = task_form(card.name)
    for language in spec.languages:
        splits: dict[str, int] = {}
        for split in SPLITS:
            if not source.has(card.kind_of(split), language, split):
                continue
            examples = form.read(source, card.kind_of(split), language, split)
            splits[split] = len(examples)
            for example in examples:
                own[split][language].update(form.labels(example))
        _refuse_single(card, language, splits, source, spec.scored_on)
        counts[str(language)] = splits
        fingerprints = {
            split: facts["wanted"]["fingerprints"][f"{card.name}/{language}/{split}"]
            for split in splits
        }
        facts["hashes"][f"{card.name}/{language}"] = content_hash(fingerprints)
    labels = {
        split: sum(by_language.values(), Counter[str]()) for split, by_language in own.items()
    }
    names = sorted(set().union(*labels.values()))
    facts["labels"][card.name] = names
    facts["hashes"][f"{card.name}/labels"] = content_hash(names)
    facts["examples"][card.name] = counts
    unseen = _unseen(card, labels, source, spec.scored_on)
    if spec.learns_together:
        return unseen
    sets = LabelSets(card.name, own["train"], own[spec.scored_on], source.where, spec.scored_on)
    return unseen + compare_label_sets(sets, spec.mixtures)


def _unseen(
    card: TaskCard, labels: dict[str, Counter[str]], source: DataSource, scored_on: str
) -> list[str]:
    """Warn of a few scored labels that training data lack.

    Raises:
        InputError: they are a class of texts, or a tenth of the tags.
    """
    scored = labels[scored_on]
    del scored["O"]  # stands between entities
    unseen = {label: n for label, n in scored.items() if label not in labels["train"]}
    if not unseen:
        return []
    share, named = sum(unseen.values()) / scored.total(), ", ".join(f"`{one}`" for one in unseen)
    # A rare tag may be absent from a small treebank's training part; a class may not.
    if task_form(card.name).may_lack_labels and share < _UNSEEN_ERROR:
        return [f"{card.name}: {share:.1%} of the {scored_on} labels are not in train: {named}"]
    raise InputError(
        expected=f"labels that training data have: {', '.join(sorted(labels['train']))}",
        found=f"{named} ({share:.0%} of the labels)",
        where=f"{card.kind_of(scored_on)} {scored_on} data in {source.where}",
        next_step="Mend or map the labels, or add training data. `isogloss data check` names the "
        "language.",
    )


def _refuse_single(
    card: TaskCard,
    language: Language,
    n_examples: dict[str, int],
    source: DataSource,
    scored_on: str,
) -> None:
    """Refuse scored data from which no interval can be computed."""
    if n_examples.get(scored_on) == 1:
        raise InputError(
            expected=f"two {scored_on} examples or more, hundreds if differences are to be seen",
            found="1",
            where=f"{card.kind_of(scored_on)} {language} {scored_on} in {source.where}",
            next_step=f"Add {scored_on} examples, or remove the file so that the split counts as "
            "absent.",
        )
