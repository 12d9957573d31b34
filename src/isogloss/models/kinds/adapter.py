"""Bottleneck adapters, one a language: in the residual branches, or where X-MOD has them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, cast

from torch import Tensor, nn
from torch.nn.functional import dropout
from transformers.activations import ACT2FN

from isogloss.core import InputError, look_up
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.slab import apply_by_slot, current_routing, linear_slabs, seeded

_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "both": ("attention", "feed_forward"),
    "attention": ("attention",),
    "feed_forward": ("feed_forward",),
    "residual": ("residual",),
}
_LAYER_NORMS: Final[Mapping[str, str]] = {name: name for name in ("before", "inside", "none")}
_INITIALISATIONS: Final[Mapping[str, bool]] = {"linear": False, "zero_up": True}
_OPTIONS: Final[Mapping[str, int | str]] = {
    "bottleneck": 64,
    "initialise": "linear",
    "places": "both",
    "layer_norm": "before",
}


class Adapters(LanguageModule):
    """Add z + W2 act(W1 z + c1) + c2 to a layer's sublayer outputs z, inside the residual branch.

    `x = LN(x + z + Ad(z))` in a post-norm layer, `x = x + z + Ad(z)` in a pre-norm one; the
    activation and the dropout (on Ad(z)) are the backbone's. Each language l has its own
    W1 [b, d], c1 [b], W2 [d, b], c2 [d] for each place in each layer.

    At `residual`, X-MOD's place, one adapter a layer acts on the residual sum s = x + z of the
    feed-forward part, before the layer norm LN that follows it in a post-norm layer. `layer_norm`
    says where that same LN comes in besides: `before` (X-MOD's default) x = LN(h + Ad(h)) with
    h = LN(s); `inside` x = LN(s + Ad(LN(s))); `none` x = LN(s + Ad(s)).

    Options: `bottleneck` = b (64); `initialise`: `linear` = as `nn.Linear` (what the paper's code
    does) or `zero_up` = W2 and c2 zero, so that a fresh adapter changes nothing (but for the second
    LN of `before`); `places`: `both`, `attention`, `feed_forward` (one adapter a layer) or
    `residual`; `layer_norm`, at `residual` only.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models. 2020.
        https://arxiv.org/abs/2010.03017 (adapters as language-specific parameters)
        Houlsby et al. Parameter-Efficient Transfer Learning for NLP. 2019.
        https://arxiv.org/abs/1902.00751
        Pfeiffer et al. Lifting the Curse of Multilinguality by Pre-training Modular Transformers.
        2022. https://arxiv.org/abs/2205.06266 (X-MOD: `residual`; `layer_norm` is what
        `transformers` calls `adapter_reuse_layer_norm` and `ln_before_adapter`)
    """

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        options = adapter_options(spec)
        zero_up = look_up(_INITIALISATIONS, str(options["initialise"]), "adapter initialisation")
        places = look_up(_PLACES, str(options["places"]), "place of the adapters")
        self.layer_norm = look_up(_LAYER_NORMS, str(options["layer_norm"]), "adapter layer norm")
        _check_layer_norm(spec, site, at_residual="residual" in places)
        self.places = nn.ModuleDict()
        for place in places:
            self.places[place] = Bottleneck(
                spec,
                site,
                bottleneck=_positive(options["bottleneck"]),
                place=place,
                zero_up=zero_up,
            )

    def attach(self, site: Site) -> None:
        """Hook the outputs of the attention and of the feed-forward part, or the last norm."""
        if "residual" in self.places and site.attachment.residual_norm is not None:
            norm = site.layer.get_submodule(site.attachment.residual_norm)
            norm.register_forward_pre_hook(partial(_before_norm, self))
            return
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


def _before_norm(adapters: Adapters, norm: nn.Module, args: tuple[Tensor]) -> Tensor:
    """Forward pre-hook of a layer's last norm: the residual sum s as the adapter leaves it."""
    (s,), slots = args, adapters.slots
    ad = cast("Bottleneck", adapters.places["residual"])
    if adapters.layer_norm == "none":
        return ad(s, slots)
    h = norm.forward(s)  # not called: the hook would meet itself
    return ad(h, slots) if adapters.layer_norm == "before" else s + ad.change(h, slots)


class Bottleneck(nn.Module):
    """The adapters of all slots at one place in one layer.

    Args:
        spec: gives the slots.
        site: gives hidden size, activation, dropout and seed.
        bottleneck: b.
        place: `attention`, `feed_forward` or `residual`, a part of the seed.
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
        self.dropout = site.dropout

    def forward(self, z: Tensor, slots: tuple[int, ...]) -> Tensor:
        """Return z + Ad(z) of the same shape [rows, length, hidden] and dtype."""
        return self._by_slot(self._adapt, z, slots)

    def change(self, z: Tensor, slots: tuple[int, ...]) -> Tensor:
        """Return Ad(z) alone, for a residual that is not z."""
        return self._by_slot(self._change, z, slots)

    def _by_slot(self, block: Callable[..., Tensor], z: Tensor, slots: tuple[int, ...]) -> Tensor:
        slabs = (self.down, self.down_bias, self.up, self.up_bias)
        return apply_by_slot(block, z, slabs, current_routing().runs(slots))

    def _adapt(self, linear: Callable[..., Tensor], z: Tensor, *slabs: Tensor) -> Tensor:
        return z + self._change(linear, z, *slabs)

    def _change(self, linear: Callable[..., Tensor], z: Tensor, *slabs: Tensor) -> Tensor:
        w1, c1, w2, c2 = slabs
        adapted = linear(self.activation(linear(z, w1, c1)), w2, c2)
        return dropout(adapted, self.dropout, self.training)


def adapter_options(spec: ModuleSpec) -> dict[str, float | str | int]:
    """Return all options of adapters, given or not.

    Args:
        spec: of adapters.

    Raises:
        InputError: an option that adapters do not have.
    """
    for name in spec.options:
        look_up(_OPTIONS, name, "option of adapters")
    return {**_OPTIONS, **spec.options}


def _check_layer_norm(spec: ModuleSpec, site: Site, *, at_residual: bool) -> None:
    """Refuse the place that the architecture lacks, and the option that would change nothing."""
    if at_residual and site.attachment.residual_norm is None:
        raise InputError(
            expected="a post-norm backbone (BERT, XLM-R, DistilBERT or DeBERTa) for adapters at "
            "`residual`",
            found=f"`{site.config.model_type}`, in which no layer norm follows the residual sum",
            where="`places` of adapters",
            next_step="Use `both`, `attention` or `feed_forward`, or another backbone.",
        )
    if not at_residual and "layer_norm" in spec.options:
        raise InputError(
            expected="`layer_norm` with `places: residual` only",
            found=f"`{spec.options['layer_norm']}`",
            where="`layer_norm` of adapters",
            next_step="Leave it out: inside the residual branch there is no layer norm to reuse.",
        )


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
