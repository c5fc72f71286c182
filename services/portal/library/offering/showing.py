"""The page of the form, for offering and for mending a draft."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from loti_contracts.events import Content
from loti_contracts.structures import COLUMNS
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.library.kinds import Kind
from services.portal.library.offering.reading import Faults
from services.portal.library.offering.typed import ASKED, Typed
from services.portal.library.shelf.telling import LICENCES, facts
from services.portal.library.structures.chart import drawn
from services.portal.web.frame import page


def form_page(
    request: Request,
    kind: Kind,
    typed: Typed,
    *,
    title: str,
    hidden: Mapping[str, str],
    faults: Faults | None = None,
    preview: Content | None = None,
    **more: Any,
) -> HTMLResponse:
    """The form with what was typed; with faults it is answered 422, with `preview` it shows what would be read."""
    return page(
        request,
        "library/form.html",
        title=f"Error: {title}" if faults else title,
        heading=title,
        status=422 if faults else 200,
        kind=kind,
        typed=typed,
        asks=ASKED[kind.name],
        hidden=hidden,
        faults=faults or {},
        said={field: {"text": ". ".join(told)} for field, told in (faults or {}).items()},
        preview=preview,
        facts=facts(preview, kind.name) if preview else (),
        chart=drawn(preview.posts) if preview else None,
        role_choices=[(name, name) for name in standard_roles()],
        levels=LEVELS,
        licences=LICENCES,
        boroughs=[(one.gss, one.name) for one in authorities().values()],
        columns=COLUMNS,
        **more,
    )
