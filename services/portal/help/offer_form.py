"""The form in which a supporter says what they offer, as it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from loti_contracts.events import Supporter
from services.portal.help import offering, rows, spans
from services.portal.help.kinds import PURPOSES, Kind
from services.portal.help.values import Fault, Values, one
from services.portal.help.vocabulary import by_name, level_options, roles_by_family
from services.portal.web.frame import page


@dataclass(frozen=True, slots=True)
class OfferForm:
    """A form as it is shown."""

    kind: Kind
    title: str
    values: Values
    faults: Sequence[Fault] = ()
    before: Supporter | None = None


def offer_form(request: Request, shown: OfferForm) -> HTMLResponse:
    """The page of the form; 422 where something is wrong with it."""
    words = {str(name): text for name, text in PURPOSES.items()}
    before, values = shown.before, shown.values
    more = one(values, "more")
    own = offering.roles_of(before)
    families = {**roles_by_family(), **_beside(own)}
    return page(
        request,
        "help/offer.html",
        title=shown.title,
        status=422 if shown.faults else 200,
        kind=shown.kind,
        values=values,
        faults=shown.faults,
        wrong={fault.field: fault.words for fault in reversed(shown.faults)},
        before=before,
        offers=[(name, words.get(name, name)) for name in offering.purposes_of(shown.kind.kind, before)],
        families=families,
        family_options=[(name, name) for name in offering.families_of(before)],
        level_options=level_options(),
        boroughs=[(gss, authority.name) for gss, authority in by_name()],
        span_rows=rows.shown(values, "span", spans.PARTS, spans.MOST_SPANS, more=more == "span"),
        department_rows=rows.shown(
            values, "department", offering.DEPARTMENT, offering.MOST_DEPARTMENTS, more=more == "department"
        ),
        evidence_rows=rows.shown(
            values, "evidence", offering.EVIDENCE, offering.MOST_EVIDENCE, more=more == "evidence"
        ),
    )


def _beside(roles: Sequence[str]) -> dict[str, Sequence[str]]:
    """Roles that are no standard ones, but were named before."""
    known = {name for names in roles_by_family().values() for name in names}
    other = [name for name in roles if name not in known]
    return {"Other": other} if other else {}
