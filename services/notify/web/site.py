"""What every page is given: the database, the links, the time, and the site's name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse

from loti_contracts.delivery.database import Connection
from services.notify.people import store
from services.notify.people.store import Known
from services.notify.settings import NotifySettings
from services.notify.signed_links import LinkRefused, Purpose, Signed, SignedLinks
from services.notify.web import frame
from services.notify.web.frame import Way

_MOST_FIELDS = 1_000
_LARGEST_FIELD = 20_000
_WHOLE_SECOND = timedelta(seconds=1)  # tokens tell no less

Fields = Mapping[str, Sequence[str]]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """One site's pages."""

    pool: "asyncpg.Pool[Any]"
    settings: NotifySettings
    links: SignedLinks
    clock: Callable[[], datetime] = _now

    def page(self, title: str, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """A page of this site."""
        return frame.page(title, template, status=status, site_name=self.settings.site_name, **facts)

    def note(self, title: str, *paragraphs: str, ways: Sequence[Way] = (), status: int = 200) -> HTMLResponse:
        """A page that only says something."""
        return frame.note(title, *paragraphs, ways=ways, status=status, site_name=self.settings.site_name)

    def read(self, purpose: Purpose, request: Request) -> Signed:
        """Whose link was followed, and what it is about. Raises LinkRefused."""
        return self.links.read(purpose, request.path_params["token"])

    async def known(self, tx: Connection, link: Signed) -> Known | None:
        """Who followed the link; None where it is erased. Raises LinkRefused for a link that went to an address which
        is not this contact's any more: whoever reads that mailbox now may be somebody else."""
        known = await store.load(tx, link.contact_id)
        since = known.address_since if known else None
        if since is not None and link.made_at + _WHOLE_SECOND < since:
            raise LinkRefused("This link was sent to an address that is no longer yours here.", ended=True)
        return known

    @property
    def write_to_us(self) -> Way:
        """A way on that always leads to a person."""
        return Way(f"Write to {self.settings.sender}", f"mailto:{self.settings.sender}")


async def fields(request: Request) -> Fields:
    """What a form said: every value of each field. Raises HTTPException (400) for what is no form of ours."""
    try:
        form = await request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_LARGEST_FIELD)
    except (FormParserError, LookupError, ValueError) as error:
        raise HTTPException(400) from error
    except ClientDisconnect as error:
        raise HTTPException(408) from error
    said: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            raise HTTPException(400)
        said.setdefault(name, []).append(value)
    return said


def one(said: Fields, name: str) -> str:
    """The last value of a field, trimmed; empty where there is none."""
    return (said.get(name) or ("",))[-1].strip()
