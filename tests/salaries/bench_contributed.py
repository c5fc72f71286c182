"""How long it takes to decide anew what is published of contributed pay.

    python -m tests.salaries.bench_contributed

33 boroughs contribute 5,000 posts each, the most roles and levels there are. Printed: the first decision; one a year
later, when every borough has uploaded anew; one for a single upload after ten such years; the same with a tenth of the
posts beside it; and how many cells show figures, depending on how many boroughs are published at a time.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.salaries.contributed.contributions import Contribution, Figure
from services.salaries.contributed.disclose import Decision, disclose

_START = datetime(2026, 4, 1, tzinfo=UTC)


def contributed(random: Random, year: int, posts: int) -> list[Contribution]:
    """Every borough's posts, spread over all roles and levels."""
    roles = list(standard_roles())
    contributions = []
    for gss in authorities():
        pay: dict[tuple[str, str], list[int]] = {}
        for _ in range(posts):
            slot = (random.choice(roles), random.choice(LEVELS))
            pay.setdefault(slot, []).append(random.randint(30_000_00, 90_000_00))
        contributions += [
            Contribution(role, level, gss, year, tuple(sorted(amounts)))
            for (role, level), amounts in pay.items()
        ]
    return contributions


def timed(work: Callable[[], Sequence[Decision]]) -> tuple[float, Sequence[Decision]]:
    """Seconds, and what came of it."""
    begun = time.perf_counter()
    done = work()
    return time.perf_counter() - begun, done


def ten_years(posts: int) -> None:
    """Print each of the figures."""
    random, ledger = Random(1), list[Figure]()
    first = last = 0.0
    for year in range(10):
        contributions = contributed(random, year, posts)
        now = _START + timedelta(days=365 * year)
        last, decisions = timed(lambda: disclose(contributions, ledger, now=now))  # noqa: B023
        ledger += [decision.new for decision in decisions if decision.new]
        first = first or last
        if year in (0, 1, 9):
            new = sum(decision.new is not None for decision in decisions)
            _say(f"  year {year + 1:2}: {last:6.2f} s, {len(decisions):,} cells, {new:,} published anew")
    one = contributions[0].authority
    again = [
        Contribution(c.standard_role, c.level, c.authority, c.version + (c.authority == one), c.pay)
        for c in contributions
    ]
    alone, decisions = timed(lambda: disclose(again, ledger, now=_START + timedelta(days=3660)))
    _say(f"  one upload then: {alone:6.2f} s, ledger of {len(ledger):,} figures")
    _say(f"  the tenth year costs {last / first:.1f} times the first")


def arrivals(posts: int) -> None:
    """Print how many cells show figures when boroughs are published together, in rounds, and one by one."""
    contributions = contributed(Random(1), 1, posts)
    boroughs = list(authorities())
    for size in (33, 11, 1):
        ledger: list[Figure] = []
        for last in range(size, 34, size):
            inside = [one for one in contributions if one.authority in boroughs[:last]]
            decisions = disclose(inside, ledger, now=_START)
            ledger += [decision.new for decision in decisions if decision.new]
        shown = sum(d.shows is not None and d.shows.paid is not None for d in decisions)
        _say(
            f"  {33 // size:2} releases of {size:2} boroughs: {shown:,} of {len(decisions):,} cells show figures"
        )


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """The command."""
    for posts in (500, 5_000):
        _say(f"33 boroughs x {posts:,} posts, {len(standard_roles())} roles x {len(LEVELS)} levels")
        ten_years(posts)
    _say("33 boroughs x 500 posts, published together, in rounds, one by one")
    arrivals(500)


if __name__ == "__main__":
    main()
