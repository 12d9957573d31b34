"""The Python examples of the README run, and print what their comments say."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def test_examples_run_and_print_what_they_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    monkeypatch.chdir(tmp_path)
    for example in examples:
        exec(example, {})
        promised = re.findall(r"^print\(.*\)  # (.+)$", example, re.MULTILINE)
        assert promised
        assert capsys.readouterr().out.splitlines() == promised
    assert (tmp_path / "my-study" / "report.html").is_file()
