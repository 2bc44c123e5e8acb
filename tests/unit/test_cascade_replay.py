"""`python -m agent.cascade replay`: what it prints, how it scores, and how its process behaves."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from agent.cascade.replay.metrics import apgr, saved_at
from tests.fakes.recorded_turns import command, replayed, rows, write

KEYS = ["n", "policy", "labels", "apgr", "apgr_ci", "cpt50", "cpt80", "saved_at_95", "strong_share"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "rows.jsonl", rows())


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
