"""Made-up mails of every kind, to look at: real in shape, with nobody in them who exists."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final

from loti_contracts.events import (
    AuthorityNamed,
    BenchmarkInBrief,
    Candidate,
    Contact,
    Match,
    Pay,
    Reason,
    Role,
    StandardRoleNamed,
    Subscription,
)
from services.notify import introductions, subscriptions
from services.notify.identity import Kind, mail_id, notification_id
from services.notify.mails import Item, Mail

_NOW = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)

READER = Contact(
    id="contact-reader",
    revision=1,
    name="Amara Osei",
    email="amara.osei@camden.example",
    organisation="London Borough of Camden",
    borough="E09000007",
    subscriptions=(Subscription(topic="new role", families=("Data", "User-centred design")),),
)
RECRUITER = Contact(
    id="contact-recruiter",
    revision=1,
    name="Tom Whitfield",
    email="tom.whitfield@recruiters.example",
    organisation="LOTI recruiter pool",
)
DATA_ENGINEER = Role(
    id="role-data-engineer",
    revision=1,
    status="open",
    source="camden",
    title="Senior Data Engineer, Housing and Homelessness Insight",
    employer="London Borough of Camden",
    authorities=(AuthorityNamed(gss="E09000007", name="Camden", area="inner"),),
    links=("https://jobs.camden.example/vacancies/senior-data-engineer-4471",),
    location="5 Pancras Square, N1C, and at home",
    standard_role=StandardRoleNamed(name="Data engineer", family="Data"),
    level="senior",
    relevance="yes",
    confidence=0.97,
    why="The title says data engineer.",
    pay=Pay(
        text="£52,413 - £58,006 per annum",
        minimum=5_241_300,
        maximum=5_800_600,
        period="year",
        basis="fte",
        grade="Level 4 Zone 2",
    ),
    closes_on=date(2026, 4, 21),
    contract="Permanent, 36 hours",
    found_at=_NOW,
)
USER_RESEARCHER = Role(
    id="role-user-researcher",
    revision=1,
    status="open",
    source="hackney",
    title="User Researcher (adult social care)",
    employer="London Borough of Hackney",
    authorities=(AuthorityNamed(gss="E09000012", name="Hackney", area="inner"),),
    links=("https://recruitment.hackney.example/jobs/user-researcher",),
    standard_role=StandardRoleNamed(name="User researcher", family="User-centred design"),
    level="practitioner",
    relevance="yes",
    confidence=0.95,
    why="The title says user researcher.",
    pay=Pay(text="PO3: £45,000 a year", minimum=4_500_000, maximum=4_500_000, period="year", grade="PO3"),
    closes_on=date(2026, 4, 14),
    found_at=_NOW,
)
SYSTEMS_OFFICER = Role(
    id="role-systems-officer",
    revision=1,
    status="open",
    source="merton",
    title="Systems and Performance Officer",
    employer="Merton and Sutton shared service",
    authorities=(
        AuthorityNamed(gss="E09000024", name="Merton", area="outer"),
        AuthorityNamed(gss="E09000029", name="Sutton", area="outer"),
    ),
    links=("https://www.merton.example/jobs/systems-performance-officer",),
    relevance="borderline",
    confidence=0.5,
    why="Systems and performance work, part of it digital.",
    pay=Pay(text="£18.50 an hour", minimum=1_850, maximum=1_850, period="hour", basis="actual"),
    contract="Fixed term, six months",
    found_at=_NOW,
)
MATCH = Match(
    id="match-1",
    revision=2,
    request_id="request-1",
    kind="recruiter",
    status="accepted",
    borough="E09000007",
    requester_contact_id=READER.id,
    standard_role="Data engineer",
    note="The post has been advertised twice with four applicants, none of whom had worked with housing data.",
    shortlist=(),
    accepted=Candidate(
        supporter_id="supporter-1",
        contact_id=RECRUITER.id,
        score=0.86,
        reasons=(
            Reason(
                part="role fit",
                score=1,
                weight=0.4,
                sentence="Knows the Data engineer role: it is one of the roles they know best.",
            ),
            Reason(
                part="skill overlap",
                score=0.75,
                weight=0.3,
                sentence="Covers three of the four skills asked for: data modelling, pipelines and SQL.",
            ),
            Reason(
                part="availability",
                score=1,
                weight=0.2,
                sentence="Is free now, and the post is to be filled by 1 June 2026.",
            ),
        ),
    ),
    benchmark=BenchmarkInBrief(
        standard_role="Data engineer",
        level="senior",
        area="inner",
        p25=5_220_000,
        p50=5_540_000,
        p75=6_010_000,
        adverts=14,
        boroughs=9,
    ),
    proposed_at=_NOW,
    answered_at=_NOW,
)


def _alert(*roles: Role) -> Mail:
    why = subscriptions.why(READER.subscriptions[0])
    return _mail("new role", [(role, READER, why) for role in roles])


def _introduction() -> Mail:
    people = (READER, RECRUITER)
    return _mail(
        "introduction",
        [
            (MATCH, person, one.why)
            for person, one in zip(people, introductions.introduced(MATCH), strict=True)
        ],
    )


def _mail(kind: Kind, told: list[tuple[Role, Contact, str]] | list[tuple[Match, Contact, str]]) -> Mail:
    items = tuple(
        Item(
            id=notification_id(kind, about.id, contact.id),
            contact_id=contact.id,
            contact=contact,
            about=about,
            why=why,
            caused_by="example",
            correlation_id="example",
        )
        for about, contact, why in told
    )
    return Mail(id=mail_id(item.id for item in items), kind=kind, attempts=1, doubts=0, items=items)


EXAMPLES: Final[Mapping[str, Mail]] = MappingProxyType(
    {
        "new-role": _alert(DATA_ENGINEER),
        "new-roles": _alert(DATA_ENGINEER, USER_RESEARCHER, SYSTEMS_OFFICER),
        "introduction": _introduction(),
    }
)
"""One mail of each kind, by the name that the command takes."""
