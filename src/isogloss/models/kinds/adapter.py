"""Bottleneck adapters (Houlsby et al. 2019), one a language, after attention and feed-forward."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from torch import Tensor, nn
from torch.nn.functional import dropout
from transformers.activations import ACT2FN

from isogloss.core import InputError, look_up
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.routing import current_routing
from isogloss.models.slab import apply_by_slot, linear_slabs, seeded

_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "both": ("attention", "feed_forward"),
    "attention": ("attention",),
    "feed_forward": ("feed_forward",),
}
_INITIALISATIONS: Final[Mapping[str, bool]] = {"linear": False, "zero_up": True}
_OPTIONS: Final[Mapping[str, int | str]] = {
    "bottleneck": 64,
    "initialise": "linear",
    "places": "both",
}


class Adapters(LanguageModule):
    """Add z + W2 act(W1 z + c1) + c2 to a layer's sublayer outputs z, inside the residual branch.

    `x = LN(x + z + Ad(z))` in a post-norm layer, `x = x + z + Ad(z)` in a pre-norm one; the
    activation and the dropout (on Ad(z)) are the backbone's. Each language l has its own
    W1 [b, d], c1 [b], W2 [d, b], c2 [d] for each place in each layer.

    Options: `bottleneck` = b (64); `initialise`: `linear` = as `nn.Linear` (what the paper's code
    does) or `zero_up` = W2 and c2 zero, so that a fresh adapter changes nothing; `places`: `both`,
    `attention` or `feed_forward` (one adapter a layer).

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models. 2020.
        https://arxiv.org/abs/2010.03017 (adapters as language-specific parameters)
        Houlsby et al. Parameter-Efficient Transfer Learning for NLP. 2019.
        https://arxiv.org/abs/1902.00751
    """

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        options = {**_OPTIONS, **_known(spec.options)}
        zero_up = look_up(_INITIALISATIONS, str(options["initialise"]), "adapter initialisation")
        self.places = nn.ModuleDict()
        for place in look_up(_PLACES, str(options["places"]), "place of the adapters"):
            self.places[place] = Bottleneck(
                spec,
                site,
                bottleneck=_positive(options["bottleneck"]),
                place=place,
                zero_up=zero_up,
            )

    def attach(self, site: Site) -> None:
        """Hook the outputs of the attention and of the feed-forward part."""
        outputs = {
            "attention": site.attachment.attention_output,
            "feed_forward": site.attachment.feed_forward_output,
        }
        for place in self.places:
            output = site.layer.get_submodule(outputs[place])
            # `partial` of bound methods, no closure: copy.deepcopy then copies the adapter along.
            output.register_forward_hook(partial(_add, self, place))


def _add(adapters: Adapters, place: str, _module: nn.Module, _args: object, z: Tensor) -> Tensor:
    """Forward hook: the sublayer's output with its adapter added."""
    return adapters.places[place](z, adapters.slots)


class Bottleneck(nn.Module):
    """The adapters of all slots at one place in one layer.

    Args:
        spec: gives the slots.
        site: gives hidden size, activation, dropout and seed.
        bottleneck: b.
        place: `attention` or `feed_forward`, a part of the seed.
        zero_up: start as the identity.
    """

    def __init__(
        self, spec: ModuleSpec, site: Site, *, bottleneck: int, place: str, zero_up: bool
    ) -> None:
        super().__init__()
        hidden = site.config.hidden_size
        seeds = partial(seeded, site.seed, site.position, spec.kind, site.index, place)
        self.down, self.down_bias = linear_slabs(
            spec.n_slots, hidden, bottleneck, partial(seeds, "down")
        )
        self.up, self.up_bias = linear_slabs(spec.n_slots, bottleneck, hidden, partial(seeds, "up"))
        if zero_up:
            nn.init.zeros_(self.up)
            nn.init.zeros_(self.up_bias)
        self.activation = ACT2FN[getattr(site.config, site.attachment.activation)]
        self.dropout = float(getattr(site.config, site.attachment.dropout))

    def forward(self, z: Tensor, slots: tuple[int, ...]) -> Tensor:
        """Return z + Ad(z) of the same shape [rows, length, hidden] and dtype."""
        runs = current_routing().runs(slots)
        slabs = (self.down, self.down_bias, self.up, self.up_bias)
        return apply_by_slot(self._adapt, z, slabs, runs)

    def _adapt(self, linear: Callable[..., Tensor], z: Tensor, *slabs: Tensor) -> Tensor:
        w1, c1, w2, c2 = slabs
        adapted = linear(self.activation(linear(z, w1, c1)), w2, c2)
        return z + dropout(adapted, self.dropout, self.training)


def _known(options: Mapping[str, float | str | int]) -> Mapping[str, float | str | int]:
    """Return the options, or refuse the first that adapters do not have."""
    for name in options:
        look_up(_OPTIONS, name, "option of adapters")
    return options


def _positive(value: float | str | int) -> int:
    """Return the bottleneck as a whole number of at least 1."""
    if isinstance(value, str) or not float(value).is_integer() or value < 1:
        raise InputError(
            expected="a whole number of at least 1",
            found=f"{value!r}",
            where="`bottleneck` of adapters",
            next_step="Use for example 64.",
        )
    return int(value)
