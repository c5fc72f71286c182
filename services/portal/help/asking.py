"""A request for help as it is typed into its form, and as the form shows one that is known. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from loti_contracts.events import Purpose, Request
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.help.kinds import HELP, Kind
from services.portal.help.values import Fault, Reading, Values, day_fields

LONGEST_NOTE: Final = 2_000
LONGEST_STANDARD: Final = 200
MOST_WEEKS: Final = 260
_ASKED: Final = (
    "purpose",
    "standard_role",
    "level",
    "skills",
    "apprenticeship_standard",
    "start",
    "weeks",
    "need_by",
    "languages",
    "minimum_level",
    "not_boroughs",
    "not_supporters",
    "note",
)
"""What a form says of a request; the rest of it says who asks, and when."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was read: the fields of a request, or what is wrong."""

    fields: Mapping[str, Any]
    faults: tuple[Fault, ...]


def read(
    kind: Kind, values: Values, *, today: date, known_supporters: Collection[str], before: Request | None
) -> Asked:
    """The fields of a request from its form.

    `known_supporters`: whom the borough may rule out by name. `before`: the request as it is, where it is changed;
    what it has that the form does not offer (a role that is no standard one) may stay.
    """
    form = Reading(values)
    fields: dict[str, Any] = {
        "purpose": form.choice("purpose", purposes(kind, before), what="what it is for") or kind.purposes[0],
        "standard_role": form.choice("standard_role", _roles(before), what="a role"),
        "level": form.choice("level", _levels(before), what="a level"),
        "skills": form.names("skills", what="Skills"),
        "apprenticeship_standard": form.short(
            "apprenticeship_standard", what="The apprenticeship standard", most=LONGEST_STANDARD
        ),
        "start": form.day("start", what="The first day"),
        "weeks": form.number("weeks", what="The number of weeks", least=1, most=MOST_WEEKS),
        "need_by": form.day("need_by", what="The last useful day"),
        "languages": form.names("languages", what="Languages"),
        "minimum_level": form.choice("minimum_level", LEVELS, what="a level"),
        "not_boroughs": form.choices("not_boroughs", authorities(), what="boroughs"),
        "not_supporters": form.choices("not_supporters", sorted(known_supporters), what="who is ruled out"),
        "note": form.short("note", what="The note", most=LONGEST_NOTE),
    }
    if before is not None and before.purpose is None and fields["purpose"] == kind.purposes[0]:
        fields["purpose"] = None  # the same, as it was said
    _check_days(form, fields, today, before)
    if not any(fields[name] for name in ("standard_role", "skills", "apprenticeship_standard", "note")):
        form.wrong("standard_role", "Say what it is about: choose a role, name skills, or write a note")
    return Asked(fields, tuple(form.faults))


def values_of(request: Request) -> Values:
    """A request as its form shows it."""
    shown: dict[str, tuple[str, ...]] = {
        "purpose": (request.purpose or HELP[request.kind].purposes[0],),
        "standard_role": (request.standard_role or "",),
        "level": (request.level or "",),
        "skills": (", ".join(request.skills),),
        "apprenticeship_standard": (request.apprenticeship_standard or "",),
        "weeks": (str(request.weeks or ""),),
        "languages": (", ".join(request.languages),),
        "minimum_level": (request.minimum_level or "",),
        "not_boroughs": request.not_boroughs,
        "not_supporters": request.not_supporters,
        "note": (request.note or "",),
        "borough": (request.borough,),
    }
    return shown | day_fields("start", request.start) | day_fields("need_by", request.need_by)


def field_names(also: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of the form's fields."""
    days = [f"{name}-{part}" for name in ("start", "need_by") for part in ("day", "month", "year")]
    return (*_ASKED, *days, *also)


def purposes(kind: Kind, before: Request | None) -> tuple[Purpose, ...]:
    """What it may be for: what is usual, and what was asked before."""
    own = (before.purpose,) if before and before.purpose else ()
    return tuple(dict.fromkeys((*kind.purposes, *own)))


def differs(before: Request, fields: Mapping[str, Any]) -> bool:
    """Whether the form says anything else than the request does."""
    return any(getattr(before, name) != value for name, value in fields.items())


def summary(request: Request) -> tuple[tuple[str, str], ...]:
    """What a request says, by what it is called; only what it says."""
    boroughs = [authorities()[gss].name if gss in authorities() else gss for gss in request.not_boroughs]
    rows = (
        ("Role", request.standard_role),
        ("Level", request.level),
        ("Skills", ", ".join(request.skills)),
        ("Apprenticeship standard", request.apprenticeship_standard),
        ("Supporter’s level at least", request.minimum_level),
        ("Languages they must speak", ", ".join(request.languages)),
        ("How long", f"{request.weeks} week{'' if request.weeks == 1 else 's'}" if request.weeks else None),
        ("Nobody who works for", ", ".join(boroughs)),
        ("Note", request.note),
    )
    return tuple((name, words) for name, words in rows if words)


def _roles(before: Request | None) -> Collection[str]:
    own = {before.standard_role} if before and before.standard_role else set()
    return {*standard_roles(), *own}


def _levels(before: Request | None) -> Collection[str]:
    own = {before.level} if before and before.level else set()
    return {*LEVELS, *own}


def _check_days(form: Reading, fields: Mapping[str, Any], today: date, before: Request | None) -> None:
    """No day that has passed, unless it stood there already; and none after help is of no use."""
    start, need_by = fields["start"], fields["need_by"]
    if start and start < today and (before is None or before.start != start):
        form.wrong("start-day", "The first day must be today or later")
    if need_by and need_by < today:
        form.wrong("need_by-day", "The last useful day must be today or later, or the request lapses at once")
    elif need_by and start and need_by < start:
        form.wrong("need_by-day", "The last useful day must be on or after the first day")
