"""Translations by a function of one's own, kept on disk."""

import hashlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, final

from isogloss.core import InputError
from isogloss.data.translations.contract import (
    Example,
    Material,
    Provenance,
    Translations,
    Wanted,
)
from isogloss.data.translations.texts import KeptTexts, kept_at, translate_by_text


@final
@dataclass(frozen=True)
class Function:
    """A Python function that translates plain text: a service, an API, a program of one's own.

    It is called as `function(texts, source, target)` with a list of texts and two language codes
    (`eng-Latn`), and returns as many texts; None for one that is too long. What it returned is kept
    in the study's folder, so no text is translated twice.

    Attributes:
        function: `module:name`, importable from where the command is run.
    """

    function: str

    name: ClassVar[str] = "callable"
    what: ClassVar[str] = "A Python function of one's own, `module:name`, with a cache on disk."

    def translate(
        self, examples: Sequence[Example], wanted: Wanted, material: Material
    ) -> Translations[Example]:
        """Return the examples with all their texts translated; see `translate_by_text`."""
        function = self._load()
        codes = str(wanted.source), str(wanted.target)
        path = kept_at(material.cache, self.fingerprint(wanted, material), wanted)
        kept = KeptTexts(lambda texts: function(list(texts), *codes), path)
        return translate_by_text(
            examples, wanted, Provenance(self.name, "machine", self.function), kept
        )

    def fingerprint(self, wanted: Wanted, material: Material) -> str:
        """Return the hash of the file that the function stands in."""
        function = self._load()
        digest = hashlib.sha256(Path(inspect.getfile(function)).read_bytes()).hexdigest()
        return f"{self.name} {self.function} {digest}"

    def _load(self) -> Any:  # noqa: ANN401
        """Return the function.

        Raises:
            InputError: the module cannot be imported, or has no such function.
        """
        module, _, name = self.function.partition(":")
        try:
            found = getattr(import_module(module), name)
        except (ImportError, AttributeError, ValueError) as error:
            raise self._unusable(str(error)) from error
        if not inspect.isfunction(found):
            raise self._unusable(f"a {type(found).__name__}")
        return found

    def _unusable(self, found: str) -> InputError:
        return InputError(
            expected="`module:name` of a function of (texts, source, target)",
            found=f"`{self.function}`: {found}",
            where="translations, provider `callable`",
            next_step="Put the module where Python finds it: PYTHONPATH, or the folder that the "
            "command is run in.",
        )
