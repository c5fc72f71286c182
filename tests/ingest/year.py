"""A year of boards that fail in every way, in seconds: what is true, what the boards show, and what ingest concludes.

No network and no database: the boards' truth is drawn from a seed, the clock is simulated, and every poll runs
through the functions that decide in the running service (identity, guard, assess, lifecycle).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from services.ingest.assess import assess, to_look_at
from services.ingest.guard import Witness
from services.ingest.identity import Known, Seen, likeness
from services.ingest.lifecycle import Day, Decision, decide, expire
from services.ingest.reading import role_id
from services.ingest.second_look import MOST_LOOKS

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
BOARDS = 33
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


@dataclass(frozen=True)
class Vacancy:
    """What is true. `text` is the same for vacancies that say the same; `ends` is when it leaves the board."""

    key: str
    text: str
    digital: bool
    begins: datetime
    ends: datetime
    closes_on: date | None

    def live(self, at: datetime) -> bool:
        """Whether it is to be had: on the board, and not past its closing date."""
        over = self.closes_on is not None and self.closes_on < at.astimezone(LONDON).date()
        return self.begins <= at < self.ends and not over


@dataclass
class Figures:
    """What a year came to."""

    polls: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    vacancies: int = 0
    readvertised: int = 0
    false_closures: list[str] = field(default_factory=list)
    late_closures: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    wrongly_readvertised: list[str] = field(default_factory=list)


def year(seed: int, *, days: int = 365, every: float = 1.0) -> Figures:
    """All boards for so many days, each polled `every` so many days."""
    figures = Figures()
    for number in range(BOARDS):
        _Board(number, Random(f"{seed}/{number}"), days, figures).run(every)
    return figures


class _Board:
    def __init__(self, number: int, random: Random, days: int, figures: Figures) -> None:
        self.source, self.random, self.figures = f"board-{number}", random, figures
        self.end = START + timedelta(days=days)
        self.has_pages = number >= WITHOUT_PAGES
        self.gone_pages: Witness = "gone" if number >= WITHOUT_PAGES + SILENT else "silent"
        self.vacancies = list(_vacancies(self.source, random, days))
        self.of_key = {vacancy.key: vacancy for vacancy in self.vacancies}
        self.known: dict[str, Known] = {}
        self.keys: dict[str, str] = {}
        self.doubts, self.recent = 0, ()  # type: tuple[int, tuple[int, ...]]
        self.fault, self.left, self.site_down = None, 0, False  # type: tuple[str | None, int, bool]
        self.shown: set[str] = set()
        self.excess: Counter[str] = Counter()
        self.live: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        figures.vacancies += sum(vacancy.digital for vacancy in self.vacancies)

    def run(self, every: float) -> None:
        now = START
        while now < self.end:
            self._weather()
            self._poll(now)
            if self.fault is None:
                self._settle(now)
            now += timedelta(days=every * self.random.uniform(0.8, 1.2))
        for text, count in self.said.items():
            if count > sum(vacancy.text == text for vacancy in self.vacancies):
                self.figures.duplicates.append(f"{self.source} {text}: {count} roles")

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
        self._keep(decide(self.known, found, pages=pages, day=day), now)

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
            id_ = _id(self.source, vacancy.key + suffix)
            self.keys[id_] = vacancy.key
            if vacancy.digital:
                roles[id_] = _role(self.source, id_, vacancy, vacancy.key + suffix)
                self.shown.add(vacancy.key)
            else:
                others.add(id_)
        return Seen(roles=roles, others=frozenset(others), whole=whole)

    def _page(self, id_: str, now: datetime, number: int) -> Witness:
        if number >= MOST_LOOKS or (self.fault is not None and self.site_down):
            return "unreached"
        was = self.known[id_]
        keys = [link.rpartition("/")[2] for link in (was.role.links[0], was.former) if link]
        vacancy = self.of_key[keys[0].removesuffix("-new")]
        # An address that was good only while the keys were others answers no more.
        good = [key for key in keys if key.endswith("-new") == (self.fault == "ids changed")]
        return "shown" if good and vacancy.begins <= now < vacancy.ends else self.gone_pages

    def _keep(self, decisions: Iterable[Decision], now: datetime) -> None:
        """Closures come last: of vacancies that say the same, one may end in the poll that finds another, and a
        closure is judged by how many are open when all that the poll found is known."""
        for decision in sorted(decisions, key=lambda decision: decision.what == "closed"):
            was = self.known.get(decision.role_id)
            if decision.event is not None:
                self._judge(decision, was, now)
            role = decision.event.role if decision.event is not None else was.role if was else None
            if role is not None:
                alias = decision.under or (was.alias if was else None)
                self.known[role.id] = Known(role, decision.missing, alias, decision.wording, decision.former)

    def _judge(self, decision: Decision, was: Known | None, now: datetime) -> None:
        event, figures = decision.event, self.figures
        assert event is not None
        figures.events[type(event).__name__] += 1
        text = event.role.title
        assert event.role.revision == (was.role.revision + 1 if was else 1)
        if isinstance(event, RoleChanged):
            assert event.changed
        if isinstance(event, RoleClosed) and self._open(text) <= self._live(text, now):
            figures.false_closures.append(
                f"{self.source} {text} {now:%d %b %H:%M} {self.fault}: {decision.why}"
            )
        if isinstance(event, RoleDiscovered | RoleReadvertised):
            self.said[text] += 1
            figures.readvertised += isinstance(event, RoleReadvertised)
            if isinstance(event, RoleReadvertised) and (
                likeness(self.known[event.role.readvertises or ""].role) != likeness(event.role)
            ):
                figures.wrongly_readvertised.append(f"{self.source} {text}")

    def _settle(self, now: datetime) -> None:
        """After a good poll: as many roles are open as are live, apart from what ended before fewer than two."""
        live = Counter(one.text for one in self._around(now) if one.digital and one.live(now))
        open_ = Counter(was.role.title for was in self.known.values() if was.role.status == "open")
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
        return sum(was.role.status == "open" and was.role.title == text for was in self.known.values())

    def _live(self, text: str, now: datetime) -> int:
        return sum(one.text == text and one.live(now) and one.key in self.shown for one in self._around(now))


def _vacancies(source: str, random: Random, days: int) -> Iterator[Vacancy]:
    """Vacancies come at random, close by their date or when they are withdrawn, come in pairs or come again; once or
    twice a year a board withdraws most of what it has."""
    usual = random.choice((4, 10, 25, 60))
    digital = random.uniform(0.1, 0.4)
    freezes = [START + timedelta(days=random.uniform(20, days)) for _ in range(random.randint(0, 2))]
    number = 0
    at = START - timedelta(days=25)
    while at < START + timedelta(days=days):
        at += timedelta(days=random.expovariate(usual / 25))
        number += 1
        text = f"{source} vacancy {number}"
        is_digital = random.random() < digital
        for copy in range(2 if random.random() < 0.03 else 1):
            again, begins = 0, at
            while True:
                one = _vacancy(f"{number}-{copy}-{again}", text, is_digital, begins, freezes, random)
                yield one
                if random.random() > 0.12:
                    break
                again, begins = again + 1, one.ends + timedelta(days=random.uniform(3, 60))


def _vacancy(
    key: str, text: str, digital: bool, begins: datetime, freezes: list[datetime], random: Random
) -> Vacancy:
    stands = begins + timedelta(days=random.uniform(7, 42))
    closes_on = stands.date() if random.random() < 0.65 else None
    ends = stands + timedelta(days=random.uniform(0, 4)) if closes_on else stands
    if random.random() < 0.15:
        ends = begins + (stands - begins) * random.uniform(0.2, 0.9)
    for freeze in freezes:
        if begins < freeze < ends and random.random() < 0.9:
            ends = freeze
    return Vacancy(key, text, digital, begins, ends, closes_on)


_id = cache(role_id)


@cache
def _role(source: str, id_: str, vacancy: Vacancy, key: str) -> Role:
    return Role.model_construct(
        id=id_,
        revision=1,
        status="open",
        source=source,
        title=vacancy.text,
        authorities=(),
        links=(f"https://{source}.example/{key}",),
        relevance="yes",
        confidence=0.9,
        why="the title says so",
        closes_on=vacancy.closes_on,
        description=f"What {vacancy.text} is about.",
        found_at=vacancy.begins,
    )
