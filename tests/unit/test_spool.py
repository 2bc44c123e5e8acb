"""The journal on disk: what survives a crash, damage, a full disk and another job."""

import os
from pathlib import Path

import pytest

from agent.errors import InvalidInput
from agent.spool import Spool
from agent.wire import TurnState
from tests.unit.test_recorder import CONVERSATION, answered, called, said

OTHER = "conv_" + "b" * 32


def left_by_a_crash(folder: Path, *texts: str) -> Path:
    """A journal whose job is gone."""
    spool = Spool(folder, CONVERSATION)
    spool.append([said(text) for text in texts], [])
    spool.close()
    return max(folder.iterdir(), key=lambda path: path.name)


def texts_taken_over(folder: Path) -> list[str]:
    spool = Spool(folder, CONVERSATION)
    texts = [turn.text for turn in spool.take_over().turns]
    spool.close()
    return texts


def test_nothing_is_on_the_disk_until_something_is_written(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", CONVERSATION)
    assert spool.take_over().turns == []
    assert not (tmp_path / "spool").exists()


def test_folder_and_file_are_for_their_owner_only(tmp_path: Path) -> None:
    path = left_by_a_crash(tmp_path / "spool", "hello")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(PermissionError):
        Spool(tmp_path, CONVERSATION).append([said("t1")], [])


def test_a_folder_behind_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError):
        Spool(tmp_path / "link", CONVERSATION).append([said("t1")], [])


def test_a_conversation_that_is_not_an_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        Spool(tmp_path, "../elsewhere")


def test_journals_of_several_ended_jobs_are_taken_over_in_the_order_they_began(tmp_path: Path) -> None:
    left_by_a_crash(tmp_path, "t1", "t2")
    left_by_a_crash(tmp_path, "t3")
    assert texts_taken_over(tmp_path) == ["t1", "t2", "t3"]


def test_the_last_state_of_a_turn_counts_and_its_first_place(tmp_path: Path) -> None:
    spool = Spool(tmp_path, CONVERSATION)
    spool.append([answered("a1", "One."), said("t1")], [called("c1")])
    spool.append([answered("a1", "One. Two.", TurnState.COMPLETE)], [called("c1")])
    spool.close()
    kept = Spool(tmp_path, CONVERSATION).take_over()
    assert [turn.text for turn in kept.turns] == ["One. Two.", "t1"]
    assert len(kept.calls) == 1


def test_half_a_line_at_the_end_is_skipped(tmp_path: Path) -> None:
    path = left_by_a_crash(tmp_path, "t1", "t2")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert texts_taken_over(tmp_path) == ["t1"]


def test_damage_in_the_middle_costs_only_the_damaged_line(tmp_path: Path) -> None:
    path = left_by_a_crash(tmp_path, "t1", "t2", "t3")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"\x00\xff not json\n" + lines[2])
    assert texts_taken_over(tmp_path) == ["t1", "t3"]


def test_a_journal_without_one_whole_line_is_removed(tmp_path: Path) -> None:
    path = left_by_a_crash(tmp_path, "t1")
    path.write_bytes(b"")
    assert texts_taken_over(tmp_path) == []
    assert not path.exists()


def test_the_journal_of_a_living_job_is_left_alone(tmp_path: Path) -> None:
    living = Spool(tmp_path, CONVERSATION)
    living.append([said("t1")], [])
    assert texts_taken_over(tmp_path) == []
    living.close()
    assert texts_taken_over(tmp_path) == ["t1"]


def test_another_conversations_journal_is_left_alone(tmp_path: Path) -> None:
    left_by_a_crash(tmp_path, "t1")
    other = Spool(tmp_path, OTHER)
    assert other.take_over().turns == []


def test_what_was_taken_over_stays_until_it_is_cleared(tmp_path: Path) -> None:
    path = left_by_a_crash(tmp_path, "t1")
    spool = Spool(tmp_path, CONVERSATION)
    spool.take_over()
    assert path.exists()
    spool.clear()
    assert not path.exists()


def test_a_cleared_spool_can_be_used_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path, CONVERSATION)
    spool.append([said("t1")], [])
    spool.clear()
    spool.append([said("t2")], [])
    spool.close()
    assert texts_taken_over(tmp_path) == ["t2"]


def test_a_write_that_failed_halfway_does_not_spoil_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path, CONVERSATION)
    spool.append([said("t1")], [])
    real_write = os.write

    def disk_full(file: int, data: bytes) -> int:
        real_write(file, data[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", disk_full)
        with pytest.raises(OSError, match="No space"):
            spool.append([said("t2")], [])
    spool.append([said("t3")], [])
    spool.close()
    assert texts_taken_over(tmp_path) == ["t1", "t3"]


def test_a_rewrite_beyond_the_limit_keeps_final_turns_before_calls_and_streaming_ones(
    tmp_path: Path,
) -> None:
    final = [said(f"t{number}", "x" * 300) for number in range(4)]
    one_line = len(final[0].model_dump_json()) + 20
    spool = Spool(tmp_path, CONVERSATION, max_bytes=2 * 3 * one_line)
    spool.rewrite([answered("a1", "x" * 300), *final], [called("c1")])
    spool.close()
    kept = Spool(tmp_path, CONVERSATION).take_over()
    assert [turn.client_id for turn in kept.turns] == ["t1", "t2", "t3"]
    assert kept.calls == []
