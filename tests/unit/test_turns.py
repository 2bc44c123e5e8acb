import asyncio
from datetime import UTC, datetime

from agent.turns import TurnLog
from agent.wire import Channel, Role, Speaker, TurnState, TurnWrite

ANN = Speaker(identity="user_1", name="Ann")
PARLEY = Speaker(identity="agent_1", name="Parley")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Store:
    """Keeps what is written; acknowledges when told to."""

    def __init__(self) -> None:
        self.written: list[TurnWrite] = []
        self.acknowledgements: list[asyncio.Future[None]] = []

    def write_turn(self, turn: TurnWrite) -> "asyncio.Future[None]":
        self.written.append(turn)
        self.acknowledgements.append(asyncio.get_running_loop().create_future())
        return self.acknowledgements[-1]


async def test_an_answer_waits_until_the_question_is_acknowledged() -> None:
    store = Store()
    log = TurnLog(store, PARLEY)
    log.record_user("t1", ANN, Channel.VOICE, "hello", NOW, {})
    waiting = asyncio.create_task(log.acknowledged())
    await asyncio.sleep(0)
    assert not waiting.done()
    store.acknowledgements[0].set_result(None)
    await asyncio.wait_for(waiting, 1)


async def test_an_agents_turn_is_written_once_a_sentence_and_closed_at_its_end() -> None:
    store = Store()
    log = TurnLog(store, PARLEY)
    for delta in ["With", "in thirty", " days. ", "Then ", "it is ", "gone."]:
        log.extend_reply("speech_1", Channel.VOICE, delta)
    log.end_reply("speech_1", TurnState.COMPLETE, {"e2e_latency": 0.5})
    assert [(turn.text, turn.state) for turn in store.written] == [
        ("With", TurnState.STREAMING),
        ("Within thirty days.", TurnState.STREAMING),
        ("Within thirty days. Then it is gone.", TurnState.COMPLETE),
    ]
    assert len({turn.client_id for turn in store.written}) == 1
    assert store.written[-1].metrics == {"e2e_latency": 0.5}
    assert {turn.role for turn in store.written} == {Role.AGENT}


async def test_an_interrupted_answer_says_so() -> None:
    store = Store()
    log = TurnLog(store, PARLEY)
    log.extend_reply("speech_1", Channel.VOICE, "A long answer")
    log.end_reply("speech_1", TurnState.INTERRUPTED, {})
    assert store.written[-1].state is TurnState.INTERRUPTED


async def test_what_is_open_when_the_job_ends_is_closed_as_interrupted() -> None:
    store = Store()
    log = TurnLog(store, PARLEY)
    log.extend_reply("speech_1", Channel.VOICE, "I was just")
    log.end_all()
    assert store.written[-1].state is TurnState.INTERRUPTED


async def test_ending_a_speech_that_said_nothing_writes_nothing() -> None:
    store = Store()
    TurnLog(store, PARLEY).end_reply("speech_1", TurnState.COMPLETE, {})
    assert store.written == []
