"""What a measurement is: a question that is asked of finished runs, answered in rows of a table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from isogloss.core import Language

if TYPE_CHECKING:
    from isogloss.data import EncodedCorpus, Tokenizer
    from isogloss.models import MultilingualModel

Row = dict[str, Any]


@dataclass(frozen=True)
class FinishedRun:
    """A run whose work is done, as a measurement sees it.

    Attributes:
        stage: "pretrain", "score" (of a pretrained model) or "finetune".
        folder: where its logs are.
        languages: of its training, or of the model that it scores.
        learned: languages that its training read.
        result: what it cost and read: `rows`, `tokens`, `epochs` by language, `updates`.
        rows_per_update: of its batches.
        scored_on: split that its scores come from.
        tokenizer: of the study.
        corpus: (language, split) -> encoded text.
        unigram_nats: language -> loss on its dev text of a model that knows how frequent each token
            is and nothing else.
        text_facts: language -> vocabulary share, fertility, unknown rate, bytes per token.
        pairs: (first, second) -> their parallel text in the split that is scored; none where there
            is none.
        model: the encoder as the run left it. A measurement that runs with the tables has to load
            it: such a run keeps no encoder of a fine-tuning.
        pretrained: the model that the run started from.
    """

    stage: str
    folder: Path
    languages: tuple[Language, ...]
    learned: tuple[Language, ...]
    result: Mapping[str, Any]
    rows_per_update: int
    scored_on: str
    tokenizer: "Tokenizer"
    corpus: "Callable[[Language, str], EncodedCorpus]"
    unigram_nats: Callable[[Language], float]
    text_facts: Callable[[Language], Row]
    pairs: Callable[[Language, Language], list[tuple[str, str]]]
    model: "Callable[[], MultilingualModel]"
    pretrained: "Callable[[], MultilingualModel]"


class Measurement(Protocol):
    """Contract of a measurement; its class docstring says what is measured and by whom first.

    Attributes:
        name: key in `MEASUREMENTS`, of its CSV file, in a study's `measurements`.
        what: the question, in one sentence, for lists and the report.
        columns: of its rows; what the run stands for (treatment, mixture, seed ...) is joined.
        stages: of the runs that it is asked of.
        when: "run" = while the models are in memory, its result is kept with the run; "tables" =
            from what the run left on disk, whenever tables are written.
        on_request: whether only a study that names it under `measurements` makes it.
    """

    name: ClassVar[str]
    what: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    stages: ClassVar[tuple[str, ...]]
    when: ClassVar[Literal["run", "tables"]]
    on_request: ClassVar[bool]

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return the rows of one run; none where there is nothing to say."""
        ...
