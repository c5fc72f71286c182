"""What goes to the borough with a shortlist of recruiters: what the role is offered, and live roles like it."""

from collections.abc import Sequence

from loti_contracts.events import Benchmark, Request, Role, SimilarRole
from loti_contracts.vocabulary import LEVELS
from services.matching.benchmarks import best_of
from services.matching.cases import SupportPack

MOST_ROLES = 5


def support_pack(request: Request, benchmarks: Sequence[Benchmark], live: Sequence[Role]) -> SupportPack:
    """The pack of a request, from the benchmarks of its standard role and the live roles of it.

    Only a request for a recruiter gets live roles. There is no exemplar job description in it: no service offers
    any yet.
    """
    similar = similar_roles(request, live) if request.kind == "recruiter" else ()
    return SupportPack(benchmark=best_of(request, benchmarks), similar_roles=similar)


def similar_roles(request: Request, live: Sequence[Role]) -> tuple[SimilarRole, ...]:
    """Live roles of the same standard role, of the nearest level first, then the newest; at most five."""
    wanted = LEVELS.index(request.level) if request.level in LEVELS else None

    def place(role: Role) -> tuple[int, float, str]:
        apart = 0
        if wanted is not None:
            apart = len(LEVELS) if role.level is None else abs(LEVELS.index(role.level) - wanted)
        return apart, -role.found_at.timestamp(), role.id

    same = [role for role in live if role.standard_role and role.standard_role.name == request.standard_role]
    return tuple(_in_brief(role) for role in sorted(same, key=place)[:MOST_ROLES])


def _in_brief(role: Role) -> SimilarRole:
    return SimilarRole(
        role_id=role.id,
        title=role.title,
        authorities=tuple(authority.name for authority in role.authorities),
        level=role.level,
        pay=role.pay.text if role.pay else None,
        closes_on=role.closes_on,
        link=role.links[0] if role.links else None,
    )
