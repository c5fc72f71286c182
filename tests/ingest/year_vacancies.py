"""The truth of a simulated year: which vacancies there are, when and on which boards they are shown, and what their
adverts say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

from loti_contracts.events import Pay, Role
from loti_contracts.vocabulary import authorities
from services.ingest.dates import LONDON
from services.ingest.reading import role_id

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
SHARED = "shared"
"""The board that several boroughs share."""
SHARING = 8
"""How many of the boards show their vacancies there, too."""
_IN_SHORT = ("board-2", "board-5")
"""Those of them of whose adverts it shows only how they begin."""

_EMPLOYERS = tuple(one.name for _, one in sorted(authorities().items()))
_TITLES = (
    "Data engineer", "Data analyst", "Business analyst", "Service designer", "User researcher", "Product manager",
    "Delivery manager", "Software developer", "Frontend developer", "Technical architect", "Enterprise architect",
    "Cyber security analyst", "Network engineer", "Infrastructure engineer", "IT service desk analyst",
    "Content designer", "Interaction designer", "Data scientist", "GIS analyst", "Head of digital",
    "Performance analyst", "Applications support officer", "Test engineer", "Digital inclusion officer",
)  # fmt: skip
_WORDS = [
    "residents",
    "services",
    "platform",
    "housing",
    "records",
    "reporting",
    "boroughs",
    "partners",
    "design",
    "change",
    "teams",
    "research",
    "quality",
    "roadmap",
    "standards",
    "support",
    "delivery",
    "access",
    "insight",
    "evidence",
    "policy",
    "suppliers",
    "budget",
    "training",
    "migration",
    "cloud",
    "legacy",
    "integration",
    "forms",
    "payments",
    "planning",
    "licensing",
    "libraries",
    "parks",
    "transport",
    "care",
    "children",
    "adults",
    "schools",
    "waste",
    "streets",
    "energy",
    "climate",
    "culture",
    "events",
    "grants",
    "permits",
    "parking",
    "revenue",
    "benefits",
    "debt",
    "legal",
    "audit",
    "risk",
    "security",
    "privacy",
    "sharing",
    "maps",
    "sensors",
    "dashboards",
    "models",
    "pipelines",
    "queries",
    "testing",
    "release",
    "incidents",
    "backlog",
    "workshops",
    "mentoring",
    "coaching",
    "community",
    "networks",
    "offices",
    "remote",
    "travel",
    "weekends",
    "shifts",
    "rota",
    "cover",
]


@dataclass(frozen=True)
class Vacancy:
    """What is true of an advert on one board. `text` is the same for adverts that say the same; `ends` is when it
    leaves the board; `teaser` is whether the board shows only how it begins."""

    board: str
    key: str
    text: str
    digital: bool
    begins: datetime
    ends: datetime
    closes_on: date | None
    teaser: bool = False

    def live(self, at: datetime) -> bool:
        """Whether it is to be had: on the board, and not past its closing date."""
        return self.begins <= at < self.over

    @property
    def over(self) -> datetime:
        """When it is not to be had any more."""
        if self.closes_on is None:
            return self.ends
        midnight = datetime.combine(self.closes_on + timedelta(days=1), datetime.min.time(), tzinfo=LONDON)
        return min(self.ends, midnight.astimezone(UTC))


def vacancies(source: str, random: Random, days: int) -> Iterator[Vacancy]:
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
                one = _vacancy(source, f"{number}-{copy}-{again}", text, is_digital, begins, freezes, random)
                yield one
                if random.random() > 0.12:
                    break
                again, begins = again + 1, one.ends + timedelta(days=random.uniform(3, 60))


def shown_again(vacancy: Vacancy, random: Random) -> Vacancy | None:
    """The same vacancy on the shared board, a little later, perhaps without its closing date."""
    begins = vacancy.begins + timedelta(days=random.uniform(0, 2))
    if random.random() < 0.2 or begins >= vacancy.ends:
        return None
    return replace(
        vacancy,
        board=SHARED,
        key=f"{vacancy.board}/{vacancy.key}",
        begins=begins,
        ends=vacancy.ends + timedelta(days=random.uniform(-0.5, 1.5)),
        closes_on=vacancy.closes_on if random.random() < 0.8 else None,
        teaser=vacancy.board in _IN_SHORT,
    )


def _vacancy(
    source: str,
    key: str,
    text: str,
    digital: bool,
    begins: datetime,
    freezes: list[datetime],
    random: Random,
) -> Vacancy:
    stands = begins + timedelta(days=random.uniform(7, 42))
    closes_on = stands.date() if random.random() < 0.65 else None
    ends = stands + timedelta(days=random.uniform(0, 4)) if closes_on else stands
    if random.random() < 0.15:
        ends = begins + (stands - begins) * random.uniform(0.2, 0.9)
    for freeze in freezes:
        if begins < freeze < ends and random.random() < 0.9:
            ends = freeze
    return Vacancy(source, key, text, digital, begins, ends, closes_on)


sighting_id = cache(role_id)


@cache
def advert(id_: str, vacancy: Vacancy, key: str) -> Role:
    """What the board says of a vacancy, under that key, read as a role. Two vacancies have one title and pay now and
    then, never one text."""
    random = Random(vacancy.text)
    title = random.choice(_TITLES)
    start = 30_000_00 + 1_500_00 * random.randrange(24)
    words = random.choices(_WORDS, k=90)
    employer = _EMPLOYERS[int(vacancy.text.split()[0].removeprefix("board-"))]
    text = f"{title} at {employer}: {' '.join(words)}."
    return Role.model_construct(
        id=id_,
        revision=1,
        status="open",
        closed_because=None,
        source=vacancy.board,
        title=title,
        employer=employer,
        authorities=(),
        links=(f"https://{vacancy.board}.example/{key}",),
        location=None,
        standard_role=None,
        level=None,
        relevance="yes",
        confidence=0.9,
        why="the title says so",
        pay=Pay(text="as said", minimum=start, maximum=start + 4_000_00, period="year"),
        posted_on=None,
        closes_on=vacancy.closes_on,
        contract=None,
        description=" ".join(text.split()[:45]) + " …" if vacancy.teaser else text,
        found_at=vacancy.begins,
        closed_at=None,
        readvertises=None,
    )
