"""The sample boards' own adverts: what stood there all the time is one open role each, whatever fell. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from deploy.local.boards.adverts import Advert, as_of, load
from deploy.local.boards.feeds import id_of
from loti_contracts.events import Role
from loti_contracts.events.topics import ROLES
from tests.chaos.checking.findings import Finding
from tests.chaos.checking.world import World

_A_DAY = timedelta(days=1)


def check_samples(world: World, now: datetime) -> Iterator[Finding]:
    """Each sample advert that two careful readers take for digital, and that does not close about today, is one open role;
    what is none for both of them is none. A world without boards has none to check."""
    _, adverts = load()
    shown: dict[tuple[str, str], dict[str, Role]] = defaultdict(dict)
    for role in world.states(ROLES, Role).values():
        for link in role.links:
            shown[urlsplit(link).path.split("/")[1], id_of(link, adverts)][role.id] = role
    if not world.rows("ingest", "sources"):
        return
    for advert in (as_of(one, now.date()) for one in adverts):
        roles = list(shown[advert.board, advert.id].values())
        what = f"{advert.id} on {advert.board}"
        if advert.digital and not _closes(advert, now.date()):
            if not roles:
                yield Finding("lost", ROLES.name, what, f"{advert.title!r} stands there")
            elif len(roles) > 1:
                yield Finding(
                    "doubled", ROLES.name, what, f"one advert is one role: {sorted(r.id for r in roles)}"
                )
            elif roles[0].status != "open":
                why = f"it stands there, and is {roles[0].status} as {roles[0].closed_because}"
                yield Finding("lost", ROLES.name, what, why)
        elif advert.digital is False and roles:
            yield Finding("wrong", ROLES.name, what, f"{advert.title!r} is no digital job")


def _closes(advert: Advert, today: date) -> bool:
    """Whether it has closed, or may while it is looked at."""
    return advert.closes is not None and date.fromisoformat(advert.closes[:10]) <= today + _A_DAY
