"""Manners, by the hosts' own logs: whatever boards do, no rule about asking them is ever broken."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from deploy.local.boards.serving import serving
from services.ingest import fetch_permissions
from services.ingest.politeness import DAY, Politeness
from services.ingest.robots import Robots
from tests.ingest import polite_world
from tests.ingest.polite_judge import Judge
from tests.ingest.polite_world import Counting, Host, Time, poll

AGENT = "TalentExchange/0.1 (tests; +https://exchange.example/contact)"
MANNERS = Politeness(interval=1.0, at_once=2)


async def wrongs(
    rounds: int, *, manners: Politeness = MANNERS, hosts: int = 2, seed: int = 0, **course: Any
) -> tuple[list[str], dict[str, int], int]:
    """What the logs show to be wrong when one client polls the boards of some hosts, what came of the polls, and how
    many requests there were."""
    time = Time()
    came: dict[str, int] = {}
    async with AsyncExitStack() as stack:
        served = [Host(time, seed + number) for number in range(hosts)]
        for host in served:
            host.address = await stack.enter_async_context(serving(host.app))
        fetcher = Counting(
            user_agent=AGENT,
            timeout=60,
            max_bytes=5_000_000,
            allow_private=True,
            board_seconds=600,
            politeness=manners,
            clock=time,
            sleep=time.sleep,
        )
        fetcher.time = time
        await stack.enter_async_context(fetcher)
        clock = asyncio.create_task(time.go_on())
        try:
            polls = [
                poll(fetcher, host, rounds=rounds, seed=seed + number, **course)
                for number, host in enumerate(served)
            ]
            for counts in await asyncio.gather(*polls):
                came = {word: came.get(word, 0) + count for word, count in counts.items()}
        finally:
            clock.cancel()
            await asyncio.gather(clock, return_exceptions=True)
    found = [
        wrong
        for host in served
        for wrong in Judge(host.address, AGENT, MANNERS.interval, MANNERS.at_once).read(list(host.log))
    ]
    return found, came, sum(len(host.log) for host in served)


async def test_no_rule_is_ever_broken() -> None:
    """Every kind of board on two hosts, polled again and again at once, with faults, pauses asked for and changing
    robots.txt: nothing forbidden is asked for, the distance, the number at once, every pause and rest are kept, and
    robots.txt is read anew after a day. By then every kind of outcome was seen."""
    found, came, requests = await wrongs(16)
    assert found == []
    assert min(came.values()) > 0, came
    assert requests > 200


def _for_ever(monkeypatch: pytest.MonkeyPatch) -> Politeness:
    monkeypatch.setattr(fetch_permissions, "DAY", 1e9)
    return MANNERS


@pytest.mark.parametrize(
    ("rude", "course", "told"),
    [
        (replace(MANNERS, robots=False), {}, "before robots.txt was asked for"),
        (replace(MANNERS, rests=False), {"faults": [{"status": 429}]}, "before the pause was over"),
        (replace(MANNERS, failures=99), {"faults": [{"status": 500}], "share": 1, "pauses": [5]}, "while it rested"),
        (replace(MANNERS, interval=0.5), {}, "s after another, not 1"),
        (replace(MANNERS, interval=0.0, at_once=4), {}, "at once"),
        (MANNERS, {"pauses": [DAY / 2]}, "more than a day old"),
    ],
)  # fmt: skip
async def test_the_log_would_show_it(
    rude: Politeness, course: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client without one of the manners is found out by the same judge."""
    if rude is MANNERS:  # but for one thing, which is no setting
        monkeypatch.setattr(fetch_permissions, "DAY", 1e9)
    found, _, _ = await wrongs(6, manners=rude, hosts=1, **course)
    assert any(told in wrong for wrong in found), found[:10]


@pytest.mark.parametrize("asked", ["Disallow: /*/as/", "Crawl-delay: 30"])
async def test_the_log_would_show_a_rule_that_is_not_read(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is one that reads a robots.txt as if nothing stood in it."""
    monkeypatch.setattr(fetch_permissions, "read_robots", lambda *_: Robots())
    monkeypatch.setattr(polite_world, "ROBOTS", [{"text": f"User-agent: *\n{asked}"}] * 9)
    found, _, _ = await wrongs(4, hosts=1, share=0)
    told = "though robots.txt forbids it" if "Disallow" in asked else "s after another, not 30"
    assert any(told in wrong for wrong in found), found[:10]
