"""One pass counts examples, labels, repetitions and characters."""

from collections import Counter
from pathlib import Path

from isogloss.core import Language
from isogloss.data.sources import Unit, open_source
from isogloss.data.survey import SideSurvey, Survey, survey_unit


def survey(folder: Path, name: str, content: str, unit: Unit) -> Survey:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return survey_unit(open_source(folder), unit)


ENGLISH, SWAHILI = Language.parse("en"), Language.parse("sw")


def test_text(tmp_path: Path) -> None:
    found = survey(
        tmp_path, "text/sw.train.txt", "aá\n\nb\x07\naá\n", Unit("text", (SWAHILI,), "train")
    )
    assert (found.n_examples, found.n_repeated(), found.n_blank) == (3, 1, 1)
    assert (found.n_bytes, found.sides[0].first_broken) == (8, 2)
    assert found.sides[0].characters == {"a": 2, "á": 2, "b": 1, "\x07": 1}


def test_entities_are_counted_once_each(tmp_path: Path) -> None:
    content = "Juma B-PER\nAli I-PER\nni O\nKenya B-LOC\n"
    found = survey(tmp_path, "ner/sw.dev.txt", content, Unit("ner", (SWAHILI,), "dev"))
    assert (found.labels, found.n_tokens) == ({"PER": 1, "LOC": 1}, 4)


def test_pairs_count_characters_per_language(tmp_path: Path) -> None:
    unit = Unit("parallel", (ENGLISH, SWAHILI), "dev")
    found = survey(tmp_path, "parallel/en-sw.dev.tsv", "one\tmoja\n", unit)
    assert [sum(side.characters.values()) for side in found.sides] == [3, 4]


def test_shared_examples() -> None:
    first, second = Survey((SideSurvey(SWAHILI),)), Survey((SideSurvey(SWAHILI),))
    for text in "aab":
        first.add((text,), (), 0)
    second.add(("A ",), (), 0)
    assert first.n_repeated() == 1
    assert (second.n_shared(first), first.n_shared(second)) == (1, 2)


def test_characters_are_counted_the_same_in_many_lines_as_in_one() -> None:
    side = SideSurvey(SWAHILI)
    texts = [f"neno {number} \U0001f600" for number in range(3000)] + ["ab\x07", "яяя"]
    for text in texts:
        side.add(text)
    side.finish()
    assert side.characters == Counter("".join(texts))
    assert side.n_bytes == sum(len(text.encode()) for text in texts)
    assert (side.first_broken, side.n_foreign, side.first_foreign) == (3001, 1, 3002)
