"""The backbone alone: an ordinary model of its architecture."""

from transformers import PreTrainedModel

from isogloss.core import InputError
from isogloss.models.multilingual import MultilingualModel


def to_plain(
    model: MultilingualModel, *, without_modules: bool
) -> tuple[PreTrainedModel, tuple[str, ...]]:
    """Return the backbone, if nothing is lost by that or the loss is wanted.

    Args:
        model: ours.
        without_modules: leave the language-specific modules out.

    Returns:
        The backbone itself, no copy; and what its user should know.

    Raises:
        InputError: there are language-specific modules, and they were not to be left out.
    """
    kinds = ", ".join(f"`{spec.kind}`" for spec in model.specs)
    if not kinds:
        return model.backbone, ()
    if not without_modules:
        raise InputError(
            expected="a model without language-specific modules: a plain model has no place for "
            "them, and its outputs would be no language's",
            found=f"modules of kind {kinds} for {', '.join(map(str, model.languages))}",
            where="export to plain Hugging Face",
            next_step="Adapters at `residual` go to X-MOD with `--to xmod`. `--without-modules` "
            "exports the shared weights alone.",
        )
    return model.backbone, (
        f"The modules of kind {kinds} are left out. What is exported are the shared weights alone, "
        "whose outputs are not the trained model's for any language; where modules stood for parts "
        "of the backbone, those parts are as they were before training.",
    )
