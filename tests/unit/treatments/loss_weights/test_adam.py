import numpy as np
import torch

from isogloss.treatments.loss_weights.adam import LanguageAdam


def test_it_is_torch_adam_where_everyone_is_present() -> None:
    rng = np.random.default_rng(0)
    start = rng.normal(size=4)
    ours = LanguageAdam(start, 0.03, weight_decay=0.1)
    theirs = torch.nn.Parameter(torch.from_numpy(start.copy()))
    optimizer = torch.optim.Adam([theirs], lr=0.03, weight_decay=0.1)
    for _ in range(20):
        slope = rng.normal(size=4)
        ours.step(slope, range(4))
        theirs.grad = torch.from_numpy(slope)
        optimizer.step()
    np.testing.assert_allclose(ours.values, theirs.detach().numpy(), rtol=1e-9)


def test_absent_languages_stand_still_and_state_goes_over() -> None:
    one = LanguageAdam(np.zeros(3), 0.1)
    one.step(np.array([1.0, -1.0]), [0, 2])
    assert one.values[1] == 0.0
    other = LanguageAdam(np.ones(3), 0.1)
    other.load_state(one.state())
    for adam in (one, other):
        adam.step(np.array([0.5, 0.5]), [1, 2])
    np.testing.assert_array_equal(one.values, other.values)
