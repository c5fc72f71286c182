"""Histories of contributions, at random: first uploads, pay rises great and small, joiners, withdrawals, returns."""

from collections.abc import Mapping, Sequence
from random import Random

from services.salaries.contributed.rules import RULES, Rules
from tests.salaries.contributing import INNER, OUTER, World

LEVELS = ("senior", "lead")


def a_history(random: Random, *, rules: Rules = RULES, rounds: int = 6) -> World:
    """Some boroughs contribute at once, so that there is something to publish; then one thing after another."""
    world = World(rules)
    boroughs = random.sample(INNER, random.randint(4, 6)) + random.sample(OUTER, random.randint(1, 5))
    spread = random.choice((0, 400, 4_000, 15_000))
    typical = random.choice((2, 3))
    for gss in boroughs[: random.randint(5, len(boroughs))]:
        world.upload(gss, _some_pay(random, spread, typical), publish=False)
    world.publish()
    for _ in range(rounds):
        many = random.sample(boroughs, random.choice((1, 1, 2, 5, 6)) if len(boroughs) > 6 else 5)
        what = random.choice(("raise", "raise", "anew", "withdraw", "one level"))
        for gss in many:
            before = {level: pay for (level, authority), (_, pay) in world.pay.items() if authority == gss}
            world.upload(gss, _next(random, what, before, spread, typical), publish=False)
        world.publish()
    return world


def a_long_scan(random: Random, spies: str, boroughs: Sequence[str]) -> World:
    """Seven rounds in which all boroughs upload anew, a pound higher, while the spies move their posts between £10,000
    and £390,000, so that percentiles fall on one post after another; after four rounds some boroughs withdraw. Pay is
    spread more than 10% about £50,000 and £59,000."""
    world, spread, typical = World(), random.choice((6_000, 15_000)), random.choice((4, 6, 8))
    pay = {
        gss: {
            level: [(50_000 + 9_000 * place + random.randint(-spread, spread)) * 100 for _ in range(typical)]
            for place, level in enumerate(LEVELS)
            if random.random() < 0.8
        }
        for gss in boroughs
    }
    for number in range(7):
        if number == 4:
            for gss in random.sample(sorted(pay), random.choice((1, 1, 2, 5))):
                pay[gss] = {}
        for gss, levels in pay.items():
            risen = {level: tuple(sorted(p + number * 100 for p in paid)) for level, paid in levels.items()}
            world.upload(gss, risen, publish=False)
        low = random.randint(0, typical)
        false = (10_000_00,) * low + (390_000_00,) * (typical - low)
        world.upload(spies, dict.fromkeys(LEVELS, false))
    return world


def _next(
    random: Random, what: str, before: Mapping[str, tuple[int, ...]], spread: int, typical: int
) -> Mapping[str, tuple[int, ...]]:
    if what == "withdraw" and random.random() < 0.7:
        return {}
    if what == "raise" and before:
        rise = random.choice((1_00, 1_00, 900_00, 3_000_00))
        return {level: tuple(amount + rise for amount in pay) for level, pay in before.items()}
    if what == "one level" and before:
        return dict(list(before.items())[:1])
    return _some_pay(random, spread, typical)


def _some_pay(random: Random, spread: int, typical: int) -> Mapping[str, tuple[int, ...]]:
    levels = LEVELS if random.random() < 0.7 else random.sample(LEVELS, 1)
    return {
        level: tuple(
            sorted(
                (50_000 + 9_000 * LEVELS.index(level) + random.randint(-spread, spread)) * 100
                for _ in range(random.choice((typical, typical, 1, 4)))
            )
        )
        for level in levels
    }
