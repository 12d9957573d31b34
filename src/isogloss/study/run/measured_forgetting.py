"""What a fine-tuning forgot of its pretraining, as a run notes it."""

from typing import Any, Final

from isogloss.diagnosis import measure_forgetting
from isogloss.evaluation import MaskedText
from isogloss.models import MultilingualModel, load_model
from isogloss.study.plan.runs import Run
from isogloss.study.store.prepare import Prepared
from isogloss.study.store.run_folder import run_folder

# Six languages are read three times each after every fine-tuning: some hundred rows of 128 pieces
# are a second or two, and their masks are the same for all models that are compared.
ROWS: Final = 64
LENGTH: Final = 64
RATE: Final = 0.15


def forgetting(run: Run, prepared: Prepared, finetuned: MultilingualModel) -> dict[str, Any]:
    """Return what the model lost of each language that it was pretrained on, as plain data.

    Args:
        run: a fine-tuning.
        prepared: material, for held-out text.
        finetuned: the encoder as the fine-tuning left it.

    Returns:
        `languages`, one row each, and `distance` of the weights.
    """
    assert run.starts_from is not None
    pretrained = load_model(run_folder(prepared.folder, run.starts_from).model)
    device = next(finetuned.parameters()).device
    texts = {
        language: MaskedText(
            prepared.corpus(language, run.scored_on),
            prepared.tokenizer,
            length=LENGTH,
            rate=RATE,
            max_rows=ROWS,
        )
        for language in pretrained.languages
    }
    found = measure_forgetting(pretrained.to(device), finetuned, texts, seen=run.learned)
    distance = found.distance
    return {
        "languages": found.rows(),
        "distance": {"encoder": distance.encoder, "relative": distance.relative},
    }
