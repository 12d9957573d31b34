r"""The gradient of the loss after one look-ahead step, with respect to language-specific weights.

Shared parameters theta, language-specific parameters phi, inner rate beta:

    theta'(phi) = theta - beta * D * grad_theta L_train(theta, phi)
    J(phi)      = sum_j w_j L_val^j(theta'(phi), phi)
    grad J      = direct - beta * mixed
    direct      = d/dphi sum_j w_j L_val^j(theta', phi)           (theta' held constant)
    mixed       = [d^2 L_train(theta, phi) / dphi dtheta] . (D * v)
    v           = d/dtheta' sum_j w_j L_val^j(theta', phi)

D = 1 is the paper's plain look-ahead. Only `mixed` carries what other languages have to say.

Reference:
    Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
    Meta-Learning Treatment. EMNLP 2020, Algorithm 1 and equations 5 to 8.
    https://arxiv.org/abs/2010.03017
    Liu, Simonyan, Yang. DARTS: Differentiable Architecture Search. ICLR 2019, equation 8 (finite
    difference). https://arxiv.org/abs/1806.09055
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import torch
from torch import Tensor, nn
from torch.func import functional_call

from isogloss.objectives import LanguageLosses, Objective, Targets

_Name = TypeVar("_Name")
Parameters = Mapping[str, Tensor]
Loss = Callable[[Parameters, Parameters], Tensor]
Reduce = Callable[[list[Tensor]], None]


def _alone(tensors: list[Tensor]) -> None:
    """Sum over one process: nothing to do."""


@dataclass(frozen=True)
class ValidationLoss:
    """One term w_j L_val^j of the upper objective.

    Attributes:
        loss: (theta', phi) -> scalar, its weight included.
        is_direct: whether the phi to be updated occur in it; where not, their (zero) gradient is
            not asked for.
    """

    loss: Loss
    is_direct: bool = True


@dataclass(frozen=True)
class LookAhead:
    """How the shared weights look ahead.

    Attributes:
        beta: inner learning rate.
        precondition: D by name of the shared parameter, held constant; None = 1.
        radius: r of the finite difference; epsilon = r / ||D v||.
        reduce: sums tensors over processes in place, each of which holds its share of the losses.
    """

    beta: float
    precondition: Parameters | None = None
    radius: float = 0.01
    reduce: Reduce = _alone

    def scale(self, gradient: Parameters) -> dict[str, Tensor]:
        """Return D * gradient."""
        if self.precondition is None:
            return dict(gradient)
        return {name: self.precondition[name] * value for name, value in gradient.items()}

    def move(self, theta: Parameters, gradient: Parameters) -> dict[str, Tensor]:
        """Return theta' = theta - beta D gradient as new leaves."""
        step = self.scale(gradient)
        return {
            name: (value.detach() - self.beta * step[name].detach()).requires_grad_()
            for name, value in theta.items()
        }


@dataclass(frozen=True)
class Hypergradient:
    """The two parts of grad J, by name of the language-specific parameter.

    Attributes:
        direct: g_dir, what the language's own validation loss says.
        mixed: m, without the factor beta.
        train: the training loss at (theta, phi), detached.
    """

    direct: dict[str, Tensor]
    mixed: dict[str, Tensor]
    train: Tensor

    def total(self, beta: float) -> dict[str, Tensor]:
        """Return grad J = g_dir - beta m."""
        return {name: self.direct[name] - beta * self.mixed[name] for name in self.direct}

    def signal(self, beta: float) -> tuple[Tensor, Tensor]:
        """Return beta ||m|| / ||g_dir|| and the cosine of beta m and g_dir, as scalars.

        The first says how loud other languages are in the update; with the authors' own rate it is
        2.5e-4. Infinite and NaN where there is no direct part.
        """
        direct, mixed = _flat(self.direct), beta * _flat(self.mixed)
        norms = direct.norm(), mixed.norm()
        return norms[1] / norms[0], (direct @ mixed) / (norms[0] * norms[1])


Method = Callable[
    [Loss, Sequence[ValidationLoss], Parameters, Parameters, LookAhead], Hypergradient
]


def exact(
    train: Loss,
    validation: Sequence[ValidationLoss],
    theta: Parameters,
    phi: Parameters,
    ahead: LookAhead,
) -> Hypergradient:
    """Return grad J by one double backward: 1 + n_validation + 2 forward-backward passes.

    In two stages: the graph of the training gradient is kept, the validation losses are taken one
    after the other at a detached theta', and their sum v goes back through the kept graph. Equal to
    differentiating through everything at once, with one validation graph in memory at a time.

    Args:
        train: L_train; its graph must be twice differentiable (no fused attention).
        validation: the terms of J.
        theta: shared parameters.
        phi: language-specific parameters.
        ahead: beta, D and the sum over processes.
    """
    loss = train(theta, phi)
    own = _gradient(loss, theta, create_graph=True)
    gradient = _summed({name: value.detach().clone() for name, value in own.items()}, ahead)
    v, direct = _validate(validation, ahead.move(theta, gradient), phi, ahead)
    weights = ahead.scale(v)
    connected = [name for name, value in own.items() if value.requires_grad]
    mixed = torch.autograd.grad(
        [own[name] for name in connected],
        list(phi.values()),
        [weights[name] for name in connected],
        allow_unused=True,
        materialize_grads=True,
    )
    return Hypergradient(direct, _summed(dict(zip(phi, mixed, strict=True)), ahead), loss.detach())


def finite_difference(
    train: Loss,
    validation: Sequence[ValidationLoss],
    theta: Parameters,
    phi: Parameters,
    ahead: LookAhead,
) -> Hypergradient:
    """Return grad J with `mixed` as a central difference around theta (not around theta').

    m ~ [grad_phi L_train(theta + eps D v, phi) - grad_phi L_train(theta - eps D v, phi)] / (2 eps)
    with eps = radius / ||D v||. `train` must be a deterministic function: the same batch, masks and
    dropout at each call. Needs fp32: at radius 0.01 the relative error is about 1e-4, in bf16 0.8.

    Args:
        train: L_train.
        validation: the terms of J.
        theta: shared parameters.
        phi: language-specific parameters.
        ahead: beta, D, radius and the sum over processes.
    """
    loss = train(theta, phi)
    gradient = _summed(_gradient(loss, theta), ahead)
    v, direct = _validate(validation, ahead.move(theta, gradient), phi, ahead)
    towards = ahead.scale(v)
    # A v of zero means nobody is affected: any epsilon gives m = 0.
    epsilon = ahead.radius / _flat(towards).norm().clamp_min(torch.finfo(torch.float32).tiny)
    sides = []
    for sign in (1, -1):
        moved = {name: (t + sign * epsilon * towards[name]).detach() for name, t in theta.items()}
        sides.append(_gradient(train(moved, phi), phi))
    mixed = {name: (sides[0][name] - sides[1][name]) / (2 * epsilon) for name in phi}
    return Hypergradient(direct, _summed(mixed, ahead), loss.detach())


def first_order(
    train: Loss,
    validation: Sequence[ValidationLoss],
    theta: Parameters,
    phi: Parameters,
    ahead: LookAhead,
) -> Hypergradient:
    """Return the direct part at theta' alone: no cross-lingual signal, the control for `mixed`.

    Args:
        train: L_train.
        validation: the terms of J; those that are not direct are not evaluated.
        theta: shared parameters.
        phi: language-specific parameters.
        ahead: beta, D and the sum over processes.
    """
    loss = train(theta, phi)
    theta_ahead = ahead.move(theta, _summed(_gradient(loss, theta), ahead))
    constants = {name: value.detach() for name, value in theta_ahead.items()}
    direct = {name: torch.zeros_like(value) for name, value in phi.items()}
    for term in validation:
        if term.is_direct:
            _add(direct, _gradient(term.loss(constants, phi), phi))
    mixed = {name: torch.zeros_like(value) for name, value in phi.items()}
    return Hypergradient(_summed(direct, ahead), mixed, loss.detach())


HYPERGRADIENTS: Final[Mapping[str, Method]] = {
    "exact": exact,
    "finite_difference": finite_difference,
    "first_order": first_order,
}


def _validate(
    validation: Sequence[ValidationLoss],
    theta_ahead: Parameters,
    phi: Parameters,
    ahead: LookAhead,
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return v and the direct part; the graph of one term at a time is in memory."""
    v = {name: torch.zeros_like(value) for name, value in theta_ahead.items()}
    direct = {name: torch.zeros_like(value) for name, value in phi.items()}
    for term in validation:
        # The two groups may use the same names.
        wanted = {("theta", name): value for name, value in theta_ahead.items()}
        if term.is_direct:
            wanted |= {("phi", name): value for name, value in phi.items()}
        for (group, name), value in _gradient(term.loss(theta_ahead, phi), wanted).items():
            (v if group == "theta" else direct)[name] += value
    return _summed(v, ahead), _summed(direct, ahead)


def _gradient(
    loss: Tensor, of: Mapping[_Name, Tensor], *, create_graph: bool = False
) -> dict[_Name, Tensor]:
    """Return the gradient by name; zero where the loss does not depend on a parameter."""
    if not loss.requires_grad:
        return {name: torch.zeros_like(value) for name, value in of.items()}
    found = torch.autograd.grad(
        loss,
        list(of.values()),
        create_graph=create_graph,
        allow_unused=True,
        materialize_grads=True,
    )
    return dict(zip(of, found, strict=True))


def _add(to: dict[str, Tensor], what: Parameters) -> None:
    for name, value in what.items():
        to[name] += value


def _summed(tensors: dict[str, Tensor], ahead: LookAhead) -> dict[str, Tensor]:
    """Sum over processes, in place."""
    ahead.reduce(list(tensors.values()))
    return tensors


def _flat(tensors: Parameters) -> Tensor:
    return torch.cat([value.reshape(-1) for value in tensors.values()])


class FunctionalLoss(nn.Module):
    """Losses of each language under parameters that are given, not those that the model has.

    Args:
        model: whose structure is used.
        objective: batch -> loss of each language.
    """

    def __init__(self, model: nn.Module, objective: Objective) -> None:
        super().__init__()
        self.model = model
        self._objective = objective

    def forward(self, targets: Targets) -> LanguageLosses:
        """Return the losses under the parameters that the model has now."""
        return self._objective.losses(self.model, targets)

    def under(self, parameters: Mapping[str, Tensor], targets: Targets) -> LanguageLosses:
        """Return the losses under `parameters`.

        Args:
            parameters: by name; those that are not named stay as they are. A tied tensor is named
                once and replaced in all its places, so the output layer is that of the embedding.
            targets: what is to be predicted.
        """
        named = {f"model.{name}": value for name, value in parameters.items()}
        return functional_call(self, named, (targets,))


def mean_over_targets(losses: LanguageLosses) -> Tensor:
    """Return the loss that plain joint training descends: every target weighs the same."""
    return losses.total.sum() / losses.count.sum()


def sum_of_means(losses: LanguageLosses) -> Tensor:
    """Return the sum of the languages' mean losses; a language without targets adds nothing."""
    return (losses.total / losses.count.clamp_min(1)).sum()
