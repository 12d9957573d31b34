"""Finished models with their text, to be looked at: those of a study, a run's, or a folder's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from isogloss.core import InputError, Language
from isogloss.data import (
    EncodedCorpus,
    Tokenizer,
    encode_corpus,
    load_tokenizer,
    open_corpus,
    open_source,
)
from isogloss.models import MultilingualModel, create_model, lacks_head, load_model
from isogloss.study.store.prepared import Prepared, open_prepared
from isogloss.study.store.run_folder import RunFolder

_CARD: Final = "isogloss.json"
_TRAINING: Final = (
    *("model", "tokenizer", "pretraining", "tasks", "finetuning", "samples", "seeds", "match"),
    *("precision", "largest_overlap"),
)


@dataclass(frozen=True)
class FinishedModel:
    """A model whose training is over, and text in its languages.

    Attributes:
        name: of the run, or of the folder.
        languages: whose text there is, in the model's order.
        tokenizer: of the model.
        corpus: (language, split) -> encoded text.
        held_out: split for what is not learned on.
        model: reads it.
        has_head: whether it has a masked-LM head.
        start: keys of a study file that trains such a model: those of its study, or the folder.
    """

    name: str
    languages: tuple[Language, ...]
    tokenizer: Tokenizer
    corpus: Callable[[Language, str], EncodedCorpus]
    held_out: str
    model: Callable[[], MultilingualModel]
    has_head: bool
    start: Mapping[str, Any]


def finished_models(
    source: Path, *, text: Path | None, languages: Sequence[Language], tokens: Path
) -> tuple[FinishedModel, ...]:
    """Return the models at a place.

    Args:
        source: folder of a study: its joint models without language-specific modules; of one of its
            runs; or of a Hugging Face masked-LM encoder, ours or another's.
        text: folder or mapping of text; None = the study's.
        languages: to be looked at; none = all of the model.
        tokens: folder that gets the encoded text, where it is not the study's.

    Returns:
        The models, at least one.

    Raises:
        InputError: no such model, no text, or a language that it has no text of.
    """
    study = _study_of(source)
    if study is None:
        return (_plain(source, text, languages, tokens),)
    folder, runs = study
    if text is not None:
        raise InputError(
            expected="no --text with a study: its models are looked at on its own text",
            found=str(text),
            where="--text",
            next_step="Leave it out, or give the model's folder as it is exported.",
        )
    prepared = open_prepared(folder)
    found = [_of_run(run, prepared, languages) for run in runs if _is_joint(run, languages)]
    if not found:
        raise InputError(
            expected="a finished pretraining of two or more languages, without modules",
            found="none",
            where=str(source),
            next_step="`isogloss plan` lists the runs of a study.",
        )
    return tuple(found)


def _study_of(source: Path) -> tuple[Path, list[Path]] | None:
    """Return the folder of the study that a place is, or is in, and the runs that are meant."""
    if (source / "prepared" / "facts.json").is_file():
        return source, sorted(path.parent for path in source.glob("runs/*/result.json"))
    for run in (source, source.absolute().parent):
        folder = run.absolute().parent.parent
        if (run / "result.json").is_file() and (folder / "prepared" / "facts.json").is_file():
            return folder, [run]
    return None


def _described(run: Path) -> dict[str, Any]:
    content = yaml.safe_load((run / "spec.yaml").read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}


def _is_joint(run: Path, languages: Sequence[Language]) -> bool:
    """Return whether a run left a model of these languages that is shared throughout."""
    if not (run / "model" / _CARD).is_file():
        return False
    plan = _described(run).get("plan", {})
    learned = {str(one) for one in plan.get("languages", [])}
    wanted = {str(one) for one in languages}
    return len(learned) > 1 and not plan.get("modules") and wanted <= learned


def _settings_of(study: Path) -> dict[str, Any]:
    """Return what a study file says of how its models are trained."""
    path = study / "spec.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    # A saved spec holds defaults of keys that such a study may not have.
    unread = set() if content.get("tasks") else {"finetuning"}
    unread |= {"tokenizer"} if "/" in str(content.get("model")) else set()
    return {key: content[key] for key in _TRAINING if key in content and key not in unread}


def _of_run(run: Path, prepared: Prepared, languages: Sequence[Language]) -> FinishedModel:
    folder = RunFolder(run)
    folder.refuse_damaged(model=True)
    learned = [Language.parse(one) for one in _described(run)["plan"]["languages"]]
    return FinishedModel(
        run.name,
        tuple(one for one in learned if not languages or one in languages),
        prepared.tokenizer,
        prepared.corpus,
        "dev",
        partial(load_model, folder.model),
        has_head=True,
        start=_settings_of(prepared.folder),
    )


def _plain(
    source: Path, text: Path | None, languages: Sequence[Language], tokens: Path
) -> FinishedModel:
    """Return the model of a folder, beside text."""
    if text is None:
        raise InputError(
            expected="--text with a model that is in no study",
            found="none",
            where=str(source),
            next_step="Give a folder with LANGUAGE.train.txt and LANGUAGE.dev.txt.",
        )
    has_head = not lacks_head(source)
    ours = has_head and (source / _CARD).is_file()
    model = partial(load_model, source) if ours else None
    known = load_model(source).languages if ours else ()
    data = open_source(text)
    chosen = tuple(languages) or known or data.languages("text")
    if ours:
        chosen = tuple(one for one in known if one in chosen)
    tokenizer = load_tokenizer(source)
    held_out = "dev" if all(data.has("text", one, "dev") for one in chosen) else "test"

    def corpus(language: Language, split: str) -> EncodedCorpus:
        digest = data.fingerprint("text", language, split)[:12]
        path = tokens / f"{language}.{split}.{digest}.tokens"
        if path.is_file():
            return open_corpus(path, tokenizer)
        return encode_corpus(data.text(language, split), tokenizer, path)

    created = partial(create_model, source, tokenizer=tokenizer, languages=chosen, seed=0)
    return FinishedModel(
        source.resolve().name,
        chosen,
        tokenizer,
        corpus,
        held_out,
        model or created,
        has_head=has_head,
        start={"model": str(source.resolve())},
    )
