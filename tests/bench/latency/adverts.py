"""The adverts of the bench, each unlike every other, and the feeds that show them. Pure."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from loti_contracts.vocabulary import authorities

TITLES: Final = (
    "Senior Data Engineer", "Data Analyst", "Enterprise Architect", "Agile Delivery Manager", "Software Developer",
    "Senior User Researcher", "Content Designer", "Service Designer", "Security Architect", "Senior Business Analyst",
    "Product Manager", "Technical Architect",
)  # fmt: skip
_TEAMS: Final = (
    "Adult Social Care", "Parking", "Housing Repairs", "Council Tax", "Libraries", "Waste", "Public Health", "Planning",
    "Licensing", "Schools", "Parks", "Markets", "Elections", "Benefits", "Highways", "Leisure",
)  # fmt: skip
_DOING: Final = (
    "rebuild", "keep", "redesign", "measure", "mend", "open", "join", "simplify", "move", "document", "watch", "test",
    "explain", "publish", "compare", "retire", "secure", "draw", "count", "sort", "merge", "split", "check", "plan",
)  # fmt: skip
_KIND: Final = (
    "old", "new", "shared", "public", "yearly", "broken", "borrowed", "local", "daily", "paper", "digital", "open",
    "hidden", "slow", "large", "small", "legal", "joint", "central", "northern", "southern", "spare", "early", "late",
)  # fmt: skip
_THINGS: Final = (
    "register", "map", "queue", "archive", "calendar", "list", "record", "store", "count", "file", "table", "pool",
    "survey", "ledger", "index", "network", "warehouse", "dashboard", "catalogue", "interface", "model", "pipeline",
)  # fmt: skip
_OF: Final = (
    "tenants", "lamp posts", "permits", "minutes", "inspections", "allotments", "repairs", "letters", "bins", "grants",
    "tariffs", "vehicles", "bridges", "markets", "playgrounds", "meters", "complaints", "invoices", "trees", "licences",
)  # fmt: skip
_WITH: Final = (
    "two colleagues", "the service desk", "residents", "the auditors", "head teachers", "wardens", "suppliers",
    "neighbouring boroughs", "caretakers", "social workers", "engineers", "the contact centre", "councillors",
)  # fmt: skip

AT_FIRST: Final = len(TITLES) * 15
"""So many stand on the boards before anything is measured: every benchmark has its offers then."""


@dataclass(frozen=True, slots=True)
class Advert:
    """One job. `pounds` a year, each new one's a little less than all before: it lies below the market, and says so."""

    number: int
    board: str
    employer: str
    title: str
    team: str
    pounds: int
    text: str

    @property
    def link(self) -> str:
        """By which its role is known."""
        return f"https://{self.board}.example/jobs/{self.number}"


def boards() -> dict[str, tuple[str, str]]:
    """All 33: the employer and its GSS code by the board's id."""
    return {one.name.lower().replace(" ", "-"): (one.name, one.gss) for one in authorities().values()}


def adverts(count: int, seed: int) -> list[Advert]:
    """The first `AT_FIRST` of them are for before."""
    chance = random.Random(seed)
    all_boards = sorted(boards().items())
    found = []
    for number in range(AT_FIRST + count):
        board, (employer, _) = all_boards[number % len(all_boards)]
        before = number < AT_FIRST
        found.append(
            Advert(
                number=number,
                board=board,
                employer=employer,
                title=TITLES[number % len(TITLES)],
                team=f"{chance.choice(_TEAMS)} {number}",
                pounds=52_000 + chance.randint(0, 8_000) if before else 45_000 - 2 * (number - AT_FIRST),
                text=_text(chance, number),
            )
        )
    return found


def feed(shown: list[Advert]) -> bytes:
    """RSS 2.0, as councils' vendors print it."""
    posted = format_datetime(datetime.now(UTC))
    items = "".join(
        f"<item><title>{one.title}, {one.team}</title><link>{one.link}</link><guid>{one.link}</guid>"
        f"<pubDate>{posted[:16]} 09:00:00 +0000</pubDate>"
        f"<description>&lt;p&gt;Salary: £{one.pounds:,} a year&lt;/p&gt;&lt;p&gt;{one.text}&lt;/p&gt;</description></item>"
        for one in shown
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Jobs</title>'
        f"<link>https://jobs.example/</link><description>Jobs</description>{items}</channel></rss>"
    ).encode()


def _text(chance: random.Random, number: int) -> str:
    pick = chance.choice
    sentences = [
        f"{pick(_DOING).title()} the {pick(_KIND)} {pick(_THINGS)} of {pick(_OF)} and {pick(_DOING)} the {pick(_KIND)} "
        f"{pick(_THINGS)} of {pick(_OF)} with {pick(_WITH)}."
        for _ in range(10)
    ]
    return " ".join(sentences) + f" All of it {number} times over."
