"""xTune: an example and an altered copy of it are to be predicted alike."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.core import InputError
from isogloss.training import Altered, BuildContext, ObjectiveSpec, Reads, TrainingPlan
from isogloss.treatments.objectives.task_kind import kind_of

if TYPE_CHECKING:
    from torch import Tensor, nn

    from isogloss.data import Batch
    from isogloss.objectives import LanguageLosses, Targets

Alteration = Literal["code_switch", "noise", "translation"]


@dataclass(frozen=True)
class XTune:
    """Consistency with altered copies (R1), and with a model that learned on more of them (R2).

        KLS(P, Q) = KL(sg(P) || Q) + KL(sg(Q) || P)        sg: no gradient
        R1(x) = KLS(f(x; theta), f(A(x); theta))
        R2(x) = KL(sg(f(x; theta*)) || f(x; theta))
        stage 1:  CE(x) + l_1 R1(x)
        stage 2:  CE and R1 over x and its copy x_A, + l_2 R2(x_A)

    theta* is the frozen model of stage 1; stage 2 begins at the pretrained weights again. Trained
    on the source language's examples. Alterations: `code_switch` (words replaced out of a
    dictionary), `noise` (on the word embeddings) and `translation`. Translations, or a dictionary,
    are needed for training; nothing is needed at inference.

    Differs from the paper and its code: each example has `copies` altered ones, made once, and
    every update draws one by lot (there they are made anew every epoch); in stage 2 the view that
    x_A is compared with is another copy of x, not a copy of the copy; sub-word sampling, its fourth
    alteration, is not built; the loss is the mean over x
    and x_A of one batch. Questions are refused: their R1 is over positions that both texts share,
    which is not built.

    Attributes:
        stages: 1, or 2.
        alteration: A of R1 and of the copies; None = translation for classes, code_switch for tags,
            whose words have to stay one for one.
        consistency: l_1.
        model_consistency: l_2 of stage 2.
        rate: chance of each word to be switched.
        copies: altered copies of each example.
        sigma: standard deviation of `noise`.
        reduction: of divergences, "element_mean" (over rows and classes, as released; l_1 is meant
            for it) or "batchmean".
        hard: stage 2 learns the teacher's likeliest tags (entities), not its distribution.

    Reference:
        Zheng, Dong, Huang, Wang, Chi, Singhal, Che, Liu, Song, Wei. Consistency Regularization for
        Cross-Lingual Fine-Tuning. ACL 2021. https://arxiv.org/abs/2106.08226

        @inproceedings{zheng-etal-2021-consistency,
          title = {Consistency Regularization for Cross-Lingual Fine-Tuning},
          author = {Zheng, Bo and Dong, Li and Huang, Shaohan and Wang, Wenhui and Chi, Zewen and
                    Singhal, Saksham and Che, Wanxiang and Liu, Ting and Song, Xia and Wei, Furu},
          booktitle = {Proceedings of ACL},
          year = {2021}
        }
    """

    name: ClassVar[str] = "xtune"
    parts: ClassVar[tuple[str, ...]] = ("objective",)
    separate: ClassVar[bool] = False
    translations: ClassVar[tuple[str, ...]] = ("training",)
    claim: ClassVar[str] = "An example and its altered copy are predicted more alike."

    stages: Literal[1, 2] = 2
    alteration: Alteration | None = None
    consistency: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5.0
    model_consistency: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    rate: Annotated[float, Field(gt=0, le=1)] = 0.3
    copies: Annotated[int, Field(ge=1, le=64)] = 4
    sigma: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1e-5
    reduction: Literal["element_mean", "batchmean"] = "element_mean"
    hard: bool = False

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with consistency in its objective.

        Raises:
            InputError: the plan is of no task, or of questions.
        """
        plan.refuse_claimed(self.name, self.parts)
        kind = kind_of(plan.objective, self.name)
        if kind == "qa":
            raise InputError(
                expected="a task of texts or of tags",
                found="questions, whose positions differ between a text and its altered copy",
                where=f"treatments.{self.name}",
                next_step="Leave it out for this task; `filter` and `x_mixup` learn questions.",
            )
        alteration = self.alteration or ("code_switch" if kind == "tagging" else "translation")
        if (kind, alteration) == ("tagging", "translation"):
            raise InputError(
                expected="an alteration that keeps the words, for tags: word i is compared with "
                "word i",
                found="`translation`",
                where=f"treatments.{self.name}.alteration",
                next_step="Use `code_switch` or `noise`.",
            )
        options = {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}
        options["alteration"] = alteration
        stage = options.pop("stages")
        objective = XTuneObjective(plan.objective, kind, stage, **options)
        return plan.replace_parts(self.name, objective=objective)

    def candidates(self) -> tuple[XTune, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class XTuneObjective:
    """Names xTune's loss in one of its stages; attributes as in `XTune`."""

    task: ObjectiveSpec
    kind: str
    stage: int
    alteration: Alteration
    consistency: float
    model_consistency: float
    rate: float
    copies: int
    sigma: float
    reduction: Literal["element_mean", "batchmean"]
    hard: bool

    @property
    def reads(self) -> Reads:
        """Return the altered copies that lie beside each example."""
        if self.alteration == "noise":
            return Reads()
        return Reads(altered=Altered(self.alteration, self.copies, self.rate))

    @property
    def passes(self) -> float:
        """Two texts; in stage 2 three, the teacher's forward, and stage 1 before it."""
        return 2.0 if self.stage == 1 else 3.0 + 1 / 3 + 2.0

    @property
    def earlier(self) -> ObjectiveSpec | None:
        """Return stage 1 for stage 2."""
        return None if self.stage == 1 else dataclasses.replace(self, stage=1)

    def build(self, context: BuildContext) -> RunningXTune:
        """Return the objective of a run."""
        return RunningXTune(self, context)

    def equip(self, classifier: nn.Module) -> None:
        """Add nothing."""

    def predictor(self, classifier: nn.Module) -> nn.Module:
        """Return the classifier."""
        return classifier


class RunningXTune:
    """xTune's loss of one run; see `Objective` for the contract."""

    def __init__(self, spec: XTuneObjective, context: BuildContext) -> None:
        from isogloss.treatments.objectives.kinds import TASK_KINDS

        self._spec, self._kind = spec, TASK_KINDS[spec.kind]
        self._n_languages, self._seed = len(context.languages), context.seed
        self._teacher = context.teacher

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Draw the copies of each row: `copy` to learn from, `view` to be compared with."""
        from isogloss.treatments.objectives.kinds import every_row

        beside = dict.fromkeys(("copy", "view"), batch)
        if self._spec.alteration != "noise":
            beside = {name: self._drawn(batch, update, name) for name in beside}
        plain = dataclasses.replace(batch, beside={})
        beside = {name: dataclasses.replace(one, beside={}) for name, one in beside.items()}
        return every_row(dataclasses.replace(plain, beside=beside), self._n_languages)

    def _drawn(self, batch: Batch, update: int, what: str) -> Batch:
        import torch

        from isogloss.data import choose_rows

        digest = hashlib.sha256(f"xtune\n{what}\n{self._seed}\n{update}".encode()).digest()
        generator = torch.Generator().manual_seed(int.from_bytes(digest[:4], "little"))
        n, rows = self._spec.copies, len(batch.language)
        which = torch.randint(0, n, (rows,), generator=generator)
        return choose_rows([batch.beside[f"altered{number}"] for number in range(n)], which)

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the loss of the rows of each language."""
        from isogloss.treatments.objectives.kinds import by_language

        spec, kind, x = self._spec, self._kind, targets.batch
        view, copy = x.beside["view"], x.beside["copy"]
        z, z_view = _logits(model, x), self._altered_logits(model, view)
        loss = kind.losses(z, x) + spec.consistency * self._r1(z, x, z_view, view)
        if spec.stage == 2:
            z_copy = self._altered_logits(model, copy)
            of_copy = kind.losses(z_copy, copy)
            of_copy = of_copy + spec.consistency * self._r1(z_copy, copy, z_view, view)
            loss = (loss + of_copy) / 2 + spec.model_consistency * self._r2(z_copy, copy)
        return by_language(loss, targets)

    def _altered_logits(self, model: nn.Module, view: Batch) -> Tensor:
        if self._spec.alteration != "noise":
            return _logits(model, view)
        import torch

        from isogloss.treatments.objectives.kinds import encoder_of

        def shake(_module: nn.Module, _args: object, y: Tensor) -> Tensor:
            return y + self._spec.sigma * torch.randn_like(y)

        embeddings = encoder_of(model).backbone.get_input_embeddings()
        with embeddings.register_forward_hook(shake):
            return _logits(model, view)

    def _r1(self, z: Tensor, x: Batch, z_view: Tensor, view: Batch) -> Tensor:
        """Return KLS of each row, shape [rows]; of words, word i of both texts."""
        log_p, log_q = self._kind.log_chances(z, x), self._kind.log_chances(z_view, view)
        n_classes = log_p.shape[-1] if self._spec.reduction == "element_mean" else 1
        return self._over_rows(kls(log_p, log_q) / n_classes, x)

    def _r2(self, z_copy: Tensor, copy: Batch) -> Tensor:
        """Return the distance of each row from what the frozen model of stage 1 says, [rows]."""
        import torch

        from isogloss.treatments.objectives.kinds import kl

        assert self._teacher is not None, "stage 2 follows stage 1"
        with torch.no_grad():
            log_p = self._kind.log_chances(_logits(self._teacher, copy), copy)
        log_q = self._kind.log_chances(z_copy, copy)
        if self._spec.hard:
            return self._over_rows(-log_q.gather(1, log_p.argmax(-1, keepdim=True))[:, 0], copy)
        n_classes = log_p.shape[-1] if self._spec.reduction == "element_mean" else 1
        return self._over_rows(kl(log_p, log_q) / n_classes, copy)

    def _over_rows(self, values: Tensor, view: Batch) -> Tensor:
        from isogloss.treatments.objectives.kinds import mean_over_rows

        return mean_over_rows(values, self._kind.rows_of(view), len(view.input_ids))


def kls(log_p: Tensor, log_q: Tensor) -> Tensor:
    """Return KL(sg(P) || Q) + KL(sg(Q) || P), shape [n]: each half moves its second side alone.

    Args:
        log_p: log-probabilities, shape [n, outcomes].
        log_q: the same.
    """
    from isogloss.treatments.objectives.kinds import kl

    return kl(log_p.detach(), log_q) + kl(log_q.detach(), log_p)


def _logits(model: nn.Module, view: Batch) -> Tensor:
    return model(view.input_ids, view.attention_mask, view.routing)
