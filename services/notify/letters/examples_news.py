"""A made-up source, library items and an edition for the examples."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from loti_contracts.events import Edition, Happening, LibraryItem, SourceState
from services.notify.letters.examples_people import ExampleLinks
from services.notify.letters.examples_roles import CAMDEN, NOW

SOURCE: Final = SourceState(
    id="camden",
    revision=1,
    status="failing",
    name="Camden",
    kind="jsonld",
    authorities=(CAMDEN,),
    last_good_at=NOW - timedelta(hours=7),
    failures=3,
    why="it could not be read 3 times in a row: the board: status 503 Service Unavailable",
    at=NOW,
)
NEWS: Final = LibraryItem(
    id="item-case-study",
    revision=1,
    kind="case study",
    status="published",
    title="How Hackney hired three user researchers in six weeks",
    summary="Hackney wrote its advert with the team that the researchers would join, left out four of the usual "
    "requirements, and showed candidates the work before the interview.\n\nThe study has the advert, the scoring sheet, "
    "and what they would do differently.",
    link="https://library.loti.example/case-studies/hackney-user-researchers",
    families=("User-centred design",),
    standard_roles=("User researcher",),
    boroughs=("E09000012",),
    published_at=NOW,
)
EVENT: Final = LibraryItem(
    id="item-event",
    revision=1,
    kind="event",
    status="published",
    title="Show and tell: apprenticeships in data",
    summary="Three boroughs show how they found, paid and kept their first data apprentices. Half an hour of talks, "
    "then an hour of questions; bring yours.",
    link="https://loti.example/events/apprenticeships-in-data",
    families=("Data",),
    happening=Happening(
        starts_at=datetime(2026, 4, 16, 9, 0, tzinfo=UTC),
        ends_at=datetime(2026, 4, 16, 10, 30, tzinfo=UTC),
        place="5 Pancras Square, London N1C 4AG",
        online="https://meet.loti.example/apprenticeships-in-data",
    ),
    published_at=NOW,
)
EDITION: Final = Edition(
    id="2026-march",
    revision=1,
    title="What London's boroughs looked for in March",
    summary="Forty-one new roles, pay for data engineers up by a twentieth, and four boroughs in search of the same "
    "architect.",
    markdown="""## New roles

Forty-one digital roles were advertised in March, eleven more than in February. Three that stood out:

- [Senior Data Engineer, Housing and Homelessness Insight](https://jobs.camden.example/vacancies/senior-data-engineer-4471): Camden, £52,413 to £58,006
- [User Researcher (adult social care)](https://recruitment.hackney.example/jobs/user-researcher): Hackney, £45,000
- [Data Journalist](https://jobs.brent.example/2): Brent. **Nobody had advertised one before.**

## Pay

The middle of what is offered to senior data engineers in inner London is now **£55,400** a year, up from £52,600.

> Half of the adverts offer more than the middle, half of them less.

## Four boroughs, one architect

Camden, Hackney, Merton and Sutton all look for an enterprise architect. Hackney had to advertise again.

### What they could do together

1. Compare what they offer: it ranges from £61,000 to £78,400.
2. Share one recruiter.

## Come along

*Show and tell: apprenticeships in data*, Thursday 16 April, 10:00 to 11:30, at Pancras Square and online.

**[Add it to your calendar](https://talent-exchange.example/events/item-event.ics)**

---

Written by people at LOTI from what the boroughs' own boards said. Reply to tell us what you would like to read.
""",
    since=date(2026, 3, 1),
    until=date(2026, 3, 31),
    link=ExampleLinks().edition("2026-march"),
    sent_at=NOW,
)
