import torch
from torch import nn

from isogloss.gradients import GradientEngine
from isogloss.gradients.recording import Recording
from isogloss.gradients.rows import Rows


def test_gradients_after_the_end_are_not_looked_at() -> None:
    """A second backward over the same graph, as after a probe, changes nothing that was found."""
    model = nn.Linear(2, 1)
    engine = GradientEngine(model)
    with engine.watch([0, 1]):
        loss = model(torch.randn(2, 2)).sum()
    loss.backward(retain_graph=True)
    found = engine.take()
    before = found.gramian().clone()
    loss.backward()
    assert torch.equal(found.gramian(), before)


def test_a_recording_begins_empty() -> None:
    recording = Recording({}, Rows([0, 1]))
    recording.end_forward()
    recording.end()
    assert (recording.gramians, recording.sketches, recording.seen) == ({}, {}, set())
