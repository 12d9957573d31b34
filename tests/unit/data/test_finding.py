from isogloss.data.finding import Finding


def test_a_finding_reads_as_one_line() -> None:
    assert str(Finding("error", "text swa-Latn dev", "empty")) == "error: text swa-Latn dev: empty"
