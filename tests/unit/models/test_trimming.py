import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import AddedToken
from tokenizers import Tokenizer as Backend
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    AutoModel,
    AutoModelForMaskedLM,
    AutoTokenizer,
    PreTrainedTokenizerFast,
)

from isogloss.core import InputError
from isogloss.data import load_tokenizer
from isogloss.models import ATTACHMENTS, create_model, lacks_head, trim_model
from isogloss.models.quiet import quiet
from unit.models.toys import (
    LANGUAGES,
    adapters,
    save_toy,
    toy_config,
    toy_model,
    write_sentence_transformer,
)

SPECIALS = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
SPECIALS |= {"mask_token": "[MASK]"}
TEXT = ["word7 word11 word90", "word11 word54"]


def body(folder: Path, model_type: str = "bert") -> Path:
    """Write a tiny model whose vocabulary is its special tokens and words."""
    names = [*SPECIALS.values(), *(f"word{i}" for i in range(5, 100))]
    backend = Backend(WordPiece({one: i for i, one in enumerate(names)}, unk_token="[UNK]"))
    backend.pre_tokenizer = Whitespace()
    backend.add_special_tokens([AddedToken(one, special=True) for one in SPECIALS.values()])
    save_toy(folder, model_type)
    PreTrainedTokenizerFast(tokenizer_object=backend, **SPECIALS).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_rows_and_hidden_states_keep_their_bits(model_type: str, tmp_path: Path) -> None:
    """So do the rows and the bias of the head; only their sums may be added in another order."""
    old = body(tmp_path / "old", model_type)
    done = trim_model(old, lambda: TEXT, tmp_path / "new")
    kept = json.loads((tmp_path / "new/trimmed.json").read_text())["kept"]
    assert len(kept) == done.after.tokens < done.before.tokens == 100
    outputs = []
    for folder in (old, tmp_path / "new"):
        with quiet():
            model, info = AutoModelForMaskedLM.from_pretrained(folder, output_loading_info=True)
        assert not any(info.values())
        batch = AutoTokenizer.from_pretrained(folder)(TEXT, padding=True, return_tensors="pt")
        inputs = {name: batch[name] for name in ("input_ids", "attention_mask")}
        out = model.eval()(**inputs, output_hidden_states=True)
        head = model.get_output_embeddings()
        tables = [model.get_input_embeddings().weight, head.weight]
        tables += [] if head.bias is None else [head.bias]
        outputs.append((tables, out.hidden_states, out.logits))
    (tables, hidden, logits), (new_tables, new_hidden, new_logits) = outputs
    assert all(torch.equal(new, old[kept]) for old, new in zip(tables, new_tables, strict=True))
    assert all(torch.equal(*pair) for pair in zip(hidden, new_hidden, strict=True))
    torch.testing.assert_close(new_logits, logits[..., kept], atol=1e-6, rtol=0)
    assert done.after.parameters < done.before.parameters


def test_a_trimmed_folder_is_a_checkpoint_like_any_other(tmp_path: Path) -> None:
    trim_model(body(tmp_path / "old"), lambda: TEXT, tmp_path / "new")
    tokenizer = load_tokenizer(tmp_path / "new")
    model = create_model(tmp_path / "new", tokenizer=tokenizer, languages=LANGUAGES, seed=0)
    assert model.vocabulary_size == tokenizer.vocabulary_size


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_an_encoder_alone_stays_one(model_type: str, tmp_path: Path) -> None:
    """Also inside a folder of sentence-transformers: no head is made up, no bit is another."""
    config = toy_config(model_type)
    config.tie_word_embeddings = False  # else the embeddings are EuroBERT's head
    old = body(tmp_path / "old/0_Transformer", model_type)
    with quiet():
        AutoModel.from_config(config).save_pretrained(old)
    write_sentence_transformer(tmp_path / "old", "0_Transformer")
    done = trim_model(tmp_path / "old", lambda: TEXT, tmp_path / "new")
    assert lacks_head(tmp_path / "new")
    record = json.loads((tmp_path / "new/trimmed.json").read_text())
    assert list(record["weights"]) == ["model.safetensors"]
    outputs = []
    for folder in (old, tmp_path / "new"):
        with quiet():
            model = AutoModel.from_pretrained(folder).eval()
        batch = AutoTokenizer.from_pretrained(folder)(TEXT, padding=True, return_tensors="pt")
        inputs = {name: batch[name] for name in ("input_ids", "attention_mask")}
        outputs.append((model(**inputs).last_hidden_state, model.get_input_embeddings().weight))
    (hidden, table), (new_hidden, new_table) = outputs
    assert torch.equal(table[record["kept"]], new_table)
    assert torch.equal(hidden, new_hidden)
    assert done.after.tokens == len(new_table) < len(table)
    tokenizer = load_tokenizer(tmp_path / "new")
    create_model(tmp_path / "new", tokenizer=tokenizer, languages=LANGUAGES, seed=0)


def test_positions_that_are_counted_from_padding_stay(tmp_path: Path) -> None:
    """XLM-R counts them from the id of padding, which nothing may move."""
    config = toy_config("xlm-roberta", pad_token_id=20)
    folder = body(tmp_path / "old", "xlm-roberta")
    with quiet():
        AutoModelForMaskedLM.from_config(config).save_pretrained(folder)
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary["[PAD]"], vocabulary["word20"] = 20, 0
    next(one for one in tokenizer["added_tokens"] if one["content"] == "[PAD]")["id"] = 20
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    trim_model(folder, lambda: TEXT, tmp_path / "new")
    kept = json.loads((tmp_path / "new/trimmed.json").read_text())["kept"]
    assert kept[:21] == list(range(21))
    assert json.loads((tmp_path / "new/config.json").read_text())["pad_token_id"] == 20


def test_weights_stay_in_half_precision(tmp_path: Path) -> None:
    folder = body(tmp_path / "old")
    with quiet():
        AutoModelForMaskedLM.from_pretrained(folder).half().save_pretrained(folder)
    done = trim_model(folder, lambda: TEXT, tmp_path / "new")
    old, new = (load_file(one / "model.safetensors") for one in (folder, tmp_path / "new"))
    name = "bert.embeddings.word_embeddings.weight"
    assert new[name].dtype == torch.float16
    kept = json.loads((tmp_path / "new/trimmed.json").read_text())["kept"]
    assert torch.equal(new[name], old[name][kept])
    assert done.after.megabytes == done.after.parameters * 2 / 1e6


def test_ids_of_the_config_move(tmp_path: Path) -> None:
    folder = body(tmp_path / "old")
    config = json.loads((folder / "config.json").read_text())
    config |= {"eos_token_id": 90, "bos_token_id": 17}
    (folder / "config.json").write_text(json.dumps(config))
    trim_model(folder, lambda: TEXT, tmp_path / "new")
    record = json.loads((tmp_path / "new/trimmed.json").read_text())
    config = json.loads((tmp_path / "new/config.json").read_text())
    assert record["kept"][config["eos_token_id"]] == 90
    assert config["bos_token_id"] is None, "an id that is not among them"
    assert config["vocab_size"] == len(record["kept"])


def test_a_folder_without_tokenizer_json_is_refused(tmp_path: Path) -> None:
    folder = body(tmp_path / "old")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(InputError, match=r"tokenizer\.json of a fast tokenizer"):
        trim_model(folder, lambda: TEXT, tmp_path / "new")


def test_language_specific_modules_are_not_lost_in_silence(tmp_path: Path) -> None:
    toy_model(adapters()).save(tmp_path / "old")
    with pytest.raises(InputError, match="language-specific modules"):
        trim_model(tmp_path / "old", lambda: TEXT, tmp_path / "new")


def test_nothing_is_overwritten_and_nothing_is_left_of_a_failure(tmp_path: Path) -> None:
    folder = body(tmp_path / "old")
    with pytest.raises(InputError, match="new folder"):
        trim_model(folder, lambda: TEXT, folder)
    with pytest.raises(InputError, match="text to trim to"):
        trim_model(folder, list, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
