"""Reading an advert: from what the board prints to a role, or to nothing where the job is not digital."""

import hashlib
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from loti_contracts.events import AuthorityNamed, Pay, Role, StandardRoleNamed
from loti_contracts.vocabulary import authorities
from services.ingest.boards import Posting
from services.ingest.boards.snapshot import Snapshot
from services.ingest.dates import LONDON, Closing, read_closing, read_date
from services.ingest.employers import read_authorities
from services.ingest.identity import Seen
from services.ingest.pay import PayReading, read_pay, read_structured_pay
from services.ingest.places import authorities_at
from services.ingest.sources import Source
from services.ingest.terms import read_terms
from services.ingest.titles import classify

_NAMESPACE = uuid.UUID("6f0c3c55-9b0e-5a7f-8a63-2f9c6f2b7f01")

_ADVERT_STANDS = timedelta(days=180)
"""How long an advert may stand with a closing date that names no year."""


class Readings(dict[bytes, tuple[Role | None, str | None]]):
    """By all that was printed of an advert, in short: the role that it was read as, and its wording where that depends on
    the day."""


def role_id(source_id: str, posting_key: str) -> str:
    """The same for ever for one posting on one board."""
    return str(uuid.uuid5(_NAMESPACE, f"{source_id}\n{posting_key}"))


def read_snapshot(
    snapshot: Snapshot, source: Source, *, now: datetime, before: Readings | None = None
) -> tuple[Seen, dict[str, str]]:
    """What the board says, and the posting key of each role id.

    `before` are the readings of its last snapshot: what is printed as it was then is not read again on the same day.
    Afterwards it holds those of this one.
    """
    roles: dict[str, Role] = {}
    others: set[str] = set()
    keys: dict[str, str] = {}
    wordings: dict[str, str] = {}
    known, read = before or Readings(), Readings()
    for posting in snapshot.postings:
        id_ = role_id(source.id, posting.key)
        keys[id_] = posting.key
        printed = _printed(posting, now)
        role, wording = read[printed] = known.get(printed) or _reading(posting, source, now)
        if role is None:
            others.add(id_)
        else:
            roles[id_] = role.model_copy(update={"found_at": now})
            if wording is not None:
                wordings[id_] = wording
    if before is not None:
        before.clear()
        before.update(read)
    whole = snapshot.why_incomplete is None
    return Seen(roles=roles, others=frozenset(others), whole=whole, wordings=wordings), keys


def _reading(posting: Posting, source: Source, now: datetime) -> tuple[Role | None, str | None]:
    role = read_role(posting, source, now=now)
    return role, _wording(posting) if role is not None and _depends_on_the_day(posting, now) else None


def _printed(posting: Posting, now: datetime) -> bytes:
    """All that a reading on one board depends on. Dates are read against London's day, now or when an old advert may have
    been written."""
    days = [moment.astimezone(LONDON).date() for moment in (now, now - _ADVERT_STANDS)]
    return hashlib.blake2b(repr((posting, days)).encode(errors="surrogatepass"), digest_size=16).digest()


def read_role(posting: Posting, source: Source, *, now: datetime) -> Role | None:
    """The role that a posting advertises, as a first revision; None where it is not a digital one."""
    reading = classify(
        posting.title,
        description=posting.description,
        department=posting.department,
        employer=posting.employer,
    )
    if reading.digital == "no":
        return None
    posted = read_date(posting.posted, now=now) if posting.posted else None
    closing = _closing(posting, posted, now)
    terms = read_terms("\n".join(filter(None, (posting.title, posting.employment_type, posting.description))))
    return Role(
        id=role_id(source.id, posting.key),
        revision=1,
        status="open",
        source=source.id,
        title=posting.title,
        employer=posting.employer,
        authorities=_authorities(posting, source),
        links=(posting.url,),
        location=posting.location,
        standard_role=StandardRoleNamed(
            name=reading.role, family=reading.family or "", soc2020=reading.soc2020
        )
        if reading.role
        else None,
        level=reading.level,
        relevance=reading.digital,
        confidence=reading.confidence,
        why=reading.why,
        pay=_pay(posting),
        posted_on=posted,
        closes_on=closing.day if closing else None,
        contract=terms.contract,
        description=posting.description,
        found_at=now,
    )


def _closing(posting: Posting, posted: date | None, now: datetime) -> Closing | None:
    return read_closing(posting.closes, now=_when_written(posted, now)) if posting.closes else None


def _depends_on_the_day(posting: Posting, now: datetime) -> bool:
    """Whether the closing date names no year, and nothing else in the advert settles it."""
    if not posting.closes:
        return False
    later = now + timedelta(days=366)
    days = [
        _closing(posting, read_date(posting.posted, now=at) if posting.posted else None, at)
        for at in (now, later)
    ]
    return days[0] != days[1]


def _wording(posting: Posting) -> str:
    """The advert as printed, in short: the same as long as it says the same."""
    printed = (posting.title, posting.closes, posting.posted, posting.pay_text, posting.description)
    return hashlib.sha256(repr(printed).encode()).hexdigest()


def _when_written(posted: date | None, now: datetime) -> datetime:
    """What a closing date without a year is to be read against: the day the advert was posted, so that it means
    the same for as long as the advert stands there. A posting date long gone says nothing about it."""
    if posted is None:
        return now
    return max(now - _ADVERT_STANDS, datetime.combine(posted, time(12), tzinfo=LONDON))


def _authorities(posting: Posting, source: Source) -> tuple[AuthorityNamed, ...]:
    """Whose job it is: the authorities that the employer's name means; else those whose board it is, and of
    several only those where the job is. None is better than a guess: an advert counts for every one named."""
    known = authorities()
    own = [known[code] for code in source.authorities]
    named = read_authorities(posting.employer) or (
        own if len(own) == 1 else authorities_at(posting.location, among=source.authorities)
    )
    return tuple(AuthorityNamed(gss=one.gss, name=one.name, area=one.area) for one in named)


def _pay(posting: Posting) -> Pay | None:
    if posting.pay_structured is not None:
        return _as_pay(read_structured_pay(posting.pay_structured, text=posting.pay_text))
    return _as_pay(read_pay(posting.pay_text)) if posting.pay_text else None


def _as_pay(reading: PayReading) -> Pay:
    """Pounds to pence; an implausible reading is said with its text alone, never as an amount, and so is one whose
    period is not known: money says its period."""
    named = reading.minimum is not None or reading.maximum is not None
    why_not = reading.why_not
    if not reading.plausible:
        why_not = "the amount is implausible for its period"
    elif named and reading.period is None:
        why_not = "an amount is named, but not by what period"
    told = reading.plausible and reading.period is not None
    return Pay(
        text=reading.text[:2_000],
        minimum=_pence(reading.minimum) if told else None,
        maximum=_pence(reading.maximum) if told else None,
        period=reading.period if told else None,
        basis=reading.basis,
        scp_minimum=reading.scp_minimum,
        scp_maximum=reading.scp_maximum,
        grade=reading.grade,
        why_not=why_not,
    )


def _pence(pounds: Decimal | None) -> int | None:
    return None if pounds is None else int((pounds * 100).to_integral_value())
