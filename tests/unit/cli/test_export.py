import json
from pathlib import Path

import pytest
import torch
import yaml
from transformers import AutoModelForMaskedLM, XLMRobertaConfig

from isogloss.cli import main
from isogloss.core import Language
from isogloss.data import load_tokenizer, train_tokenizer
from isogloss.models import Exported, import_xmod, load_model
from isogloss.models.quiet import quiet
from unit.study.toys import CONTENT

ARGUMENTS = ["export", "run", "--to", "xmod", "--out", "out"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    """Let the command believe that something was exported, and note what it asked for."""
    asked: list[object] = []

    def export_run(source: Path, out: Path, *, to: str, without_modules: bool) -> Exported:
        asked.extend([source, out, to, without_modules])
        codes = {"tel-Telu": "te_IN", "eng-Latn": "en_XX"}
        return Exported(out, "xmod", codes, True, ("something to know",))

    monkeypatch.setattr("isogloss.study.export_run", export_run)
    monkeypatch.chdir(tmp_path)
    return asked


def test_what_was_written(told: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ARGUMENTS) == 0
    assert told == [Path("run"), Path("out"), "xmod", False]
    assert capsys.readouterr().out.splitlines() == [
        f"exported: {Path('out').resolve()} (xmod, with its tokenizer)",
        "language: tel-Telu is te_IN, lang_ids 0",
        "language: eng-Latn is en_XX, lang_ids 1",
        "note: something to know",
    ]


def test_json(told: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ARGUMENTS, "--without-modules", "--json"]) == 0
    assert told[-1] is True
    assert json.loads(capsys.readouterr().out) == {
        "folder": str(Path("out").resolve()),
        "architecture": "xmod",
        "languages": {"tel-Telu": "te_IN", "eng-Latn": "en_XX"},
        "tokenizer": True,
        "notes": ["something to know"],
    }


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    shown = capsys.readouterr().out
    assert "examples:\n  isogloss export my-study/runs/" in shown
    assert "{hf,xmod}" in shown


@pytest.mark.parametrize("missing", ["--to", "--out"])
def test_what_must_be_said(missing: str, capsys: pytest.CaptureFixture[str]) -> None:
    place = ARGUMENTS.index(missing)
    assert main([*ARGUMENTS[:place], *ARGUMENTS[place + 2 :]]) == 2
    assert f"Expected {missing}" in capsys.readouterr().err


def test_from_a_study_to_xmod_and_back(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An XLM-R trained with adapters at `residual`; `transformers` opens what is exported."""
    lines = Path("data/text/qaa.train.txt").read_text(encoding="utf-8").splitlines()
    tokenizer = train_tokenizer({Language.parse("qaa"): lines}, "mine", vocabulary_size=400)
    size = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = XLMRobertaConfig(
        **size, vocab_size=tokenizer.vocabulary_size, intermediate_size=48, type_vocab_size=1
    )
    with quiet():
        AutoModelForMaskedLM.from_config(config).save_pretrained("mine")
    adapters = {"language_adapters": {"bottleneck": 8, "places": "residual"}}
    content = {
        **{key: value for key, value in CONTENT.items() if key != "tokenizer"},
        "seeds": [0],
        "model": "mine",
        "treatments": ["monolingual", "untreated", adapters],
        "pretraining": {"updates": 2, "rows": 4, "length": 16},
    }
    (place / "study.yaml").write_text(yaml.safe_dump(content))
    assert (
        main(["run", "study.yaml", "--data", "data", "--out", "out", "--launcher", "inline"]) == 0
    )
    [run] = [
        path.parents[1]
        for path in Path("out/runs").glob("*/model/isogloss.json")
        if json.loads(path.read_text())["modules"]
    ]
    capsys.readouterr()

    assert main(["export", str(run), "--to", "hf", "--out", "plain"]) == 2
    assert "`--without-modules`" in capsys.readouterr().err
    assert main(["export", str(run), "--to", "hf", "--out", "plain", "--without-modules"]) == 0
    assert "note: The modules of kind `adapter` are left out." in capsys.readouterr().out
    assert main(["export", str(run), "--to", "xmod", "--out", "xmod", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["languages"] == {"qaa-Latn": "qaa_Latn", "qab-Latn": "qab_Latn"}
    assert told["tokenizer"] is True

    model = load_model(run / "model").eval()
    ids, language = torch.randint(5, tokenizer.vocabulary_size, (4, 9)), torch.tensor([0, 1, 1, 0])
    expected = model(ids, None, language)
    with quiet():
        xmod = AutoModelForMaskedLM.from_pretrained("xmod")
        assert AutoModelForMaskedLM.from_pretrained("plain").config.model_type == "xlm-roberta"
    torch.testing.assert_close(xmod(ids, lang_ids=language).logits, expected, atol=1e-6, rtol=0)
    back = import_xmod("xmod", tokenizer=load_tokenizer("xmod")).eval()
    assert torch.equal(back(ids, None, language), expected)
    assert back.tokenizer_fingerprint == model.tokenizer_fingerprint
