"""A rich world for whoever looks at all pages: what boroughs, supporters and LOTI said by one autumn day.

Each part's owner adds what his pages show; `events()` gives all of it, in an order in which services could have said it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from loti_contracts.events import (
    Event,
    Notification,
    NotificationSent,
    NotificationSuppressed,
    PaySignalRaised,
)
from tests.portal.help.making import world as help_world
from tests.portal.jobs.making import CAMDEN, HACKNEY, SUTTON, changed, closed, discovered, role
from tests.portal.library.making import library_world
from tests.portal.pay.making import benchmark, contributed, signal, updated
from tests.portal.portal import Portal
from tests.portal.rounds.making import events as rounds_world
from tests.portal.staff.making import failing, letter, parked, replayed

NOW: Final = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""The moment at which the world is looked at."""


async def _nobody(portal: Portal) -> None:
    portal.as_anybody()


VISITORS: Final[Mapping[str, Callable[[Portal], Awaitable[None]]]] = {
    "anybody": _nobody,
    "member": lambda portal: portal.as_member(CAMDEN),
    "supporter": lambda portal: portal.as_contact("contact-ada"),
    "staff": lambda portal: portal.as_staff(),
}
"""Each kind of visitor: signs one in."""


def events() -> Iterator[Event]:
    """All that was said."""
    yield from roles()
    yield from pay()
    yield from library_world(NOW)
    yield from help_world()
    yield from rounds_world()
    yield from system()
    yield from mail()


def roles() -> Iterator[Event]:
    """Jobs of three boroughs: with and without pay, a level, a standard role; changed since, and closed."""
    named = (
        ("role-1", "Enterprise Architect", "Enterprise architect", "senior", CAMDEN, (61_000, 70_500)),
        ("role-2", "Senior Data Analyst", "Data analyst", "senior", HACKNEY, (48_000, 52_000)),
        ("role-3", "Software Developer", "Software developer", "practitioner", SUTTON, (41_000, None)),
        ("role-4", "Service Designer (Hackney Central)", "Service designer", None, HACKNEY, None),
        ("role-5", "Head of Ambient Computing and Civic Robotics", None, "head", SUTTON, (88_000, 99_000)),
        ("role-6", "Enterprise Architect", "Enterprise architect", "lead", SUTTON, (72_000, 80_000)),
    )
    found = [
        role(
            id_,
            title=title,
            standard_role=standard_role,
            level=level,
            boroughs=(borough,),
            pay=paid,
            found_at=NOW - timedelta(hours=3 * number + 1),
        )
        for number, (id_, title, standard_role, level, borough, paid) in enumerate(named)
    ]
    yield from (discovered(one) for one in found)
    yield changed(found[0], closes_on=date(2026, 12, 8))
    yield closed(found[5], at=NOW - timedelta(hours=2))


def pay() -> Iterator[Event]:
    """Benchmarks of two roles, by level and area; one from contributed pay too, one below which an offer is."""
    for name, middle in (("Enterprise architect", 68_000_00), ("Data analyst", 47_000_00)):
        for area in ("london", "inner", "outer"):
            yield updated(benchmark(name, area=area, middle=middle, contributed=contributed(middle)))
            yield updated(benchmark(name, level="senior", area=area, middle=middle + 4_000_00, adverts=7))
    thin = benchmark("Service designer", level="all", middle=None, adverts=1)
    yield updated(thin)
    yield PaySignalRaised(signal=signal(benchmark("Data analyst"), role_id="role-2"))


def system() -> Iterator[Event]:
    """A board that cannot be read, and messages set aside; one was handled after all."""
    yield failing()
    yield parked(letter(1))
    yield parked(letter(2))
    yield replayed(letter(2), at=NOW)


def mail() -> Iterator[Event]:
    """What the member of Camden was told, and was not."""
    told = Notification(
        id="told-1", revision=1, kind="new role", contact_id=f"contact-member-{CAMDEN}", about="role-1",
        mail_id="mail-1", caused_by="event-1", why="You asked for new roles of Camden.", attempts=1, sent_at=NOW,
    )  # fmt: skip
    kept = told.model_copy(
        update={"id": "told-2", "status": "suppressed", "about": "role-2", "sent_at": None, "mail_id": None,
                "attempts": 0, "why_not": "It had closed before the mail went out."}
    )  # fmt: skip
    yield NotificationSent(notification=told)
    yield NotificationSuppressed(notification=kept)
