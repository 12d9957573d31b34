import json
from pathlib import Path

import pytest
import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForTokenClassification,
    GPT2Config,
    GPT2LMHeadModel,
    PretrainedConfig,
    PreTrainedModel,
)

from isogloss.core import InputError
from isogloss.data import load_tokenizer
from isogloss.models import (
    FinishedHead,
    finished_kind,
    longest_context,
    read_causal,
)
from isogloss.models.finished import FinishedClassifier
from unit.comparison.language_models.heads import write_head


def _saved(model: PreTrainedModel, folder: Path) -> Path:
    model.save_pretrained(folder)
    return folder


def _gpt2() -> GPT2LMHeadModel:
    config = GPT2Config(vocab_size=20, n_embd=8, n_layer=1, n_head=2, n_positions=16)
    return GPT2LMHeadModel(config)


def _bert(kind: type[PreTrainedModel]) -> PreTrainedModel:
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "intermediate_size": 8}
    config: PretrainedConfig = BertConfig(vocab_size=20, num_attention_heads=2, **sizes)
    return kind(config)


def test_a_causal_model_is_read_with_its_weights(tmp_path: Path) -> None:
    model = _gpt2()
    folder = _saved(model, tmp_path / "gpt2")
    assert (finished_kind(folder), longest_context(folder)) == ("causal", 16)
    read = read_causal(folder, torch.bfloat16)
    assert not read.training
    weight = read.get_input_embeddings().weight
    assert weight.dtype == torch.bfloat16
    assert torch.equal(weight, model.transformer.wte.weight.to(torch.bfloat16))


def test_masked_models_and_models_of_a_task(tmp_path: Path) -> None:
    assert finished_kind(_saved(_bert(BertForMaskedLM), tmp_path / "masked")) == "masked"
    with pytest.raises(InputError, match="Found BertForTokenClassification"):
        finished_kind(_saved(_bert(BertForTokenClassification), tmp_path / "task"))


def test_without_architectures_the_type_decides(tmp_path: Path) -> None:
    folder = _saved(_gpt2(), tmp_path / "gpt2")
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "architectures": None}))
    assert finished_kind(folder) == "causal"


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        finished_kind(tmp_path / "absent")
    folder = _saved(_gpt2(), tmp_path / "gpt2")
    (folder / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(InputError, match="whole weights"):
        read_causal(folder, torch.float32)
    (folder / "model.safetensors").unlink()
    with pytest.raises(InputError, match="weights in safetensors"):
        read_causal(folder, torch.float32)
    broken = _gpt2()
    with torch.no_grad():
        broken.transformer.wte.weight[3] = float("nan")
    with pytest.raises(InputError, match="NaN or infinity"):
        read_causal(_saved(broken, tmp_path / "nan"), torch.float32)


def test_the_head_of_a_folder(tmp_path: Path) -> None:
    for head, form in (
        ("tokens", "token_classification"),
        ("texts", "sequence_classification"),
        ("answers", "extractive_qa"),
        ("masked", None),
    ):
        found = FinishedHead.of(write_head(tmp_path / head, head))
        assert (found and found.form) == form
    assert FinishedHead.of(_saved(_gpt2(), tmp_path / "gpt2")) is None


def test_labels_stand_in_the_order_of_the_classes(tmp_path: Path) -> None:
    folder = write_head(tmp_path / "m", "texts", labels=[f"l{i}" for i in range(12)])
    head = FinishedHead.of(folder)
    assert head is not None
    assert head.labels == tuple(f"l{i}" for i in range(12))
    path = folder / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps({**config, "id2label": {"0": "score"}, "label2id": {"score": 0}}))
    with pytest.raises(InputError, match="two classes or more"):
        FinishedHead.of(folder)


PAIRS = {
    "numbered texts": "[CLS] $A [SEP] $B:1 [SEP]:1",
    "two separators": "[CLS] $A [SEP] [SEP] $B [SEP]",
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("head", ["texts", "answers"])
def test_pairs_are_read_as_the_models_own_tokenizer_writes_them(
    head: str, pair: str, tmp_path: Path
) -> None:
    folder = write_head(
        tmp_path / "m", head, labels=("a", "b", "c")[: 2 + (head == "texts")], pair=pair
    )
    tokenizer = load_tokenizer(folder)
    found = FinishedHead.of(folder)
    assert found is not None
    model = found.read(tokenizer)
    texts = [("ab cd", "ef gh ij"), ("ab", "kl")]
    theirs = tokenizer.hugging_face(
        [one for one, _ in texts], [two for _, two in texts], padding=True, return_tensors="pt"
    )
    rows = [
        [tokenizer.cls_id, *first, tokenizer.sep_id, *second, tokenizer.sep_id]
        for first, second in (tokenizer.encode(text) for text in texts)
    ]
    length = max(map(len, rows))
    ids = torch.tensor([row + [tokenizer.pad_id] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    with torch.inference_mode():
        ours, wanted = model(ids, mask, None), model.model(**theirs)
        alone = model(ids[:1, : len(rows[0])], None, None)
    if head == "texts":
        torch.testing.assert_close(ours, wanted.logits)
        torch.testing.assert_close(alone, wanted.logits[:1])
        return
    extra = theirs["input_ids"].shape[1] - length
    at = len(texts[0][0].split()) + 2  # of the pair's first word in our row
    start = wanted.start_logits[0, at + extra : at + extra + 3]
    torch.testing.assert_close(ours[0, at : at + 3, 0], start)
    torch.testing.assert_close(alone[0, at : at + 3, 0], start)


def test_a_text_alone_beside_a_pair_is_left_as_it_is(tmp_path: Path) -> None:
    folder = write_head(tmp_path / "m", "tokens", labels=("a", "b"), pair=PAIRS["two separators"])
    tokenizer = load_tokenizer(folder)
    model = FinishedClassifier(folder, "token_classification", tokenizer)
    ids = torch.tensor([[2, 6, 7, 3], [2, 6, 3, 0]])
    with torch.inference_mode():
        both = model(ids, (ids != 0).long(), None)
        torch.testing.assert_close(both[1, :3], model(ids[1:, :3], None, None)[0])
        pair = model(torch.tensor([[2, 6, 3, 7, 3], [2, 6, 7, 8, 3]]), None, None)
        alone = model(torch.tensor([[2, 6, 7, 8, 3]]), None, None)
    torch.testing.assert_close(pair[1], alone[0])


def test_pairs_in_another_form_are_refused(tmp_path: Path) -> None:
    folder = write_head(tmp_path / "m", "texts", labels=("a", "b"), pair="$A [SEP] $B [CLS]")
    with pytest.raises(InputError, match="writes a pair as: cls, text"):
        FinishedClassifier(folder, "sequence_classification", load_tokenizer(folder))


def test_a_head_without_weights_is_refused(tmp_path: Path) -> None:
    folder = write_head(tmp_path / "m", "masked")
    path = folder / "config.json"
    named = json.loads(path.read_text()) | {"architectures": ["BertForTokenClassification"]}
    path.write_text(json.dumps(named))
    with pytest.raises(InputError, match=r"no classifier\.bias"):
        FinishedClassifier(folder, "token_classification", load_tokenizer(folder))
