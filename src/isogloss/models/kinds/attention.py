"""A multi-head attention of its own for each slot, in place of the shared one."""

from types import MappingProxyType

from isogloss.core import InputError
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.kinds.linear_maps import linear_maps
from isogloss.models.kinds.replacement import OF_CHECKPOINT, options_of, stand_in
from isogloss.models.module_spec import ModuleSpec

_OPTIONS = MappingProxyType({"initialise": "independent"})


class Attention(LanguageModule):
    """The whole multi-head attention of a layer, replicated: Q, K, V and output maps of each slot.

    Each language has four maps [d, d] with their biases in each layer of a BERT: 4d^2 + 4d numbers.
    Between the maps the rows of all languages go through one scaled dot product, the backbone's:
    masks, rotary positions, dropout and fused kernels are untouched.

    Options: `initialise`, as for the feed-forward part.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models. 2020, row "+attn".
        https://arxiv.org/abs/2010.03017
    """

    of_checkpoint = OF_CHECKPOINT

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        _refuse_maps_of_positions(site)
        paths = site.attachment.attention_maps
        self.replaced = site.paths(paths)
        self.maps = linear_maps(spec, site, paths, **options_of(spec, _OPTIONS))

    def attach(self, site: Site) -> None:
        """Replace the linear maps of the attention."""
        stand_in(self, self.maps, site)


def _refuse_maps_of_positions(site: Site) -> None:
    """Refuse an attention whose maps see more than the rows of a batch."""
    if site.attachment.maps_positions:
        raise InputError(
            expected="an architecture whose attention maps tokens alone, for modules of kind "
            "`attention`",
            found=f"`{site.config.model_type}`, which maps relative positions with the same "
            "weights, and they have no language",
            where="language-specific modules",
            next_step="Use `adapter`, `feed_forward` or `layer_norm`, or another backbone.",
        )
