"""Versions of a tenant's fit: listed, chosen, held, and who may do that."""

import pytest

from tests.fixtures.control import assert_problem
from tests.http.callers import come_as_guest, sign_in
from tests.http.keys import key_with
from tests.http.school import School


async def test_versions_are_listed_and_an_older_one_is_taken_back_and_held(school: School) -> None:
    await school.teach(150)
    await school.learn()
    await school.teach(60, seed=2)
    await school.learn()

    back = await school.activate(1)
    await school.teach(60, seed=3)
    await school.learn()

    assert (back.status, back.body["version"], back.body["is_held"]) == (200, 1, True)
    reply = await school.control.get("/v1/router/versions", school.team.api_key)
    listed = [(each["version"], each["is_active"]) for each in reply.body["data"]]
    assert listed == [(3, False), (2, False), (1, True)]
    assert "held" in (await school.show())["says"]
    router = (await school.context()).router
    assert router is not None
    assert router.version == 1


async def test_choosing_the_newest_lets_the_fits_go_on(school: School) -> None:
    await school.teach(150)
    await school.learn()
    await school.activate(0)
    newest = await school.activate(1)

    await school.teach(60, seed=2)
    await school.learn()

    assert newest.body["is_held"] is False
    assert (await school.show())["active"]["version"] == 2


async def test_version_0_is_the_scorer_as_it_ships(school: School) -> None:
    await school.teach(150)
    await school.learn()

    reply = await school.activate(0)

    assert (reply.status, reply.body["version"], reply.body["learns"]) == (200, 0, False)
    assert (await school.context()).router is None
    assert "as somebody chose" in (await school.show())["says"]


async def test_versions_come_in_pages(school: School) -> None:
    await school.teach(150)
    await school.learn()
    await school.teach(60, seed=2)
    await school.learn()

    first = await school.control.get("/v1/router/versions?limit=1", school.team.api_key)
    second = await school.control.get(
        f"/v1/router/versions?limit=1&cursor={first.body['next_cursor']}", school.team.api_key
    )

    assert [page.body["data"][0]["version"] for page in (first, second)] == [2, 1]
    assert second.body["next_cursor"] is None


@pytest.mark.parametrize("version", ["7", "0", "first", "-1", "1.5", "99999999999"])
async def test_a_version_that_there_is_not_is_not_found_and_says_what_is_missing(
    school: School, version: str
) -> None:
    reply = await school.activate(version)

    assert_problem(reply, 404, "not_found")


async def test_a_version_before_the_first_fit_says_how_many_labels_are_missing(school: School) -> None:
    await school.teach(60)

    reply = await school.activate(1)

    assert "40 more labels are needed" in reply.body["detail"]


async def test_taking_a_version_back_is_in_the_trail(school: School) -> None:
    await school.teach(150)
    await school.learn()

    await school.activate(0)

    reply = await school.control.get(
        "/v1/audit-events?action=router.activated", await sign_in(school.control, school.team)
    )
    (event,) = reply.body["data"]
    assert event["details"] == {"version": 0}
    assert event["actor"]["person"]["name"] == "Ada"


async def test_a_guest_sees_nothing_of_it_and_a_key_needs_its_scope(school: School) -> None:
    control, team = school.control, school.team
    guest = await come_as_guest(control, team, "lounge")
    reader = await key_with(control, team, ["agents:read"])

    assert (await control.get("/v1/router", guest)).status == 403
    assert (await control.get("/v1/router", reader)).status == 200
    assert_problem(await control.post("/v1/router/versions/0/activate", reader), 403, "not_allowed")
