"""When an edition goes, and what sending a file twice means. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from services.notify.newsletter.edition_file import EditionFile

LONDON: Final = ZoneInfo("Europe/London")
_SHAPE: Final = "Write it as 2026-12-01T09:00, London's time"

Status = Literal["draft", "scheduled", "sending", "sent", "cancelled"]


class TimeRefused(ValueError):
    """The text is no time at which a newsletter can go: it says why, and what to write."""


class EditionRefused(ValueError):
    """The edition cannot be changed any more: it says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Known:
    """An edition as it is kept."""

    file: EditionFile
    status: Status
    send_at: datetime | None
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """Whether something is to be saved, and what the person is told."""

    save: bool
    said: str


def time_at(text: str, now: datetime) -> datetime:
    """The moment that a person wrote in London's time. Raises TimeRefused."""
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise TimeRefused(f"{text[:40]!r} is no time. {_SHAPE}.") from error
    if "T" not in text.strip().upper().replace(" ", "T"):
        raise TimeRefused(f"{text[:40]!r} names a day and no hour. {_SHAPE}.")
    if said.tzinfo is None:
        local = said.replace(tzinfo=LONDON)
        if local.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != said:
            raise TimeRefused(
                f"{text[:40]} does not exist in London: clocks go forward then. Take an hour later."
            )
        said = local
    if said <= now:
        raise TimeRefused(
            f"{text[:40]} has passed: in London it is {in_london(now)}. Leave --at out to send at once."
        )
    if said > now + timedelta(days=366):
        raise TimeRefused(f"{text[:40]} is more than a year away. {_SHAPE}.")
    return said.astimezone(UTC)


def in_london(moment: datetime) -> str:
    """1 December 2026, 09:00"""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"


def decided(known: Known | None, file: EditionFile, send_at: datetime | None, now: datetime) -> Decided:
    """What `send` does with a file, `send_at` None for at once: the same file twice is one edition.

    Raises EditionRefused where readers already get another text.
    """
    when = "now" if send_at is None else f"on {in_london(send_at)}, London's time"
    if known is None:
        return Decided(True, f"goes {when}")
    same = _text(known.file) == _text(file)
    match known.status:
        case "sending" | "sent" if same:
            done = "is being sent" if known.status == "sending" else "was sent"
            return Decided(False, f"{done} already; nobody gets it twice")
        case "sending" | "sent":
            raise EditionRefused(
                f"An edition {known.file.id} went to readers already, with another text. What is sent stays; for one "
                f"more, say `id: {known.file.id}-2` at the top of the file."
            )
        case "cancelled" if known.begun:
            raise EditionRefused(
                f"Edition {known.file.id} was cancelled while it was being sent, so some readers have it. For one "
                f"more, say `id: {known.file.id}-2` at the top of the file."
            )
        case "scheduled" if same and known.send_at == (send_at or known.send_at) and send_at is not None:
            return Decided(False, f"goes {when}, as it was")
        case "scheduled":
            was = f"; it was to go on {in_london(known.send_at)}" if known.send_at else ""
            if send_at is None and known.send_at is not None and known.send_at <= now and same:
                return Decided(False, "goes now, as it was")
            return Decided(True, f"goes {when}{'' if same else ', with the new text'}{was}")
        case _:
            return Decided(True, f"goes {when}")


def _text(file: EditionFile) -> tuple[object, ...]:
    return file.title, file.summary, file.since, file.until, file.markdown.strip()
