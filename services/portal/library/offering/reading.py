"""What was typed becomes what an item says, or a list of what to put right. Pure."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from loti_contracts.events.library_content import Content, Happening, ItemKind, WorkingOn
from loti_contracts.structures import StructureRefused, read_structure
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.library.offering.times import in_london, read_day, read_time
from services.portal.library.offering.typed import ASKED, Typed
from services.portal.library.shelf.telling import LICENCES, safe_link

MOST_SKILLS: Final = 30
MOST_LINES_TOLD: Final = 20

Faults = dict[str, list[str]]
"""What is wrong, by the field's id on the page."""


class Refused(Exception):
    """Something has to be put right; `faults` say what, by field."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(f"{sum(map(len, faults.values()))} faults")
        self.faults = faults


def read(
    typed: Typed, kind: ItemKind, *, base: Content | None = None, borough: str | None = None, today: date
) -> Content:
    """What the item says. What the form does not ask for stays as it is in `base`. `borough`: of who offers it, whose
    work on a challenge is added. Raises Refused."""
    faults: Faults = {}
    asked = ASKED[kind]
    fields: dict[str, Any] = {
        "title": _text(faults, "title", " ".join(typed.title.split()), 300, "Enter a title"),
        "summary": _text(faults, "summary", typed.summary, 2_000, "Enter a summary: a sentence or two"),
    }
    for name, value, most in _optional(typed, asked):
        fields[name] = _text(faults, name, value, most) or None
    if "link" in asked and typed.link and not safe_link(typed.link):
        faults.setdefault("link", []).append("A link begins with https://")
    if "roles" in asked:
        fields |= _roles(typed, kind, faults)
    if "levels" in asked:
        fields["levels"] = tuple(level for level in LEVELS if level in typed.levels)
    if "skills" in asked:
        fields["skills"] = _skills(typed, faults)
    if "boroughs" in asked:
        fields["boroughs"] = _boroughs(typed, faults)
    if "posts" in asked:
        fields |= _posts(typed, faults)
    if "happening" in asked:
        fields["happening"] = _happening(typed, faults)
    if "working" in asked and typed.working:
        fields["working_on"] = _working(typed, base, borough, today, faults)
    _needed(kind, fields, typed, faults)
    _text(faults, "note", typed.note, 2_000)
    if faults:
        raise Refused(faults)
    return base.model_copy(update=fields) if base else Content(**fields)


def _optional(typed: Typed, asked: frozenset[str]) -> list[tuple[str, str, int]]:
    licence = typed.other_licence if typed.licence == "other" else typed.licence
    named = [
        ("body", "body", typed.body, 100_000),
        ("link", "link", typed.link, 2_000),
        ("licence", "licence", licence if typed.licence in (*LICENCES, "other") else "", 100),
        ("community", "community", typed.community, 200),
        ("provider", "provider", typed.provider, 200),
        ("standard", "apprenticeship_standard", typed.standard, 200),
    ]
    return [(field, value, most) for part, field, value, most in named if part in asked]


def _text(faults: Faults, field: str, value: str, most: int, needed: str = "") -> str:
    if needed and not value:
        faults.setdefault(field, []).append(needed)
    if len(value) > most:
        faults.setdefault(field, []).append(f"This has {len(value):,} characters; shorten it to {most:,}")
    return value


def _roles(typed: Typed, kind: ItemKind, faults: Faults) -> dict[str, Any]:
    roles = tuple(dict.fromkeys(role for role in typed.roles if role in standard_roles()))
    if kind == "job description" and not roles:
        faults["roles"] = ["Choose the standard role that it is an exemplar of"]
    return {"standard_roles": roles, "families": _families(roles)}


def _families(roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(standard_roles()[role].family for role in roles))


def _skills(typed: Typed, faults: Faults) -> tuple[str, ...]:
    skills = tuple(
        dict.fromkeys(" ".join(line.split()) for line in typed.skills.splitlines() if line.strip())
    )
    if len(skills) > MOST_SKILLS:
        faults["skills"] = [f"Enter at most {MOST_SKILLS} skills; these are {len(skills)}"]
    elif any(len(skill) > 100 for skill in skills):
        faults["skills"] = ["A skill is one line of at most 100 characters"]
    return skills


def _boroughs(typed: Typed, faults: Faults) -> tuple[str, ...]:
    unknown = [gss for gss in typed.boroughs if gss not in authorities()]
    if unknown:
        faults["boroughs"] = ["Choose boroughs from the list"]
    return tuple(dict.fromkeys(typed.boroughs))


def _posts(typed: Typed, faults: Faults) -> dict[str, Any]:
    if not typed.posts:
        faults["posts"] = ["Choose a CSV file, or enter the posts"]
        return {}
    try:
        posts = read_structure(typed.posts)
    except StructureRefused as error:
        told = [str(fault)[:1].upper() + str(fault)[1:] for fault in error.faults]
        more = len(told) - MOST_LINES_TOLD
        faults["posts"] = told[:MOST_LINES_TOLD] + ([f"And {more} more"] if more > 0 else [])
        return {}
    roles = tuple(dict.fromkeys(post.standard_role for post in posts if post.standard_role))
    levels = tuple(level for level in LEVELS if any(post.level == level for post in posts))
    return {"posts": posts, "standard_roles": roles, "families": _families(roles), "levels": levels}


def _happening(typed: Typed, faults: Faults) -> Happening | None:
    def tried(field: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except ValueError as error:
            faults.setdefault(field, []).append(str(error))
            return None

    starts = tried("starts", lambda: read_day(typed.starts_day, typed.starts_month, typed.starts_year))
    starts_time = tried("starts_time", lambda: read_time(typed.starts_time))
    ends = starts
    if typed.ends_day or typed.ends_month or typed.ends_year:
        ends = tried("ends", lambda: read_day(typed.ends_day, typed.ends_month, typed.ends_year))
    ends_time = tried("ends_time", lambda: read_time(typed.ends_time))
    _text(faults, "place", typed.place, 300)
    _text(faults, "online", typed.online, 2_000)
    if not (typed.place or typed.online):
        faults["place"] = ["Enter a place, or an address to join at below"]
    if typed.online and not safe_link(typed.online):
        faults.setdefault("online", []).append("The address to join at begins with https://")
    if starts is None or starts_time is None or ends is None or ends_time is None:
        return None
    begins, stops = in_london(starts, starts_time), in_london(ends, ends_time)
    if stops <= begins:
        faults["ends_time"] = ["It ends before it starts; check both times"]
    if len(typed.place) > 300 or len(typed.online) > 2_000:
        return None
    return Happening(starts_at=begins, ends_at=stops, place=typed.place or None, online=typed.online or None)


def _working(
    typed: Typed, base: Content | None, borough: str | None, today: date, faults: Faults
) -> tuple[WorkingOn, ...]:
    before = base.working_on if base else ()
    if borough is None:
        faults["working"] = ["Only people of a borough can say what their borough does about it"]
        return before
    if len(_text(faults, "working", typed.working, 500)) > 500:
        return before
    own = WorkingOn(borough=borough, what=typed.working, since=today)
    return (*(one for one in before if one.borough != borough), own)


def _needed(kind: ItemKind, fields: dict[str, Any], typed: Typed, faults: Faults) -> None:
    if kind in ("job description", "case study") and not (fields["body"] or fields["link"]):
        faults.setdefault("body", []).append("Enter the text, or a link to where it can be read")
    if kind in ("training", "apprenticeship") and not (fields["body"] or fields["link"]):
        faults.setdefault("link", []).append("Enter a link, or describe it in the text")
    if kind == "challenge" and not (fields["boroughs"] or fields["community"]):
        faults.setdefault("boroughs", []).append(
            "Choose the boroughs that have it, or name the community below"
        )
    if kind == "team structure" and not fields["boroughs"]:
        faults.setdefault("boroughs", []).append("Choose whose team it is")
    if "licence" in ASKED[kind] and typed.licence == "other" and not typed.other_licence:
        faults.setdefault("licence", []).append("Name the licence")
