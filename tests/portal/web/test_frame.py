"""The frame of every page: navigation by who looks, and what comes with each answer."""

import gzip
import re

import pytest

from services.portal.signin.visitor import ANYBODY, Visitor
from services.portal.web.navigation import navigation
from services.portal.web.templating import prepare
from tests.portal.portal import Portal
from tests.portal.world import CAMDEN


async def test_a_page_has_the_ways_that_its_visitor_may_go(portal: Portal) -> None:
    """Anybody is offered to sign in; staff see their own pages, and may sign out."""
    anybody = (await portal.get("/")).text
    assert 'href="/sign-in"' in anybody
    assert 'href="/system"' not in anybody
    await portal.as_staff()
    staff = (await portal.get("/")).text
    assert 'href="/system"' in staff
    assert 'action="/sign-out"' in staff
    assert "Sam Staff" in staff


def test_one_way_at_most_is_where_one_is() -> None:
    """The one whose address fits best: a page below two of them belongs to the longer one."""
    staff = Visitor("c", kinds=("public", "LOTI staff"))
    assert [way.text for way in navigation(staff, "/library/drafts/7") if way.here] == ["Drafts"]
    assert [way.text for way in navigation(staff, "/library/7") if way.here] == ["Library"]
    assert [way.text for way in navigation(ANYBODY, "/jobsite") if way.here] == []


def test_each_kind_of_visitor_has_its_own_ways() -> None:
    """A member sees the requests of the borough, a supporter the own page, staff all that is LOTI's."""
    member = Visitor("c", borough=CAMDEN, kinds=("public", "borough member"))
    supporter = Visitor("c", kinds=("public", "supporter"))
    assert navigation(member, "/")[-1].url == "/help/requests"
    assert navigation(supporter, "/")[-1].url == "/supporting"
    assert [way.text for way in navigation(ANYBODY, "/")] == ["Jobs", "Pay", "Library", "Events", "Help"]


@pytest.mark.parametrize("path", ["/", "/jobs", "/nowhere", "/static/nothing.css", "/robots.txt"])
async def test_every_answer_keeps_the_page_safe(portal: Portal, path: str) -> None:
    """No foreign script, frame, form or picture; no guessing of types; the page that one came from stays secret."""
    headers = (await portal.get(path)).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", ["/", "/jobs", "/pay", "/cookies"])
async def test_a_page_holds_no_script_and_no_style_of_its_own(portal: Portal, path: str) -> None:
    """The policy would refuse them: whatever looks like one is missing, but for data that no browser runs."""
    html = (await portal.get(path)).text
    scripts = re.findall(r"<script\b[^>]*>", html)
    assert all("src=" in one or "application/ld+json" in one for one in scripts)
    assert not re.search(r"<style\b|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("path", ["/", "/jobs", "/pay"])
async def test_the_first_view_is_light(portal: Portal, path: str) -> None:
    """A page with all that it loads is less than 100 kB over the wire."""
    page = await portal.get(path, headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert any(address.endswith(".css") for address in loaded)
    total = len(gzip.compress(page.content))
    for address in loaded:
        file = await portal.get(address, headers={"Accept-Encoding": "gzip"})
        assert file.headers["content-encoding"] == "gzip"
        assert "immutable" in file.headers["cache-control"]
        total += int(file.headers["content-length"])
    assert total < 100_000


async def test_files_are_also_for_browsers_that_read_no_gzip(portal: Portal) -> None:
    """The same file, plain; and one that is not there is not found."""
    address = re.findall(r'href="(/static/[^"]+\.css)"', (await portal.get("/")).text)[0]
    plain = await portal.get(address, headers={"Accept-Encoding": "identity"})
    packed = await portal.get(address, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert (await portal.get("/static/portal.000000000000.css")).status_code == 404


async def test_head_is_answered_like_get_without_the_body(portal: Portal) -> None:
    """Whoever checks a link asks so."""
    head = await portal.client.head("/")
    assert head.status_code == 200
    assert head.headers["content-type"] == "text/html; charset=utf-8"
    assert head.content == b""


def test_every_template_can_be_read() -> None:
    """What is compiled when the process starts has no fault in it: none waits for the first who opens its page."""
    prepare()
