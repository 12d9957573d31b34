"""Mistakes when a model is handed on."""

import shutil
from collections.abc import Callable
from pathlib import Path

from transformers import AutoModelForMaskedLM, XLMRobertaConfig

from bad_input.mistake import Mistake, both, file, gone, study
from bad_input.places import full_disk
from isogloss.core import Language
from isogloss.data import load_tokenizer, train_tokenizer
from isogloss.models import ModuleSpec, create_model
from isogloss.models.quiet import quiet

_LANGUAGES = tuple(map(Language.parse, ("qaa", "qab")))


def _copied(pattern: str, target: str) -> Callable[[Path], None]:
    """Return what copies a folder of the finished study to a place of known name."""

    def make(folder: Path) -> None:
        shutil.copytree(next((folder / "out" / "runs").glob(pattern)), folder / target)

    return make


def _model(architecture: str = "micro", **options: int | str) -> Callable[[Path], None]:
    """Return what saves an untrained model as `mine`, with adapters if options are given."""

    def make(folder: Path) -> None:
        tokenizer = load_tokenizer(folder / "out" / "prepared" / "tokenizer")
        source = architecture
        if architecture == "xlm-roberta":
            source = str(folder / "plain")
            size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
            config = XLMRobertaConfig(**size, vocab_size=tokenizer.vocabulary_size)
            with quiet():
                AutoModelForMaskedLM.from_config(config).save_pretrained(source)
        adapters = [ModuleSpec("adapter", (0, 1), None, options)] if options else []
        model = create_model(
            source, tokenizer=tokenizer, languages=_LANGUAGES, modules=adapters, seed=0
        )
        model.save(folder / "mine")
        tokenizer.save(folder / "mine")

    return make


def _other_tokenizer(folder: Path) -> None:
    (folder / "mine" / "tokenizer.json").unlink()
    train_tokenizer({_LANGUAGES[0]: ["another text"]}, folder / "mine", vocabulary_size=300)


_HF, _XMOD = "export mine --to hf --out new", "export mine --to xmod --out new"
_RESIDUAL = {"language_adapters": {"places": "residual"}}

MISTAKES = [
    Mistake(
        "an export of nothing",
        _HF,
        "Expected the folder of a pretraining run, or of a model that isogloss saved. Found no "
        "such folder. Where: mine. Give OUT/runs/RUN of a study; `isogloss plan` lists its runs.",
    ),
    Mistake(
        "an export of a study",
        "export out --to hf --out new",
        "Expected the folder of a pretraining run, … Found a study, which has many models. Where: "
        "out. Give one of its pretraining runs, for example out/runs/pretrain-…",
        done=True,
    ),
    Mistake(
        "an export of a fine-tuning",
        _HF,
        "Expected the folder of a pretraining run, … Found a fine-tuning run, of which the head "
        "and the scores are kept, not the encoder. Where: mine. Give the run that its spec.yaml "
        "names under `starts_from`.",
        _copied("finetune-qaa+qab-*", "mine"),
        done=True,
    ),
    Mistake(
        "an export of scores",
        _HF,
        "Expected the folder of a pretraining run, … Found a run with the scores of a pretrained "
        "model, not the model. Where: mine. Give the run that its spec.yaml names under "
        "`starts_from`.",
        _copied("score-qaa+qab-*", "mine"),
        done=True,
    ),
    Mistake(
        "an export of a model that is plain already",
        _HF,
        "Expected the folder of a pretraining run, … Found a Hugging Face model that isogloss did "
        "not save. Where: mine. It needs no export: `transformers` opens it as it is.",
        file("mine/config.json", "{}"),
    ),
    Mistake(
        "an export that would lose modules",
        _HF,
        "Expected a model without language-specific modules: … Found modules of kind `adapter` for "
        "qaa-Latn, qab-Latn. Where: export to plain Hugging Face. Adapters at `residual` go to "
        "X-MOD with `--to xmod`. `--without-modules` exports the shared weights alone.",
        _model(bottleneck=4),
        done=True,
    ),
    Mistake(
        "an export among other files",
        "export mine --to hf --out data",
        "Expected a new folder or an empty one. Found … in it. Where: data. Give another folder, "
        "or remove this one first; nothing was written.",
        _model(),
        done=True,
    ),
    Mistake(
        "an export with the tokenizer of another model",
        _HF,
        "Expected the tokenizer that the model was trained with. Found another one. Where: "
        "tokenizer of the export. Put the tokenizer of its study beside the model, or none.",
        both(_model(), _other_tokenizer),
        done=True,
    ),
    Mistake(
        "an export of a damaged model",
        _HF,
        "Expected weights in safetensors. Found none. Where: mine. …",
        both(_model(), gone("mine/model.safetensors")),
        done=True,
    ),
    Mistake(
        "an export to a full disk",
        _HF,
        "Expected a place that can be written. Found No space left on device. Where: new. …",
        _model(),
        done=True,
        patch=full_disk,
    ),
    Mistake(
        "X-MOD of an architecture that it cannot hold",
        _XMOD,
        "Expected a post-norm backbone, XLM-R or BERT. Found `modernbert`. Where: export to X-MOD. "
        "…",
        _model(bottleneck=4),
        done=True,
    ),
    Mistake(
        "X-MOD of a model without adapters",
        _XMOD,
        "Expected language adapters, without which there is no X-MOD. Found a model without "
        "language-specific modules. Where: export to X-MOD. Export it to plain Hugging Face: it is "
        "an ordinary model.",
        _model("xlm-roberta"),
        done=True,
    ),
    Mistake(
        "X-MOD of adapters at another place",
        _XMOD,
        "Expected one set of adapters at `residual`, where X-MOD has them. Found adapters at "
        "`both`. Where: language-specific modules, export to X-MOD. Train with `language_adapters: "
        "{places: residual}`, or export to plain Hugging Face, where modules have no place.",
        _model("xlm-roberta", bottleneck=4),
        done=True,
    ),
    Mistake(
        "X-MOD without its adapters",
        f"{_XMOD} --without-modules",
        "Expected X-MOD with the adapters, of which it is made. Found the wish to leave them out. "
        "Where: export to X-MOD without modules. …",
        _model("xlm-roberta", bottleneck=4, places="residual"),
        done=True,
    ),
    Mistake(
        "adapters at `residual` in a pre-norm model",
        "run study.yaml --data data --out new --launcher inline",
        "Expected a post-norm backbone (BERT, XLM-R, DistilBERT or DeBERTa) for adapters at "
        "`residual`. Found `modernbert`, in which no layer norm follows the residual sum. Where: "
        "`places` of adapters (in pretrain-…). Use `both`, `attention` or `feed_forward`, or "
        "another backbone. "
        "1 of the runs failed; the others are kept.",
        study(tasks=[], treatments=["monolingual", "untreated", _RESIDUAL]),
    ),
]
