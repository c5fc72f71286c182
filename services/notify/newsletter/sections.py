"""The sections of a draft, each a list of Markdown paragraphs; none where there is nothing to tell. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from loti_contracts.events import LibraryItem, NovelRole, PaySignal, Role, SharedDemand
from services.notify.letters import in_words
from services.notify.letters.in_words import counted, in_letters, listed
from services.notify.letters.wording import first_web, one_line
from services.notify.links import Links
from services.notify.newsletter.drafted import bullet, line, link, plain
from services.notify.newsletter.highlights import OTHER, borough_of, by_borough, by_family, highlights

_EXAMPLES: Final = 3
_BOROUGHS_LISTED: Final = 12
_MOVES: Final = 6
_DEMANDS: Final = 5
_NOVEL: Final = 5
_ITEMS: Final = 8
_EVENTS: Final = 8
_STEPS: Final = {
    "pay review": "look at the pay together",
    "shared recruiter": "share a recruiter",
    "joint advert": "advertise together",
    "shared talent pool": "share a talent pool",
}


def roles_section(roles: Sequence[Role], until: date) -> list[str]:
    """A dozen in full, by family; the rest counted by family and borough, each count with an advert to look at."""
    if not roles:
        return []
    shown = highlights(roles, until)
    rest = [role for role in roles if role not in shown]
    parts = ["## New roles" if not rest else "## New roles worth a look"]
    for family, found in by_family(shown).items():
        parts += [f"### {line(family) or OTHER}", "\n".join(_role(role) for role in found)]
    if rest:
        parts += [
            f"## {_capital(counted(len(rest), 'more new role'))}",
            "\n".join(_counted(family, found) for family, found in by_family(rest).items()),
        ]
    return parts


def _role(role: Role) -> str:
    where = in_words.boroughs(role.authorities) or role.employer
    pay = in_words.pay(role.pay) if role.pay and (role.pay.minimum or role.pay.maximum) else None
    closes = f"closes on {in_words.day(role.closes_on)}" if role.closes_on else None
    facts = "; ".join(fact for fact in (pay, closes) if fact)
    return bullet(
        f"**{link(role.title, first_web(*role.links)) or 'A role without a title'}**",
        f", {plain(where, 80)}" if where else "",
        f". {_capital(plain(facts))}." if facts else ".",
    )


def _counted(family: str, roles: Sequence[Role]) -> str:
    """- **Data**, 7: [Data analyst](…) in Bexley and [Data engineer](…) in Brent; the others in Camden (4) and Ealing."""
    linked = [role for role in roles if first_web(*role.links) and one_line(role.title)][:_EXAMPLES]
    told = [
        f"{link(role.title, first_web(*role.links), 80)} in {plain(borough_of(role), 60)}" for role in linked
    ]
    boroughs = by_borough([role for role in roles if role not in linked])
    counts = [
        plain(borough, 60) + (f" ({len(found)})" if len(found) > 1 else "")
        for borough, found in boroughs.items()
    ]
    others = (
        f"the {'others' if told else 'roles are'} in {listed(counts, most=_BOROUGHS_LISTED)}"
        if counts
        else ""
    )
    return bullet(
        f"**{line(family) or OTHER}**, {len(roles)}: ",
        "; ".join(part for part in (listed(told), others) if part),
        ".",
    )


def shared_section(demands: Sequence[SharedDemand]) -> list[str]:
    """What several boroughs look for, and what they could do together."""
    if not demands:
        return []
    parts = ["## What several boroughs look for"]
    ordered = sorted(demands, key=lambda demand: (-demand.borough_count, demand.standard_role))
    for demand in ordered[:_DEMANDS]:
        parts += [f"### {line(demand.standard_role) or 'A role'}", line(demand.sentence)]
        if demand.step:
            why = f". {plain(demand.step_why, 600)}" if demand.step_why else "."
            parts.append(f"**What they could do:** {_STEPS[demand.step]}{why}")
    if rest := ordered[_DEMANDS:]:
        names = [f"{demand.standard_role} ({counted(demand.borough_count, 'borough')})" for demand in rest]
        parts.append(f"Also looked for: {plain(listed(names), 1_000)}.")
    return [part for part in parts if part]


def pay_section(signals: Sequence[PaySignal]) -> list[str]:
    """Which benchmarks moved; offers out of their market are counted by role, since this is no place to name one."""
    moved = sorted(
        (signal for signal in signals if signal.kind == "benchmark moved"),
        key=lambda signal: (-_move(signal), signal.id),
    )
    counts = [
        _out_of_market(signals, "below market", "below three quarters of what others offer"),
        _out_of_market(signals, "above market", "above nine tenths of what others offer"),
    ]
    parts = []
    if moved:
        parts.append("\n".join(bullet(line(signal.sentence)) for signal in moved[:_MOVES]))
    if len(moved) > _MOVES:
        parts.append(f"{counted(len(moved) - _MOVES, 'more benchmark')} moved less than these.")
    parts += [count for count in counts if count]
    return ["## What happens to pay", *parts] if parts else []


def _move(signal: PaySignal) -> float:
    return abs(signal.after - signal.before) / signal.before if signal.before else 1.0


def _out_of_market(signals: Sequence[PaySignal], kind: str, where: str) -> str:
    roles = Counter(signal.standard_role for signal in signals if signal.kind == kind)
    if not roles:
        return ""
    number = sum(roles.values())
    offers = "One offer lies" if number == 1 else f"{_capital(in_letters(number))} offers lie"
    named = [f"{role} ({count})" for role, count in sorted(roles.items(), key=lambda one: (-one[1], one[0]))]
    return f"{offers} {where}: {plain(listed(named, most=6), 600)}."


def novel_section(novel: Sequence[NovelRole]) -> list[str]:
    """Kinds of work that no borough asked for before."""
    if not novel:
        return []
    told = sorted(novel, key=lambda one: (one.found_at, one.id))
    lines = []
    for one in told[:_NOVEL]:
        where = in_words.boroughs(one.boroughs)
        lines.append(
            bullet(
                f"**{link(one.title, first_web(*one.links)) or 'A role without a title'}**",
                f", {plain(where, 80)}" if where else "",
                f". {plain(one.why, 400)}" if one.why.strip() else ".",
            )
        )
    more = f"{counted(len(told) - _NOVEL, 'more role')} of a new kind turned up."
    return ["## New kinds of work", "\n".join(lines), *([more] if len(told) > _NOVEL else [])]


def library_section(items: Sequence[LibraryItem]) -> list[str]:
    """What can be read or taken over since."""
    if not items:
        return []
    told = sorted(items, key=lambda item: (item.published_at, item.id), reverse=True)
    lines = [
        bullet(
            f"**{link(item.title, item.link)}** ({item.kind})",
            f": {plain(item.summary, 280)}" if one_line(item.summary) else "",
        )
        for item in told[:_ITEMS]
    ]
    more = f"{counted(len(told) - _ITEMS, 'more item')} came into the library."
    return ["## New in the library", "\n".join(lines), *([more] if len(told) > _ITEMS else [])]


def events_section(events: Sequence[LibraryItem], links: Links) -> list[str]:
    """What to come to, each with its entry for a calendar."""
    dated = sorted(
        ((item.happening, item) for item in events if item.happening),
        key=lambda one: (one[0].starts_at, one[1].id),
    )
    if not dated:
        return []
    parts = ["## Coming up"]
    for when, item in dated[:_EVENTS]:
        title = one_line(item.title, 120) or "An event"
        place = f", {plain(when.place, 120)}" if when.place and one_line(when.place) else ", online"
        day = f"{in_words.weekday(when.starts_at)}, {in_words.hours(when.starts_at, when.ends_at)}{place}."
        doors = [
            link(
                "Put it in your calendar", links.calendar(item.id), label=f"Put it in your calendar: {title}"
            ),
            link("Read more about it", item.link, label=f"Read more about it: {title}"),
            link("Join online", when.online, label=f"Join online: {title}"),
        ]
        parts += [
            f"### {line(title)}",
            f"{day} {plain(item.summary, 280)}".strip(),
            "\n".join(bullet(door) for door in doors if door.startswith("[")),
        ]
    if len(dated) > _EVENTS:
        parts.append(f"{counted(len(dated) - _EVENTS, 'more event')} are planned after these.")
    return parts


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
