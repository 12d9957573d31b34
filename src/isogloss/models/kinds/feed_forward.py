"""A feed-forward part of its own for each slot, in place of the shared one."""

from types import MappingProxyType

from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.kinds.linear_maps import linear_maps
from isogloss.models.kinds.replacement import OF_CHECKPOINT, options_of, stand_in
from isogloss.models.module_spec import ModuleSpec

_OPTIONS = MappingProxyType({"initialise": "independent"})


class FeedForward(LanguageModule):
    """The whole feed-forward part of a layer, replicated: f = W2_l act(W1_l x + c1_l) + c2_l.

    Each language l has its own W1 [4d, d], c1 [4d], W2 [d, 4d], c2 [d] in each layer of a BERT with
    the usual inner width of 4d: 8d^2 + 5d numbers. Activation and dropout are the backbone's, and
    where it is gated or has no biases (ModernBERT), so are the slabs.

    Options: `initialise`: `independent` (the default from scratch: as the paper's code, each slot
    is drawn by the architecture's own rule) or `copy` (the default from a checkpoint: each slot
    begins as the backbone's own).

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models. 2020, row "+ffn".
        https://arxiv.org/abs/2010.03017
    """

    of_checkpoint = OF_CHECKPOINT

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        paths = site.attachment.feed_forward_maps
        self.replaced = site.paths(paths)
        self.maps = linear_maps(spec, site, paths, **options_of(spec, _OPTIONS))

    def attach(self, site: Site) -> None:
        """Replace the linear maps of the feed-forward part."""
        stand_in(self, self.maps, site)
