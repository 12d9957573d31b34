"""The monitor in a loop of anybody's own."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import toys
from isogloss.core import InputError
from isogloss.diagnosis import CONFLICT_FILE, ConflictMonitor

PAIR = "eng-Latn|swa-Latn"


def small() -> nn.Module:
    """Return a model with something random in it."""
    return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.LayerNorm(8), nn.Linear(8, 2))


MODEL, monitored = small(), small()
START = {name: value.clone() for name, value in MODEL.state_dict().items()}


def loop(monitor: ConflictMonitor | None, steps: int = 5) -> dict[str, Tensor]:
    """Train a small model by hand, watched or not; return its weights."""
    torch.manual_seed(0)
    model = MODEL if monitor is None else monitored
    model.load_state_dict(START)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    language = torch.tensor([0, 1, 0, 1])
    for _ in range(steps):
        optimizer.zero_grad()
        values = torch.randn(4, 3)
        if monitor is None:
            loss = model(values).square().mean()
        else:
            with monitor.watch(language):
                loss = model(values).square().mean()
        loss.backward()
        if monitor is not None:
            monitor.step()
        optimizer.step()
    return toys.weights(model)


def test_a_watched_loop_keeps_every_bit_and_looks_when_due(tmp_path: Path) -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], folder=tmp_path, every=2)
    assert toys.same_bits(loop(None), loop(monitor))
    assert [row["update"] for row in monitor.rows] == [0, 2, 4]
    lines = (tmp_path / CONFLICT_FILE).read_text().splitlines()
    assert [json.loads(line) for line in lines] == monitor.rows
    assert -1 <= monitor.rows[0]["cosine"][PAIR] <= 1


def test_a_look_waits_for_a_batch_with_two_languages() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], every=3)
    for language in ([0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 1], [0, 1, 0, 1]):
        with monitor.watch(language):
            loss = monitored(torch.randn(4, 3)).square().mean()
        loss.backward()
        monitor.step()
    assert [row["update"] for row in monitor.rows] == [2, 3]


@pytest.mark.parametrize("language", [[], [0, 2], [-1, 0]])
def test_a_batch_without_known_languages_is_refused(language: list[int]) -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"])
    with (
        pytest.raises(InputError, match="index of each sequence's language"),
        monitor.watch(language),
    ):
        pass


@pytest.mark.parametrize("languages", [["en"], [], ["en", "eng"]])
def test_two_different_languages_are_needed(languages: list[str]) -> None:
    with pytest.raises(InputError, match="two different languages"):
        ConflictMonitor(monitored, languages)


class Tuned(nn.Module):
    """A module with a parameter beside its child, as nobody can split it."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.scale = nn.Linear(3, 50), nn.Parameter(torch.ones(100))

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) * self.scale[:50]


def look_at(model: nn.Module, monitor: ConflictMonitor) -> None:
    with monitor.watch([0, 1, 0, 1]):
        loss = model(torch.randn(4, 3)).square().mean()
    loss.backward()
    monitor.step()


def test_a_model_of_which_too_little_is_seen_is_refused() -> None:
    model = nn.Sequential(Tuned(), nn.Linear(50, 2))
    monitor = ConflictMonitor(model, ["en", "sw"], least_coverage=0.9)
    with pytest.raises(InputError, match=r"can be seen; not seen: 0\.scale \(") as refused:
        look_at(model, monitor)
    assert "75.1%" in refused.value.found


def test_what_is_not_seen_is_named_in_a_warning_the_rows_and_the_summary() -> None:
    model = nn.Sequential(Tuned(), nn.BatchNorm1d(50), nn.Linear(50, 2))
    monitor = ConflictMonitor(model, ["en", "sw"])
    with pytest.warns(UserWarning, match=r"Not seen: 0\.scale \(Tuned has.*1\.weight \(batch norm"):
        look_at(model, monitor)
    unseen = ["0.scale", "1.weight", "1.bias"]
    assert monitor.rows[0]["unseen"] == unseen
    assert monitor.summary().unseen == tuple(unseen)
    assert "Not seen: 0.scale, 1.weight, 1.bias." in str(monitor.summary())


def accumulate(monitor: ConflictMonitor, batches: list[list[int]]) -> None:
    """One update of the optimizer from several micro-batches."""
    for language in batches:
        with monitor.watch(language):
            loss = monitored(torch.randn(len(language), 3)).square().mean()
        loss.backward()
    monitor.step()


def test_with_accumulation_an_update_is_one_of_the_optimizer() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], every=2)
    for _ in range(5):
        accumulate(monitor, [[0, 0, 0], [0, 0, 1, 1], [1, 1, 1], [0, 0, 1, 1]])
    assert [row["update"] for row in monitor.rows] == [0, 2, 4]


def test_the_look_of_an_update_is_its_first_micro_batch_with_two_languages() -> None:
    rows = []
    for batches in ([[0, 0, 1, 1]], [[0, 0, 1, 1], [1, 1, 0, 0], [0, 0, 0]]):
        torch.manual_seed(0)
        monitor = ConflictMonitor(monitored.eval(), ["en", "sw"])
        accumulate(monitor, batches)
        rows.append(monitor.rows[0]["cosine"])
    monitored.train()
    assert rows[0] == rows[1]


def test_a_gradient_that_is_not_finite_is_counted_and_named() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw", "ar"], every=1)
    for broken in (False, True):
        values = torch.randn(6, 3)
        if broken:
            values[4] = float("nan")
        with monitor.watch([0, 0, 1, 1, 2, 2]):
            loss = monitored(values).square().sum()
        loss.backward()
        monitor.step()
    summary = monitor.summary()
    assert summary.not_finite == {"ara-Arab": 1}
    assert {one.pair: one.looks for one in summary.pairs}[PAIR] == 2
    assert {one.pair: one.looks for one in summary.pairs}["eng-Latn|ara-Arab"] == 1
    assert "ara-Arab: gradient not finite at 1 of 2 measurements" in str(summary)


def decoder(kind: str) -> nn.Module:
    """Return a small decoder of an architecture, in double precision."""
    import transformers as hf

    sizes = {"vocab_size": 60, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4}
    more = {"num_key_value_heads": 2, "intermediate_size": 24, "max_position_embeddings": 32}
    torch.manual_seed(3)
    if kind == "gpt2":
        config = hf.GPT2Config(
            vocab_size=60, n_embd=16, n_layer=2, n_head=4, n_positions=32, n_inner=24,
            resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        )  # fmt: skip
        return hf.GPT2LMHeadModel(config).double()
    if kind == "qwen3":
        return hf.Qwen3ForCausalLM(hf.Qwen3Config(**sizes, **more, head_dim=4)).double()
    model = hf.LlamaForCausalLM(hf.LlamaConfig(**sizes, **more)).double()
    if kind == "llama with lora":
        toys.with_lora(model)
        for name, value in model.named_parameters():
            if "lora_B" in name:  # drawn, because at zero lora_A has no gradient
                nn.init.normal_(value, std=0.2)
    return model


@pytest.mark.parametrize("kind", ["llama", "qwen3", "gpt2", "llama with lora"])
def test_on_decoders_cosines_are_those_of_separate_backward_passes(kind: str) -> None:
    model = decoder(kind).train()
    ids = torch.randint(0, 60, (6, 9), generator=torch.Generator().manual_seed(0))
    language = torch.tensor([0, 1, 0, 1, 1, 0])
    trained = [p for p in model.parameters() if p.requires_grad]
    alone = []
    for index in (0, 1):
        mine = ids[language == index]
        found = torch.autograd.grad(model(input_ids=mine, labels=mine).loss, trained)
        alone.append(torch.cat([gradient.flatten() for gradient in found]))
    monitor = ConflictMonitor(model, ["en", "sw"])
    with monitor.watch(language):
        loss = model(input_ids=ids, labels=ids).loss
    loss.backward()
    row = monitor.step()
    assert row is not None
    assert row["coverage"] == 1.0 and row["unseen"] == []
    expected = float(nn.functional.cosine_similarity(*alone, dim=0))
    assert row["cosine"][PAIR] == pytest.approx(expected, abs=1e-6)


def watch(monitor: ConflictMonitor, language: list[int]) -> None:
    """Do one step of a loop."""
    with monitor.watch(language):
        loss = monitored(torch.randn(len(language), 3)).square().mean()
    loss.backward()
    monitor.step()


def test_a_language_with_one_row_is_named_where_halves_are_asked_for() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw", "ar"])
    watch(monitor, [0, 0, 1, 1, 2])
    [row] = monitor.rows
    assert row["languages"] == ["eng-Latn", "swa-Latn"]
    assert row["too_few_rows"] == ["ara-Arab"]


@pytest.mark.parametrize(("every", "steps"), [(1, 20), (30, 30)])
def test_batches_that_never_have_enough_rows_are_refused(every: int, steps: int) -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], every=every)
    for _ in range(steps - 1):
        watch(monitor, [0, 0, 0, 1])
    with pytest.raises(InputError, match="at least 2 sequences") as refused:
        watch(monitor, [0, 0, 0, 1])
    assert (
        refused.value.found == f"none in {steps} steps; the last had 3 of eng-Latn, 1 of swa-Latn"
    )
    assert "halves=False" in refused.value.next_step


def test_without_halves_one_row_is_enough() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], halves=False)
    watch(monitor, [0, 0, 0, 1])
    assert "control" not in monitor.rows[0]
    assert monitor.rows[0]["too_few_rows"] == []


def test_after_a_look_a_long_wait_does_not_end_the_training() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], every=5)
    watch(monitor, [0, 0, 1, 1])
    for _ in range(50):
        watch(monitor, [0, 0, 0, 0])
    assert [row["update"] for row in monitor.rows] == [0]
