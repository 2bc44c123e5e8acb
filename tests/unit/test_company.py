import asyncio
from dataclasses import dataclass
from typing import cast

import pytest
from livekit import rtc

from agent import company as company_module
from agent.company import Company

PERSON = rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD
AGENT = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT


@dataclass
class Somebody:
    identity: str
    name: str = ""
    kind: int = PERSON


def arrive(company: Company, somebody: Somebody) -> bool:
    return company.arrive(cast(rtc.RemoteParticipant, somebody))


def test_agents_are_no_company() -> None:
    company = Company(lambda: None)
    assert not arrive(company, Somebody("agent_1", kind=AGENT))
    assert company.count == 0


def test_names_are_put_before_words_only_when_several_people_are_there() -> None:
    company = Company(lambda: None)
    arrive(company, Somebody("user_1", "Ann"))
    assert company.prefix("user_1") is None
    arrive(company, Somebody("user_2", "Ben"))
    assert company.prefix("user_1") == "Ann"


def test_someone_without_a_name_goes_by_their_identity() -> None:
    company = Company(lambda: None)
    arrive(company, Somebody("user_1"))
    assert company.speaker("user_1").name == "user_1"


def test_every_coming_and_going_is_told() -> None:
    counts: list[int] = []
    company = Company(lambda: counts.append(company.count))
    arrive(company, Somebody("user_1"))
    company.leave("user_1")
    company.leave("user_1")
    assert counts == [1, 0]


def test_someone_who_left_keeps_their_name_for_what_they_said_last() -> None:
    company = Company(lambda: None)
    arrive(company, Somebody("user_1", "Ann"))
    company.leave("user_1")
    assert company.count == 0
    assert company.speaker("user_1").name == "Ann"


async def test_words_that_overtake_the_announcement_of_their_speaker_wait_for_it() -> None:
    company = Company(lambda: None)
    waiting = asyncio.create_task(company.awaits("user_1"))
    await asyncio.sleep(0)
    arrive(company, Somebody("user_1"))
    assert await asyncio.wait_for(waiting, 1)


async def test_words_of_somebody_who_never_comes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company_module, "ARRIVAL_S", 0.05)
    assert not await Company(lambda: None).awaits("agent_2")
