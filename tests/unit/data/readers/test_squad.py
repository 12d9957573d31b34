"""SQuAD files: every answer stands at its offset, or the question is named."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import Question, SourceFile, read_questions


def squad(context: str, answer: str, start: int, identifier: str = "q1") -> dict[str, object]:
    question = {
        "id": identifier,
        "question": "Wapi?",
        "answers": [{"text": answer, "answer_start": start}],
    }
    return {"version": "1.1", "data": [{"paragraphs": [{"context": context, "qas": [question]}]}]}


def write(folder: Path, content: object) -> SourceFile:
    path = folder / "sw.dev.json"
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(text)
    return SourceFile(path, "swa-Latn")


def test_offsets_count_code_points(tmp_path: Path) -> None:
    file = write(tmp_path, squad("𝒜 e\u0301 Nairobi", "Nairobi", 5))
    assert read_questions(file) == [
        Question("q1", "𝒜 e\u0301 Nairobi", "Wapi?", ("Nairobi",), (5,))
    ]


@pytest.mark.parametrize("start", [-1, -7, 3, 99])
def test_an_answer_at_another_place_is_refused(tmp_path: Path, start: int) -> None:
    with pytest.raises(InputError, match=r"sw.dev.json \(swa-Latn\), question `q1`"):
        read_questions(write(tmp_path, squad("Ni Nairobi.", "Nairobi", start + (start == 3))))


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    twice = squad("Nairobi", "Nairobi", 0)
    twice["data"] = [*twice["data"], *twice["data"]]  # pyright: ignore
    with pytest.raises(InputError, match="`q1` twice"):
        read_questions(write(tmp_path, twice))


def test_broken_json_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2"):
        read_questions(write(tmp_path, b'{"data":\n oops}'))


@pytest.mark.parametrize("content", [[], {}, {"data": [1]}, {"data": [{"paragraphs": None}]}, 3])
def test_json_that_is_no_squad_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(InputError, match=r"SQuAD 1\.1 JSON"):
        read_questions(write(tmp_path, content))


def test_half_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="surrogate"):
        read_questions(write(tmp_path, squad("\ud800 a", "a", 2)))


def test_no_question_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one question"):
        read_questions(write(tmp_path, {"data": []}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "paragraphs", "context", "qas", "id", "answers", "text"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(content=st.binary(max_size=60) | JSON)
def test_any_content_is_questions_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: object
) -> None:
    file = write(tmp_path_factory.getbasetemp(), content)
    try:
        assert read_questions(file)
    except InputError:
        return
