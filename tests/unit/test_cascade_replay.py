"""`python -m agent.cascade replay`: what it reads, what it refuses, what it prints."""

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from agent.cascade.replay.command import app, main
from agent.cascade.replay.metrics import apgr, saved_at
from agent.cascade.replay.outcome import Outcome
from agent.cascade.replay.session import run
from agent.errors import AppError, ConfigError, InvalidInput

TODAY = date(2026, 11, 24)
KEYS = ["n", "policy", "labels", "apgr", "apgr_ci", "cpt50", "cpt80", "saved_at_95", "strong_share"]


def rows(count: int = 40) -> list[dict[str, object]]:
    """Long prompts are harder: the large model is right where the small one fails."""
    chosen = random.Random(7)  # noqa: S311 - data of a test
    made: list[dict[str, object]] = []
    for number in range(count):
        words = chosen.randint(3, 60)
        made.append(
            {
                "id": f"row-{number}",
                "prompt": f"Question {number}: " + "what about this " * words,
                "weak": int(chosen.random() > words / 60),
                "strong": 1,
            }
        )
    return made


def write(path: Path, written: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in written), encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "rows.jsonl", rows())


class Options(TypedDict, total=False):
    preset: str
    labels: Path
    seed: int
    today: date
    models_file: Path


def replayed(file: Path, policy: str = "length", **options: Unpack[Options]) -> Outcome:
    return run(
        file,
        options.get("preset", "default"),
        policy,
        options.get("labels"),
        seed=options.get("seed", 0),
        today=options.get("today", TODAY),
        models_file=options.get("models_file"),
    )


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["replay", *map(str, words)])


# What is printed


def test_json_has_exactly_the_promised_keys(file: Path) -> None:
    result = command(file, "--policy", "length", "--json")

    assert result.exit_code == 0
    assert list(json.loads(result.stdout)) == KEYS


def test_the_numbers_are_those_of_the_metrics(file: Path) -> None:
    found = replayed(file).as_json()
    written = rows()
    weak, strong, score = ([float(str(row[name])) for row in written] for name in ("weak", "strong", "weak"))
    score = [float(len(str(row["prompt"]))) for row in written]
    saving = saved_at(weak, strong, score, weak_always_paid=False)

    assert found["apgr"] == pytest.approx(apgr(weak, strong, score), abs=1e-6)
    assert [found["saved_at_95"], found["strong_share"]] == pytest.approx(
        [saving.saved, saving.share], abs=1e-6
    )
    assert (found["n"], found["policy"], found["labels"]) == (40, "length", 0)


def test_chance_is_the_diagonal_exactly(file: Path) -> None:
    found = replayed(file, "random").as_json()

    assert (found["apgr"], found["apgr_ci"], found["cpt50"], found["cpt80"]) == (0.5, [0.5, 0.5], 0.5, 0.8)


def test_the_seed_moves_the_intervals_and_nothing_else(file: Path) -> None:
    first, again, other = (replayed(file, seed=seed).as_json() for seed in (1, 1, 2))

    assert first == again
    assert {key for key in KEYS if first[key] != other[key]} == {"apgr_ci"}


def test_the_table_says_how_each_number_came_about(file: Path) -> None:
    result = command(file, "--policy", "length")

    assert result.exit_code == 0
    for name in ("APGR", "CPT(50 %)", "CPT(80 %)", "saved at 95 %", "bootstrap", "20 times"):
        assert name in result.stdout


def test_how_far_the_presets_prices_are_apart_is_said(file: Path) -> None:
    found = replayed(file)

    # Per million in and 300,000 out: .1 + .15 dollars against 2 + 3.
    assert (
        "At the list's prices openai/gpt-6.1-sol costs 20.0 times as much as openai/gpt-6-luna."
        in found.notes
    )


def test_help_names_every_field_and_policy() -> None:
    shown = " ".join(command("--help").stdout.split())

    for word in (
        "weak_response",
        "cost_strong",
        "--labels",
        "--json",
        "--plot",
        "--seed",
        "verified",
        "random",
    ):
        assert word in shown


def test_the_plot_is_an_svg_with_the_curve_and_the_diagonal(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "curve.svg"

    result = command(file, "--policy", "length", "--json", "--plot", out)

    drawn = ElementTree.parse(out).getroot()  # noqa: S314 - our own file
    classes = [element.get("class") for element in drawn.iter()]
    assert result.exit_code == 0
    assert {"policy", "random", "mark"} <= set(classes)
    assert "prefers-color-scheme: dark" in out.read_text(encoding="utf-8")


# Costs


def test_recorded_costs_take_the_place_of_the_ratio(tmp_path: Path) -> None:
    priced = [{**row, "cost_weak": 0.001, "cost_strong": 0.002} for row in rows()]

    ratio = replayed(write(tmp_path / "a.jsonl", rows()))
    recorded = replayed(write(tmp_path / "b.jsonl", priced))

    assert recorded.saving.share == ratio.saving.share
    assert recorded.saving.saved == pytest.approx((1 - ratio.saving.share) / 2)
    assert "recorded costs" in recorded.costs


def test_costs_of_some_rows_only_are_not_mixed_with_the_ratio(tmp_path: Path) -> None:
    mixed = [{**row, "cost_weak": 1, "cost_strong": 9} if i else row for i, row in enumerate(rows())]

    found = replayed(write(tmp_path / "mixed.jsonl", mixed))

    assert "20 times" in found.costs
    assert any("1 of the rows have no recorded costs" in note for note in found.notes)


# What cannot be measured


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
        ('{"id": "x", "prompt": "x", "weak": 0, "strong": 1.5}', "strong is 1.5; it should be from 0 to 1"),
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


# The score


def answered() -> list[dict[str, object]]:
    sums = []
    for number in range(2, 30):
        right = number % 3 != 0
        total = number * 7 if right else number * 7 + 1
        sums.append(
            {
                "id": f"sum-{number}",
                "prompt": f"A box holds 7 pens. How many pens do {number} boxes hold?",
                "weak": int(right),
                "strong": 1,
                "weak_response": f"Each box holds 7 pens, so {number} * 7 = {total}. The answer is {total}.",
            }
        )
    return sums


@pytest.mark.parametrize("policy", ["default", "verified"])
def test_a_wrong_sum_sends_its_row_to_the_large_model(tmp_path: Path, policy: str) -> None:
    path = write(tmp_path / "sums.jsonl", answered())

    read, unread = replayed(path, policy), replayed(path, "before")

    assert read.apgr is not None
    assert unread.apgr is not None
    assert read.apgr > 0.8
    assert read.apgr > unread.apgr


def test_an_answer_that_is_empty_comes_before_every_other(tmp_path: Path) -> None:
    written = answered()
    written[0] |= {"weak_response": "", "weak": 0}
    others = [{**row, "weak": 1} for row in written[1:]]

    found = replayed(write(tmp_path / "sums.jsonl", [written[0], *others]), "default")

    assert found.cpt80 == pytest.approx(0.8 / len(written))


def test_a_small_call_that_was_read_is_paid_and_one_that_was_not_made_is_not(tmp_path: Path) -> None:
    hopeless = [{**row, "weak": 0} for row in answered()]
    path = write(tmp_path / "sums.jsonl", hopeless)

    read, unread = replayed(path, "default"), replayed(path, "before")

    assert read.saving.saved == pytest.approx(1 - read.saving.share - 1 / 20)
    assert unread.saving.saved == pytest.approx((1 - unread.saving.share) * 19 / 20)


def test_a_turn_that_fits_only_the_large_model_goes_there_and_one_that_fits_none_is_left_out(
    tmp_path: Path,
) -> None:
    own = tmp_path / "models.toml"
    own.write_text('[models."openai/gpt-4o-mini"]\ncontext_tokens = 20000\n', encoding="utf-8")
    written = rows()
    written[0] |= {"context": "word " * 20_000, "weak": 0}
    written[1] |= {"context": "word " * 200_000}

    found = replayed(write(tmp_path / "rows.jsonl", written), "random", preset="classic", models_file=own)

    assert found.n == 39
    assert found.curves.quality[0, 1] > found.curves.quality[0, 0]
    assert found.curves.share[0, 1] == pytest.approx(1 / 39)
    assert any("1 rows are longer than any model" in note for note in found.notes)


# A tenant's policy


@pytest.mark.parametrize(
    ("policy", "low", "high"),
    [
        ({"strong_share": 0.0}, 0.0, 0.0),
        ({"strong_share": 1.0}, 1.0, 1.0),
        ({"thresholds": {"voice": 0, "text": 0, "after": 0}}, 1.0, 1.0),
    ],
)
def test_a_tenants_target_places_its_threshold(
    tmp_path: Path, file: Path, policy: dict[str, object], low: float, high: float
) -> None:
    path = tmp_path / "tenant.json"
    path.write_text(json.dumps(policy), encoding="utf-8")

    found = replayed(file, str(path))

    assert found.operating is not None
    assert low <= found.operating.share <= high
    assert found.as_json()["policy"] == "tenant.json"


def test_a_target_in_dollars_is_held_on_the_rows_own_costs(tmp_path: Path) -> None:
    priced = [{**row, "cost_weak": 0.001, "cost_strong": 0.021} for row in rows()]
    policy = tmp_path / "tenant.json"
    policy.write_text('{"spend_per_turn_usd_micros": 6000}', encoding="utf-8")

    found = replayed(write(tmp_path / "rows.jsonl", priced), str(policy))

    assert found.operating is not None
    assert [found.operating.share, found.operating.cost] == pytest.approx([0.25, 6 / 21])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "file: invalid json"),
        ('{"share": 0.1}', "share: extra inputs are not permitted"),
        ('{"strong_share": 2}', "strong_share: input should be less than or equal to 1"),
        ('{"strong_share": 0.1, "spend_per_turn_usd_micros": 5}', "not both targets"),
        ('{"weights": {"before": [1.0]}}', "weights: "),
        ('{"weights": {"voice": [1.0]}}', "weights: "),
    ],
)
def test_a_wrong_policy_file_is_refused_by_its_field(
    tmp_path: Path, file: Path, text: str, says: str
) -> None:
    path = tmp_path / "tenant.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidInput) as refused:
        replayed(file, str(path))

    assert str(path) in str(refused.value)
    assert says in str(refused.value)


# The process


def many(count: int) -> Iterator[str]:
    for number in range(count):
        yield f'{{"id": {number}, "prompt": "{"x" * (number % 97)}", "weak": {number % 2}, "strong": 1}}\n'


def test_a_long_file_is_replayed(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(many(20_000))

    found = replayed(path)

    assert found.n == 20_000
    assert found.apgr == pytest.approx(0.5, abs=0.02)


def test_the_command_imports_no_provider_plugin() -> None:
    code = (
        "import sys, agent.cascade.__main__\n"
        "heavy = ('livekit.plugins', 'openai', 'anthropic', 'google.genai')\n"
        "print([m for m in sys.modules if m.startswith('livekit.plugins.') or m in heavy[2:]])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_an_interrupt_ends_the_command_without_a_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "endless"
    subprocess.run(["mkfifo", str(pipe)], check=True)
    words = [sys.executable, "-m", "agent.cascade", "replay", str(pipe), "--policy", "length"]
    process = subprocess.Popen(
        words,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has told their children to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process, pipe.open("w", encoding="utf-8") as feed:  # which opens once the command reads
        feed.writelines(many(10))
        feed.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)

    assert "Traceback" not in said
    assert process.returncode != 0


# Labels


def labelled(count: int, start: int = 1_000) -> list[dict[str, object]]:
    """A tenant of its own kind: what it asks about invoices is hard, the rest is not."""
    chosen = random.Random(start)  # noqa: S311 - data of a test
    made: list[dict[str, object]] = []
    for number in range(start, start + count):
        is_hard = chosen.random() < 0.4
        ask = "Compute the late fee of invoice" if is_hard else "Say hello to guest"
        fee = "if 3 % a month is due on 1,200 dollars after 7 months? " if is_hard else "kindly, please. "
        made.append(
            {
                "id": f"label-{number}",
                "prompt": f"{ask} {number} {fee * chosen.randint(1, 4)}",
                "weak": int(not is_hard or chosen.random() < 0.2),
                "strong": 1,
            }
        )
    return made


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
