import pytest
import torch
from torch import Tensor, nn

from isogloss.gradients.kinds.row_wise import NotRowWise, row_wise_blocks
from isogloss.gradients.rows import Grouping

GROUPING = Grouping.of([1, 0, 1, -1], 2)


@pytest.mark.parametrize(
    "module", [nn.RMSNorm(6), nn.PReLU(), nn.Conv1d(5, 5, 3, padding=1), nn.GroupNorm(1, 5)]
)
def test_groups_are_as_autograd_has_them_alone(module: nn.Module) -> None:
    x, gy = torch.randn(4, 5, 6), torch.randn(4, 5, 6)
    found = row_wise_blocks(module, x, gy, GROUPING)
    for group, rows in enumerate([[1], [0, 2]]):
        expected = torch.autograd.grad(module(x[rows]), list(module.parameters()), gy[rows])
        for (name, block), gradient in zip(found.items(), expected, strict=True):
            torch.testing.assert_close(block.values[group], gradient, msg=name)


class Centred(nn.Module):
    """Takes the mean over the rows of the batch off."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        return self.scale * (x - x.mean(0))


class ByLot(Centred):
    def forward(self, x: Tensor) -> Tensor:
        return self.scale * nn.functional.dropout(x)


@pytest.mark.parametrize("module", [Centred(), ByLot()])
def test_modules_that_mix_rows_or_draw_are_refused_and_no_number_is_drawn(
    module: nn.Module,
) -> None:
    x = torch.randn(4, 5, 6)
    before = torch.get_rng_state()
    with pytest.raises(NotRowWise):
        row_wise_blocks(module, x, torch.zeros_like(x), GROUPING)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_gradient_of_half_precision_meets_weights_of_full() -> None:
    x, gy = torch.randn(4, 6).bfloat16(), torch.randn(4, 6).bfloat16()
    found = row_wise_blocks(nn.RMSNorm(6), x, gy, GROUPING)
    assert found["weight"].values.dtype == torch.float32
