"""Attacks on contributed pay: with one rule switched off each recovers a borough's pay, with the rules none does.

To recover is to be certain that one borough's median pay for a role and level lies in an interval narrower than 5% to
either side of the truth (`attackers.NARROW`), for an outsider and for one contributing borough that knows, and
chooses, what it uploads itself; for an outsider also that the lowest or the highest single salary does. What holds for
all contributors alike is no recovery: where all pay nearly the same, any figure says so, and a borough that uploads
false extremes learns within which range all others pay. The last test shows that it learns no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.salaries.contributed.contributions import Part
from services.salaries.contributed.rules import RULES, Rules
from tests.salaries.attackers import (
    CountingAttacker,
    by_contribution,
    by_slot,
    extremes,
    isolated,
    narrow,
    who_pays,
)
from tests.salaries.contributing import INNER, LONDON, OUTER, World, pounds
from tests.salaries.histories import a_long_scan

SPIES, VICTIM = INNER[0], OUTER[0]
OTHERS = INNER[1:6]


@dataclass
class Scene:
    """What happened, and the contribution that is attacked; `known` is what the attacker uploaded itself."""

    world: World
    attacked: Part
    known: Mapping[Part, tuple[int, ...]]


def scene(world: World, victim: str = VICTIM, spies: str | None = SPIES) -> Scene:
    """The victim's newest contribution is attacked, by a coalition of one where there are spies."""
    attacked = max((part for part in world.truth if part.authority == victim), key=lambda part: part.version)
    return Scene(world, attacked, {part: pay for part, pay in world.truth.items() if part.authority == spies})


def even(posts: int, low: int = 40_000, high: int = 60_000) -> list[int]:
    """Salaries in pounds from low to high in even steps."""
    return [low + round((high - low) * place / (posts - 1)) for place in range(posts)]


def contribute_others(world: World, *, rise: int = 0) -> None:
    """Five boroughs pay forty posts from £40,000 to £60,000 in even steps."""
    for place, gss in enumerate(OTHERS):
        world.upload(gss, {"lead": pounds(*(pay + rise for pay in even(40)[place::5]))}, publish=False)


def scan(world: World, *, rise: int = 0, trivially: bool = False) -> None:
    """The tracker: the spies upload again and again with more and more of their posts at the bottom, so that the same
    percentile lands on one post after another of everybody else's."""
    for bottom in range(0, 13, 3):
        if trivially:
            contribute_others(world, rise=rise + bottom)
        world.upload(SPIES, {"lead": pounds(*[10_000] * bottom, *[390_000] * (12 - bottom))})


def victims_pay() -> dict[str, tuple[int, ...]]:
    """Twelve posts close to £50,000."""
    return {"lead": pounds(*even(12, 49_500, 50_500))}


def one_borough_alone(rules: Rules) -> Scene:
    """A cell of one borough: its figures are the borough's."""
    world = World(rules)
    world.upload(VICTIM, victims_pay())
    return scene(world, spies=None)


def one_borough_dominates(rules: Rules) -> Scene:
    """Five boroughs, but 36 of the 40 posts are one borough's: its figures but for a little."""
    world = World(rules)
    for gss, pay in zip(INNER[:4], (40_000, 45_000, 55_000, 60_000), strict=True):
        world.upload(gss, {"lead": pounds(pay)}, publish=False)
    world.upload(VICTIM, {"lead": pounds(*even(36, 49_500, 50_500))})
    return scene(world, spies=None)


def all_pay_alike(rules: Rules) -> Scene:
    """A quarter of the posts are the victim's, and P10 is P90: too few posts are outside for half of the victim's."""
    world = World(rules)
    for gss in INNER[:6]:
        world.upload(gss, {"lead": pounds(*[50_000] * 5)}, publish=False)
    world.upload(VICTIM, {"lead": pounds(*[50_000] * 10)})
    return scene(world, spies=None)


def a_newcomer_joins(rules: Rules) -> Scene:
    """Over time: the spies scan before and after the victim contributes, and subtract."""
    world = World(rules)
    contribute_others(world)
    scan(world)
    world.upload(VICTIM, victims_pay())
    scan(world)
    return scene(world)


def a_borough_withdraws(rules: Rules) -> Scene:
    """Over time, the other way round: the spies scan before and after the victim withdraws."""
    world = World(rules)
    contribute_others(world)
    world.upload(VICTIM, victims_pay(), publish=False)
    scan(world)
    world.withdraw(VICTIM)
    scan(world)
    return scene(world)


def cells_overlap(rules: Rules) -> Scene:
    """At one time: all London less inner London is outer London, where the victim contributes alone."""
    world = World(rules)
    contribute_others(world)
    world.upload(VICTIM, victims_pay(), publish=False)
    scan(world)
    return scene(world)


def levels_overlap(rules: Rules) -> Scene:
    """All levels less lead are the seniors, whom the victim alone has."""
    world = World(rules)
    contribute_others(world)
    world.upload(INNER[8], {"senior": victims_pay()["lead"]}, publish=False)
    scan(world)
    return scene(world, victim=INNER[8])


def uploads_hardly_differ(rules: Rules) -> Scene:
    """Everybody uploads again with pay a pound higher while the victim withdraws; the attacker guesses as much."""
    world = World(rules)
    contribute_others(world)
    world.upload(VICTIM, victims_pay(), publish=False)
    scan(world, trivially=True)
    world.withdraw(VICTIM)
    scan(world, rise=20, trivially=True)
    return scene(world)


def guessing(part: Part) -> object:
    """The attacker guesses that an upload pays what the one before it did; of its own it knows better."""
    return by_contribution(part) if part.authority == SPIES else by_slot(part)


def without(**off: object) -> Rules:
    """The rules with some switched off."""
    return replace(RULES, **off)  # type: ignore[arg-type]


NO_AUDIT = without(differences=False, panels=False)
ATTACKS: list[tuple[Callable[[Rules], Scene], Rules, Callable[[Part], object]]] = [
    (one_borough_alone, without(boroughs=1, share=Fraction(1)), by_contribution),
    (one_borough_dominates, without(share=Fraction(1)), by_contribution),
    (all_pay_alike, without(tail_share=Fraction(1)), by_contribution),
    (a_newcomer_joins, NO_AUDIT, by_contribution),
    (a_borough_withdraws, NO_AUDIT, by_contribution),
    (cells_overlap, NO_AUDIT, by_contribution),
    (levels_overlap, NO_AUDIT, by_contribution),
    (uploads_hardly_differ, without(panels=False), guessing),
]


@pytest.mark.parametrize(("history", "weaker", "key"), ATTACKS, ids=[each[0].__name__ for each in ATTACKS])
def test_the_attack_recovers_a_boroughs_pay_without_the_rule_and_fails_with_it(
    history: Callable[[Rules], Scene], weaker: Rules, key: Callable[[Part], object]
) -> None:
    """Counting posts below every amount of interest, by linear programming, over everything ever published."""
    assert recovered(history(weaker), key)
    assert not recovered(history(RULES), key)


def recovered(attacked: Scene, key: Callable[[Part], object]) -> bool:
    """Whether the attacker is certain of the victim's median."""
    world, part = attacked.world, attacked.attacked
    wanted = {key(one) for one in (part, *attacked.known)}
    ledger = [figure for figure in world.ledger if {key(one) for one in figure.parts} & wanted]
    if key(part) not in {key(one) for figure in ledger for one in figure.parts}:
        return False
    attacker = CountingAttacker(ledger, key=key, known=attacked.known)  # type: ignore[arg-type]
    return attacker.recovers(part, world.truth[part])


@pytest.mark.parametrize("history", [a_newcomer_joins, a_borough_withdraws, cells_overlap, levels_overlap])
def test_without_the_audit_sums_isolate_a_few_boroughs_and_with_it_none(
    history: Callable[[Rules], Scene],
) -> None:
    """Linear algebra over every figure ever published, as if each were a sum that is known exactly."""
    assert isolated(history(NO_AUDIT).world.ledger, by_contribution, fewer_than=RULES.boroughs)
    for key in (by_contribution, by_slot):
        assert isolated(history(RULES).world.ledger, key, fewer_than=RULES.boroughs) is None


def test_uploads_that_hardly_differ_isolate_a_few_boroughs_only_if_contributors_are_not_audited() -> None:
    """The audit by contribution lets five trivial uploads hide a withdrawal; the audit by contributor does not."""
    hidden = uploads_hardly_differ(without(panels=False)).world.ledger
    assert isolated(hidden, by_contribution, fewer_than=RULES.boroughs) is None
    assert isolated(hidden, by_slot, fewer_than=RULES.boroughs)
    assert isolated(uploads_hardly_differ(RULES).world.ledger, by_slot, fewer_than=RULES.boroughs) is None


def one_post_each(rules: Rules, posts: int = 1) -> World:
    """Five boroughs with so many posts each."""
    world = World(rules)
    for place, gss in enumerate(INNER[:5]):
        world.upload(gss, {"lead": pounds(*even(5 * posts)[place::5])}, publish=False)
    world.publish()
    return world


def test_from_fewer_than_ten_posts_the_tails_would_give_the_lowest_and_highest_salary_away() -> None:
    """P10 and P90 of five posts are little else than the lowest and the highest."""
    shown = one_post_each(without(tail_posts=5)).decisions[LONDON].new
    assert shown is not None
    low, high = extremes(shown)
    assert narrow(low, 40_000_00)
    assert narrow(high, 60_000_00)
    for posts in (1, 2):
        shown = one_post_each(RULES, posts).decisions[LONDON].new
        assert shown is not None
        assert shown.pay.paid is not None
        assert (shown.pay.paid.p10 is not None) == (posts == 2)
        low, high = extremes(shown)
        assert not narrow(low, 40_000_00)
        assert not narrow(high, 60_000_00)


@pytest.mark.parametrize("pay", [28_000, 50_000, 89_000, 95_000, 120_000, 180_000])
def test_without_rounding_alike_pay_gives_the_lowest_salary_away(pay: int) -> None:
    """P10 of ten posts, to the penny, and its neighbours leave the lowest salary no room; rounded they do."""
    found = []
    for rules in (without(step=1, wide_step=1), RULES):
        world = World(rules)
        for gss in INNER[:5]:
            world.upload(gss, {"lead": pounds(pay, pay)}, publish=False)
        world.publish()
        shown = world.decisions[LONDON].new
        assert shown is not None
        found.append([narrow(bounds, pay * 100) for bounds in extremes(shown)])
    assert found == [[True, True], [False, False]]


def test_without_rounding_a_figure_can_be_looked_up_in_one_boroughs_pay_scale() -> None:
    """Thirteen posts: the median is one post's pay. Boroughs' scales are public and differ by some pounds; to the
    penny the figure is in one of them alone, rounded it fits them all."""
    scales = {
        gss: [30_000_00 + 37_00 * place + step * 950_00 for step in range(40)]
        for place, gss in enumerate([*INNER[:6], VICTIM])
    }
    matches = []
    for rules in (without(step=1), RULES):
        world = World(rules)
        for place, gss in enumerate(INNER[:6]):
            world.upload(gss, {"lead": (scales[gss][10 + place], scales[gss][30 - place])}, publish=False)
        world.upload(VICTIM, {"lead": (scales[VICTIM][20],)})
        shown = world.decisions[LONDON].new
        assert shown is not None
        assert shown.pay.paid is not None
        assert shown.pay.rounded_to is not None
        matches.append(who_pays(shown.pay.paid.p50, shown.pay.rounded_to // 2, scales))
    assert matches[0] == [VICTIM]
    assert len(matches[1]) == len(scales)


@settings(max_examples=max(settings.default.max_examples // 4, 1))  # type: ignore[union-attr]
@given(st.integers(0, 10**9))
def test_false_extremes_show_the_range_of_all_others_and_nothing_of_one_of_them(seed: int) -> None:
    """Half of the spies' posts are paid £10,000 and half £390,000, so that P10 and P90 fall on the others' lowest and
    highest; of one borough's median nothing is certain but that it lies between them."""
    random = Random(seed)
    world, posts = World(), random.choice((2, 4, 8))
    spread = random.choice((0, 300, 2_000, 8_000))
    spies, *others = random.sample(INNER, random.randint(5, 9))
    for gss in others:
        paid = (50_000 + random.randint(-spread, spread) for _ in range(posts))
        world.upload(gss, {"lead": pounds(*paid)}, publish=False)
    world.upload(spies, {"lead": pounds(*[10_000] * (posts // 2), *[390_000] * (posts // 2))})
    known = {part: pay for part, pay in world.truth.items() if part.authority == spies}
    rest = [amount for part, pay in world.truth.items() if part not in known for amount in pay]
    attacker = CountingAttacker([figure for figure in world.ledger if figure.cell == LONDON], known=known)
    bounds = attacker.median(random.choice([part for part in world.truth if part not in known]))
    assert bounds.low <= min(rest) + RULES.step
    assert bounds.high >= max(rest) - RULES.step


@settings(max_examples=max(settings.default.max_examples // 13, 1))  # type: ignore[union-attr]
@given(st.integers(0, 10**9))
def test_years_of_scanning_by_a_contributor_recover_nobody(seed: int) -> None:
    """All levels and areas are published again and again, as all upload anew; the spies know their own pay, and guess
    rightly that nobody else's changed."""
    random = Random(seed)
    world = a_long_scan(
        random, SPIES, [*random.sample(INNER[1:], 5), *random.sample(OUTER, random.randint(2, 5))]
    )
    known = {part: pay for part, pay in world.truth.items() if part.authority == SPIES}
    attacker = CountingAttacker(world.ledger, key=guessing, known=known)  # type: ignore[arg-type]
    parts = {part for figure in world.ledger for part in figure.parts} - known.keys()
    for part in random.sample(sorted(parts, key=lambda part: part.version), min(3, len(parts))):
        assert not attacker.recovers(part, world.truth[part])
