"""A tenant's labels in a replay: what they teach, and that no row is judged by its own."""

from pathlib import Path

import pytest

from agent.errors import InvalidInput
from tests.fakes.recorded_turns import labelled, replayed, rows, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "rows.jsonl", rows())


def test_labels_are_counted_and_what_they_teach_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.jsonl", labelled(160))
    file = write(tmp_path / "rows.jsonl", labelled(80, start=5_000))

    taught = replayed(file, "default", labels=path)

    assert (taught.labels, taught.n) == (160, 80)
    assert taught.apgr is not None
    assert taught.apgr > 0.5
    assert taught.notes


def test_rows_that_are_among_the_labels_do_not_judge_what_was_learnt_from_them(tmp_path: Path) -> None:
    known = labelled(120)
    same_prompt = {**known[5], "id": "another-id"}
    file = write(tmp_path / "rows.jsonl", [*labelled(60, start=5_000), known[3], same_prompt])

    found = replayed(file, "default", labels=write(tmp_path / "labels.jsonl", known))

    assert found.n == 60
    assert any("2 rows are among the labels" in note for note in found.notes)


def test_another_question_under_the_id_of_a_label_is_measured(tmp_path: Path) -> None:
    """Two files that count their rows from 1 have the ids in common, and nothing else."""
    known = [{**row, "id": number} for number, row in enumerate(labelled(120))]
    others = [{**row, "id": number} for number, row in enumerate(labelled(60, start=5_000))]

    found = replayed(
        write(tmp_path / "rows.jsonl", others),
        "default",
        labels=write(tmp_path / "labels.jsonl", known),
    )

    assert found.n == 60


def test_too_few_labels_teach_nothing_and_say_so(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.jsonl", labelled(99))
    file = write(tmp_path / "rows.jsonl", labelled(80, start=5_000))

    without, too_few = replayed(file, "default"), replayed(file, "default", labels=path)

    assert (too_few.labels, too_few.apgr) == (99, without.apgr)
    assert any("has 99 labels; below 100 nothing is learnt" in note for note in too_few.notes)


def test_labels_that_are_all_of_the_file_leave_nothing_to_measure(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.jsonl", labelled(120))

    with pytest.raises(InvalidInput, match="fewer than two rows are left"):
        replayed(path, "default", labels=path)


def test_a_wrong_line_of_the_labels_is_named_as_theirs(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("{}\n", encoding="utf-8")

    with pytest.raises(InvalidInput, match=r"labels\.jsonl, line 1: id is missing"):
        replayed(file, "default", labels=path)


@pytest.mark.parametrize(
    "form",
    [
        "{}\n",
        "Question: {}\nAnswer:",
        "Q: {}\nA:",
        "Question: What is 2 + 2?\nAnswer: 4\n\nQuestion: {}\nAnswer:",
    ],
)
def test_a_label_in_another_form_does_not_judge_either(tmp_path: Path, form: str) -> None:
    known = labelled(120)
    framed = [{**row, "id": f"f-{row['id']}", "prompt": form.format(row["prompt"])} for row in known[:20]]
    file = write(tmp_path / "rows.jsonl", [*labelled(60, start=5_000), *framed])

    found = replayed(file, "default", labels=write(tmp_path / "labels.jsonl", known))

    assert found.n == 60


def test_options_lettered_anew_are_the_same_question(tmp_path: Path) -> None:
    known = [
        {"id": n, "prompt": f"Which is {n}?\nA. one\nB. {n}\nC. two\nD. none", "weak": n % 2, "strong": 1}
        for n in range(120)
    ]
    anew = [
        {**row, "prompt": f"Which is {n}?\n(a) one\n(b) {n}\n(c) two\n(d) none\nAnswer:"}
        for n, row in enumerate(known)
    ]
    file = write(tmp_path / "rows.jsonl", [*({**row, "id": f"x{row['id']}"} for row in anew), *rows()])

    assert replayed(file, "default", labels=write(tmp_path / "labels.jsonl", known)).n == 40


def test_questions_that_differ_in_a_sign_are_not_taken_for_one(tmp_path: Path) -> None:
    known = [{**row, "prompt": f"{row['prompt']} 2 + 2"} for row in labelled(120)]
    others = [{**row, "prompt": str(row["prompt"])[:-5] + "2 - 2"} for row in known]

    found = replayed(
        write(tmp_path / "rows.jsonl", others), "default", labels=write(tmp_path / "labels.jsonl", known)
    )

    assert found.n == 120


def test_long_prompts_that_differ_in_their_middle_are_not_taken_for_one(tmp_path: Path) -> None:
    known = labelled(120)
    long = [f"{'start ' * 400}{middle}{' end' * 400}" for middle in ("red", "blue", "green")]
    file = write(
        tmp_path / "rows.jsonl",
        [{"id": n, "prompt": prompt, "weak": n % 2, "strong": 1} for n, prompt in enumerate(long)],
    )
    labels = write(tmp_path / "labels.jsonl", [{**known[0], "prompt": long[0]}, *known[1:]])

    assert replayed(file, "default", labels=labels).n == 2


def test_labels_on_a_judges_scale_teach_what_their_shares_teach(tmp_path: Path) -> None:
    shares = labelled(160)
    judged = [{**row, "weak": 10 * int(str(row["weak"])), "strong": 10} for row in shares]
    file = write(tmp_path / "rows.jsonl", labelled(80, start=5_000))

    taught = [
        replayed(file, "default", labels=write(tmp_path / f"{name}.jsonl", labels)).as_json()
        for name, labels in (("shares", shares), ("judged", judged))
    ]

    assert taught[0] == taught[1]


def test_labels_without_a_gap_are_said_to_teach_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.jsonl", [{**row, "weak": 1} for row in labelled(120)])
    file = write(tmp_path / "rows.jsonl", labelled(80, start=5_000))

    found = replayed(file, "default", labels=path)

    assert found.apgr == replayed(file, "default").apgr
    assert any("there is nothing to learn" in note for note in found.notes)
