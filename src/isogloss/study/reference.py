"""The paper whose numbers a study is held against, as a study file names it."""

from pydantic import Field, field_validator, model_validator

from isogloss.core import REFERENCES, InputError, Language, look_up
from isogloss.study.settings import Strict


class ReferenceEntry(Strict):
    """A paper; written `name`, or `name: {its name of a corpus: language of the study}`.

    Attributes:
        name: key in `REFERENCES`.
        languages: which language of the study is what the paper calls `fr_l` (a sampled corpus).
            Languages that the paper calls by their code need no line.

    Example:
        >>> ReferenceEntry.model_validate({"wang2020": {"fr_l": "qaf"}}).languages
        {'fr_l': 'qaf-Latn'}
    """

    name: str
    languages: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and "name" not in value and len(value) == 1:
            name, languages = next(iter(value.items()))
            return {"name": name, "languages": languages or {}}
        return value

    @field_validator("name")
    @classmethod
    def _is_known(cls, name: str) -> str:
        return look_up(REFERENCES, name, "reference").name

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, languages: dict[str, str]) -> dict[str, str]:
        named = {code: str(Language.parse(ours)) for code, ours in languages.items()}
        if len(set(named.values())) != len(named):
            raise InputError(
                expected="a language of the study for one name of the paper",
                found=", ".join(f"{code}: {ours}" for code, ours in named.items()),
                where="reference",
                next_step="Remove one of the lines with the same language.",
            )
        return named

    @model_validator(mode="after")
    def _the_paper_has_them(self) -> "ReferenceEntry":
        reference = REFERENCES[self.name]
        known = dict.fromkeys((*reference.languages, *reference.samples))
        for code in self.languages:
            look_up(known, code, f"language or corpus of {self.name}")
        return self

    def refuse_strangers(self, languages: tuple[Language, ...]) -> None:
        """Refuse to speak of languages that the study does not train on.

        Args:
            languages: of the study.

        Raises:
            InputError: a language named here is not among them.
        """
        ours = [str(language) for language in languages]
        for code, named in self.languages.items():
            if named not in ours:
                raise InputError(
                    expected=f"a language of the study's mixtures: {', '.join(ours)}",
                    found=f"{named}, for {code}",
                    where="reference",
                    next_step="Name the language that the study trains on, or remove the line.",
                )
