"""Made-up matches for the examples."""

from datetime import date, timedelta
from typing import Final

from loti_contracts.events import (
    BenchmarkInBrief,
    Candidate,
    FollowUp,
    Match,
    Reason,
    SimilarRole,
)
from services.notify.letters.examples_people import CONSULTANT, READER, RECRUITER
from services.notify.letters.examples_roles import NOW

_BEST = Candidate(
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
)
_SECOND = Candidate(
    supporter_id="supporter-2",
    contact_id=CONSULTANT.id,
    score=0.71,
    reasons=(
        Reason(
            part="track record",
            score=0.9,
            weight=0.3,
            sentence="Filled four data posts in London boroughs in the last two years.",
        ),
        Reason(
            part="availability",
            score=0.8,
            weight=0.2,
            sentence="Is free from 13 April 2026, for eight weeks.",
        ),
    ),
)
PROPOSED: Final = Match(
    id="match-1",
    revision=1,
    request_id="request-1",
    kind="recruiter",
    status="proposed",
    stage="proposed",
    borough="E09000007",
    requester_contact_id=READER.id,
    standard_role="Data engineer",
    note="The post has been advertised twice with four applicants, none of whom had worked with housing data.",
    shortlist=(_BEST, _SECOND),
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
    similar_roles=(
        SimilarRole(
            role_id="role-lambeth",
            title="Senior Data Engineer",
            authorities=("Lambeth",),
            level="senior",
            pay="£54,807 - £60,123",
            closes_on=date(2026, 4, 12),
            link="https://jobs.lambeth.example/senior-data-engineer",
        ),
        SimilarRole(
            role_id="role-brent",
            title="Data Engineer (Children's Services)",
            authorities=("Brent",),
            level="practitioner",
            pay="PO4, £46,500",
            closes_on=date(2026, 4, 9),
            link="https://jobs.brent.example/data-engineer-childrens",
        ),
    ),
    proposed_at=NOW,
)
ACCEPTED: Final = PROPOSED.model_copy(
    update={
        "revision": 2,
        "status": "accepted",
        "stage": "accepted",
        "accepted": _BEST,
        "answered_at": NOW,
    }
)
MET: Final = ACCEPTED.model_copy(
    update={
        "revision": 4,
        "stage": "followed up",
        "introduced_at": NOW,
        "follow_ups": (
            FollowUp(after="two weeks", due_on=date(2026, 4, 13), asked_at=NOW + timedelta(days=14)),
            FollowUp(after="three months", due_on=date(2026, 6, 30)),
            FollowUp(after="six months", due_on=date(2026, 9, 30)),
        ),
    }
)
