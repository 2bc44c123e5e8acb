"""What a replay reads, and what it refuses, by the number of the line."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cascade.replay.command import app, main
from agent.errors import AppError, ConfigError, InvalidInput
from tests.fakes.recorded_turns import Options, command, replayed, rows, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "rows.jsonl", rows())


def test_models_that_are_equally_good_give_a_sentence_and_the_saving(tmp_path: Path) -> None:
    equal = [{**row, "weak": 1} for row in rows()]

    result = command(write(tmp_path / "equal.jsonl", equal), "--policy", "length", "--json")

    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["apgr"], found["apgr_ci"], found["cpt50"], found["cpt80"]) == (None, None, None, None)
    assert (found["saved_at_95"], found["strong_share"]) == (0.95, 0.0)
    assert "no gap to recover" in result.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON (expecting property name enclosed in double quotes at character 2)"),
        ("[1]", "should be a JSON object"),
        ('{"id": "x", "weak": 0, "strong": 1}', "prompt is missing"),
        ('{"prompt": "x", "weak": 0, "strong": 1}', "id is missing"),
        ('{"id": "x", "prompt": "x", "strong": 1}', "weak is missing"),
        ('{"id": "x", "prompt": 3, "weak": 0, "strong": 1}', "prompt should be text"),
        ('{"id": "x", "prompt": "x", "weak": -0.1, "strong": 1}', "weak is -0.1; it should not be below 0"),
        (
            '{"id": "x", "prompt": "x", "weak": 0, "strong": 100.5}',
            "strong is 100.5; it should be from 0 to 1, to 10 or to 100",
        ),
        ('{"id": "x", "prompt": "x", "weak": "0", "strong": 1}', "weak should be a number"),
        ('{"id": "x", "prompt": "x", "weak": NaN, "strong": 1}', "weak is not a finite number"),
        ('{"id": "x", "prompt": "x", "weak": 0, "strong": 1, "cost_weak": 1}', "give both or neither"),
        ('{"id": "x", "prompt": "x", "weak": 0, "strong": 1, "context": [1]}', "context should be text"),
        ('{"id": "row-3", "prompt": "x", "weak": 0, "strong": 1}', "the id is that of line 4"),
        ('{"id": "x", "prompt": "\\xff"'.encode("latin-1").decode("latin-1"), "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_wrong_line_is_named_by_its_number_and_what_is_wrong(file: Path, line: str, says: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")

    with pytest.raises(InvalidInput) as refused:
        replayed(file)

    assert f"{file}, line 41: " in str(refused.value)
    assert says in str(refused.value)


def test_right_and_wrong_may_be_said_as_true_and_false(tmp_path: Path) -> None:
    said = [{**row, "weak": bool(row["weak"]), "strong": True} for row in rows()]

    spoken = replayed(write(tmp_path / "said.jsonl", said)).as_json()

    assert spoken == replayed(write(tmp_path / "rows.jsonl", rows())).as_json()


def test_bytes_that_are_no_text_are_named_by_their_line(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b'{"id": "\xff"}\n')

    with pytest.raises(InvalidInput, match="line 41: not UTF-8"):
        replayed(file)


def test_blank_lines_a_mark_at_the_start_and_other_fields_are_passed_over(tmp_path: Path) -> None:
    lines = [json.dumps({**row, "bench": "x", "group": None, "weak_response": None}) for row in rows()]
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + "\n\n".join(lines).encode() + b"\n \n")

    assert replayed(path).n == 40


@pytest.mark.parametrize(("written", "says"), [("", "is empty"), ("\n\n", "is empty")])
def test_an_empty_file_is_refused(tmp_path: Path, written: str, says: str) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text(written, encoding="utf-8")

    with pytest.raises(InvalidInput, match=says):
        replayed(path)


def test_one_row_is_too_few(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there are 1 rows; a curve needs at least 2"):
        replayed(write(tmp_path / "one.jsonl", rows(1)))


@pytest.mark.parametrize(
    ("policy", "options", "error", "says"),
    [
        ("best", {}, InvalidInput, "there is no policy 'best': name one of default, before"),
        ("none.json", {}, InvalidInput, r"cannot read none\.json"),
        ("verified", {}, InvalidInput, "'row-0' has no weak_response"),
        (
            "length",
            {"preset": "cheap"},
            ConfigError,
            "--preset is 'cheap'; the presets are classic, default, local",
        ),
        ("length", {"preset": "local"}, ConfigError, "names no large model for talk"),
        (
            "length",
            {"preset": "classic", "today": date(2027, 1, 14)},
            ConfigError,
            "lane talk: openai/gpt-4o-mini was retired on 2027-01-14 .*; use openai/gpt-6-luna",
        ),
        ("length", {"labels": Path("x")}, InvalidInput, "policy 'length' learns nothing"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_a_sentence(
    file: Path, policy: str, options: Options, error: type[AppError], says: str
) -> None:
    with pytest.raises(error, match=says):
        replayed(file, policy, **options)


def test_a_preset_whose_text_models_live_is_replayed_and_its_retired_ones_are_said(file: Path) -> None:
    found = replayed(file, preset="classic")

    assert found.n == 40
    assert any("lane see: anthropic/claude-3-5-sonnet-20241022 was retired" in note for note in found.notes)


def test_an_error_is_one_sentence_and_exit_code_2(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["cascade", "replay", str(file.with_name("none.jsonl")), "--policy", "length"]
    )

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 2
    assert (
        capsys.readouterr().err == f"cannot read {file.with_name('none.jsonl')}: No such file or directory\n"
    )


@pytest.mark.parametrize("name", ["curve.png", "none/curve.svg"])
def test_a_plot_that_cannot_be_written_is_refused_before_the_work(file: Path, name: str) -> None:
    result = command(file, "--policy", "length", "--plot", file.parent / name)

    assert isinstance(result.exception, InvalidInput)
    assert result.stdout == ""


def test_standard_input_is_a_file_as_well(file: Path) -> None:
    told = CliRunner().invoke(
        app, ["replay", "-", "--policy", "length", "--json"], input=file.read_bytes(), catch_exceptions=False
    )

    assert json.loads(told.stdout) == replayed(file).as_json()


def test_rows_and_labels_cannot_both_be_standard_input() -> None:
    with pytest.raises(InvalidInput, match="only one can be standard input"):
        replayed(Path("-"), "default", labels=Path("-"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="Is a directory"):
        replayed(tmp_path)


@pytest.mark.parametrize("most", [10, 100])
def test_a_judges_scale_gives_the_numbers_of_its_share_and_is_said(tmp_path: Path, most: int) -> None:
    judged = [{**row, "weak": most * int(str(row["weak"])), "strong": most} for row in rows()]

    found = replayed(write(tmp_path / "judged.jsonl", judged))

    assert found.as_json() == replayed(write(tmp_path / "rows.jsonl", rows())).as_json()
    assert any(
        f"Qualities go up to {most}: they are taken for a judge's scale" in note for note in found.notes
    )


def test_an_id_may_be_a_number_as_tables_write_it_and_3_0_is_3(tmp_path: Path) -> None:
    numbered = [{**row, "id": float(number)} for number, row in enumerate(rows())]

    assert replayed(write(tmp_path / "rows.jsonl", numbered)).n == 40
    with pytest.raises(InvalidInput, match="the id is that of line 4"):
        replayed(write(tmp_path / "again.jsonl", [*numbered, {**numbered[0], "id": 3}]))


def test_line_ends_of_another_system_change_nothing(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "crlf.jsonl"
    path.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert replayed(path).as_json() == replayed(file).as_json()
