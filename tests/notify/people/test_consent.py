"""Consent, pure: any order and any repetition of statements, yeses, noes, moves and years."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loti_contracts.events import Consent, ContactRole, Subscription
from services.notify.people import consent, questions
from services.notify.people.choice import Choice, Terms, numbered
from services.notify.people.suggested import SUGGESTED, suggested
from tests.notify.making import contact
from tests.notify.people.making import NEWS, ROLES

START = datetime(2026, 1, 31, 9, tzinfo=UTC)
TERMS = Terms(consent_days=365, remind_days=30)
WISHES = ((ROLES,), (NEWS,), (ROLES, NEWS), (Subscription(topic="new role", families=("Data",)),), ())


@dataclass(frozen=True)
class Mailed:
    """A question that went to an address: what it asked for, and when."""

    ask: UUID
    at: datetime
    address: int
    wish: tuple[Subscription, ...]


@dataclass
class Life:
    """One contact, driven; `words` are what the person said by itself: (moment, whether yes, what it then wants), and
    `spoke_at` the address at which it last did."""

    choice: Choice | None = None
    now: datetime = START
    address: int = 0
    spoke_at: int = 0
    revision: int = 0
    words: list[tuple[datetime, bool, tuple[Subscription, ...]]] = field(default_factory=list)
    mailed: list[Mailed] = field(default_factory=list)
    answered: set[UUID] = field(default_factory=set)

    def become(self, after: Choice | None) -> None:
        """Keep it as the store does."""
        self.choice = after if after is None or after == self.choice else numbered(self.choice, after)

    def state(self, wish: tuple[Subscription, ...], given: timedelta | None, move: bool) -> None:
        """A statement; `given` is how long ago the consent in it was given."""
        before, self.revision = self.choice, self.revision + 1
        moved = move and (before is not None or self.revision > 1)
        self.address += moved
        yes = Consent(given_at=self.now - given, how="On the portal.") if given is not None else None
        stated = contact("contact-1", self.revision, *wish, consent=yes)
        self.become(
            consent.stated(before, stated, moved=moved, stated_at=self.now, now=self.now, terms=TERMS)
        )
        if yes and questions.today(self.now) <= questions.last_day(yes.given_at, TERMS):
            if all(yes.given_at > at for at, _, _ in self.words):
                self.spoke_at = self.address
            self.words.append((yes.given_at, True, wish))
        elif self.words:
            assert before is not None
            assert self.choice is not None
            assert self.choice.subscriptions == before.subscriptions, (
                "a statement overrode the person's choice"
            )

    def choose(self, wish: tuple[Subscription, ...]) -> None:
        """The person saves its page, by a link that may have gone to any address before."""
        self.become(consent.chose(self.choice, "contact-1", wish, None, None, now=self.now, terms=TERMS))
        assert self.choice is not None
        if wish and self.words and self.address != self.spoke_at:
            assert self.choice.status == "asked", "an old mailbox said yes for a new one"
        elif not wish or self.choice.status == "confirmed":
            self.spoke_at = self.address if wish else self.spoke_at
            self.words.append((self.now, bool(wish), wish))

    def refuse(self) -> None:
        """The person unsubscribes."""
        self.become(consent.said_no(self.choice, "contact-1", now=self.now))
        self.words.append((self.now, False, ()))

    def answer(self, which: int) -> None:
        """Somebody follows one of the links that were mailed, at any time, any number of times."""
        if not self.mailed or self.choice is None:
            return
        mailed, before = self.mailed[-1 - which % len(self.mailed)], self.choice
        try:
            self.become(consent.said_yes(before, mailed.ask, now=self.now, terms=TERMS))
        except consent.NotAsked:
            return
        if self.choice is not before:
            assert mailed.ask not in self.answered, "a link said yes twice"
            self.answered.add(mailed.ask)
            assert mailed.address == self.address, "a link that went to another address said yes"
            assert not any(not yes and at >= mailed.at for at, yes, _ in self.words), "a stale yes undid a no"
            self.spoke_at = self.address
            self.words.append((self.now, True, mailed.wish))

    def wait(self, days: int) -> None:
        """Time passes, and the sender looks."""
        self.now += timedelta(days=days, seconds=1)
        for _ in range(5):
            if self.choice is None or self.choice.next_at is None or self.choice.next_at > self.now:
                return
            self.become(questions.asked_now(self.choice, now=self.now, terms=TERMS))
            if self.choice.asked_at == self.now and self.choice.ask:
                self.mailed.append(Mailed(self.choice.ask, self.now, self.address, self.choice.subscriptions))
        raise AssertionError("the clock never rests")


WISH = st.sampled_from(WISHES)
STEPS = st.one_of(
    st.tuples(
        st.just("state"),
        WISH,
        st.none() | st.integers(0, 500).map(lambda days: timedelta(days=days)),
        st.booleans(),
    ),
    st.tuples(st.just("choose"), WISH),
    st.tuples(st.just("refuse")),
    st.tuples(st.just("answer"), st.integers(0, 30)),
    st.tuples(st.just("wait"), st.sampled_from([0, 0, 0, 1, 7, 23, 30, 335, 366])),
)


MOVE = ("state", (NEWS,), None, True)
LATER = ("state", (NEWS,), timedelta(days=3), False)


@settings(max_examples=150)
@given(st.lists(STEPS, min_size=3, max_size=25))
@example([("choose", (ROLES,)), ("wait", 335), ("wait", 40), MOVE, ("answer", 0)])
@example([("state", (ROLES,), None, False), MOVE, ("choose", (ROLES,)), ("answer", 1)])
@example([("choose", (ROLES,)), MOVE, ("choose", (NEWS,)), ("state", (ROLES,), None, False), ("answer", 0)])
@example(
    [("state", (ROLES,), None, False), ("wait", 7), ("refuse",), LATER, ("wait", 1), LATER, ("answer", 0)]
)
@example([("state", (ROLES,), None, False), ("answer", 0), ("wait", 30), ("answer", 0)])
@example(
    [("choose", (ROLES,)), ("refuse",), MOVE, ("choose", (ROLES,)), ("state", (NEWS,), timedelta(1), False)]
)
def test_only_the_persons_own_last_word_counts(steps: list[tuple[Any, ...]]) -> None:
    """Whatever is stated, answered and replayed in whatever order: mail is allowed only where the person's last word,
    by the time at which it was said, is a yes that is no older than a year; and what is sent is what it then chose."""
    life = Life()
    for name, *arguments in steps:
        getattr(life, name)(*arguments)
        life.wait(0)
        if life.choice is None or life.choice.status != "confirmed":
            continue
        assert life.words, "confirmed without a word of the person"
        at, yes, wish = max(life.words, key=lambda word: word[0])
        assert yes, "confirmed after a no"
        assert life.choice.subscriptions == wish, "a statement overrode what the person chose"
        assert life.now.date() <= (at + timedelta(days=366)).date(), "a yes counted for more than a year"


@given(st.lists(STEPS, max_size=15), WISH.filter(bool))
def test_the_persons_yes_is_always_heard(
    steps: list[tuple[Any, ...]], wish: tuple[Subscription, ...]
) -> None:
    """However things went before: a consent that is later than all, and the newest link, always lead to a yes."""
    life = Life()
    for name, *arguments in steps:
        getattr(life, name)(*arguments)
    life.wait(0)
    by_link = replace(life)
    if by_link.choice and by_link.choice.ask and by_link.mailed:
        by_link.choice = consent.said_yes(by_link.choice, by_link.mailed[-1].ask, now=life.now, terms=TERMS)
        assert by_link.choice.status == "confirmed"
    life.wait(1)
    life.state(wish, timedelta(0), move=True)
    assert life.choice is not None
    assert (life.choice.status, life.choice.subscriptions) == ("confirmed", wish)


@given(st.lists(STEPS, max_size=15), STEPS)
def test_twice_is_once(steps: list[tuple[Any, ...]], last: tuple[Any, ...]) -> None:
    """The same statement or the same answer again, at the same moment, changes nothing more."""
    life = Life()
    for name, *arguments in steps:
        getattr(life, name)(*arguments)
    name, *arguments = last
    if name == "wait":
        return
    if name == "state":
        arguments[2] = False
    getattr(life, name)(*arguments)
    once = life.choice
    getattr(life, name)(*arguments)
    assert life.choice == once


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_a_year_asks_twice(days: list[int]) -> None:
    """However seldom the clock is looked at, a yes is asked for again twice at most, never in its first eleven months,
    and never after it ran out."""
    life = Life()
    life.choose((ROLES,))
    for step in days:
        life.wait(step)
    assert life.choice is not None
    assert life.choice.renew_by is not None
    assert len(life.mailed) <= 2
    assert len({mailed.ask for mailed in life.mailed}) == len(life.mailed)
    for mailed in life.mailed:
        assert life.choice.renew_by - timedelta(days=30) <= questions.today(mailed.at) <= life.choice.renew_by
    ran_out = questions.today(life.now) > life.choice.renew_by
    assert life.choice.status == ("lapsed" if ran_out else "confirmed")


@pytest.mark.parametrize(("consent_days", "remind_days"), [(1, 30), (10, 30), (30, 30), (365, 400)])
def test_odd_terms_do_not_pester(consent_days: int, remind_days: int) -> None:
    """Where reminding is set to begin before the yes does, the first half of the time is quiet."""
    terms = Terms(consent_days, remind_days)
    choice = consent.chose(None, "contact-1", (ROLES,), None, None, now=START, terms=terms)
    assert choice.next_at is not None
    assert choice.renew_by is not None
    quiet_until = choice.renew_by - timedelta(days=consent_days // 2)
    assert questions.today(choice.next_at) >= min(quiet_until, questions.today(START) + timedelta(days=1))


def test_a_consent_that_has_run_out_only_asks() -> None:
    """A yes of more than a year ago is none: the person is asked."""
    old = Consent(given_at=START - timedelta(days=400), how="On the portal.")
    choice = consent.stated(
        None,
        contact("contact-1", 1, ROLES, consent=old),
        moved=False,
        stated_at=START,
        now=START,
        terms=TERMS,
    )
    assert choice is not None
    assert choice.status == "asked"


def test_the_staff_asks_and_never_decides() -> None:
    """What the staff proposes is asked for, after a no as well; where the person chose, it is refused."""
    choice = consent.said_no(None, "contact-1", now=START)
    choice = consent.proposed(choice, "contact-1", (NEWS,), now=START)
    assert choice.status == "asked"
    assert choice.ask is not None
    assert consent.proposed(choice, "contact-1", (NEWS,), now=START + timedelta(days=1)) is choice
    choice = consent.said_yes(choice, choice.ask, now=START, terms=TERMS)
    with pytest.raises(consent.NotAsked, match="only its own page"):
        consent.proposed(choice, "contact-1", (ROLES,), now=START)


@given(st.lists(st.sampled_from(list(SUGGESTED)), unique=True))
def test_suggestions_of_several_roles(roles: list[ContactRole]) -> None:
    """Each topic once; no role gets less, less often or more narrowly than it would alone."""
    often = ("at once", "daily", "weekly")
    together = {one.topic: one for one in suggested(roles)}
    assert len(together) == len(suggested(roles))
    for alone in (one for role in roles for one in SUGGESTED[role]):
        joined = together[alone.topic]
        assert often.index(joined.frequency) <= often.index(alone.frequency)
        assert not joined.levels or (alone.levels and set(alone.levels) <= set(joined.levels))
