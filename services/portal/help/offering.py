"""What a supporter offers as it is typed into the form, and as the form shows what is known. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from loti_contracts.events import Department, Evidence, HelpKind, Preferences, Supporter
from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities
from services.portal.help import rows, spans
from services.portal.help.kinds import HELP
from services.portal.help.values import Fault, Reading, Values
from services.portal.help.vocabulary import roles_to_choose

MOST_DEPARTMENTS: Final = 20
MOST_EVIDENCE: Final = 10
DEPARTMENT: Final = ("name", "specialisms", "students")
EVIDENCE: Final = ("what", "good", "of")
_MOST_CASES: Final = 100_000
_ONES: Final = (
    "offers", "roles", "families", "skills", "level", "languages", "standards", "capacity", "own_borough",
    "not_for", "prefers_boroughs", "prefers_families", "prefers_roles",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """What was read: the fields of a supporter, or what is wrong."""

    fields: Mapping[str, Any]
    faults: tuple[Fault, ...]


def read(kind: HelpKind, values: Values, *, today: date, before: Supporter | None) -> Offered:
    """The fields of a supporter from the form. `before`: as it is known; roles and purposes that it has and that are
    none of the usual ones may stay."""
    form = Reading(values)
    fields: dict[str, Any] = {
        "offers": form.choices("offers", purposes_of(kind, before), what="what you offer"),
        "roles": form.choices("roles", roles_of(before), what="roles"),
        "families": form.choices("families", families_of(before), what="role families"),
        "skills": form.names("skills", what="Skills"),
        "level": form.choice("level", LEVELS, what="a level"),
        "languages": form.names("languages", what="Languages"),
        "standards": form.names("standards", what="Apprenticeship standards"),
        "capacity": _capacity(form),
        "available": spans.read(form, today=today),
        "available_from": None,
        "available_until": None,
        "own_borough": form.choice("own_borough", authorities(), what="a borough"),
        "not_for": form.choices("not_for", authorities(), what="boroughs"),
        "prefers": _preferences(form, before),
        "departments": tuple(_department(form, row) for row in _filled(form, "department", DEPARTMENT)),
        "evidence": tuple(
            filter(None, (_evidence(form, row) for row in _filled(form, "evidence", EVIDENCE)))
        ),
    }
    if set(fields["not_for"]) == set(authorities()):
        form.wrong("not_for", "Leave at least one borough that you would help, or withdraw from the list")
    known = ("roles", "families", "skills", "standards", "departments")
    if not any(fields[name] for name in known):
        where = {"training": "standards", "university": "department-1-name"}.get(kind, "families")
        form.wrong(where, "Say what you know: choose a role or a role family, or name skills")
    return Offered(fields, tuple(form.faults))


def values_of(supporter: Supporter) -> Values:
    """What is known of a supporter as the form shows it."""
    prefers = supporter.prefers or Preferences()
    shown: dict[str, tuple[str, ...]] = {
        "offers": supporter.offers,
        "roles": supporter.roles,
        "families": supporter.families,
        "skills": (", ".join(supporter.skills),),
        "level": (supporter.level or "",),
        "languages": (", ".join(supporter.languages),),
        "standards": (", ".join(supporter.standards),),
        "capacity": (str(supporter.capacity),),
        "own_borough": (supporter.own_borough or "",),
        "not_for": supporter.not_for,
        "prefers_boroughs": prefers.boroughs,
        "prefers_families": prefers.families,
        "prefers_roles": prefers.roles,
    }
    for row, one in enumerate(supporter.departments, 1):
        students = "" if one.phd_students is None else str(one.phd_students)
        cells = (one.name, ", ".join(one.specialisms), students)
        shown |= {f"department-{row}-{part}": (cell,) for part, cell in zip(DEPARTMENT, cells, strict=True)}
    for row, case in enumerate(supporter.evidence, 1):
        cells = (case.what, str(case.good), str(case.of))
        shown |= {f"evidence-{row}-{part}": (cell,) for part, cell in zip(EVIDENCE, cells, strict=True)}
    return shown | spans.values_of(spans.spans_of(supporter))


def field_names() -> tuple[str, ...]:
    """The names of the form's fields."""
    return (
        *_ONES,
        *rows.field_names("span", spans.PARTS, spans.MOST_SPANS),
        *rows.field_names("department", DEPARTMENT, MOST_DEPARTMENTS),
        *rows.field_names("evidence", EVIDENCE, MOST_EVIDENCE),
    )


def purposes_of(kind: HelpKind, before: Supporter | None) -> tuple[str, ...]:
    """What that kind of supporter may offer."""
    return tuple(dict.fromkeys((*HELP[kind].purposes, *(before.offers if before else ()))))


def roles_of(before: Supporter | None) -> tuple[str, ...]:
    """The roles that may be chosen."""
    own = (*before.roles, *(before.prefers.roles if before.prefers else ())) if before else ()
    return tuple(dict.fromkeys((*roles_to_choose(), *own)))


def families_of(before: Supporter | None) -> tuple[str, ...]:
    """The families that may be chosen."""
    own = (*before.families, *(before.prefers.families if before.prefers else ())) if before else ()
    return tuple(dict.fromkeys((*FAMILIES, *own)))


def _filled(form: Reading, what: str, parts: tuple[str, ...]) -> list[int]:
    most = MOST_DEPARTMENTS if what == "department" else MOST_EVIDENCE
    return rows.filled(form.values, what, parts, most)


def _capacity(form: Reading) -> int:
    what = "How many requests at a time"
    found = form.number("capacity", what=what, least=0, most=spans.MOST_AT_A_TIME)
    if found is None and not form.text("capacity"):
        form.wrong("capacity", "Say how many requests you take at a time; 0 for none at present")
    return found or 0


def _preferences(form: Reading, before: Supporter | None) -> Preferences | None:
    found = Preferences(
        boroughs=form.choices("prefers_boroughs", authorities(), what="boroughs"),
        families=form.choices("prefers_families", families_of(before), what="role families"),
        roles=form.choices("prefers_roles", roles_of(before), what="roles"),
    )
    return found if found.boroughs or found.families or found.roles else None


def _department(form: Reading, row: int) -> Department:
    name = form.short(f"department-{row}-name", what="The department’s name", most=200)
    if name is None:
        form.wrong(f"department-{row}-name", "Name the department")
    return Department(
        name=name or "?",
        specialisms=form.names(f"department-{row}-specialisms", what="Specialisms"),
        phd_students=form.number(
            f"department-{row}-students", what="PhD students", least=0, most=_MOST_CASES
        ),
    )


def _evidence(form: Reading, row: int) -> Evidence | None:
    what = form.short(f"evidence-{row}-what", what="What it was", most=200)
    good = form.number(f"evidence-{row}-good", what="How many ended well", least=0, most=_MOST_CASES)
    of = form.number(f"evidence-{row}-of", what="How many there were", least=1, most=_MOST_CASES)
    if not all(form.text(f"evidence-{row}-{part}") for part in EVIDENCE):
        form.wrong(f"evidence-{row}-what", "Say what it was, how many ended well, and of how many")
    if what is None or good is None or of is None:
        return None
    if good > of:
        form.wrong(f"evidence-{row}-good", f"Of {of}, no more than {of} can have ended well")
    return Evidence(what=what, good=good, of=of)
