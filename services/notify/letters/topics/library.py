"""The library: what boroughs can learn from each other, and events to come to. Pure."""

from datetime import date

from loti_contracts.events import Happening, LibraryItem
from services.notify.letters import in_words
from services.notify.letters.blocks import (
    Block,
    Button,
    Facts,
    Inline,
    Inlines,
    Lines,
    Link,
    Text,
    paragraph,
    text,
)
from services.notify.letters.topics.told import Told, lines, quiet
from services.notify.letters.wording import first_web, host, one_line, paragraphs


def library_news(item: LibraryItem) -> Told:
    """Something worth reading."""
    title = one_line(item.title)
    url = first_web(item.link)
    summary = paragraphs(item.summary)
    whose = in_words.listed([in_words.borough(gss) or gss for gss in item.boroughs], most=4)
    about = in_words.listed([one_line(one, 60) for one in item.standard_roles or item.families], most=4)
    kind = item.kind.capitalize()
    read: list[Block] = [Button("Read it", url), paragraph(f"on {host(url)}", "note")] if url else []
    return Told(
        title=title,
        url=url,
        subject=f"{kind}: {one_line(title, 90)}",
        preview=summary[0] if summary else kind,
        whole=lambda: (
            paragraph(" · ".join(filter(None, (kind, whose, about))), "lead"),
            *map(paragraph, summary),
            *read,
        ),
        entry=lambda: (Lines(lines(quiet(kind, whose, about), text(one_line(" ".join(summary), 320)))),),
        line=quiet(kind, whose),
    )


def event(item: LibraryItem, calendar: str, today: date) -> Told:
    """An event: when, where, how to join, and the address of its file for a calendar."""
    title = one_line(item.title)
    url = first_web(item.link)
    summary = paragraphs(item.summary)
    when, where = _when(item.happening, today), _where(item.happening)
    online = first_web(item.happening.online) if item.happening else None
    rows: list[tuple[str, Inlines]] = []
    if online:
        rows.append(("Join", (Link(f"on {host(online)}", online, f"Join online, on {host(online)}"),)))
    if url:
        rows.append(("More", (Link(f"on {host(url)}", url, f"More about it, on {host(url)}"),)))
    return Told(
        title=title,
        url=url,
        subject=" · ".join(
            filter(None, (one_line(title, 80), _short(item.happening) if item.happening else None))
        ),
        preview=" · ".join(filter(None, (when, where))),
        whole=lambda: (
            paragraph(when, "big"),
            *([paragraph(where, "note")] if where else []),
            *map(paragraph, summary),
            *([Facts(tuple(rows))] if rows else []),
            Button("Add it to your calendar", calendar),
            paragraph("A file (.ics) that calendars open.", "note"),
        ),
        entry=lambda: (
            Lines(
                lines(
                    (Text(when, strong=True),),
                    quiet(where),
                    text(one_line(" ".join(summary), 320)),
                    _ways(title, calendar, online),
                )
            ),
        ),
        line=(*quiet(when, where), Text(" "), Link("Calendar", calendar, f"Calendar file of {title}")),
    )


def _ways(title: str, calendar: str, online: str | None) -> Inlines:
    """The file for a calendar, and where to join."""
    ways: list[Inline] = [Link("Add it to your calendar", calendar, f"Add it to your calendar: {title}")]
    if online:
        ways += [Text(" · "), Link("Join online", online, f"Join online: {title}")]
    return tuple(ways)


def _when(happening: Happening | None, today: date) -> str:
    if happening is None:
        return "No date is given yet"
    left = (happening.starts_at.astimezone(in_words.LONDON).date() - today).days
    soon = {0: " (today)", 1: " (tomorrow)"}.get(left, "")
    return f"{in_words.weekday(happening.starts_at)}{soon}, {in_words.hours(happening.starts_at, happening.ends_at)}"


def _short(happening: Happening) -> str:
    here = happening.starts_at.astimezone(in_words.LONDON)
    return f"{here:%a} {here.day} {here:%b}, {here:%H:%M}"


def _where(happening: Happening | None) -> str:
    if happening is None:
        return ""
    place = one_line(happening.place, 160) if happening.place else ""
    return place or "Online"
