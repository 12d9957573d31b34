"""Sizes of models trained from scratch, which become Hugging Face configs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from transformers import PretrainedConfig

LONGEST_ROW: Final = 512


@dataclass(frozen=True)
class Preset:
    """The size of a model; a table of sizes loads neither torch nor transformers.

    Attributes:
        architecture: `modernbert` = without local attention and dropout, which small models on
            short rows do not need; `bert` = as in XLM: post-norm, gelu, dropout 0.1.
        hidden: width.
        layers: of the encoder.
        heads: of each layer's attention.
        intermediate: width of the feed-forward layers.
        rope_theta: base of ModernBERT's rotary embeddings.
        initializer_range: standard deviation of ModernBERT's first weights.
    """

    architecture: Literal["modernbert", "bert"]
    hidden: int
    layers: int
    heads: int
    intermediate: int
    rope_theta: float = 160_000.0
    initializer_range: float = 0.02

    def config(self) -> PretrainedConfig:
        """Return a new config of this size."""
        from transformers import BertConfig, ModernBertConfig

        if self.architecture == "bert":
            return BertConfig(
                hidden_size=self.hidden,
                num_hidden_layers=self.layers,
                num_attention_heads=self.heads,
                intermediate_size=self.intermediate,
                max_position_embeddings=LONGEST_ROW,
                type_vocab_size=1,
            )
        rope = {"rope_type": "default", "rope_theta": self.rope_theta}
        return ModernBertConfig(
            hidden_size=self.hidden,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            intermediate_size=self.intermediate,
            max_position_embeddings=LONGEST_ROW,
            layer_types=["full_attention"] * self.layers,
            rope_parameters={"full_attention": rope, "sliding_attention": rope},
            initializer_range=self.initializer_range,
        )


# A run's address holds the name of its preset, not its sizes: raise `FORMAT` in
# study/plan/runs.py when a preset changes.
#
# Parameters without language-specific modules, at a vocabulary of 2,000: 0.2, 0.2, 0.4, 0.8, 1.9
# and 26.8 millions.
# `paper` is the size of Wang, Lipton and Tsvetkov (2020); their text and code differ on the number
# of heads (12 does not divide 512), so it is the 8 of the code.
PRESETS: Final[Mapping[str, Preset]] = {
    # For the test bed: the size of `micro`, from weights in proportion to its width. A small
    # lexicon, 400 updates, rate 3e-3, two seeds: 1.9 nats against 3.2 and 3.5, of 4.0 on the
    # plateau, and agreement of the seeds. `micro` keeps the weights that its kept results have.
    "nano": Preset(
        "modernbert",
        hidden=64,
        layers=2,
        heads=4,
        intermediate=128,
        rope_theta=1_000.0,
        initializer_range=0.1,
    ),
    # A faster rotary base: at ModernBERT's own, heads of 16 take hundreds of updates more to attend
    # to neighbours (test bed, 400 updates, three seeds: 3.7 to 3.9 nats against 3.1 to 3.6).
    "micro": Preset(
        "modernbert", hidden=64, layers=2, heads=4, intermediate=128, rope_theta=1_000.0
    ),
    # For studies of many rows on two cores: half of `tiny`'s time. Weights of 0.02 are too small
    # for a width of 96: with 0.05 one language leaves the unigram plateau (5.7 to 6.0 nats) within
    # 500 updates (real text, 800 updates: Arabic 4.8 nats against 5.4, English 4.9 against 5.8).
    # So too for `tiny` (real text, one seed, English after 500 and 1,000 updates: 5.34 and 4.60
    # nats against 5.84 and 4.82 with weights of 0.02 and ModernBERT's own rotary base).
    "mini": Preset(
        "modernbert",
        hidden=96,
        layers=3,
        heads=4,
        intermediate=144,
        rope_theta=1_000.0,
        initializer_range=0.05,
    ),
    "tiny": Preset(
        "modernbert",
        hidden=128,
        layers=4,
        heads=4,
        intermediate=192,
        rope_theta=1_000.0,
        initializer_range=0.05,
    ),
    "small": Preset("modernbert", hidden=192, layers=4, heads=4, intermediate=384),
    "paper": Preset("bert", hidden=512, layers=8, heads=8, intermediate=2048),
}
