"""Low-rank updates of the attention's maps, one a language."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from torch import Tensor, nn

from isogloss.core import InputError, look_up
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.slab import apply_by_slot, current_routing, linear_slabs, seeded

# Which of the attention's maps, by their number where queries, keys and values have one each.
_MAPS: Final[Mapping[str, tuple[int, ...]]] = {"query_value": (0, 2), "all": (0, 1, 2, 3)}
_SEPARATE: Final = 4
_OPTIONS: Final[Mapping[str, int | str]] = {
    "rank": 8,
    "maps": "query_value",
}


class LoRA(LanguageModule):
    """Add B A x to linear maps W x + b of the attention, W and b as they are.

    Each language has its own A [r, in] and B [out, r] for each map in each layer; B begins at zero,
    so that a fresh module changes nothing. `down` holds A and `up` holds B.

    Options: `rank` = r (8); `maps`: `query_value` or `all`, which has keys and the
    output map too. Where one map makes queries, keys and values (ModernBERT), `query_value` is it.

    Reference:
        Hu et al. LoRA: Low-Rank Adaptation of Large Language Models. 2021.
        https://arxiv.org/abs/2106.09685, section 4.1. There B A is multiplied with alpha / r, which
        is in B here (alpha = r): under AdamW a scale is much like another learning rate.
    """

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        options = _options_of(spec)
        rank = _rank(options["rank"])
        _refuse_maps_of_positions(site)
        self.paths = _chosen(str(options["maps"]), site)
        self.maps = nn.ModuleDict()
        for path in self.paths:
            linear = site.layer.get_submodule(path)
            assert isinstance(linear, nn.Linear)
            self.maps[path.replace(".", "_")] = LowRank(spec, site, path, linear, rank)

    def attach(self, site: Site) -> None:
        """Hook the outputs of the maps."""
        for path, low_rank in zip(self.paths, self.maps, strict=True):
            linear = site.layer.get_submodule(path)
            # `partial` of a plain function, no closure: copy.deepcopy then copies it along.
            linear.register_forward_hook(partial(_add, self, low_rank))


def _add(lora: LoRA, key: str, _module: nn.Module, args: tuple[Tensor, ...], y: Tensor) -> Tensor:
    """Forward hook: the map's output with the low-rank update of each row's language added."""
    return y + lora.maps[key](args[0], lora.slots)


class LowRank(nn.Module):
    """The updates of all slots to one linear map.

    Args:
        spec: gives the slots.
        site: gives the seed.
        path: of the map, a part of the seed.
        linear: the map.
        rank: r.
    """

    def __init__(
        self, spec: ModuleSpec, site: Site, path: str, linear: nn.Linear, rank: int
    ) -> None:
        super().__init__()
        seeds = partial(seeded, site.seed, site.position, spec.kind, site.index, path)
        self.down, _ = linear_slabs(spec.n_slots, linear.in_features, rank, partial(seeds, "down"))
        self.up = nn.Parameter(self.down.new_zeros(spec.n_slots, linear.out_features, rank))

    def forward(self, x: Tensor, slots: tuple[int, ...]) -> Tensor:
        """Return the update of the output, shape [rows, length, out].

        Args:
            x: shape [rows, length, in], rows grouped as the current routing says.
            slots: slot of each language.
        """
        return apply_by_slot(_low_rank, x, (self.down, self.up), current_routing().runs(slots))


def _low_rank(linear: Callable[..., Tensor], x: Tensor, down: Tensor, up: Tensor) -> Tensor:
    return linear(linear(x, down), up)


def _options_of(spec: ModuleSpec) -> dict[str, float | str | int]:
    for name in spec.options:
        look_up(_OPTIONS, name, "option of LoRA")
    return {**_OPTIONS, **spec.options}


def _chosen(maps: str, site: Site) -> tuple[str, ...]:
    """Return the paths in a layer of the maps that are updated."""
    indices = look_up(_MAPS, maps, "maps of LoRA")
    paths = site.attachment.attention_maps
    if len(paths) == _SEPARATE:
        return tuple(paths[index] for index in indices)
    return paths if maps == "all" else paths[:1]


def _rank(value: float | str | int) -> int:
    """Return the rank as a whole number of at least 1."""
    if isinstance(value, str) or not float(value).is_integer() or value < 1:
        raise InputError(
            expected="a whole number of at least 1",
            found=f"{value!r}",
            where="`rank` of LoRA",
            next_step="Use for example 8.",
        )
    return int(value)


def _refuse_maps_of_positions(site: Site) -> None:
    """Refuse an attention whose maps see more than the rows of a batch."""
    if site.attachment.maps_positions:
        raise InputError(
            expected="an architecture whose attention maps tokens alone, for `lora` modules",
            found=f"`{site.config.model_type}`, which maps relative positions besides",
            where="language-specific modules",
            next_step="Use `adapter`, or another backbone.",
        )
