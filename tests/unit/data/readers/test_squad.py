"""SQuAD files: every answer stands at its offset, or the question is named."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import DataWarning, Question, Reading, SourceFile, read_questions


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


def test_ids_may_be_numbers(tmp_path: Path) -> None:
    content = squad("Nairobi", "Nairobi", 0, 38091)  # pyright: ignore
    assert read_questions(write(tmp_path, content))[0].identifier == "38091"
    with pytest.raises(InputError, match="`id`"):
        read_questions(write(tmp_path, squad("Nairobi", "Nairobi", 0, True)))  # pyright: ignore


@pytest.mark.parametrize(
    ("context", "start", "found"),
    [
        ("హై 1591", 7, "stands at 3: the offset counts bytes of UTF-8"),
        ("😀😀 1591", 5, "stands at 3: the offset counts units of UTF-16"),
        ("in 1591", 1, "`n 15`; it stands at 3"),
        ("in 1592", 3, "`1592`; it stands nowhere in the context"),
    ],
)
def test_a_wrong_offset_says_what_it_counts(
    tmp_path: Path, context: str, start: int, found: str
) -> None:
    with pytest.raises(InputError, match=found):
        read_questions(write(tmp_path, squad(context, "1591", start)))


def test_all_wrong_questions_are_named_or_skipped(tmp_path: Path) -> None:
    parts = [squad("Ni Nairobi.", "Nairobi", at, f"q{n}") for n, at in enumerate([3, 1, 3, 0, 3])]
    content = {"data": [part for one in parts for part in one["data"]]}  # pyright: ignore
    with pytest.raises(InputError, match=r"2 such places: question 2, 4. Where: .*question `q1`"):
        read_questions(write(tmp_path, content))
    with pytest.warns(DataWarning, match="2 of 5 examples were broken and skipped"):
        found = read_questions(write(tmp_path, content), reading=Reading(skip=True))
    assert [question.identifier for question in found] == ["q0", "q2", "q4"]


def test_prefix_and_limit(tmp_path: Path) -> None:
    parts = [squad("Nairobi", "Nairobi", 0, name) for name in ("sw-1", "te-1", "sw-2", "sw-3")]
    content = {"data": [part for one in parts for part in one["data"]]}  # pyright: ignore
    file = write(tmp_path, content)
    found = read_questions(file, reading=Reading(prefix=("id", "sw-"), limit=2))
    assert [question.identifier for question in found] == ["sw-1", "sw-2"]
    with pytest.raises(InputError, match="`prefix` of one of id, context, question"):
        read_questions(file, reading=Reading(prefix=("title", "x")))


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


def test_a_question_without_answers_is_refused_or_left_out(tmp_path: Path) -> None:
    content = squad("Nairobi", "Nairobi", 0)
    [paragraph] = content["data"][0]["paragraphs"]  # pyright: ignore
    paragraph["qas"].append({"id": "q2", "question": "Nani?", "answers": []})
    file = write(tmp_path, content)
    with pytest.raises(InputError, match="no unanswerable questions"):
        read_questions(file)
    with pytest.warns(DataWarning):
        assert [one.identifier for one in read_questions(file, reading=Reading(skip=True))] == [
            "q1"
        ]
