import json
import logging
import sys
from datetime import UTC, datetime, timedelta

from agent.logs import json_formatter

CANARY = "canary-5f1d"


def rendered(**fields: object) -> dict[str, object]:
    record = logging.LogRecord("agent.room", logging.INFO, __file__, 1, "joined", None, None)
    record.__dict__.update(fields)
    line: dict[str, object] = json.loads(json_formatter().format(record))
    return line


def test_a_line_is_one_json_object_with_its_message_level_logger_and_fields() -> None:
    line = rendered(conversation="conv_1")
    assert (line["event"], line["level"], line["logger"]) == ("joined", "info", "agent.room")
    assert line["conversation"] == "conv_1"


def test_a_line_tells_its_time_in_utc() -> None:
    at = datetime.fromisoformat(str(rendered()["timestamp"]))

    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)


def test_a_line_break_in_a_value_makes_no_second_line() -> None:
    forged = 'standup"}\n{"event": "signed in", "level": "info"}\r\n\u2028'
    record = logging.LogRecord("agent.room", logging.INFO, __file__, 1, "joined", None, None)
    record.room = forged

    text = json_formatter().format(record)

    assert text.isascii()
    assert len(text.splitlines()) == 1
    assert json.loads(text)["room"] == forged


def test_what_a_person_said_is_dropped_from_the_frameworks_own_fields() -> None:
    assert CANARY not in json.dumps(rendered(**{"lk.pii.user_transcript": CANARY, "language": "en"}))


def test_an_exception_leaves_its_type_and_place_but_not_its_text() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        line = rendered(exc_info=sys.exc_info())
    assert line["exception"] == "ValueError"
    assert "test_logs.py" in str(line["passed"])
    assert CANARY not in json.dumps(line)


def test_a_traceback_inside_a_message_keeps_its_places_but_not_its_text() -> None:
    text = f'it broke\nTraceback (most recent call last):\n  File "x.py", line 3, in f\nValueError: {CANARY}'
    record = logging.LogRecord("livekit.agents", logging.ERROR, __file__, 1, text, None, None)
    line = json.loads(json_formatter().format(record))
    assert line["event"] == "it broke"
    assert line["passed"] == ['File "x.py", line 3, in f']
    assert CANARY not in json.dumps(line)
