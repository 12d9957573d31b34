"""A Hugging Face masked-LM encoder with language-specific modules."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers import PreTrainedModel

from isogloss.core import InputError, Language, look_up
from isogloss.data import Routing
from isogloss.models.attachments import ATTACHMENTS
from isogloss.models.growth import grow, source_of_new_slot
from isogloss.models.kinds import KINDS, LanguageModule, Site
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.narrowing import narrowed
from isogloss.models.refusals import distinct_languages, refuse_long_rows, refuse_second
from isogloss.models.saving import save_folder
from isogloss.models.slab import routed

Attention = Literal["sdpa", "math", "eager"]
# `math` is SDPA kept to its plain formula: fused kernels have no second derivative.
_IMPLEMENTATION: Final = {"sdpa": "sdpa", "math": "sdpa", "eager": "eager"}


@dataclass(frozen=True)
class ParameterRow:
    """How many numbers a language uses.

    Attributes:
        language: whose row this is.
        shared: parameters that all languages use.
        language_specific: parameters of its own or of its group.
    """

    language: Language
    shared: int
    language_specific: int


class MultilingualModel(nn.Module):
    """The backbone, and beside it the language-specific modules that it runs through.

    Parameter names start with `backbone.` (exactly those of Hugging Face) or with
    `language_modules.` (slabs with a leading axis of slots). Which language a row has is decided
    by the index in `language` alone, never by a name. Use `create_model` or `load_model`.

    Args:
        backbone: a masked-LM model whose architecture is in `ATTACHMENTS`.
        languages: their order gives the indices.
        modules: language-specific modules to add.
        seed: of the modules' initial values.
        tokenizer_fingerprint: of the tokenizer whose tokens the embeddings stand for.
    """

    def __init__(
        self,
        backbone: PreTrainedModel,
        *,
        languages: Sequence[Language],
        modules: Sequence[ModuleSpec],
        seed: int,
        tokenizer_fingerprint: str,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.attachment = look_up(ATTACHMENTS, backbone.config.model_type, "architecture")
        self.languages = distinct_languages(languages)
        self.specs = tuple(modules)
        self.seed = seed
        self.tokenizer_fingerprint = tokenizer_fingerprint
        self.attention: Attention = "sdpa"
        self.language_modules = nn.ModuleDict()
        replaced: set[str] = set()
        for position, spec in enumerate(self.specs):
            spec.check_slots(len(self.languages))
            attached = self._attach(position, spec, replaced)
            self.language_modules[f"{spec.kind}_{position}"] = attached

    def _attach(self, position: int, spec: ModuleSpec, replaced: set[str]) -> nn.ModuleDict:
        """Build the modules of one spec and make the layers use them; note what they replace."""
        modules = nn.ModuleDict()
        for layer in spec.chosen_layers(self.n_layers):
            site = self.site(position, layer)
            module = look_up(KINDS, spec.kind, "kind of language-specific modules")(spec, site)
            refuse_second(spec.kind, layer, replaced.intersection(module.replaced))
            replaced.update(module.replaced)
            module.attach(site)
            modules[f"layer_{layer}"] = module
        return modules

    def site(self, position: int, layer: int) -> Site:
        """Return the place of spec number `position` in a layer."""
        return Site(self.backbone, layer, self.attachment, self.seed, position)

    @property
    def n_layers(self) -> int:
        """Number of layers."""
        return self.backbone.config.num_hidden_layers

    @property
    def hidden_size(self) -> int:
        """Length d of a hidden vector."""
        return self.backbone.config.hidden_size

    @property
    def vocabulary_size(self) -> int:
        """Number of logits at a position."""
        return self.backbone.config.vocab_size

    def use_attention(self, attention: Attention) -> None:
        """Choose `sdpa` (fused, fastest), or `math` or `eager`, which have second derivatives."""
        implementation = look_up(_IMPLEMENTATION, attention, "attention")
        # Without a fused kernel the plain formula is the only one that the architecture has.
        self.backbone.set_attn_implementation(implementation if self.attachment.fused else "eager")
        self.attention = attention

    def encode(
        self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor | Routing | None
    ) -> Tensor:
        """Return the last hidden vectors.

        Args:
            input_ids: shape [rows, length].
            attention_mask: shape [rows, length], 0 at padding; None = no padding (fastest).
            language: shape [rows], index in `languages` of each row, best on the CPU; or their
                `Routing`. None only for a model without language-specific modules.

        Returns:
            Shape [rows, length, hidden].

        Raises:
            InputError: rows too long, languages missing or out of range, or activation
                checkpointing together with language-specific modules.
        """
        refuse_long_rows(input_ids, self.attachment.longest_input(self.backbone.config))
        routing = self.route(language, input_ids.shape[0])
        with self.running(routing):
            if routing is None or routing.order is None:
                return self.attachment.encode(self.backbone, input_ids, attention_mask)
            order = routing.order.to(input_ids.device)
            mask = None if attention_mask is None else attention_mask[order]
            grouped = self.attachment.encode(self.backbone, input_ids[order], mask)
            return grouped[torch.argsort(order)]

    def encode_at(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor | Routing | None,
        positions: Tensor,
        chosen: Routing | None = None,
    ) -> Tensor:
        """Return the last hidden vectors at chosen positions: those of `encode`, for less work.

        Where positions no longer meet, after the attention of the last layer, only the chosen ones
        are computed. That asks for rows and positions that come grouped by language, and for a
        backbone that neither recomputes nor cuts its feed-forward part; else `encode` does it all.
        (Dropout draws other numbers than in `encode`.)

        Args:
            input_ids: shape [rows, length].
            attention_mask: as for `encode`.
            language: as for `encode`.
            positions: shape [n], different flat indices into [rows * length].
            chosen: the languages at `positions`, where they are known; None = found out, which
                waits for a device that holds `positions`.

        Returns:
            Shape [n, hidden], in the order of `positions`.

        Raises:
            InputError: as `encode`.
        """
        routing = self.route(language, input_ids.shape[0])
        targets = None if routing is None else chosen
        if routing is not None and chosen is None:
            targets = routing.at(positions.cpu() // input_ids.shape[1])
        if not self._can_narrow(positions, routing, targets):
            hidden = self.encode(input_ids, attention_mask, routing)
            return hidden.flatten(0, 1).index_select(0, positions)
        refuse_long_rows(input_ids, self.attachment.longest_input(self.backbone.config))
        last = self.attachment.layers_of(self.backbone)[-1]
        with self.running(routing), narrowed(last, self.attachment, positions, targets):
            return self.attachment.encode(self.backbone, input_ids, attention_mask)

    def _can_narrow(
        self, positions: Tensor, routing: Routing | None, targets: Routing | None
    ) -> bool:
        """Return whether the last layer may run at `positions` only; see `encode_at`."""
        in_order = all(one is None or one.order is None for one in (routing, targets))
        recomputes = self.training and self.backbone.is_activation_checkpointing
        cuts = bool(getattr(self.backbone.config, "chunk_size_feed_forward", 0))
        return len(positions) > 0 and in_order and not recomputes and not cuts

    @contextmanager
    def running(self, routing: Routing | None) -> Iterator[None]:
        """Hold what a forward pass of the backbone needs."""
        with ExitStack() as stack:
            if self.attention == "math":
                stack.enter_context(sdpa_kernel(SDPBackend.MATH))
            if routing is not None:
                stack.enter_context(routed(routing))
            yield

    def masked_lm_logits(self, hidden: Tensor) -> Tensor:
        """Return the logits at chosen positions: hidden [n, hidden] -> [n, vocabulary]."""
        return self.attachment.predict(self.backbone, hidden)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor | Routing | None,
        positions: Tensor | None = None,
        chosen: Routing | None = None,
    ) -> Tensor:
        """Return masked-LM logits at `positions` (see `encode_at`), or at all of them."""
        if positions is None:
            return self.masked_lm_logits(self.encode(input_ids, attention_mask, language))
        hidden = self.encode_at(input_ids, attention_mask, language, positions, chosen)
        return self.masked_lm_logits(hidden)

    def add_language(self, language: Language, initialise: str = "mean") -> None:
        """Add a language after the others, whose outputs keep their bits.

        Slabs become new, longer parameters: make the optimizer afterwards.

        Args:
            language: gets the next index and, where modules are not shared by all, its own slot.
            initialise: `mean` of the other slots, `copy:` and a language, or `random`.

        Raises:
            InputError: the model has the language, or `initialise` names none that it has.
        """
        languages = distinct_languages([*self.languages, language])
        source = source_of_new_slot(initialise, self.languages)
        specs = tuple(spec.with_language() for spec in self.specs)
        for position, layer, module in self.attached_modules():
            if specs[position].shared:
                module.slots = specs[position].slots
            else:
                fresh = type(module)(specs[position], self.site(position, layer))
                grow(module, fresh, initialise, source)
        self.languages, self.specs = languages, specs

    def save(self, folder: Path | str) -> None:
        """Write a folder whole or not at all: a plain Hugging Face model with the slabs beside it.

        Args:
            folder: new, or a model of ours, which is replaced; a tokenizer's files there stay.

        Raises:
            InputError: the folder holds another program's model, or cannot be written.
        """
        card = {
            "languages": [str(language) for language in self.languages],
            "modules": [spec.as_dict() for spec in self.specs],
            "seed": self.seed,
            "tokenizer_fingerprint": self.tokenizer_fingerprint,
        }
        slabs = self.language_modules.state_dict()
        save_folder(Path(folder), self.backbone, slabs, card)

    def language_specific_names(self, *, with_shared: bool = False) -> dict[str, tuple[int, ...]]:
        """Return the slabs that languages do not all share: name -> slot of each language.

        Args:
            with_shared: those that all languages share too; their axis of slots has length 1.
        """
        return {
            f"language_modules.{key}.{name}": spec.slots
            for spec, (key, modules) in zip(self.specs, self.language_modules.items(), strict=True)
            for name, _ in modules.named_parameters()
            if with_shared or not spec.shared
        }

    def replaced_parameters(self) -> dict[str, nn.Parameter]:
        """Return the parameters that modules stand for, by name: frozen, and used by nobody.

        They keep the values they began with, so that the saved root stays a whole Hugging Face
        model.
        """
        return {
            f"backbone.{path}.{name}": value
            for _, _, module in self.attached_modules()
            for path in module.replaced
            for name, value in self.backbone.get_submodule(path).named_parameters()
        }

    def shared_parameters(self) -> dict[str, nn.Parameter]:
        """Return the parameters that all languages use, by name; tied weights once."""
        others = self.language_specific_names().keys() | self.replaced_parameters().keys()
        return {name: value for name, value in self.named_parameters() if name not in others}

    def language_specific_parameters(self) -> dict[str, nn.Parameter]:
        """Return the slabs of `language_specific_names`, by name."""
        specific = self.language_specific_names()
        return {name: value for name, value in self.named_parameters() if name in specific}

    def parameter_table(self) -> list[ParameterRow]:
        """Return how many shared and language-specific numbers each language uses.

        A language's group counts whole for each of its languages; a module that all share counts as
        shared; what modules replace does not count.
        """
        shared = sum(parameter.numel() for parameter in self.shared_parameters().values())
        specific = sum(slab[0].numel() for slab in self.language_specific_parameters().values())
        return [ParameterRow(language, shared, specific) for language in self.languages]

    def attached_modules(self) -> Iterator[tuple[int, int, LanguageModule]]:
        """Iterate over the language-specific modules.

        Yields:
            Number of the spec, number of the layer, and the module of that spec in that layer.
        """
        for position, (spec, modules) in enumerate(
            zip(self.specs, self.language_modules.values(), strict=True)
        ):
            layers = spec.chosen_layers(self.n_layers)
            members = cast(nn.ModuleDict, modules).values()
            for layer, module in zip(layers, members, strict=True):
                yield position, layer, cast(LanguageModule, module)

    def route(self, language: Tensor | Routing | None, n_rows: int) -> Routing | None:
        """Group the rows, if a module asks; refuse what would reach the wrong one."""
        if not self.specs:
            return None
        if language is None:
            raise InputError(
                expected="the language of each sequence",
                found="None",
                where="`language` of the batch",
                next_step="The model has language-specific modules: give each sequence an index.",
            )
        # The recomputation in the backward pass would run outside `routed`.
        if self.training and self.backbone.is_activation_checkpointing:
            raise InputError(
                expected="activation checkpointing off",
                found="a backbone with activation checkpointing on",
                where="language-specific modules",
                next_step="Call `model.backbone.activation_checkpointing_disable()`.",
            )
        routing = language if isinstance(language, Routing) else Routing.of(language)
        routing.check(n_rows, len(self.languages))
        return routing
