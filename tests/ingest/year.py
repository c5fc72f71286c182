"""A year of boards that fail in every way, in seconds: what is true, what the boards show, and what ingest concludes.

No network and no database: the boards' truth is drawn from a seed, the clock is simulated, and every poll runs
through the functions that decide in the running service (identity, guard, assess, lifecycle, joining). Vacancies of
some boards are also shown by one that they share, in full or as a teaser, a little later.
"""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from services.ingest.assess import assess, to_look_at
from services.ingest.dates import LONDON
from services.ingest.decisions import Day, Decision
from services.ingest.duplicates import blocking_keys, of_role
from services.ingest.guard import Witness
from services.ingest.identity import Known, Seen, likeness
from services.ingest.jobs import Sighting
from services.ingest.joining import Jobs, conclude
from services.ingest.lifecycle import decide, expire
from services.ingest.second_look import MOST_LOOKS
from tests.ingest.year_vacancies import (
    SHARED,
    SHARING,
    START,
    Vacancy,
    advert,
    shown_again,
    sighting_id,
    vacancies,
)

BOARDS = 33
"""Boroughs' boards; beside them there is the one that some of them share."""
WITHOUT_PAGES = 3
"""Boards whose adverts have no pages of their own: there, what looks whole and is not lasts for one poll, and an
empty list for two."""
SILENT = 4
"""Boards that answer for an advert that has gone with some other page. On these and those without pages, when more
go at once than is plausible, there is no second authority, and the list has to say so three times: such closures are
found within four good polls, all others within two."""
FAULTS = (
    "status 500", "login page", "truncated", "partial", "page one alone", "empty 200", "ids come and go",
    "ids changed", "ids changed, partial",
)  # fmt: skip
FAULT_BEGINS = 0.08
LONGEST_FAULT = 5


@dataclass
class Figures:
    """What a year came to."""

    polls: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    vacancies: int = 0
    readvertised: int = 0
    joined: int = 0
    false_closures: list[str] = field(default_factory=list)
    false_on_a_board: list[str] = field(default_factory=list)
    wrongly_joined: list[str] = field(default_factory=list)
    late_closures: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    wrongly_readvertised: list[str] = field(default_factory=list)


def year(seed: int, *, days: int = 365, every: float = 1.0) -> Figures:
    """All boards for so many days, each polled `every` so many days."""
    figures = Figures()
    world = _World(figures)
    truth: dict[str, list[Vacancy]] = {SHARED: []}
    for number in range(BOARDS):
        random = Random(f"{seed}/{number}")
        own = truth[f"board-{number}"] = list(vacancies(f"board-{number}", random, days))
        if number < SHARING:
            truth[SHARED] += filter(None, (shown_again(one, random) for one in own))
    figures.vacancies = sum(one.digital for all_ in truth.values() for one in all_)
    end = START + timedelta(days=days)
    boards = [
        _Board(source, number, Random(f"{seed}/polls/{source}"), shown, world)
        for number, (source, shown) in enumerate(truth.items())
    ]
    turns = [(START, number) for number in range(len(boards))]
    while turns[0][0] < end:
        now, number = turns[0]
        heapq.heapreplace(turns, (now + boards[number].poll(now, every), number))
    world.count_rounds(truth)
    return figures


class _World:
    """The roles, as ingest says them, beside the truth."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.sightings: dict[str, Sighting] = {}
        self.of_role: dict[str, set[str]] = {}
        self.roles: dict[str, Role] = {}
        self.texts: dict[str, str] = {}
        self.shown: dict[str, dict[Vacancy, datetime]] = {}
        self.open_keys: dict[str, set[str]] = {}
        self.closed_like: dict[str, set[str]] = {}
        self.again: set[str] = set()
        self.said: Counter[str] = Counter()

    def closed_elsewhere(self, source: str, fresh: Iterable[Role]) -> list[Role]:
        """As the store finds them."""
        found = [
            self.sightings[id_]
            for one in fresh
            for id_ in sorted(self.closed_like.get(likeness(one) or "", ()))
        ]
        return [
            one.reading for one in found if one.reading.source != source and one.role_id not in self.again
        ]

    def say(self, decisions: list[Decision], now: datetime, fault: str | None) -> None:
        """Draw the conclusions, as announcing does, and compare what is said with what is true."""
        readings = [one.event.role for one in decisions if one.event is not None]
        ids = {one.id for one in readings} | {one.readvertises for one in readings if one.readvertises}
        for reading in readings:
            if reading.id not in self.sightings:
                ids |= {id_ for key in blocking_keys(of_role(reading)) for id_ in self.open_keys.get(key, ())}
        roles = {self.sightings[id_].role_id for id_ in ids if id_ in self.sightings}
        mates = {mate: self.sightings[mate] for role in roles for mate in self.of_role[role]}
        jobs = Jobs(mates, {role: self.roles[role] for role in roles})
        concluded = conclude(decisions, jobs, rank=lambda source: 9 if source == SHARED else 1, now=now)
        for sighting in concluded.sightings:
            self._keep(sighting)
        assert len({event.role.id for event in concluded.said}) == len(concluded.said)
        for event in concluded.said:
            self._judge(event, now, fault)

    def _keep(self, sighting: Sighting) -> None:
        before = self.sightings.get(sighting.id)
        if before is not None:
            self.of_role[before.role_id].discard(sighting.id)
            for key in blocking_keys(of_role(before.reading)):
                self.open_keys[key].discard(sighting.id)
        self.sightings[sighting.id] = sighting
        self.of_role.setdefault(sighting.role_id, set()).add(sighting.id)
        if sighting.open:
            for key in blocking_keys(of_role(sighting.reading)):
                self.open_keys.setdefault(key, set()).add(sighting.id)
        like = likeness(sighting.reading) or ""
        among = self.closed_like.setdefault(like, set())
        among.discard(sighting.id) if sighting.open else among.add(sighting.id)

    def _judge(
        self,
        event: RoleDiscovered | RoleReadvertised | RoleChanged | RoleClosed,
        now: datetime,
        fault: str | None,
    ) -> None:
        role, figures = event.role, self.figures
        was = self.roles.get(role.id)
        self.roles[role.id] = role
        figures.events[type(event).__name__] += 1
        assert role.revision == (was.revision + 1 if was else 1)
        open_ = [self.sightings[id_] for id_ in self.of_role[role.id] if self.sightings[id_].open]
        assert (role.status == "open") == bool(open_)
        assert not open_ or set(role.links) == {link for one in open_ for link in one.reading.links}
        texts = {self.texts[id_] for id_ in self.of_role[role.id]}
        if len(texts) > 1:
            figures.wrongly_joined.append(f"{role.id}: {', '.join(sorted(texts))}")
        if isinstance(event, RoleDiscovered | RoleReadvertised):
            (text,) = texts
            self.said[text] += 1
            figures.joined += len(self.of_role[role.id]) > 1
        else:
            assert event.changed
            figures.joined += "links" in event.changed and len(open_) > 1
        if isinstance(event, RoleReadvertised):
            figures.readvertised += 1
            self.again.add(role.readvertises or "")
            if self.texts[role.readvertises or ""] not in texts:
                figures.wrongly_readvertised.append(role.id)
        if isinstance(event, RoleClosed):
            shown = [entry for text in texts for entry in self.shown.get(text, {}).items()]
            living = [one for one, since in shown if since < now and one.live(now)]
            if living:
                figures.false_closures.append(f"{living[0].board} {living[0].text} {now:%d %b %H:%M} {fault}")

    def count_rounds(self, truth: dict[str, list[Vacancy]]) -> None:
        """No more roles were said of a text than there were times when it was to be had on some board."""
        spans: dict[str, list[Vacancy]] = {}
        for one in (one for all_ in truth.values() for one in all_ if one.text in self.said):
            spans.setdefault(one.text, []).append(one)
        for text, all_ in spans.items():
            rounds, over = 0, START - timedelta(days=999)
            for one in sorted(all_, key=lambda one: one.begins):
                # One that ends and one that begins between two polls are seen as one after the other.
                rounds += one.begins > over - timedelta(days=1.2)
                over = max(over, one.over)
            if self.said[text] > rounds:
                self.figures.duplicates.append(f"{text}: {self.said[text]} roles in {rounds} rounds")


class _Board:
    def __init__(self, source: str, number: int, random: Random, shown: list[Vacancy], world: _World) -> None:
        self.source, self.random, self.figures, self.world = source, random, world.figures, world
        self.has_pages = number >= WITHOUT_PAGES
        self.gone_pages: Witness = "gone" if number >= WITHOUT_PAGES + SILENT else "silent"
        self.vacancies = shown
        self.of_key = {vacancy.key: vacancy for vacancy in shown}
        self.known: dict[str, Known] = {}
        self.doubts, self.recent = 0, ()  # type: tuple[int, tuple[int, ...]]
        self.fault, self.left, self.site_down = None, 0, False  # type: tuple[str | None, int, bool]
        self.shown: set[str] = set()
        self.excess: Counter[str] = Counter()
        self.live: Counter[str] = Counter()

    def poll(self, now: datetime, every: float) -> timedelta:
        """Poll once; how long until the next time."""
        self._weather()
        self._poll(now)
        if self.fault is None:
            self._settle(now)
        return timedelta(days=every * self.random.uniform(0.8, 1.2))

    def _weather(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.fault = None
        if self.fault is None and self.random.random() < FAULT_BEGINS:
            self.fault = self.random.choice(FAULTS)
            self.left = self.random.randint(1, LONGEST_FAULT)
            self.site_down = self.random.random() < 0.3
            if not self.has_pages and self.fault in ("page one alone", "ids come and go", "empty 200"):
                self.left = min(self.left, 2 if self.fault == "empty 200" else 1)

    def _poll(self, now: datetime) -> None:
        day = Day(now, now.astimezone(LONDON).date())
        self.figures.polls[self.fault or "good"] += 1
        if self.fault in ("status 500", "login page"):
            self._keep(expire(self.known, day), now)
            return
        seen = self._seen(now)
        found = assess(self.known, seen, recent=self.recent, doubts=self.doubts, today=day.today)
        self.doubts, self.recent = found.verdict.doubts, found.verdict.recent
        looks = to_look_at(self.known, found, today=day.today)
        pages = (
            {id_: self._page(id_, now, number) for number, id_ in enumerate(looks)} if self.has_pages else {}
        )
        fresh = [role for id_, role in found.seen.roles.items() if id_ not in self.known]
        elsewhere = self.world.closed_elsewhere(self.source, fresh)
        self._keep(decide(self.known, found, pages=pages, closed_elsewhere=elsewhere, day=day), now)

    def _seen(self, now: datetime) -> Seen:
        listed = self._around(now)
        whole, suffix = True, ""
        if self.fault in ("truncated", "partial", "page one alone", "ids changed, partial"):
            listed = listed[
                : self.random.randint(0 if self.fault == "partial" else 1, max(1, len(listed) - 1))
            ]
            whole = self.fault == "page one alone"
        elif self.fault == "empty 200":
            listed = []
        elif self.fault == "ids come and go":
            listed = [vacancy for vacancy in listed if self.random.random() > 0.2]
        if self.fault in ("ids changed", "ids changed, partial"):
            suffix = "-new"
        roles, others = {}, set()
        for vacancy in listed:
            id_ = sighting_id(self.source, vacancy.key + suffix)
            if vacancy.digital:
                roles[id_] = advert(id_, vacancy, vacancy.key + suffix)
                self.world.texts.setdefault(id_, vacancy.text)
                if vacancy.key not in self.shown:
                    self.shown.add(vacancy.key)
                    self.world.shown.setdefault(vacancy.text, {})[vacancy] = now
            else:
                others.add(id_)
        return Seen(roles=roles, others=frozenset(others), whole=whole)

    def _page(self, id_: str, now: datetime, number: int) -> Witness:
        if number >= MOST_LOOKS or (self.fault is not None and self.site_down):
            return "unreached"
        was = self.known[id_]
        keys = [link.partition(".example/")[2] for link in (was.role.links[0], was.former) if link]
        vacancy = self.of_key[keys[0].removesuffix("-new")]
        # An address that was good only while the keys were others answers no more.
        good = [key for key in keys if key.endswith("-new") == (self.fault == "ids changed")]
        return "shown" if good and vacancy.begins <= now < vacancy.ends else self.gone_pages

    def _keep(self, decisions: list[Decision], now: datetime) -> None:
        """Closures come last: of adverts that say the same, one may end in the poll that finds another, and a closure
        is judged by how many are open when all that the poll found is known."""
        for decision in sorted(decisions, key=lambda decision: decision.what == "closed"):
            was = self.known.get(decision.role_id)
            if isinstance(decision.event, RoleClosed):
                self._judge(decision, now)
            role = decision.event.role if decision.event is not None else was.role if was else None
            if role is not None:
                alias = decision.under or (was.alias if was else None)
                self.known[role.id] = Known(role, decision.missing, alias, decision.wording, decision.former)
        self.world.say(decisions, now, self.fault)

    def _judge(self, decision: Decision, now: datetime) -> None:
        """An advert is closed falsely when no more of its text are open than are live on this board."""
        text = self.world.texts[decision.role_id]
        if self._open(text) <= self._live(text, now):
            self.figures.false_on_a_board.append(
                f"{self.source} {text} {now:%d %b %H:%M} {self.fault}: {decision.why}"
            )

    def _settle(self, now: datetime) -> None:
        """After a good poll: as many roles are open as are live, apart from what ended before fewer than two."""
        live = Counter(one.text for one in self._around(now) if one.digital and one.live(now))
        open_ = Counter(self.world.texts[id_] for id_, was in self.known.items() if was.role.status == "open")
        for text in set(live) | set(open_) | set(self.excess):
            excess = open_[text] - live[text]
            if excess < 0:
                self.figures.missed.append(f"{self.source} {text} {now:%d %b %H:%M}")
            if excess <= 0:
                self.excess.pop(text, None)
                continue
            # Of several that say the same, another may have ended since: its two good polls begin now.
            self.excess[text] = 1 if live[text] < self.live[text] else self.excess[text] + 1
            found = f"{self.source} {text} {now:%d %b %H:%M}"
            if self.excess[text] == (2 if self.gone_pages == "gone" else 4):
                self.figures.late_closures.append(found)
            elif self.excess[text] == 2:
                self.figures.held_back.append(found)
        self.live = live

    def _around(self, now: datetime) -> list[Vacancy]:
        return [vacancy for vacancy in self.vacancies if vacancy.begins <= now < vacancy.ends]

    def _open(self, text: str) -> int:
        texts = self.world.texts
        return sum(was.role.status == "open" and texts[id_] == text for id_, was in self.known.items())

    def _live(self, text: str, now: datetime) -> int:
        return sum(one.text == text and one.live(now) and one.key in self.shown for one in self._around(now))
