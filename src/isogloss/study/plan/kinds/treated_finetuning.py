"""Studies whose treatments are applied to fine-tuning: one task, several languages at once."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from isogloss.core import MATCHES
from isogloss.models import PRESETS
from isogloss.study.plan.joint_finetuning import BASE
from isogloss.study.spec.settings import PretrainingSettings, refused
from isogloss.study.spec.spec import StudySpec
from isogloss.study.spec.treatment_entry import TreatmentEntry
from isogloss.study.spec.unread import OF_MODULES, Unread
from isogloss.treatments import TREATMENTS

# Without updates a checkpoint is scored as it is: on sequences of this length.
_READ_WITHOUT_UPDATES = ("updates", "head_updates", "length")


class TreatedFinetuning(StudySpec):
    """One untreated model is pretrained for each mixture and seed; treatments fine-tune it.

    Each treatment fine-tunes it on all languages of the mixture together.
    """

    treated: ClassVar[Literal["pretrain", "finetune"]] = "finetune"
    learns_together: ClassVar[bool] = True
    always_measured: ClassVar[tuple[str, ...]] = ("forgetting",)

    treat: Literal["finetuning"] = "finetuning"  # type: ignore[assignment]

    def refuse_unfit(self) -> None:
        """Refuse languages both learned and not, no task, treatments and models that do not fit."""
        for mixture in self.mixtures:
            both = [language for language in mixture if language in self.zero_shot_to]
            if both:
                raise refused(
                    "languages under `zero_shot_to` that no mixture holds: they are not "
                    "fine-tuned on",
                    f"{', '.join(map(str, both))} in both",
                    "Take it out of one of the two.",
                )
            if self.pseudo_tasks is not None and self.pseudo_tasks.language not in mixture:
                raise refused(
                    "the language of `pseudo_tasks` in every mixture: its base has to know it",
                    f"{self.pseudo_tasks.language} outside of {' + '.join(map(str, mixture))}",
                    "Add it to the mixture.",
                )
        if not self.tasks:
            raise refused(
                "a task to fine-tune under `tasks`, because `treat: finetuning` treats nothing "
                "else",
                "none",
                "Add for example `tasks: [ner]`.",
            )
        for entry in self.treatments:
            _refuse_treatment(entry)
        if self.pretraining.updates == 0 and self.model in PRESETS:
            raise refused(
                "pretraining updates >= 1 for a preset, which begins with random weights",
                "0",
                "Set `pretraining.updates`, or give a pretrained `model`: a folder or a hub name.",
            )

    def unread(self) -> Iterator[Unread]:
        """Yield how to pretrain where nothing is, and what is about modules that no model has."""
        # A head that the checkpoint lacks is trained by these settings, unless that is ruled out.
        if (self.pretraining.updates, self.pretraining.head_updates) == (0, 0):
            fields = PretrainingSettings.model_fields
            keys = [key for key in fields if key not in _READ_WITHOUT_UPDATES]
            yield "pretraining", keys, "with `pretraining.updates: 0` nothing is pretrained"
        why = "with `treat: finetuning` no model has language-specific modules"
        yield "finetuning", OF_MODULES, why

    def budgets(self) -> str:
        """Return what was pretrained, and what every treatment learned from."""
        mixtures = "; ".join(" + ".join(map(str, mixture)) for mixture in self.mixtures)
        unseen = ", ".join(map(str, self.zero_shot_to)) or "none"
        settings = self.finetuning
        alone = " and ".join(MATCHES[match] for match in self.match)
        learned = f"all languages of a mixture ({mixtures}) together"
        if self.pseudo_tasks is not None:
            source, n_groups = self.pseudo_tasks.language, self.pseudo_tasks.groups
            learned = (
                f"{n_groups} groups of {source}'s examples, by character n-grams, as pseudo-tasks"
            )
        return (
            "One untreated model was pretrained for each mixture and seed "
            f"({self.pretraining.updates} updates per language, languages without fine-tuning "
            f"included). Every treatment fine-tuned that model on {learned}, with equally many "
            f"examples ({settings.epochs} passes over all of "
            f"them, {settings.rows} per update, sampled by size^{settings.exponent:g}, AdamW at a "
            f"peak rate of {settings.learning_rate:g}{settings.of_single_tasks()}). Models "
            "fine-tuned on one language alone from the same base are the monolingual ones "
            f"({alone}). Zero-shot tests are on languages without fine-tuning: {unseen}."
        )

    def tests(self) -> str:
        """Return the tasks."""
        return f"Tasks: {', '.join(self.tasks)}."


def _refuse_treatment(entry: TreatmentEntry) -> None:
    if "modules" in entry.kind.parts:
        fitting = [key for key, kind in TREATMENTS.items() if "modules" not in kind.parts]
        raise refused(
            "treatments that a fine-tuning can have, which adds no language-specific modules",
            f"`{entry.name}`, which does",
            f"Use `treat: pretraining` for it, or one of {', '.join(fitting)}.",
        )
    if entry.label == BASE:
        raise refused(
            f"a label other than `{BASE}`, which stands for the pretrained model",
            f"`{entry.label}`",
            "Choose another label.",
        )
