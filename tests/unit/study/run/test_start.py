"""What a study starts from: a checkpoint with a head that was trained alone."""

from pathlib import Path

import torch

from isogloss.models import create_model, load_model
from isogloss.study import plan_study, prepare
from isogloss.study.run.execution import execute
from isogloss.study.store.run_folder import run_folder
from isogloss.training import dev_curve
from unit.study import toys


def test_the_head_learns_and_the_encoder_keeps_its_bits(
    encoder: Path, bed: Path, tmp_path: Path
) -> None:
    pretraining = {"updates": 1, "rows": 8, "length": 24, "head_updates": 15}
    spec = toys.spec(model=str(encoder), seeds=[0], pretraining=pretraining, logging={})
    prepared = prepare(spec, str(bed), tmp_path)
    assert prepared.lacks_head
    plan = plan_study(spec, prepared, {})
    assert "no masked-LM head" in plan.notes[0] and "15 updates" in plan.notes[0]
    [start] = [run for run in plan.runs.values() if run.stage == "start"]
    execute(start, prepared.folder)
    folder = run_folder(prepared.folder, start.run_id)
    new = create_model(
        encoder, tokenizer=prepared.tokenizer, languages=toys.PAIR, seed=start.plan.seed
    )
    trained = load_model(folder.model)
    head = {id(one) for one in trained.attachment.head_parameters(trained.backbone)}
    assert head
    for name, value in trained.named_parameters():
        assert torch.equal(value, new.get_parameter(name)) is (id(value) not in head), name
    guard = folder.read_result()["guard"]
    assert guard["nats"] == dev_curve(folder.path)[-1]
    pretrained = next(run for run in plan.runs.values() if run.starts_from == start.run_id)
    execute(pretrained, prepared.folder)
    after = run_folder(prepared.folder, pretrained.run_id).read_result()["guard"]
    name = str(pretrained.plan.languages[0])
    assert abs(after["end"]["nats"][name] - guard["nats"][name]) < 0.5, "it went on from there"


def test_where_masked_lm_is_neither_trained_nor_measured(
    encoder: Path, bed: Path, tmp_path: Path
) -> None:
    """No head is trained, no loss of it is told, and nothing speaks of a plateau."""
    spec = toys.spec(
        model=str(encoder),
        seeds=[0],
        treat="finetuning",
        tasks=["pos"],
        pretraining={"updates": 0, "head_updates": 0, "length": 24},
    )
    prepared = prepare(spec, str(bed), tmp_path)
    plan = plan_study(spec, prepared, {})
    assert {run.stage for run in plan.runs.values()} == {"pretrain", "score", "finetune"}
    assert any("neither trained nor measured" in note for note in plan.notes)
    assert all("forgetting" not in run.measures for run in plan.runs.values())
    for stage in ("pretrain", "score"):
        run = next(run for run in plan.runs.values() if run.stage == stage)
        execute(run, prepared.folder)
        folder = run_folder(prepared.folder, run.run_id)
        assert dev_curve(folder.path) == []
        # What fine-tuning is held against, and no loss.
        expected = {"few"} if stage == "pretrain" else set[str]()
        assert set(folder.read_result().get("guard", {})) == expected
