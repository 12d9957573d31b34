"""The hypergradient against values by hand, brute force, and one graph through everything."""

import functools
import itertools
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call

import toys
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training import Training
from isogloss.treatments.steps.meta_adapters.hypergradients import (
    HYPERGRADIENTS,
    FunctionalLoss,
    Hypergradient,
    LookAhead,
    Parameters,
    ValidationLoss,
    exact,
    finite_difference,
    first_order,
    mean_over_targets,
    sum_of_means,
)

LANGUAGES = 3
AHEAD = LookAhead(0.5)


def tensor(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


class TestClosedForm:
    """L_train = 1/2 |theta - phi|^2, L_val = 1/2 |theta' - a|^2: grad J = beta (theta' - a)."""

    theta, phi = tensor(1.0, 2.0), tensor(0.5, -1.0)
    aim = torch.tensor([0.3, 0.7], dtype=torch.float64)

    def found(self, method: Callable[..., Hypergradient]) -> Tensor:
        found = method(
            lambda theta, phi: (theta["w"] - phi["w"]).square().sum() / 2,
            [ValidationLoss(lambda theta, phi: (theta["w"] - self.aim).square().sum() / 2)],
            {"w": self.theta},
            {"w": self.phi},
            LookAhead(0.2),
        )
        return found.total(0.2)["w"]

    def test_exact(self) -> None:
        expected = torch.tensor([0.12, 0.14], dtype=torch.float64)
        torch.testing.assert_close(self.found(exact), expected, rtol=1e-12, atol=0)

    def test_finite_difference_is_exact_for_a_quadratic(self) -> None:
        expected = torch.tensor([0.12, 0.14], dtype=torch.float64)
        torch.testing.assert_close(self.found(finite_difference), expected, rtol=1e-9, atol=0)

    def test_first_order_sees_nothing(self) -> None:
        assert torch.equal(self.found(first_order), torch.zeros(2, dtype=torch.float64))


class Net(nn.Module):
    """Two layers with an adapter of each language between them; tied input and output weights."""

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(3)
            self.embedding = nn.Embedding(11, 6)
            self.mix = nn.Linear(6, 6)
            self.head = nn.Linear(6, 11)
            self.head.weight = self.embedding.weight
            self.adapters = nn.Parameter(torch.randn(LANGUAGES, 6, 6) / 3)
        self.double()

    def forward(self, ids: Tensor, language: int, dropout: float = 0.0) -> Tensor:
        hidden = torch.tanh(self.mix(self.embedding(ids)))
        hidden = hidden + torch.tanh(hidden @ self.adapters[language])
        return self.head(nn.functional.dropout(hidden, dropout))


class Case:
    """Losses of three languages on fixed data; phi is the slab of all adapters."""

    def __init__(self, dropout: float = 0.0, seed: int = 1) -> None:
        self.net = Net()
        generator = torch.Generator().manual_seed(seed)
        self.train = [self._data(generator) for _ in range(LANGUAGES)]
        self.valid = [self._data(generator) for _ in range(LANGUAGES)]
        self.dropout = dropout
        self.phi = {"adapters": self.net.adapters}
        self.theta = {n: p for n, p in self.net.named_parameters() if n != "adapters"}

    def _data(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        draw = functools.partial(torch.randint, 0, 11, (8,), generator=generator)
        return draw(), draw()

    def loss(
        self, language: int, data: tuple[Tensor, Tensor], theta: Parameters, phi: Parameters
    ) -> Tensor:
        torch.manual_seed(5)
        arguments = (data[0], language, self.dropout)
        logits = functional_call(self.net, {**theta, **phi}, arguments)
        return nn.functional.cross_entropy(logits, data[1])

    def found(
        self,
        method: Callable[..., Hypergradient],
        *,
        train: tuple[int, ...] = (0,),
        validate: tuple[int, ...] = (0, 1, 2),
        ahead: LookAhead = AHEAD,
    ) -> Hypergradient:
        return method(
            self.train_loss(train),
            [self.term(j, len(validate)) for j in validate],
            self.theta,
            self.phi,
            ahead,
        )

    def train_loss(self, languages: tuple[int, ...]) -> Callable[[Parameters, Parameters], Tensor]:
        def loss(theta: Parameters, phi: Parameters) -> Tensor:
            losses = [self.loss(i, self.train[i], theta, phi) for i in languages]
            return torch.stack(losses).mean()

        return loss

    def term(self, language: int, n: int) -> ValidationLoss:
        return ValidationLoss(
            lambda theta, phi: self.loss(language, self.valid[language], theta, phi) / n
        )

    def objective(self, phi: Tensor, beta: float, train: tuple[int, ...] = (0,)) -> Tensor:
        """J(phi) itself, for brute force and for one graph through everything."""
        parts = {"adapters": phi}
        loss = self.train_loss(train)(self.theta, parts)
        gradient = torch.autograd.grad(loss, list(self.theta.values()), create_graph=True)
        pairs = zip(self.theta.items(), gradient, strict=True)
        ahead = {name: value - beta * slope for (name, value), slope in pairs}
        losses = [self.loss(j, self.valid[j], ahead, parts) for j in range(LANGUAGES)]
        return torch.stack(losses).mean()


@pytest.mark.parametrize("train", [(0,), (0, 1, 2)])
def test_exact_equals_one_graph_through_everything(train: tuple[int, ...]) -> None:
    case = Case()
    (expected,) = torch.autograd.grad(
        case.objective(case.net.adapters, 0.5, train), case.net.adapters
    )
    found = case.found(exact, train=train).total(0.5)["adapters"]
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-15)


def test_exact_equals_brute_force() -> None:
    case, size = Case(), 1e-5
    found = case.found(exact).total(0.5)["adapters"][0]
    for row, column in itertools.product((0, 2, 5), repeat=2):
        sides = []
        for sign in (1, -1):
            moved = case.net.adapters.detach().clone()
            moved[0, row, column] += sign * size
            sides.append(case.objective(moved, 0.5).detach())
        slope = float(sides[0] - sides[1]) / (2 * size)
        assert float(found[row, column]) == pytest.approx(slope, rel=1e-6, abs=1e-9)


def test_finite_differences_converge_quadratically() -> None:
    case = Case()
    expected = case.found(exact).mixed["adapters"]
    errors = [
        float(
            (
                case.found(finite_difference, ahead=LookAhead(0.5, radius=r)).mixed["adapters"]
                - expected
            ).norm()
            / expected.norm()
        )
        for r in (1e-1, 1e-2, 1e-3)
    ]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(100, rel=0.05)


@pytest.mark.parametrize("name", HYPERGRADIENTS)
def test_without_a_look_ahead_only_the_own_validation_loss_counts(name: str) -> None:
    case = Case()
    found = case.found(HYPERGRADIENTS[name], ahead=LookAhead(0.0)).total(0.0)["adapters"][0]
    own = case.loss(0, case.valid[0], case.theta, case.phi) / LANGUAGES
    (expected,) = torch.autograd.grad(own, case.net.adapters)
    torch.testing.assert_close(found, expected[0], rtol=1e-12, atol=1e-15)


def test_only_other_languages_leave_the_mixed_part_alone() -> None:
    found = Case().found(exact, validate=(1, 2))
    assert torch.equal(found.direct["adapters"][0], torch.zeros(6, 6, dtype=torch.float64))
    assert float(found.mixed["adapters"][0].norm()) > 1e-4


def test_the_mixed_part_depends_on_other_languages_data_and_first_order_does_not() -> None:
    case, other = Case(), Case()
    other.valid[2] = other.train[2]
    for method, differs in ((exact, True), (finite_difference, True), (first_order, False)):
        first, second = (one.found(method).total(0.5)["adapters"][0] for one in (case, other))
        assert torch.equal(first, second) is not differs


def test_an_indirect_term_is_only_seen_through_the_shared_weights() -> None:
    case = Case()
    terms = [ValidationLoss(case.term(j, 3).loss, is_direct=j == 0) for j in range(LANGUAGES)]
    arguments = (case.theta, case.phi, LookAhead(0.5))
    found = exact(case.train_loss((0,)), terms, *arguments)
    whole = case.found(exact)
    torch.testing.assert_close(found.direct["adapters"][0], whole.direct["adapters"][0])
    assert torch.equal(found.mixed["adapters"], whole.mixed["adapters"])
    assert not found.direct["adapters"][1:].any()


def test_the_look_ahead_reaches_tied_weights_in_both_places() -> None:
    case = Case()
    moved = {name: value + 0.1 for name, value in case.theta.items() if "embedding" in name}
    inside = case.loss(0, case.valid[0], moved, {})
    with torch.no_grad():
        case.net.embedding.weight += 0.1
    assert torch.equal(inside, case.loss(0, case.valid[0], {}, {}))


def test_absent_modules_get_exactly_nothing_from_the_mixed_part() -> None:
    found = Case().found(exact, train=(1,))
    assert not found.mixed["adapters"][[0, 2]].any()
    assert found.mixed["adapters"][1].any()


def test_finite_difference_with_matched_dropout_agrees_with_exact() -> None:
    case = Case(dropout=0.2)
    expected = case.found(exact).mixed["adapters"]
    found = case.found(finite_difference).mixed["adapters"]
    assert float((found - expected).norm() / expected.norm()) < 1e-3


def test_a_preconditioner_scales_the_look_ahead_and_the_way_back() -> None:
    case = Case()
    half = LookAhead(1.0, {name: torch.full_like(p, 0.5) for name, p in case.theta.items()})
    expected = case.found(exact).total(0.5)["adapters"]
    torch.testing.assert_close(case.found(exact, ahead=half).total(1.0)["adapters"], expected)
    found = case.found(finite_difference, ahead=half).total(1.0)["adapters"]
    assert float((found - expected).norm() / expected.norm()) < 1e-3


def test_the_signal_is_linear_in_beta_and_its_direction_a_cosine() -> None:
    found = Hypergradient(
        {"a": torch.tensor([3.0, 4.0])}, {"a": torch.tensor([0.0, 2.0])}, torch.tensor(0.0)
    )
    ratio, cosine = found.signal(0.5)
    assert float(ratio) == pytest.approx(0.2)
    assert float(cosine) == pytest.approx(0.8)
    assert float(found.signal(0.05)[0]) == pytest.approx(0.02)


def test_shares_of_two_processes_add_up() -> None:
    """Each process holds half of every loss; `reduce` stands for the all-reduce."""
    case = Case()
    expected = case.found(exact).total(0.5)["adapters"]

    def twice(tensors: list[Tensor]) -> None:
        for value in tensors:
            value.mul_(2)

    def half(loss: Callable[..., Tensor]) -> Callable[[Parameters, Parameters], Tensor]:
        return lambda theta, phi: loss(theta, phi) / 2

    for method in (exact, finite_difference):
        found = method(
            half(case.train_loss((0,))),
            [ValidationLoss(half(case.term(j, 3).loss)) for j in range(3)],
            case.theta,
            case.phi,
            LookAhead(0.5, reduce=twice),
        )
        difference = found.total(0.5)["adapters"] - expected
        assert float(difference.norm() / expected.norm()) < 1e-3


@pytest.mark.parametrize("n", [1, 2, 3])
def test_any_number_of_languages(n: int) -> None:
    found = Case().found(exact, validate=tuple(range(n)))
    assert all(value.isfinite().all() for value in found.total(0.5).values())


def case() -> tuple[Training, FunctionalLoss, Targets]:
    one = toys.training(toys.plan())
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    return one, FunctionalLoss(one.model, one.objective), targets


def test_under_its_own_parameters_a_model_has_its_own_losses() -> None:
    one, loss, targets = case()
    own = one.objective.losses(one.model, targets)
    found = loss.under(dict(one.model.named_parameters()), targets)
    assert torch.equal(found.total, own.total)


def test_other_parameters_do_what_they_would_do_in_the_model() -> None:
    one, loss, targets = case()
    moved = {name: value + 0.1 for name, value in one.model.named_parameters()}
    inside = loss.under(moved, targets).total
    assert not torch.equal(inside, one.objective.losses(one.model, targets).total)
    with torch.no_grad():
        for name, value in one.model.named_parameters():
            value.copy_(moved[name])
    assert torch.equal(inside, one.objective.losses(one.model, targets).total)


def test_reductions() -> None:
    losses = LanguageLosses(torch.tensor([6.0, 0.0, 2.0]), torch.tensor([3.0, 0.0, 1.0]))
    assert float(mean_over_targets(losses)) == 2.0
    assert float(sum_of_means(losses)) == 4.0
