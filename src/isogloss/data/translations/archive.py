"""XTREME's archives of machine translations, in the folders that its downloads unpack to.

Reference:
    Hu et al. 2020, XTREME, https://arxiv.org/abs/2003.11080 (translate-train and translate-test)
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, final

from isogloss.core import InputError
from isogloss.data.readers import ClassifiedText, Question, SourceFile, TaggedSentence
from isogloss.data.translations.contract import (
    Example,
    Labels,
    Material,
    Provenance,
    Translations,
    Wanted,
)
from isogloss.data.translations.joining import NO_TRANSLATION, Gathering, refuse_unequal
from isogloss.data.translations.parallel_files import codes_of
from isogloss.data.translations.translated_files import (
    Line,
    classified_from,
    question_from,
    read_lines,
    read_translated_questions,
    tagged_from,
)

DataSet = Literal["XNLI", "PAWSX", "SQuAD", "TyDiQA-GoldP", "XQuAD", "MLQA", "udpos", "panx"]
# Which folder of the archive a kind of data is in; `qa` alone may be several.
_FOLDERS: Final[Mapping[str, DataSet]] = {
    "nli": "XNLI",
    "nli.xnli": "XNLI",
    "nli.pawsx": "PAWSX",
    "qa.squad": "SQuAD",
    "qa.tydiqa": "TyDiQA-GoldP",
    "qa.xquad": "XQuAD",
    "qa.mlqa": "MLQA",
    "pos": "udpos",
    "ner": "panx",
}
_OF_TRAIN: Final[Mapping[str, str]] = {
    "XNLI": "XNLI/translate-train/{source}-{target}-translated.tsv",
    "PAWSX": "PAWSX/translate-train/{source}-{target}-translated.tsv",
    "SQuAD": "SQuAD/translate-train/squad.translate.train.{source}-{target}.json",
    "TyDiQA-GoldP": "TyDiQA-GoldP/translate-train/tydiqa.translate.train.{source}-{target}.json",
    "udpos": "translate_train.udpos.txt",
    "panx": "translate_train.panx.txt",
}
_OF_TEST: Final[Mapping[str, str]] = {
    "XNLI": "XNLI/translate-test/test-{source}-{target}-translated.tsv",
    "PAWSX": "PAWSX/translate-test/test-{source}-{target}-translated.tsv",
    "TyDiQA-GoldP": "TyDiQA-GoldP/translate-test/tydiqa.translate.test.{source}-{target}.json",
    "XQuAD": "XQuAD/translate-test/xquad.translate.test.{source}-{target}.json",
    "MLQA": "MLQA/translate-test/mlqa.translate.test.{source}-{target}.json",
}
_TRAINED_ON: Final[Mapping[str, str]] = {"XQuAD": "SQuAD", "MLQA": "SQuAD"}
_WITH_SOURCE: Final = (4, 5)


@final
@dataclass(frozen=True)
class Archive:
    """Machine translations that XTREME publishes, and xTune's of tagged sentences.

    Texts: lines of five columns (both source texts, both translations, label) are joined on the
    source texts; lines of three (both translations, label) come in another order than the English
    file in some releases, so they are taken only where their number is that of the examples and
    every label agrees. Questions are joined by id; an answer that is not at its offset is looked
    for in the translated paragraph. Tagged sentences are xTune's `translate_train.{udpos,panx}.txt`
    (source sentence, language, translation, maybe an alignment), joined on the source sentence.

    Not in the archive: translations of tagged test sentences, of dev data, and back into English.

    Attributes:
        folder: that the archive was unpacked to.
        data_set: folder of the data set, where the kind does not say it (`qa` may be TyDiQA-GoldP,
            XQuAD or MLQA).
    """

    folder: str
    data_set: DataSet | None = None

    name: ClassVar[str] = "archive"
    what: ClassVar[str] = "XTREME's translate-train and translate-test archives, as downloaded."

    def translate(
        self, examples: Sequence[Example], wanted: Wanted, material: Material
    ) -> Translations[Example]:
        """Return the examples joined to the archive's translations."""
        path = self._path(wanted)
        provenance = Provenance(self.name, "machine", path.name)
        if isinstance(examples[0], Question):
            found = read_translated_questions(path, str(wanted.target))
            needed = wanted.split == "train"

            def answered(one: Any) -> Any:  # noqa: ANN401
                return question_from(found, one, NO_TRANSLATION, needs_answer=needed)

            return Gathering(wanted, provenance, "located").gather(examples, answered)
        file = SourceFile(path, str(wanted.target))
        lines = read_lines(file)
        labels: Labels = "copied"
        if isinstance(examples[0], TaggedSentence):
            own = codes_of(wanted.target)
            lines = [line for line in lines if len(line.fields) > 1 and line.fields[1] in own]
            labels = "projected" if any(len(line.fields) > 3 for line in lines) else "hidden"
            lines_of = _by_source(lines, n_texts=1, n_before=2)
        elif lines and len(lines[0].fields) in _WITH_SOURCE:
            lines_of = _by_source(lines, n_texts=2, n_before=2)
        else:
            refuse_unequal(len(examples), len(lines), wanted, str(path))
            lines_of = {_key(one): [] for one in examples}
            for one, line in zip(examples, lines, strict=True):
                lines_of[_key(one)].append(line)

        def of_its_text(one: Any) -> Any:  # noqa: ANN401
            there = lines_of.get(_key(one), [])
            if not there:
                return NO_TRANSLATION
            line = there.pop(0) if len(there) > 1 else there[0]
            if isinstance(one, TaggedSentence):
                return tagged_from(file, line, one)
            return classified_from(file, line, one)

        return Gathering(wanted, provenance, labels).gather(examples, of_its_text)

    def fingerprint(self, wanted: Wanted, material: Material) -> str:
        """Return the hash of the file."""
        digest = hashlib.sha256(self._path(wanted).read_bytes()).hexdigest()
        return f"{self.name} {digest}"

    def _path(self, wanted: Wanted) -> Path:
        """Return the file of what is wanted.

        Raises:
            InputError: the archive has none, or nothing says which data set the examples are of.
        """
        data_set: str | None = self.data_set or _FOLDERS.get(wanted.kind)
        if data_set is None:
            raise InputError(
                expected=f"`data_set`: which folder of the archive {wanted.kind} data are of",
                found="none",
                where="translations, provider `archive`",
                next_step="Write for example `data_set: TyDiQA-GoldP`.",
            )
        train = wanted.split == "train"
        data_set = _TRAINED_ON.get(data_set, data_set) if train else data_set
        pattern = (_OF_TRAIN if train else _OF_TEST).get(data_set)
        if pattern is None or wanted.split == "dev":
            raise InputError(
                expected=f"translations of {data_set} {wanted.split} data",
                found="none: XTREME's archive holds training data of XNLI, PAWS-X, SQuAD and "
                "TyDiQA and test data of XNLI, PAWS-X, XQuAD, MLQA and TyDiQA",
                where=f"{wanted}",
                next_step="Name another `provider`, or a treatment without such translations.",
            )
        names = [
            pattern.format(source=source, target=target)
            for source in codes_of(wanted.source)
            for target in codes_of(wanted.target)
        ]
        paths = (Path(self.folder) / name for name in names)
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            raise InputError(
                expected=f"`{names[0]}` in the archive",
                found="no such file" if Path(self.folder).is_dir() else "no such folder",
                where=f"{self.folder}, `translations.folder`",
                next_step="Download and unpack XTREME's translations; some files are missing from "
                "it (the German ones of MLQA's test data).",
            )
        return path


def _by_source(
    lines: Sequence[Line], *, n_texts: int, n_before: int
) -> dict[tuple[str, ...], list[Line]]:
    """Return the lines of each source text, without the columns before the translation."""
    found: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines:
        found[line.fields[:n_texts]].append(Line(line.fields[n_before:], line.number))
    return found


def _key(example: ClassifiedText | TaggedSentence | Question) -> tuple[str, ...]:
    """Return the texts that an example is found by."""
    if isinstance(example, ClassifiedText):
        return example.text.strip(), (example.pair or "").strip()
    assert isinstance(example, TaggedSentence), "questions are found by id"
    return (" ".join(example.tokens),)
