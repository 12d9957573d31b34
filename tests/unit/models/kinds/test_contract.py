"""The contract carries kinds that replace a sublayer, not adapters alone."""

from pathlib import Path
from types import MethodType

import pytest
import torch
from torch import Tensor, nn
from transformers import AutoModelForMaskedLM

from isogloss.models import ModuleSpec, load_model
from isogloss.models.kinds import KINDS, LanguageModule, Site
from isogloss.models.quiet import quiet
from isogloss.models.routing import current_routing
from unit.models.toys import HOSTILE, ids, toy_model

LANGUAGE = torch.tensor([0, 1, 2, 1])


class ToyProjection(LanguageModule):
    """A language's own copy of ModernBERT's last feed-forward matrix."""

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        original = site.layer.get_submodule("mlp.Wo").weight
        slots = torch.arange(spec.n_slots).view(-1, 1, 1)
        self.weight = nn.Parameter(original.detach() * (1 + slots))

    def attach(self, site: Site) -> None:
        projection = site.layer.get_submodule("mlp.Wo")
        projection.weight.requires_grad_(False)
        projection.forward = MethodType(ToyProjection.project, self)

    def project(self, x: Tensor) -> Tensor:
        runs = current_routing().runs(self.slots)
        parts = x.split(runs.counts)
        weights = [self.weight[slot] for slot in runs.slots]
        return torch.cat([part @ w.T for part, w in zip(parts, weights, strict=True)])


@pytest.fixture
def toy_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "toy", ToyProjection)  # type: ignore[arg-type]


@pytest.mark.usefixtures("toy_kind")
def test_a_replacing_kind_is_routed_and_trained() -> None:
    model = toy_model(ModuleSpec("toy", (0, 1, 0)))
    plain = toy_model()
    hidden = model.encode(ids(4), None, LANGUAGE)
    expected = plain.encode(ids(4), None, None)
    torch.testing.assert_close(hidden[LANGUAGE != 1], expected[LANGUAGE != 1])
    assert not torch.allclose(hidden[1], expected[1])
    hidden.square().sum().backward()
    assert all(slab.grad.any() for slab in model.language_specific_parameters().values())


@pytest.mark.usefixtures("toy_kind")
def test_a_replacing_kind_is_saved_and_grows(tmp_path: Path) -> None:
    model = toy_model(ModuleSpec("toy", (0, 1, 0)))
    model.add_language(HOSTILE[1], "mean")
    before = model.encode(ids(4), None, LANGUAGE)
    model.languages = (*model.languages[:3], type(HOSTILE[1]).parse("qaa"))
    model.save(tmp_path / "model")
    assert torch.equal(load_model(tmp_path / "model").encode(ids(4), None, LANGUAGE), before)
    with quiet():
        AutoModelForMaskedLM.from_pretrained(tmp_path / "model")


def test_every_kind_has_slabs_only() -> None:
    for kind in KINDS:
        model = toy_model(ModuleSpec(kind, (0, 1, 1)))
        for name, slots in model.language_specific_names().items():
            assert model.get_parameter(name).shape[0] == 2
            assert slots == (0, 1, 1)
