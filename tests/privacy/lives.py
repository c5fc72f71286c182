"""People with everything that the system can know of a person, each with words that nobody else uses.

`town` is tests/privacy/town.py's, or a whole running system (prove_erasure.py) with the same methods.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from loti_contracts.events import (
    Answer,
    AnswerStated,
    Consent,
    Contact,
    ContactStated,
    Content,
    Contribution,
    ContributionStated,
    Department,
    Event,
    Evidence,
    Match,
    MatchAnswered,
    Outcome,
    OutcomeStated,
    QuietHours,
    Rating,
    Request,
    RequestStated,
    Review,
    ReviewStated,
    Subscription,
    Supporter,
    SupporterStated,
)
from loti_contracts.events.topics import CONTACTS, CONTRIBUTIONS, MATCHES, REQUESTS
from services.matching.cases import match_id
from tests.privacy import traces
from tests.privacy.person import Person

NOW = datetime.now(UTC).replace(microsecond=0)
HACKNEY = "E09000012"


async def live(town: Any, who: Person, other: Person) -> None:
    """Everything happens to a person: it asks, helps, is introduced, offers to the library, reviews, is mailed, signs in,
    and messages about it are set aside. `other` helps it, asks it and reviews what it offers."""
    await town.say(_contact(who))
    await town.say(_supporter(who), _request(other, who.at("for"), who.role))
    await town.say(*(_request(who, what, other.role) for what in ("asked", "declined")))
    for asked, chosen in ((who.at("asked"), other.at("helps")), (other.at(who.at("for")), who.at("helps"))):
        await _answer(town, match_id(asked), "accepted", chosen)
    await _answer(town, match_id(who.at("declined")), "declined", None)
    await town.say(_outcome(match_id(who.at("asked")), who.word("thanks")))
    await town.say(*_offers(who), _reviewed_by(other, who.at("shelved"), None))
    await town.say(_offer(other, who.at("theirs"), other.word("body")))
    await town.say(_reviewed_by(who, other.at(who.at("theirs")), who.word("advice")))
    await traces.mail_and_sign_in(town, who)
    letters = await _letters(town, who, other)
    for service in town.pools:
        await traces.set_aside(town, service, letters)
    await town.settle()


async def helps(town: Any, who: Person) -> None:
    """A person who offers help, and nothing else."""
    await town.say(_contact(who), _supporter(who))


def _contact(who: Person) -> Event:
    return ContactStated(
        contact=Contact(
            id=who.id,
            revision=1,
            name=who.name,
            email=who.email,
            organisation="London Borough of Hackney",
            borough=HACKNEY,
            roles=("hiring manager", "supporter"),
            subscriptions=(Subscription(topic="new role"), Subscription(topic="newsletter")),
            quiet_hours=QuietHours(start="20:00", end="07:00"),
            consent=Consent(given_at=NOW, how="signed in on the portal"),
        )
    )


def _supporter(who: Person) -> Event:
    return SupporterStated(
        supporter=Supporter(
            id=who.at("helps"),
            revision=1,
            kind="recruiter",
            contact_id=who.id,
            roles=(who.role,),
            families=("Data",),
            skills=("Python",),
            capacity=20,
            departments=(Department(name=who.word("faculty")),),
            ratings=(Rating(by=who.word("raters"), score=0.5),),
            evidence=(Evidence(what=who.word("cases"), good=3, of=4),),
            stated_at=NOW,
        )
    )


def _request(who: Person, what: str, role: str) -> Event:
    return RequestStated(
        request=Request(
            id=who.at(what),
            revision=1,
            kind="recruiter",
            borough=HACKNEY,
            contact_id=who.id,
            standard_role=role,
            skills=("Python",),
            not_supporters=(who.at("helps"),),
            note=who.word("wish"),
            stated_at=NOW,
        )
    )


async def _answer(town: Any, match: str, answer: Any, supporter: str | None) -> None:
    said = Answer(id=match, revision=1, answer=answer, supporter_id=supporter, stated_at=datetime.now(UTC))
    await town.say(AnswerStated(answer=said))


def _outcome(match: str, note: str) -> Event:
    return OutcomeStated(outcome=Outcome(id=match, revision=1, result="hired", note=note, stated_at=NOW))


def _offer(who: Person, what: str, body: str, note: str | None = None) -> Event:
    return ContributionStated(
        contribution=Contribution(
            id=who.at(what),
            revision=1,
            item_id=f"item-{who.at(what)}",
            kind="case study",
            content=Content(title="How we hire", summary="What worked.", body=body, boroughs=(HACKNEY,)),
            contact_id=who.id,
            note=note,
            stated_at=NOW,
        )
    )


def _offers(who: Person) -> list[Event]:
    """One that is going to be published, with nothing personal in it but the note; one that waits."""
    return [
        _offer(who, "shelved", "What anybody may read.", who.word("cover")),
        _offer(who, "waits", f"{who.word('body')}. Ask {who.name}, {who.email}.", who.word("draft")),
    ]


def _reviewed_by(who: Person, draft: str, why: str | None) -> Event:
    verdict: Any = "publish" if why is None else "return"
    return ReviewStated(
        review=Review(
            id=str(uuid.uuid5(uuid.NAMESPACE_URL, draft)),
            revision=1,
            draft_id=draft,
            verdict=verdict,
            why=why,
            contact_id=who.id,
            stated_at=NOW,
        )
    )


async def _letters(town: Any, who: Person, other: Person) -> list[traces.Letter]:
    """Messages about the person that could not be handled; the reasons quote it."""
    text = await town.pools["matching"].fetchval(
        "SELECT state FROM matches WHERE request_id = $1", who.at("asked")
    )
    match: Any = MatchAnswered(match=Match.model_validate_json(text))
    request: Any = _request(who, "asked", other.role)
    offer: Any = _offer(who, "waits", who.word("body"), who.word("parked"))
    known: Any = _contact(who)
    return [
        (
            REQUESTS.name,
            who.at("asked"),
            request.model_dump_json(),
            f"the note {who.word('wish')!r} is too long",
        ),
        (CONTRIBUTIONS.name, who.at("waits"), offer.model_dump_json(), "no"),
        (MATCHES.name, match.match.id, match.model_dump_json(), "no"),
        (CONTACTS.name, who.id, known.model_dump_json(), f"{who.email} is taken"),
    ]
