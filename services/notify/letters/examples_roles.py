"""Made-up roles, pay signals and demand for the examples."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from loti_contracts.events import (
    AuthorityNamed,
    BoroughInDemand,
    Near,
    NovelRole,
    Pay,
    PaySignal,
    RequestInDemand,
    Role,
    RoleInDemand,
    SharedDemand,
    StandardRoleNamed,
)

NOW: Final = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
CAMDEN: Final = AuthorityNamed(gss="E09000007", name="Camden", area="inner")
HACKNEY: Final = AuthorityNamed(gss="E09000012", name="Hackney", area="inner")
MERTON: Final = AuthorityNamed(gss="E09000024", name="Merton", area="outer")
SUTTON: Final = AuthorityNamed(gss="E09000029", name="Sutton", area="outer")

DATA_ENGINEER: Final = Role(
    id="role-data-engineer",
    revision=1,
    status="open",
    source="camden",
    title="Senior Data Engineer, Housing and Homelessness Insight",
    employer="London Borough of Camden",
    authorities=(CAMDEN,),
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
    found_at=NOW,
)
USER_RESEARCHER: Final = Role(
    id="role-user-researcher",
    revision=1,
    status="open",
    source="hackney",
    title="User Researcher (adult social care)",
    employer="London Borough of Hackney",
    authorities=(HACKNEY,),
    links=("https://recruitment.hackney.example/jobs/user-researcher",),
    standard_role=StandardRoleNamed(name="User researcher", family="User-centred design"),
    level="practitioner",
    relevance="yes",
    confidence=0.95,
    why="The title says user researcher.",
    pay=Pay(text="PO3: £45,000 a year", minimum=4_500_000, maximum=4_500_000, period="year", grade="PO3"),
    closes_on=date(2026, 4, 2),
    found_at=NOW,
)
SYSTEMS_OFFICER: Final = Role(
    id="role-systems-officer",
    revision=1,
    status="open",
    source="merton",
    title="Systems and Performance Officer",
    employer="Merton and Sutton shared service",
    authorities=(MERTON, SUTTON),
    links=("https://www.merton.example/jobs/systems-performance-officer",),
    relevance="borderline",
    confidence=0.5,
    why="Systems and performance work, part of it digital.",
    pay=Pay(text="£18.50 an hour", minimum=1_850, maximum=1_850, period="hour", basis="actual"),
    contract="Fixed term, six months",
    readvertises="role-systems-officer-before",
    found_at=NOW,
)
MOVED: Final = PaySignal(
    id="signal-moved",
    revision=1,
    kind="benchmark moved",
    sentence="The middle of what is offered for senior Data engineer in inner London went up by 5.3%, from £52,600 to "
    "£55,400 a year, by 14 offers.",
    benchmark_id="data-engineer.senior.inner.year",
    standard_role="Data engineer",
    level="senior",
    area="inner",
    period="year",
    before=5_260_000,
    after=5_540_000,
    adverts=14,
)
BELOW: Final = PaySignal(
    id="signal-below",
    revision=1,
    kind="below market",
    sentence="Camden offers £52,413 to £58,006 a year for Senior Data Engineer, Housing and Homelessness Insight; the "
    "middle of its range, £55,209.50, is below the P25 (£57,300) of 13 other offers for senior Data engineer in inner "
    "London.",
    benchmark_id="data-engineer.senior.inner.year",
    standard_role="Data engineer",
    level="senior",
    area="inner",
    period="year",
    role_id=DATA_ENGINEER.id,
    before=5_730_000,
    after=5_520_950,
    adverts=13,
)
DEMAND: Final = SharedDemand(
    id="Enterprise architect",
    revision=3,
    status="current",
    standard_role="Enterprise architect",
    family="Architecture",
    borough_count=4,
    least=3,
    window_days=90,
    boroughs=(
        BoroughInDemand(gss="E09000007", name="Camden", adverts=1, readvertised=0, requests=0),
        BoroughInDemand(gss="E09000012", name="Hackney", adverts=2, readvertised=1, requests=0),
        BoroughInDemand(gss="E09000024", name="Merton", adverts=0, readvertised=0, requests=1),
        BoroughInDemand(gss="E09000029", name="Sutton", adverts=1, readvertised=0, requests=1),
    ),
    roles=(
        RoleInDemand(
            id="camden-4711",
            title="Enterprise Architect",
            links=("https://jobs.camden.example/vacancies/4711",),
            boroughs=("E09000007",),
            level="lead",
            status="open",
        ),
        RoleInDemand(
            id="hackney-88",
            title="Lead Enterprise Architect",
            links=("https://recruitment.hackney.example/jobs/88",),
            boroughs=("E09000012",),
            level="lead",
            status="open",
            readvertises="hackney-61",
        ),
        RoleInDemand(
            id="sutton-12",
            title="Principal Architect, Enterprise and Integration",
            links=("https://jobs.sutton.example/12",),
            boroughs=("E09000029",),
            level="principal",
            status="closed",
        ),
    ),
    requests=(
        RequestInDemand(id="request-merton", borough="E09000024"),
        RequestInDemand(id="request-sutton", borough="E09000029"),
    ),
    sentence="Camden, Hackney, Merton and Sutton look for an enterprise architect within 90 days: 4 adverts, one of "
    "them advertised again, and 2 requests for help.",
    step="pay review",
    step_why="Hackney had to advertise again, and the offers range from £61,000 to £78,400 a year: compare pay before "
    "the next advert.",
    since=NOW - timedelta(days=12),
)
NOVEL: Final = NovelRole(
    id="brent-2",
    revision=1,
    status="novel",
    title="Data Journalist (12 months fixed term)",
    boroughs=(AuthorityNamed(gss="E09000005", name="Brent", area="outer"),),
    links=("https://jobs.brent.example/2",),
    kind="journalist",
    new_words=("journalist",),
    nearest_standard_roles=(
        Near(title="Data analyst", role_id=None, nearness=0.47),
        Near(title="Content designer", role_id=None, nearness=0.41),
    ),
    why="No standard role and no role found before has a 'journalist' in its title.",
    found_at=NOW,
)
