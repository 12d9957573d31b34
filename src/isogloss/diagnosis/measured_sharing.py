"""The sharing map and the language neurons, as measurements of every joint pretraining."""

from collections.abc import Iterable
from typing import ClassVar, Final, Literal

from isogloss.core import InputError, own_columns
from isogloss.diagnosis.measurement import FinishedRun, Row

# Of a run: enough for two seeds of a language to agree, and a small part of what a training costs.
_UPDATES: Final = 150
_ROWS: Final = 8
_LONGEST: Final = 64


class MeasuredSharing:
    """Gates of each language on the finished model and how alike they are; `measure_sharing`.

    A row compares two languages in one half of a layer. A language beside itself is the control:
    two sets of gates of the same model and language, learned from other text with other noise.
    """

    name: ClassVar[str] = "sharing"
    what: ClassVar[str] = "Which parts of the model do two languages share, layer by layer?"
    columns: ClassVar[tuple[str, ...]] = own_columns("sharing")
    stages: ClassVar[tuple[str, ...]] = ("pretrain",)
    when: ClassVar[Literal["run", "tables"]] = "run"
    on_request: ClassVar[bool] = True

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return one row per half of a layer and pair of languages.

        None of one language, and none of a model that guesses no better than at random: of it gates
        say nothing.
        """
        from isogloss.diagnosis.sharing.learning import GateTraining
        from isogloss.diagnosis.sharing.sharing_map import SharingSettings, measure_sharing

        if len(run.languages) < 2:
            return []
        settings = SharingSettings(
            rows=_ROWS, length=_length(run), training=GateTraining(updates=_UPDATES)
        )
        try:
            found = measure_sharing(run.model(), run.tokenizer, run.corpus, run.languages, settings)
        except InputError:
            return []
        return found.rows()


class MeasuredNeurons:
    """What each language loses when the neurons of another are off; see `measure_neurons`.

    `harm` is in nats per masked token, `excess` what it is more than that of as many random units
    of the same layers, with its standard error over batches of text.
    """

    name: ClassVar[str] = "neurons"
    what: ClassVar[str] = "What do other languages lose when a language's own neurons are off?"
    columns: ClassVar[tuple[str, ...]] = own_columns("neurons")
    stages: ClassVar[tuple[str, ...]] = ("pretrain",)
    when: ClassVar[Literal["run", "tables"]] = "run"
    on_request: ClassVar[bool] = True

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return one row per language whose neurons are off and language that is read."""
        from isogloss.diagnosis.sharing.neurons import NeuronSettings, measure_neurons

        if len(run.languages) < 2:
            return []
        settings = NeuronSettings(rows=_ROWS, length=_length(run))
        return measure_neurons(
            run.model(), run.tokenizer, run.corpus, run.languages, settings
        ).ablation


def _length(run: FinishedRun) -> int:
    """Return how long sequences may be so that the shortest text has one."""
    return min(_LONGEST, *(run.corpus(one, "dev").n_tokens + 1 for one in run.languages))
