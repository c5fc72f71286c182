"""What is published of contributed pay, what is not, and why: after any history of uploads and withdrawals."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.salaries.cells import Cell
from services.salaries.contributed.contributions import posts_by_borough
from services.salaries.contributed.disclose import disclose
from services.salaries.contributed.rules import RULES
from services.salaries.contributed.wording import COMBINED, FEW, HELD_BACK, TAILS
from tests.salaries.attackers import CountingAttacker, by_contribution, by_slot, isolated
from tests.salaries.contributing import INNER, LONDON, OUTER, ROLE, World, pounds
from tests.salaries.histories import a_history

seeds = st.integers(0, 10**9)
a_few = settings(max_examples=max(settings.default.max_examples // 4, 1))  # type: ignore[union-attr]


def contributed(boroughs: list[str], posts: int = 2) -> World:
    """So many posts of each, published."""
    world = World()
    for place, gss in enumerate(boroughs):
        world.upload(
            gss, {"lead": pounds(*(50_000 + 700 * (place + n) for n in range(posts)))}, publish=False
        )
    world.publish()
    return world


@given(seeds)
def test_every_figure_ever_published_is_of_five_boroughs_none_with_more_than_a_quarter(seed: int) -> None:
    """The threshold and the dominance rule; P10 and P90 from ten posts, none with more than a fifth."""
    for figure in a_history(Random(seed)).ledger:
        posts = posts_by_borough(figure.parts)
        whole = sum(posts.values())
        assert len(posts) >= 5
        assert max(posts.values()) * 4 <= whole
        assert figure.pay.paid is not None
        tails = (figure.pay.paid.p10, figure.pay.paid.p90)
        allowed = whole >= 10 and max(posts.values()) * 5 <= whole
        assert [tail is not None for tail in tails] == [allowed, allowed]
        assert figure.pay.tails == (None if allowed else TAILS)
        assert figure.pay.boroughs == len(posts)


@given(seeds)
def test_no_two_figures_ever_published_differ_by_fewer_than_five_boroughs(seed: int) -> None:
    """Over time and over cells that overlap, whichever contributions they have in common."""
    ledger = a_history(Random(seed)).ledger
    for one, other in combinations(ledger, 2):
        if one.parts & other.parts and one.parts != other.parts:
            assert len({part.authority for part in one.parts ^ other.parts}) >= RULES.boroughs


@given(seeds)
def test_no_sum_of_figures_ever_published_is_about_fewer_than_five_boroughs(seed: int) -> None:
    """Linear algebra over the whole ledger; also for an attacker who guesses that uploads pay what they did before,
    and for one who contributes and so takes out what is its own: four others remain."""
    ledger = a_history(Random(seed)).ledger
    for key in (by_contribution, by_slot):
        assert isolated(ledger, key, fewer_than=RULES.boroughs) is None


def test_the_same_histories_without_the_audit_isolate_a_few_boroughs() -> None:
    """So that the tests above can fail: without it most of twenty histories give a few boroughs away."""
    without = replace(RULES, differences=False, panels=False)
    ledgers = [a_history(Random(seed), rules=without).ledger for seed in range(20)]
    found = [isolated(ledger, by_contribution, fewer_than=RULES.boroughs) for ledger in ledgers]
    assert sum(few is not None for few in found) > 10


@a_few
@given(seeds)
def test_nobody_recovers_a_boroughs_median_from_everything_ever_published(seed: int) -> None:
    """Linear programming over all percentiles, counts and roundings: an outsider, one who guesses that uploads pay what
    they did before, and each time one contributing borough that knows its own pay."""
    random = Random(seed)
    world = a_history(random, rounds=4)
    parts = sorted({part for figure in world.ledger for part in figure.parts}, key=lambda part: part.version)
    if not parts:
        return
    spies = random.choice(parts).authority
    own = {part: pay for part, pay in world.truth.items() if part.authority == spies}
    for attacker in (
        CountingAttacker(world.ledger),
        CountingAttacker(world.ledger, key=by_slot),
        CountingAttacker(world.ledger, known=own),
    ):
        for part in random.sample(parts, min(3, len(parts))):
            assert part.authority == spies or not attacker.recovers(part, world.truth[part])


@given(seeds)
def test_what_is_published_does_not_depend_on_pay(seed: int) -> None:
    """With every amount another, the same cells are published, held back and withheld, so that what is missing tells
    nothing of anybody's pay (simulatable auditing)."""
    world = a_history(Random(seed))
    before = world.ledger[: len(world.ledger) // 2]
    otherwise = [
        replace(one, pay=tuple(3 * amount + 7 for amount in one.pay)) for one in world.contributions()
    ]
    for ledger in ([], before, world.ledger):
        decided = [
            [
                (d.cell, d.new and d.new.parts, d.shows and (d.shows.suppressed, d.shows.held_back))
                for d in disclose(contributions, ledger, now=world.now)
            ]
            for contributions in (world.contributions(), otherwise)
        ]
        assert decided[0] == decided[1]


@given(seeds)
def test_the_order_of_contributions_changes_nothing_and_deciding_again_publishes_nothing(seed: int) -> None:
    """The decision is a function of what stands and of what was published."""
    random = Random(seed)
    world = a_history(random)
    shuffled = random.sample(world.contributions(), len(world.pay))
    first = disclose(world.contributions(), world.ledger, now=world.now)
    assert disclose(shuffled, world.ledger, now=world.now) == first
    assert [decision.new for decision in first if decision.new] == []


@given(seeds)
def test_figures_are_numpys_percentiles_rounded_to_the_step(seed: int) -> None:
    """The nearest step to the linear interpolation; counts to the nearest five, none below ten."""
    world = a_history(Random(seed), rounds=1)
    for figure in world.ledger:
        pay = [amount for part in figure.parts for amount in world.truth[part]]
        step, shown = figure.pay.rounded_to, figure.pay.paid
        assert shown is not None
        assert step == (2_000_00 if np.quantile(pay, 0.75) >= 90_000_00 else 1_000_00)
        for name, amount in shown.model_dump(exclude_none=True).items():
            assert abs(amount - np.quantile(pay, int(name[1:]) / 100)) <= step / 2
            assert amount % step == 0
        assert figure.pay.posts == (round(len(pay) / 5) * 5 if len(pay) >= 10 else None)


def test_four_boroughs_one_borough_and_none_are_told_alike() -> None:
    """Nothing says whether anybody contributed where too few did."""
    for boroughs in ([], INNER[:1], INNER[:4]):
        world = contributed(boroughs)
        assert [decision.shows for decision in world.decisions.values() if decision.shows] == []
        assert world.ledger == []
    assert contributed(INNER[:5]).decisions[LONDON].shows is not None


def test_a_borough_with_more_than_a_quarter_of_the_posts_is_told_like_too_few() -> None:
    """The dominance rule: 3 of 11 posts are too many, 3 of 12 are not."""
    for gss, shown in ((INNER[:5], False), (INNER[:6], True)):
        world = contributed(gss, posts=2)
        world.ledger.clear()
        world.upload(gss[0], {"lead": pounds(50_000, 51_000, 52_000)}, publish=False)
        if shown:
            world.upload(gss[1], {"lead": pounds(50_000)}, publish=False)
        world.publish()
        assert (world.decisions[LONDON].shows is not None) == shown


def test_what_would_show_a_few_boroughs_by_subtraction_is_suppressed() -> None:
    """Eight inner boroughs and two outer: all London is published, so inner London is not."""
    world = contributed(INNER[:8] + OUTER[:2])
    shows = {cell.area: decision.shows for cell, decision in world.decisions.items() if cell.level == "lead"}
    assert shows["london"] is not None
    assert shows["london"].paid is not None
    assert shows["inner"] is not None
    assert (shows["inner"].paid, shows["inner"].suppressed) == (None, COMBINED)
    assert shows["outer"] is None
    world = contributed(INNER[:8] + OUTER[:5])
    assert all(decision.shows and decision.shows.paid for decision in world.decisions.values())


def test_a_newcomer_waits_until_there_are_five() -> None:
    """The last safe figures stay, with their date and the reason; the fifth newcomer brings new ones."""
    world = contributed(INNER[:6])
    first = world.decisions[LONDON].shows
    assert first is not None
    for gss in OUTER[:4]:
        world.upload(gss, {"lead": pounds(70_000, 71_000)})
        assert world.decisions[LONDON].shows == first.model_copy(update={"held_back": HELD_BACK})
    world.upload(OUTER[4], {"lead": pounds(70_000, 71_000)})
    after = world.decisions[LONDON].shows
    assert after is not None
    assert (after.boroughs, after.held_back) == (11, None)
    assert after.as_of is not None
    assert first.as_of is not None
    assert after.as_of > first.as_of


def test_newcomers_that_wait_do_not_keep_the_others_from_being_brought_up_to_date() -> None:
    """Five of the first six upload anew while one newcomer waits: the six are published anew, without the newcomer."""
    world = contributed(INNER[:6])
    world.upload(OUTER[0], {"lead": pounds(70_000, 71_000)})
    for place, gss in enumerate(INNER[:5]):
        assert world.decisions[LONDON].new is None
        world.upload(gss, {"lead": pounds(60_000 + 700 * place, 61_000)})
    new = world.decisions[LONDON].new
    assert new is not None
    assert {part.authority for part in new.parts} == set(INNER[:6])
    assert world.decisions[LONDON].shows is not None
    assert world.decisions[LONDON].shows.held_back == HELD_BACK


def test_the_same_file_again_changes_nothing() -> None:
    """An upload with the pay that stands is no new contribution."""
    world = contributed(INNER[:6])
    before = world.decisions[LONDON].shows
    for gss in INNER[:6]:
        world.upload(gss, {"lead": world.pay["lead", gss][1]})
    assert world.decisions[LONDON].shows == before
    assert len(world.ledger) == 4


def test_figures_come_down_when_fewer_than_five_of_their_boroughs_still_contribute() -> None:
    """A withdrawal brings no new figures; with the second of six the old ones go, and come back with a borough."""
    world = contributed(INNER[:6])
    world.withdraw(INNER[0])
    held = world.decisions[LONDON].shows
    assert held is not None
    assert held.held_back == HELD_BACK
    world.withdraw(INNER[1])
    assert world.decisions[LONDON].shows is None
    world.upload(INNER[0], {"lead": pounds(50_000, 50_700)})
    assert world.decisions[LONDON].shows == held


def test_posts_without_a_level_count_for_all_levels_alone() -> None:
    """They are in no cell of one level."""
    world = World()
    for gss in INNER[:5]:
        world.upload(gss, {"": pounds(50_000, 60_000)}, publish=False)
    world.publish()
    assert set(world.decisions) == {LONDON, Cell(ROLE, "all", "inner")}


def test_the_sentences_say_the_rules() -> None:
    """Whoever changes a threshold changes what is told of it."""
    assert (RULES.boroughs, RULES.share, RULES.tail_posts, RULES.tail_share) == (5, 1 / 4, 10, Fraction(1, 5))
    for number in ("five boroughs", "a quarter of the posts"):
        assert number in FEW
    for number in ("ten posts", "a fifth"):
        assert number in TAILS
    assert "five" in HELD_BACK
    assert "fewer than five boroughs" in COMBINED
