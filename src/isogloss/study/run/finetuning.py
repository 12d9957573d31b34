"""Fine-tuning: supervised training on languages of a task, tests on every language."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, Final

from safetensors.torch import save_file
from torch import nn

from isogloss.core import Language, replacing, write_atomically
from isogloss.data import (
    EncodedExample,
    EncodedExamples,
    TaskCard,
    task_card,
)
from isogloss.diagnosis import SELECTION_FILE, MeasuredSelection
from isogloss.evaluation import (
    Cell,
    LabelledTest,
    PredictionTable,
)
from isogloss.models import MultilingualModel, load_model, occurring_rows
from isogloss.study.plan.pseudo_tasks import grouped, texts_of
from isogloss.study.plan.runs import Run
from isogloss.study.run.guard import guarded_task
from isogloss.study.run.selection import Selection
from isogloss.study.run.translated import Translated, form_encode, reads_of
from isogloss.study.run.work import Work, train
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder, run_folder
from isogloss.tasks import task_form
from isogloss.training import (
    BuildContext,
    Engine,
    MixedTaskSampling,
    PairedObjective,
    Reads,
    TrainingResult,
)

# Enough to choose a setting by; the cost of an evaluation must not grow with the data.
_DEV_EXAMPLES: Final = 200


def finetune(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Supervised training on the source languages, then scores on every target language."""
    card = task_card(run.task)
    translated = Translated(run, prepared, card) if run.provider else None
    selection = _selection(run, prepared, card, folder) if engine.rank == 0 else None
    learned = _learn(run, prepared, engine, folder, translated, selection=selection)
    if engine.rank == 0:
        _save_classifier(learned.classifier, prepared.labels(run.task), folder)
    tables = _test_classifier(run, prepared, card, learned.classifier, translated)
    if selection is not None:
        # Apart from the record, which tells each set of translations once.
        again = Translated(run, prepared, card) if run.provider else None
        rows = selection.tested(
            learned.classifier,
            tables,
            lambda one: _test_classifier(run, prepared, card, one, again),
        )
        write_atomically(folder.path / SELECTION_FILE, json.dumps(rows))
    facts: dict[str, Any] = {
        "n_truncated": sum(one.n_truncated for one in learned.encoded),
        "n_words_lost": sum(one.n_words_lost for one in learned.encoded),
    }
    if translated is not None:
        facts["translations"] = translated.records
    if guard := _guard(run, prepared, folder, learned):
        facts["guard"] = guard
    return Work(learned.training, tables, facts, learned.encoder)


@dataclass(frozen=True)
class _Learned:
    """What a fine-tuning leaves.

    Attributes:
        classifier: the encoder with its head.
        encoder: the encoder in it.
        training: what it cost.
        encoded: the source languages' examples as rows.
    """

    classifier: nn.Module
    encoder: MultilingualModel
    training: TrainingResult
    encoded: list[EncodedExamples]


def _learn(
    run: Run,
    prepared: Prepared,
    engine: Engine,
    folder: RunFolder,
    translated: Translated | None,
    *,
    selection: Selection | None = None,
) -> _Learned:
    """Fine-tune the model that a run starts from, after the stage before where there is one."""
    assert run.starts_from is not None
    card = task_card(run.task)
    model = load_model(run_folder(prepared.folder, run.starts_from).model)
    classifier = task_form(run.task).head(model, prepared.labels(run.task), run.plan.seed)
    if isinstance(run.plan.objective, PairedObjective):
        run.plan.objective.equip(classifier)
    if run.language_modules == "frozen":
        for parameter in model.language_specific_parameters().values():
            parameter.requires_grad_(False)
    encoded = [_examples(run, prepared, card, one, "train") for one in run.learned]
    context = BuildContext(
        run.plan.languages,
        run.plan.rows,
        run.plan.length,
        run.plan.seed,
        prepared.tokenizer,
        _material(run, prepared, card, encoded, translated),
        _teacher(run, prepared, engine, folder, translated),
    )
    slots = {f"model.{name}": slot for name, slot in model.language_specific_names().items()}
    # Another objective than the task's own may read text besides the examples; checkpoints that
    # are kept to be chosen from are those of the whole model.
    is_own = run.plan.objective == task_form(run.task).objective()
    by_rows = is_own and selection is None and engine.device.type == "cpu"
    with occurring_rows(model, _tokens(context)) if by_rows else nullcontext():
        result = train(
            run,
            classifier,
            context,
            engine,
            folder,
            slots=slots,
            evaluate_dev=_at_dev_points(run, prepared, card, selection),
            looks_at=MixedTaskSampling(0.0),
        )
    return _Learned(classifier, model, result, encoded)


def _tokens(context: BuildContext) -> set[int]:
    """Return the ids of all tokens that a training reads."""
    groups: Iterable[Sequence[EncodedExample]] = context.material.values()
    read = (token for group in groups for example in group for token in example.ids)
    return {context.tokenizer.pad_id, *read}


def _teacher(
    run: Run,
    prepared: Prepared,
    engine: Engine,
    folder: RunFolder,
    translated: Translated | None,
) -> nn.Module | None:
    """Return the frozen model of the stage before, trained here from the same weights.

    Its checkpoint lies in the run's, so that a resumed run finds it.
    """
    objective = run.plan.objective
    earlier = objective.earlier if isinstance(objective, PairedObjective) else None
    if earlier is None:
        return None
    plan = dataclasses.replace(run.plan, objective=earlier)
    before = dataclasses.replace(run, plan=plan, conflict=0, tensorboard=False, measures=())
    stage = RunFolder(folder.path / "checkpoint" / "earlier")
    classifier = _learn(before, prepared, engine, stage, translated).classifier
    return classifier.eval().requires_grad_(requires_grad=False)


def _test_classifier(
    run: Run,
    prepared: Prepared,
    card: TaskCard,
    classifier: nn.Module,
    translated: Translated | None,
) -> list[PredictionTable]:
    """Return the predictions for the examples of every target language that are scored."""
    assert run.source_language is not None
    tables: list[PredictionTable] = []
    form, kind = task_form(card.name), card.kind_of(run.scored_on)
    labels = prepared.labels(card.name)
    test = LabelledTest(labels, prepared.tokenizer, run.plan.length, kind=kind)
    objective, at_test = run.plan.objective, reads_of(run).at_test
    if isinstance(objective, PairedObjective):
        classifier = objective.predictor(classifier)
    for target in run.targets:
        source = target if target in run.learned else run.source_language
        routed = target if run.route == "target" else run.source_language
        index = _index(run, routed)
        cell = Cell.of(card.name, card.metric, source, target)
        examples = form.read(prepared.source, kind, target, run.scored_on)
        if translated is not None and at_test:
            read = translated.test(examples, target, at_test, run.scored_on)
            index_of_source = _index(run, run.source_language)
            if at_test == "instead":
                examples, index = read, index_of_source
            else:
                test = replace(test, sources=read, source_index=index_of_source)
        tables += form.evaluate(classifier, examples, test, index, cell)
    return tables


def _index(run: Run, language: Language) -> int:
    """Return a language's index, any for one that the plan lacks: such runs have no modules."""
    return run.plan.languages.index(language) if language in run.plan.languages else 0


def _examples(
    run: Run, prepared: Prepared, card: TaskCard, language: Language, split: str
) -> EncodedExamples:
    """Return the examples of a language, as tokens and class numbers."""
    labels, length = prepared.labels(card.name), run.plan.length
    limit = run.max_examples if split == "train" else _DEV_EXAMPLES
    form = task_form(card.name)
    examples = form.read(prepared.source, card.kind_of(split), language, split)
    return form.encode(examples[:limit], labels, prepared.tokenizer, length)


def _material(
    run: Run,
    prepared: Prepared,
    card: TaskCard,
    encoded: list[EncodedExamples],
    translated: Translated | None,
) -> dict[Language, tuple[EncodedExample, ...]]:
    """Return the examples of each language of the plan, or of each group of the one source."""
    if translated is not None and reads_of(run) != Reads():
        form = task_form(card.name)
        kind = card.kind_of("train")
        examples = form.read(prepared.source, kind, run.learned[0], "train")[: run.max_examples]
        return translated.material(examples, form_encode(run, prepared, card), reads_of(run))
    if not run.groups:
        return {one: group.examples for one, group in zip(run.learned, encoded, strict=True)}
    assert run.source_language is not None
    texts = texts_of(prepared.source, card, run.source_language)[: run.max_examples]
    [rows] = encoded
    if rows.example_of_row:  # rows of one example stay in one group
        texts = [texts[index] for index in rows.example_of_row]
    return grouped(run.source_language, rows.examples, texts, run.groups)


def _guard(run: Run, prepared: Prepared, folder: RunFolder, learned: _Learned) -> dict[str, Any]:
    """Return whether the checkpoint was destroyed; see `guarded_task`."""
    card, objective, classifier = task_card(run.task), run.plan.objective, learned.classifier
    if isinstance(objective, PairedObjective):
        classifier = objective.predictor(classifier)
    index = {str(one): _index(run, one) for one in run.learned}

    def loss(language: str, rows: Sequence[EncodedExample]) -> float:
        pad_id = prepared.tokenizer.pad_id
        return task_form(card.name).dev_loss(classifier, rows, pad_id, index[language])

    own = zip(run.learned, learned.encoded, strict=True)
    dev = _dev_examples(run, prepared, card)
    examples = {
        "train": {str(one): rows.examples for one, rows in own},
        "dev": {str(one): rows for one, rows in dev.items()},
    }
    return guarded_task(run, prepared, folder, learned.encoder, examples=examples, loss=loss)


def _dev_examples(
    run: Run, prepared: Prepared, card: TaskCard
) -> dict[Language, tuple[EncodedExample, ...]]:
    """Return dev examples of each language fine-tuned on that has some."""
    return {
        language: _examples(run, prepared, card, language, "dev").examples
        for language in run.learned
        if prepared.n_examples(card.name, language, "dev") > 0
    }


def _dev_losses(
    run: Run, prepared: Prepared, card: TaskCard
) -> Callable[[nn.Module], dict[str, float]]:
    """Return what measures the mean loss on dev examples of each language fine-tuned on."""
    examples = _dev_examples(run, prepared, card)

    def evaluate(classifier: nn.Module) -> dict[str, float]:
        form, pad_id = task_form(card.name), prepared.tokenizer.pad_id
        return {
            str(language): form.dev_loss(classifier, group, pad_id, _index(run, language))
            for language, group in examples.items()
        }

    return evaluate


def _at_dev_points(
    run: Run, prepared: Prepared, card: TaskCard, selection: Selection | None
) -> Callable[[nn.Module], dict[str, float]] | None:
    """Return what is done at dev points: dev losses, and the choice of a checkpoint."""
    if selection is None:
        return _dev_losses(run, prepared, card) if run.is_joint else None
    losses = _dev_losses(run, prepared, card)

    def measure(classifier: nn.Module) -> dict[str, float]:
        selection.at_dev_point(classifier)
        return losses(classifier)

    return measure


def _selection(run: Run, prepared: Prepared, card: TaskCard, folder: RunFolder) -> Selection | None:
    """Return what chooses checkpoints by dev scores, where the study asks for it."""
    if MeasuredSelection.name not in run.measures:
        return None
    targets = tuple(one for one in run.targets if prepared.n_examples(card.name, one, "dev") > 0)
    dev = dataclasses.replace(run, scored_on="dev", targets=targets)
    # Apart from the tests' own, whose record tells each set of translations once.
    translated = Translated(dev, prepared, card) if run.provider else None

    def score(classifier: nn.Module) -> dict[Language, float]:
        tables = _test_classifier(dev, prepared, card, classifier, translated)
        main = [one for one in tables if one.cell.metric == card.metric]
        return {one.cell.target_language: one.score() for one in main}

    return Selection(folder, score, run.learned[0])


def _save_classifier(classifier: nn.Module, labels: list[str], folder: RunFolder) -> None:
    """Keep the head and the labels; the encoder of every fine-tuning would fill the disk."""
    head = {
        name: value.contiguous()
        for name, value in classifier.state_dict().items()
        if not name.startswith("model.")
    }
    with replacing(folder.path / "head.safetensors") as partial:
        save_file(head, partial, metadata={"labels": json.dumps(labels)})
