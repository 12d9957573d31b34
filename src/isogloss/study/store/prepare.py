"""What all runs of a study share, made once: the tokenizer, the encoded text, the label sets."""

import hashlib
import warnings
from itertools import islice
from pathlib import Path
from typing import Any

from isogloss.core import InputError, Language, digests_of, first_changed
from isogloss.data import (
    NO_LANGUAGE,
    DataSource,
    DataWarning,
    Tokenizer,
    encode_corpus,
    load_tokenizer,
    task_card,
    tokenizer_statistics,
    train_tokenizer,
)
from isogloss.models import PRESETS, check_layers
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.labelled import read_task, task_fingerprints
from isogloss.study.store.material import (
    SPLITS,
    check_material,
    refuse_destroyed,
    refuse_short_text,
)
from isogloss.study.store.prepared import (
    Prepared,
    corpus_path,
    open_data,
    open_prepared,
    read_facts,
    write_facts,
)
from isogloss.study.store.trimming import body_folder, refuse_uncovered, trim_body
from isogloss.training import content_hash

SCORED_SPLITS = ("dev", "test")
_STATISTICS_LINES = 20_000


def prepare(spec: StudySpec, data: str, folder: Path) -> Prepared:
    """Train the tokenizer, encode the text and read the label sets, unless it is done already.

    Memory stays bounded whatever the size of the corpus: text is streamed.

    Args:
        spec: of the study.
        data: folder or mapping file that says where the data lie.
        folder: of the study.

    Raises:
        InputError: a language has no text, a task has no data, or data are broken.
    """
    source = open_data(data, spec.samples)
    wanted = wanted_material(spec, source, data)
    path = folder / "prepared" / "facts.json"
    place = str(Path(data).resolve()) if Path(data).exists() else data
    facts = _former(folder)
    if facts.get("wanted") == wanted and _is_whole(facts, folder):
        if facts["data"] != place:  # the same data, moved
            write_facts(folder, {**facts, "data": place})
        return _long_enough(spec, folder)
    path.unlink(missing_ok=True)  # what follows is no longer what it says
    found = check_material(spec, source) + refuse_uncovered(spec, source)
    tokenizer = _tokenizer(spec, source, folder)
    if spec.model not in PRESETS:
        from isogloss.models import create_model

        # Read once for its mistakes, before hours may go into encoding the text.
        body = body_folder(folder) if spec.trim else spec.model
        create_model(body, tokenizer=tokenizer, languages=spec.languages, seed=0)
    hashes = {"tokenizer": tokenizer.fingerprint, "weights": wanted["weights"]}
    facts.clear()
    hashes |= {
        key: found
        for key, found in wanted["fingerprints"].items()
        if key.startswith(("text/", "parallel/"))
    }
    facts |= {"wanted": wanted, "data": place, "hashes": {k: v for k, v in hashes.items() if v}}
    if spec.trim:
        facts["trimmed_tokens"] = tokenizer.vocabulary_size
    facts["samples"] = {str(language): share for language, share in spec.samples.items()}
    facts["confounds"] = {}
    facts["labels"], facts["examples"] = {}, {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # the check has told of them
        for language in spec.languages:
            _encode(language, source, tokenizer, folder, facts)
        for task in spec.tasks:
            found += read_task(task_card(task), spec, source, facts)
    over = [f"{place}: {why}" for place, why in source.ignored.items() if NO_LANGUAGE in why]
    facts["warnings"] = [*over, *found]
    made = (one for one in path.parent.rglob("*") if one.is_file() and one != path)
    facts["files"] = digests_of(path.parent, made)
    write_facts(folder, facts)
    return _long_enough(spec, folder)


def _long_enough(spec: StudySpec, folder: Path) -> Prepared:
    """Open what was prepared, unless a text does not fill one row of this study."""
    prepared = open_prepared(folder)
    refuse_short_text(spec, prepared.corpus, prepared.source.where)
    return prepared


def _former(folder: Path) -> dict[str, Any]:
    """Return what was noted, or nothing: damaged material is made anew, it is no one's work."""
    try:
        return {key: one for key, one in read_facts(folder).items() if key != "digest"}
    except InputError:
        return {}


def _is_whole(facts: dict[str, Any], folder: Path) -> bool:
    """Return whether the tokenizer and the encoded text are what was written."""
    files: dict[str, str] = facts.get("files", {})
    return bool(files) and first_changed(folder / "prepared", files) is None


def wanted_material(spec: StudySpec, source: DataSource, data: str) -> dict[str, Any]:
    """Return what the material depends on, refusing data that are absent and unfit models."""
    refuse_destroyed(spec.model)
    fingerprints = {
        f"text/{language}/{split}": source.fingerprint("text", language, split)
        for language in spec.languages
        for split in SPLITS
    }
    fingerprints |= {
        f"text/{language}/train": source.fingerprint("text", language, "train")
        for language in spec.tokenizer.languages
    }
    fingerprints |= {
        f"parallel/{language}/{split}": source.fingerprint("parallel", language, split)
        for language in spec.languages
        for split in SCORED_SPLITS
        if source.has("parallel", language, split)
    }
    for task in spec.tasks:
        fingerprints |= task_fingerprints(task_card(task), spec, source, data)
    return {
        "tokenizer": spec.tokenizer.model_dump(mode="json"),
        "model": spec.model,
        "weights": _weights(spec.model),
        **({"trim": True} if spec.trim else {}),
        **({"lacks_head": True} if _lacks_head(spec.model) else {}),
        "languages": [str(language) for language in spec.languages],
        "fingerprints": fingerprints,
        **({} if spec.scored_on == "test" else {"scored_on": spec.scored_on}),
        "largest_overlap": spec.largest_overlap,
    }


def _lacks_head(model: str) -> bool:
    """Return whether a head has to be made; torch is loaded for a checkpoint only."""
    if model in PRESETS:
        return False
    from isogloss.models import lacks_head

    return lacks_head(model)


def _body(model: str) -> Path:
    """Return the folder of a checkpoint's encoder."""
    from isogloss.models import body_folder

    return body_folder(model)


def _weights(model: str) -> str:
    """Return the hash of a local checkpoint's weights; a preset and a hub name have none here."""
    digests = {}
    folder = () if model in PRESETS else _body(model).glob("*.safetensors")
    for path in sorted(folder):
        with path.open("rb") as file:
            digests[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return content_hash(digests) if digests else ""


def _tokenizer(spec: StudySpec, source: DataSource, folder: Path) -> Tokenizer:
    """Return the study's tokenizer: trained for a preset, the model's own for a checkpoint."""
    target = folder / "prepared" / "tokenizer"
    if spec.model not in PRESETS:
        check_layers(spec.model, ())  # its architecture, before a tokenizer that cannot fit it
        own = trim_body(spec, source, folder) if spec.trim else _body(spec.model)
        load_tokenizer(own).save(target)
        return load_tokenizer(target)
    settings = spec.tokenizer
    learned = settings.languages or spec.languages
    samples = {language: source.text(language, "train") for language in learned}
    return train_tokenizer(
        samples,
        target,
        kind=settings.kind,
        vocabulary_size=settings.vocabulary_size,
        exponent=settings.exponent,
        max_bytes=settings.max_bytes,
    )


def _encode(
    language: Language,
    source: DataSource,
    tokenizer: Tokenizer,
    folder: Path,
    facts: dict[str, Any],
) -> None:
    """Encode the text of one language and note its confounds."""
    for split in SPLITS:
        path = corpus_path(folder, language, split)
        corpus = encode_corpus(source.text(language, split), tokenizer, path)
        if corpus.n_lines == 0:
            raise InputError(
                expected=f"text for the {split} split of {language}",
                found="no line",
                where=source.where,
                next_step="Add text, or leave the language out.",
            )
    sample = list(islice(source.text(language, "train"), _STATISTICS_LINES))
    measured = tokenizer_statistics(tokenizer, sample)
    facts["confounds"][str(language)] = {
        "vocabulary_share": measured.vocabulary_share,
        "fertility": measured.fertility,
        "unknown_rate": measured.unknown_rate,
        "bytes_per_token": measured.bytes_per_token,
    }
