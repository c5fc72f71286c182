"""What a visitor is told when a page cannot be shown."""

import asyncpg
import httpx2
import pytest
from fastapi import APIRouter, Request

from services.portal.saying.say import Stale
from services.portal.signin.guard import needs
from services.portal.web.app import portal_app
from services.portal.web.site import Site
from tests.portal.portal import Clock, Portal, portal_settings


@pytest.fixture
def broken(portal: Portal) -> Portal:
    """The portal with pages that go wrong, each in its own way."""
    router = APIRouter()

    @router.get("/broken/{how}")
    @router.get("/api/broken/{how}")
    async def go_wrong(how: str, number: int = 0) -> None:
        raise {
            "stale": Stale("request-7 was changed"),
            "bug": RuntimeError("the secret word"),
            "away": asyncpg.exceptions.ConnectionDoesNotExistError("gone"),
            "slow": TimeoutError(),
        }[how]

    @router.get("/for-staff")
    async def for_staff(request: Request) -> None:
        needs(request, "LOTI staff")

    portal.app.include_router(router)
    return portal


@pytest.mark.parametrize(("how", "status"), [("stale", 409), ("bug", 500), ("away", 503), ("slow", 503)])
async def test_what_goes_wrong_is_a_page_that_says_what_to_do(broken: Portal, how: str, status: int) -> None:
    """Each has its status, a heading, a way on; programs are told the same as problem details; nobody is told the
    error's own words."""
    page = await broken.get(f"/broken/{how}")
    assert page.status_code == status
    assert "<h1" in page.text
    assert "secret" not in page.text
    told = await broken.get(f"/api/broken/{how}")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["status"] == told.status_code == status
    assert told.json()["detail"]


async def test_a_bug_is_logged_by_its_place_and_not_its_words(
    broken: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log says which lines, never what a visitor typed or who it was."""
    await broken.get("/broken/bug?q=my-private-words")
    logged = capsys.readouterr().out
    assert "page_failed" in logged
    assert "RuntimeError" in logged
    assert "test_problems.py" in logged
    assert "secret" not in logged
    assert "private-words" not in logged


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/jobs/no-such-role", 404),
        ("/broken/stale?number=many", 422),
        ("/%00", 400),
        ("/jobs?q=%00", 400),
        ("/jobs/%ff%fe", 404),
        ("/jobs/" + "9" * 3000, 404),
    ],
)
async def test_addresses_that_lead_nowhere_are_said_to(broken: Portal, path: str, status: int) -> None:
    """Whatever was typed, it is a page and no failure."""
    answer = await broken.get(path)
    assert answer.status_code == status
    assert "<h1" in answer.text


async def test_a_page_that_only_takes_forms_says_so(portal: Portal) -> None:
    """405, with what it does take."""
    answer = await portal.client.put("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


async def test_who_is_not_signed_in_signs_in_first_and_others_are_told_no(broken: Portal) -> None:
    """Anybody is led to sign in and comes back; one who is signed in and may not is told for whom the page is."""
    asked = await broken.get("/for-staff?a=b")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?next=%2Ffor-staff%3Fa%3Db"
    await broken.as_member("E09000007")
    refused = await broken.get("/for-staff")
    assert refused.status_code == 403
    assert "LOTI" in refused.text


async def test_another_host_is_not_served(portal: Portal) -> None:
    """A name that is not ours gets no page, so no link that we write leads elsewhere."""
    assert (await portal.get("/", headers={"Host": "evil.example"})).status_code == 400


async def test_too_much_is_refused(portal: Portal) -> None:
    """A body beyond all limits is not read to its end."""
    answer = await portal.client.post(
        "/sign-in", content=b"x" * 6_000_000, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


async def test_a_database_that_is_away_is_a_page_too() -> None:
    """Even who asks cannot be known then: the page says to come back, and the answer when."""
    settings = portal_settings("postgresql://nobody@127.0.0.1:1/nothing")
    async with asyncpg.create_pool(settings.database.get_secret_value(), min_size=0) as pool:
        app = portal_app(Site(pool, settings, Clock()))
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=settings.portal_url) as client:
            answer = await client.get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "120"
    assert "Please try again" in answer.text
