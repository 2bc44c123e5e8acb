"""Training: the same data gives the same bytes, other data is refused. The rows here are made up."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.cascade.score import Scorer, ridge
from agent.cascade.score.corpus import GSM8K, LARGE, MMLU, SMALL, ULAB
from agent.cascade.score.fitting import calibrated
from agent.cascade.score.lexicon import Lexicon, whole
from agent.cascade.score.question import read
from agent.cascade.score.train import main, train
from agent.errors import ConfigError

OPTIONS = "A. It adds\nB. It ends\nC. Both\nAnswer:"
SUBJECTS = {
    "law": "tort contract court plaintiff deed statute",
    "cells": "nucleus enzyme membrane protein cell tissue",
    "money": "inflation market demand supply price tax",
}


def choice_rows() -> Iterable[dict[str, Any]]:
    for number in range(60):
        subject, words = list(SUBJECTS.items())[number % 3]
        first, second, *_ = words.split()[number % 5 :] + words.split()
        prompt = f"How does the {first} bear on the {second} of case {number}?\n{OPTIONS}"
        fixed = subject == "law" and number % 2
        yield {"prompt": prompt, "group": subject, "weak": int(not fixed), "strong": 1}


def sums_rows() -> Iterable[dict[str, Any]]:
    for number in range(40):
        prompt = (
            f"Ada has {number + 2} boxes of {number + 3} pens and gives {number} away. How many are left?"
        )
        total = (number + 2) * (number + 3) - number
        said = total + (number % 3 == 0)
        text = f"She has {number + 2} * {number + 3} = {total + number}, so {said} are left.\n#### {said}"
        right = int(said == total)
        yield {"prompt": prompt, "group": "gsm8k", "weak": right, "strong": 1, "weak_response": text}


def free_rows() -> Iterable[dict[str, Any]]:
    for number in range(60):
        hard = number % 2
        prompt = f"Write a function in Python for case {number}" if hard else f"who won the cup in {number}"
        scores = dict.fromkeys(SMALL, 0.3) | dict.fromkeys(LARGE, 0.3 + 0.5 * hard)
        yield {"prompt": prompt, "task": "code" if hard else "facts", "scores": scores}


def write_data(folder: Path) -> dict[str, str]:
    rows = {GSM8K: sums_rows(), MMLU: choice_rows(), ULAB: free_rows()}
    digests = {}
    for name, each in rows.items():
        content = "".join(json.dumps(row) + "\n" for row in each).encode()
        (folder / name).write_bytes(content)
        digests[name] = hashlib.sha256(content).hexdigest()
    return digests


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = write_data(tmp_path)
    assert train(tmp_path, digests).to_text() == train(tmp_path, digests).to_text()


def test_the_weights_say_what_they_were_trained_on(tmp_path: Path) -> None:
    digests = write_data(tmp_path)
    weights = train(tmp_path, digests)
    assert {name: facts["sha256"] for name, facts in weights.trained_on.items()} == digests
    assert weights.trained_on[MMLU]["labels"] == 60


def test_what_is_learnt_shows_in_the_scores(tmp_path: Path) -> None:
    scorer = Scorer.of(train(tmp_path, write_data(tmp_path)))
    asked = "How does the {} bear on the {} of case 99?\n" + OPTIONS
    assert scorer.before(asked.format("court", "plaintiff")) > scorer.before(asked.format("enzyme", "tissue"))
    assert scorer.before("Write a function in Python for case 7") > scorer.before("who won the cup in 7")


def test_a_changed_file_is_refused_by_its_name_and_digest(tmp_path: Path) -> None:
    digests = write_data(tmp_path)
    with (tmp_path / MMLU).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ConfigError, match=f"{MMLU}.*{digests[MMLU]}"):
        train(tmp_path, digests)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    digests = write_data(tmp_path)
    (tmp_path / ULAB).unlink()
    with pytest.raises(ConfigError, match=rf"{ULAB}.*make train DATA="):
        train(tmp_path, digests)


@pytest.mark.parametrize("line", [b"nonsense", b'{"prompt": "a"}', b"[1]", b'{"prompt": 1, "group": "a"}'])
def test_a_row_that_is_none_is_named_by_its_line(tmp_path: Path, line: bytes) -> None:
    digests = write_data(tmp_path)
    content = (tmp_path / GSM8K).read_bytes() + line + b"\n"
    (tmp_path / GSM8K).write_bytes(content)
    digests[GSM8K] = hashlib.sha256(content).hexdigest()
    with pytest.raises(ConfigError, match=rf"{GSM8K}:41 "):
        train(tmp_path, digests)


def test_the_command_refuses_data_that_is_not_the_shipped_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_data(tmp_path)
    assert main([str(tmp_path)]) == 1
    assert "SHA-256" in capsys.readouterr().err
    assert main([]) == 2


def test_a_ridge_finds_what_the_rows_were_made_of() -> None:
    x = np.random.default_rng(1).normal(size=(400, 3))
    linear = ridge.fit(x, 0.5 + x @ np.array([1.0, -2.0, 0.0]), 0.001)
    assert linear.weights == pytest.approx([1, -2, 0], abs=0.005)
    assert linear.intercept == pytest.approx(0.5, abs=0.005)


def test_a_ridge_does_not_depend_on_the_order_of_its_rows() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(300, 6)), rng.normal(size=300)
    order = rng.permutation(300)
    assert ridge.fit(x, y, 3.0).weights.tolist() == ridge.fit(x[order], y[order], 3.0).weights.tolist()


def test_a_ridge_takes_no_more_rows_than_it_can_sum_exactly() -> None:
    most = ridge.MOST_ROWS
    with pytest.raises(ValueError, match=f"{most + 1} rows"):
        ridge.fit(np.zeros((most + 1, 1)), np.zeros(most + 1), 1.0)


def test_rows_of_several_blocks_are_summed_as_exactly_as_those_of_one() -> None:
    rng = np.random.default_rng(11)
    rows = ridge.BLOCK_ROWS * 2 + 5
    x, y = rng.normal(size=(rows, 3)), rng.normal(size=rows)
    x[0] = ridge.LARGEST  # what would not fit beside small ones into a float's digits
    order = rng.permutation(rows)

    linear = ridge.fit(x, y, 1.0)

    usual = np.linalg.lstsq(np.column_stack([x, np.ones(rows)]), y, rcond=None)[0]
    assert linear.weights.tolist() == ridge.fit(x[order], y[order], 1.0).weights.tolist()
    assert linear.weights == pytest.approx(usual[:3], abs=1e-3)


def test_the_solver_solves() -> None:
    rng = np.random.default_rng(3)
    half, right = rng.normal(size=(20, 20)), rng.normal(size=(20, 2))
    matrix = half @ half.T + np.eye(20)
    assert matrix @ ridge.solve(matrix, right) == pytest.approx(right)


def test_weights_of_words_come_back_from_json_as_they_were() -> None:
    numbers, scale = whole(np.array([[1.0, -1.0, 0.02], [0.0, 0.5, 0.3]]), 0.05)
    lexicon = Lexicon({"court": 0, "enzyme": 1}, np.array([1.5, 2.5]), numbers, np.full(3, scale))
    again = Lexicon.from_json(json.loads(json.dumps(lexicon.to_json())))
    asked = read("court enzyme court")
    assert again.read(asked.roots).tolist() == lexicon.read(asked.roots).tolist()
    assert numbers[0, 2] == 0
    assert again.read(read("unheard of").roots).tolist() == [0, 0, 0]


@pytest.mark.parametrize("pairs", ["~~", '!"', "~!"])
def test_weights_of_words_that_cannot_be_are_refused(pairs: str) -> None:
    with pytest.raises(ConfigError, match="make train"):
        Lexicon.from_json({"scale": [1.0], "words": {"court": f"1.5 {pairs}"}})


def test_calibration_gives_the_shares_and_never_turns_an_order_around() -> None:
    scores = np.repeat([-1.0, 1.0], 100)
    better = np.concatenate([np.repeat([0.0, 1.0], [80, 20]), np.repeat([0.0, 1.0], [40, 60])])
    slope, intercept = calibrated(scores, better)
    assert 1 / (1 + np.exp(-(slope + intercept))) == pytest.approx(0.6, abs=0.01)
    assert calibrated(-scores, better)[0] == 0
