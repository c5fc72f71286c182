"""A small world in which everything is as it must be, with the ledger that it came from: to be spoilt, one thing at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from loti_contracts.events import (
    Answer,
    AnswerStated,
    AuthorityNamed,
    BenchmarkUpdated,
    Candidate,
    Contact,
    ContactErased,
    ContactStated,
    Event,
    Match,
    MatchAnswered,
    MatchProposed,
    Notification,
    NotificationSent,
    Pay,
    Request,
    RequestStated,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    StandardRoleNamed,
    Subscriptions,
    SubscriptionsChanged,
    Supporter,
    SupporterStated,
    envelop,
)
from services.matching.cases import match_id
from services.notify.identity import about_of, mail_id, notification_id
from services.salaries.benchmark import benchmark
from services.salaries.cells import cells_of
from services.salaries.observations import observe
from tests.chaos.checking.world import Heard, World
from tests.chaos.good_tables import LEFT, READER, REQUEST, public_events, tables
from tests.chaos.ledger import Ledger, Posting, Turn

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HACKNEY = AuthorityNamed(gss="E09000012", name="Hackney", area="inner")
SUPPORTER, HELPER = "supporter-1", "contact-2"


def good() -> tuple[World, Ledger]:
    """Two adverts that were found, one of which was changed and one taken down; a request that was matched and accepted;
    a reader who was told; somebody who was erased."""
    ledger = Ledger(seed=1)
    said = [*_roles(ledger), *_people(ledger)]
    roles = [event.role for event in said if isinstance(event, (RoleDiscovered, RoleChanged, RoleClosed))]
    said += _benchmarks({role.id: role for role in roles})
    told = [("new role", "role-1", READER)]
    told += [
        ("introduction", about_of(match_id(REQUEST), HELPER), READER),
        ("introduction", match_id(REQUEST), HELPER),
    ]
    said += [_told(*one) for one in told]
    log = [
        Heard(
            event.topic,
            _place(event),
            offset,
            envelop(event, source="/test", time=NOON, id=f"event-{offset}"),
        )
        for offset, event in enumerate(said)
    ]
    world = World(log=log)
    ledger.endpoint = "flow"
    ledger.pushed = {row["id"]: 1 for row in public_events(world)}
    return World(log=log, tables=tables(world, roles, told), mails=[_caught(*one) for one in told]), ledger


def _place(event: Event) -> int:
    return sum(event.subject.encode()) % 6


def _roles(ledger: Ledger) -> Sequence[Event]:
    def posting(number: int, *turns: Turn) -> None:
        id_ = f"flow-{number:06}"
        ledger.postings[id_] = Posting(
            "hackney", id_, "Data Engineer", "Hackney", "", number < 3, list(turns)
        )

    def role(number: int, revision: int, pay: int, **more: Any) -> Role:
        return Role(id=f"role-{number}", revision=revision, source="hackney", title="Data Engineer", authorities=(HACKNEY,),
                    links=(f"http://boards/hackney/jobs/flow-{number:06}",), relevance="yes", confidence=1, why="its title",
                    standard_role=StandardRoleNamed(name="Data engineer", family="Data"), level="senior", found_at=NOON,
                    pay=Pay(text=f"£{pay}", minimum=pay * 100, maximum=pay * 100, period="year"),
                    **{"status": "open", **more})  # fmt: skip

    posting(1, Turn(NOON, "put up", "£50000"), Turn(NOON, "changed", "£60000"))
    posting(2, Turn(NOON, "put up", "£55000"), Turn(NOON, "taken down", "£55000"))
    posting(3, Turn(NOON, "put up", "£30000"))
    shut = {"status": "closed", "closed_because": "gone", "closed_at": NOON}
    return [RoleDiscovered(role=role(1, 1, 50000)), RoleDiscovered(role=role(2, 1, 55000)),
            RoleChanged(role=role(1, 2, 60000)), RoleClosed(role=role(2, 2, 55000, **shut))]  # fmt: skip


def _people(ledger: Ledger) -> Sequence[Event]:
    def contact(id_: str) -> Event:
        said = Contact(id=id_, revision=1, name=id_, email=f"{id_}@example.org", organisation="A borough")
        return ContactStated(contact=said)

    candidate = Candidate(supporter_id=SUPPORTER, contact_id=HELPER, score=1, reasons=())
    common: dict[str, Any] = {"id": match_id(REQUEST), "request_id": REQUEST, "kind": "mentor", "borough": HACKNEY.gss,
                              "requester_contact_id": READER, "shortlist": (candidate,), "proposed_at": NOON}  # fmt: skip
    supporter = Supporter(id=SUPPORTER, revision=1, kind="mentor", contact_id=HELPER, capacity=1)
    request = Request(
        id=REQUEST, revision=1, kind="mentor", borough=HACKNEY.gss, contact_id=READER, stated_at=NOON
    )
    answer = Answer(
        id=match_id(REQUEST), revision=1, answer="accepted", supporter_id=SUPPORTER, stated_at=NOON
    )
    ledger.said = [contact(READER), contact(HELPER), contact(LEFT), SupporterStated(supporter=supporter),
                   RequestStated(request=request), AnswerStated(answer=answer), ContactErased(contact_id=LEFT)]  # fmt: skip
    ledger.erased = [LEFT]
    proposed = Match(**common, revision=1, status="proposed", stage="proposed")
    accepted = Match(
        **common, revision=2, status="accepted", stage="accepted", accepted=candidate, answered_at=NOON
    )
    chosen = Subscriptions.model_validate({"id": READER, "revision": 1, "status": "confirmed", "chosen_at": NOON,
                                           "subscriptions": [{"topic": "new role"}]})  # fmt: skip
    return [
        *ledger.said,
        MatchProposed(match=proposed),
        MatchAnswered(match=accepted),
        SubscriptionsChanged(subscriptions=chosen),
    ]


def _benchmarks(roles: dict[str, Role]) -> Sequence[Event]:
    offers = [observe(role) for role in roles.values()]
    cells = sorted({cell for one in offers for cell in cells_of(one)})
    return [BenchmarkUpdated(benchmark=benchmark(cell, offers, family="Data", revision=1)) for cell in cells]


def _told(kind: Any, about: str, contact_id: str) -> Event:
    id_ = notification_id(kind, about, contact_id)
    return NotificationSent(
        notification=Notification(id=str(id_), revision=1, kind=kind, contact_id=contact_id, about=about, caused_by="event-0",
                                  mail_id=str(mail_id([id_])), why="asked", attempts=1, sent_at=NOON)
    )  # fmt: skip


def _caught(kind: Any, about: str, contact_id: str) -> dict[str, Any]:
    mail = mail_id([notification_id(kind, about, contact_id)])
    return {"message_id": f"<{mail}@loti.example>", "to": [f"{contact_id}@example.org"], "deliveries": 1}
