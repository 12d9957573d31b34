"""A machine-translation model out of a folder: Marian (OPUS-MT), NLLB and M2M-100."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, final

from pydantic import Field

from isogloss.core import InputError, Language
from isogloss.data.translations.contract import (
    Example,
    Material,
    Provenance,
    Translations,
    Wanted,
)
from isogloss.data.translations.texts import KeptTexts, kept_at, translate_by_text

_KINDS: Final = ("marian", "m2m_100")
# NLLB names the one language of a macrolanguage that it was trained on.
_OF_MACROLANGUAGE: Final = {
    "ara": "arb",
    "aze": "azj",
    "est": "est",
    "fas": "pes",
    "lav": "lvs",
    "mlg": "plt",
    "mon": "khk",
    "msa": "zsm",
    "nep": "npi",
    "ori": "ory",
    "sqi": "als",
    "swa": "swh",
    "uzb": "uzn",
    "yid": "ydd",
}


@final
@dataclass(frozen=True)
class Machine:
    """A translation model in Hugging Face's layout, loaded from a folder and run here.

    The kind of the model is read from its configuration: `marian` has one folder per pair of
    languages, `m2m_100` (NLLB, M2M-100) one for all. Weights are safetensors; a folder with pickled
    weights alone is refused. Beams, no sampling, so the same text gives the same translation, which
    is kept in the study's folder. A text of more tokens than `max_length` is not cut: its example
    is skipped and counted.

    Attributes:
        folder: of the model; `{source}` and `{target}` stand for ISO 639-1 codes, for example
            `models/opus-mt-{source}-{target}`.
        codes: language -> the model's own code, where it is not found: `{sw: swh_Latn}`.
        beams: of the search.
        batch: texts at once.
        max_length: most tokens of a text, and of its translation.
    """

    folder: str
    codes: dict[str, str] = field(default_factory=dict[str, str], hash=False)
    beams: Annotated[int, Field(ge=1, le=50)] = 4
    batch: Annotated[int, Field(ge=1, le=4096)] = 16
    max_length: Annotated[int, Field(ge=8, le=4096)] = 256

    name: ClassVar[str] = "machine"
    what: ClassVar[str] = "A translation model in a folder: Marian (OPUS-MT), NLLB or M2M-100."

    def translate(
        self, examples: Sequence[Example], wanted: Wanted, material: Material
    ) -> Translations[Example]:
        """Return the examples with all their texts translated; see `translate_by_text`."""
        folder = self._folder(wanted)
        path = kept_at(material.cache, self.fingerprint(wanted, material), wanted)
        kept = KeptTexts(lambda texts: self._translated(folder, texts, wanted), path)
        provenance = Provenance(self.name, "machine", folder.name)
        return translate_by_text(examples, wanted, provenance, kept)

    def fingerprint(self, wanted: Wanted, material: Material) -> str:
        """Return the hash of the weights and of what decides about the search."""
        digest = hashlib.sha256()
        for path in sorted(self._folder(wanted).glob("*.safetensors")):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        settings = f"{self.beams} {self.max_length} {sorted(self.codes.items())}"
        return f"{self.name} {settings} {digest.hexdigest()}"

    def _folder(self, wanted: Wanted) -> Path:
        """Return the folder of a pair of languages.

        Raises:
            InputError: it is none, or holds no weights in safetensors.
        """
        sides = {"source": wanted.source, "target": wanted.target}
        codes = {side: one.iso639_1 or one.code for side, one in sides.items()}
        folder = Path(self.folder.format(**codes))
        if folder.is_dir() and any(folder.glob("*.safetensors")):
            return folder
        raise InputError(
            expected="the folder of a translation model, with weights in safetensors",
            found="other files alone" if folder.is_dir() else "no such folder",
            where=f"{folder}, {wanted}",
            next_step="Download the model; `model.save_pretrained(FOLDER)` of a loaded one writes "
            "safetensors.",
        )

    def _translated(self, folder: Path, texts: Sequence[str], wanted: Wanted) -> list[str | None]:
        """Return the translations of texts; None for one of too many tokens."""
        import torch

        model, tokenizer = _load(str(folder))
        options: dict[str, Any] = {}
        if model.config.model_type == "m2m_100":
            tokenizer.src_lang = self._code(tokenizer, wanted.source, folder)
            target = self._code(tokenizer, wanted.target, folder)
            options["forced_bos_token_id"] = tokenizer.convert_tokens_to_ids(target)
        lengths = [len(ids) for ids in tokenizer(list(texts))["input_ids"]]
        fitting = [at for at, length in enumerate(lengths) if length <= self.max_length]
        found: list[str | None] = [None] * len(texts)
        for begin in range(0, len(fitting), self.batch):
            chosen = fitting[begin : begin + self.batch]
            rows = tokenizer([texts[at] for at in chosen], return_tensors="pt", padding=True)
            rows = {key: value for key, value in rows.items() if key != "token_type_ids"}
            with torch.inference_mode():
                ids = model.generate(
                    **rows,
                    **options,
                    num_beams=self.beams,
                    do_sample=False,
                    max_length=self.max_length,
                )
            said = tokenizer.batch_decode(ids, skip_special_tokens=True)
            for at, text in zip(chosen, said, strict=True):
                found[at] = text
        return found

    def _code(self, tokenizer: Any, language: Language, folder: Path) -> str:  # noqa: ANN401
        """Return what the model calls a language.

        Raises:
            InputError: it has no token of any of the names.
        """
        given = {str(Language.parse(key)): code for key, code in self.codes.items()}
        script, code = language.script, language.code
        names = [
            *([given[str(language)]] if str(language) in given else []),
            f"{code}_{script}",
            f"{_OF_MACROLANGUAGE.get(code, code)}_{script}",
            f"__{language.iso639_1}__",
        ]
        known = tokenizer.get_vocab()
        for name in names:
            if name in known:
                return name
        raise InputError(
            expected=f"a code of {language} that the model knows",
            found=f"none of {', '.join(names)} in its vocabulary",
            where=str(folder),
            next_step=f"Name it: `codes: {{{language.iso639_1 or code}: CODE}}`.",
        )


@lru_cache(maxsize=2)
def _load(folder: str) -> tuple[Any, Any]:
    """Return a model and its tokenizer.

    Raises:
        InputError: the folder holds something else.
    """
    from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoTokenizer

    try:
        kind = AutoConfig.from_pretrained(folder, local_files_only=True).model_type
        if kind not in _KINDS:
            raise ValueError(f"a model of the kind `{kind}`")
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForSeq2SeqLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise InputError(
            expected=f"a translation model: {' or '.join(_KINDS)} (NLLB is of the latter)",
            found=str(error).partition("\n")[0],
            where=folder,
            next_step="Give the folder of such a model, or another `provider`: `callable` calls "
            "a program of one's own.",
        ) from error
    return model.eval(), tokenizer
