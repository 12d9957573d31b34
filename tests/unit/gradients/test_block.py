import torch
from hypothesis import given
from hypothesis import strategies as st

from isogloss.gradients.block import COLUMNS, Block


def test_tokens_stand_for_a_table_of_zeros() -> None:
    block = Block(torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]]), torch.tensor([2]))
    assert block.dense(torch.Size([4, 2]))[:, 2].tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert block.gramian().tolist() == [[5.0, 11.0], [11.0, 25.0]]
    weighted = block.weighted(torch.tensor([1.0, 10.0]), torch.Size([4, 2]))
    assert weighted.tolist() == [[0.0, 0.0], [0.0, 0.0], [31.0, 42.0], [0.0, 0.0]]


def test_uses_of_one_parameter_are_added() -> None:
    size = torch.Size([5, 2])

    def blocks() -> list[Block]:
        torch.manual_seed(0)
        return [
            Block(torch.randn(3, 2, 2), torch.tensor([0, 3])),
            Block(torch.randn(3, 1, 2), torch.tensor([3])),
            Block(torch.randn(3, 5, 2)),
        ]

    expected = sum(block.dense(size) for block in blocks())
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        first, *others = (blocks()[place] for place in order)
        for other in others:
            first.add(other, size)
        torch.testing.assert_close(first.dense(size), expected)


def test_long_gradients_keep_their_digits() -> None:
    """Pieces are added in float64: a sum over millions of float32 columns would not be exact."""
    rows = torch.rand(2, 20 * COLUMNS + 3)
    exact = rows.double() @ rows.double().T
    torch.testing.assert_close(Block(rows).gramian(), exact, rtol=2e-6, atol=0)


def test_processes_bring_tokens_of_their_own() -> None:
    """The other process has the tokens 1 and 3; its part is added by the stand-in for gloo."""
    other = Block(torch.ones(2, 2, 2), torch.tensor([1, 3])).dense(torch.Size([4, 2]))

    def reduce(tensors: list[torch.Tensor]) -> None:
        for tensor in tensors:
            if tensor.ndim == 1:
                tensor += torch.tensor([0.0, 1.0, 0.0, 1.0])
            else:
                tensor += other[:, [0, 1, 3]]

    block = Block(torch.full((2, 2, 2), 2.0), torch.tensor([0, 1]))
    block.sum_across_processes(reduce, torch.Size([4, 2]))
    assert block.tokens.tolist() == [0, 1, 3]
    assert block.values[0, :, 0].tolist() == [2.0, 3.0, 1.0]


@given(
    st.integers(1, 4),
    st.lists(st.integers(0, 6), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(0, 6), min_size=1, max_size=5, unique=True),
)
def test_a_block_of_tokens_is_no_other_than_its_table(
    n_groups: int, first: list[int], second: list[int]
) -> None:
    """Sums, Gramians and weighted sums do not depend on how a gradient is kept."""
    size = torch.Size([7, 2])

    def sparse(tokens: list[int], seed: int) -> Block:
        generator = torch.Generator().manual_seed(seed)
        values = torch.randn(n_groups, len(tokens), 2, generator=generator)
        return Block(values, torch.tensor(sorted(tokens)))

    whole = sparse(first, 0).dense(size) + sparse(second, 1).dense(size)
    added = sparse(first, 0)
    added.add(sparse(second, 1), size)
    torch.testing.assert_close(added.dense(size), whole)
    alone, table = sparse(first, 0), Block(sparse(first, 0).dense(size))
    torch.testing.assert_close(alone.gramian(), table.gramian(), rtol=1e-5, atol=1e-5)
    weights = torch.linspace(-1.0, 2.0, n_groups)
    torch.testing.assert_close(alone.weighted(weights, size), table.weighted(weights, size))
    assert bool((torch.linalg.eigvalsh(alone.gramian()) > -1e-4).all())
