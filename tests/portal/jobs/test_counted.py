"""What the map and the first page count is what the roles say, whatever was said before."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.events import AuthorityNamed, Role
from services.portal.heard.store import newest
from services.portal.jobs import store
from services.portal.jobs.asked import Asked
from services.portal.web.home.store import figures
from tests.portal.jobs.making import CAMDEN, FOUND, HACKNEY, SUTTON, changed, closed, discovered, named, role
from tests.portal.portal import Portal

ELSEWHERE = AuthorityNamed(gss="E08000003", name="Manchester", area="outer")
PLACES = st.sampled_from(
    (
        (),
        (named(HACKNEY),),
        (named(SUTTON),),
        (named(CAMDEN), named(SUTTON)),
        (named(SUTTON), named(CAMDEN)),
        (ELSEWHERE, named(HACKNEY)),
    )
)
SAID = st.tuples(st.sampled_from("abcd"), st.integers(1, 4), PLACES, st.booleans())
"""Of which role, its revision, where it is, and whether it is open."""


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID, min_size=1, max_size=24))
async def test_counts_are_of_the_roles_as_they_are(
    said: Sequence[tuple[str, int, tuple[AuthorityNamed, ...], bool]], portal: Portal
) -> None:
    """Roles move, close and open again, in any order and twice: each authority has as many as say so, by status and in
    all, and no role that moved away is counted where it was."""
    await portal.pool.execute("TRUNCATE role, role_history")
    for id_, revision, authorities, is_open in said:
        one = role(id_).model_copy(update={"revision": revision - 1, "authorities": authorities})
        event = changed(one) if is_open else closed(one, at=FOUND)
        await portal.hears(event, event, discovered(role(id_)))
    async with portal.pool.acquire() as tx:
        kept = [it for id_ in {one[0] for one in said} if (it := await newest(tx, Role, id_))]
        for status in ("open", "closed", "all"):
            these = [it for it in kept if status in (it.status, "all")]
            counted = await store.count_by_borough(tx, Asked(status=status), today=date(2026, 11, 22))
            wanted = Counter(one.gss for it in these for one in it.authorities)
            wanted[""] = sum(not it.authorities for it in these)
            assert counted == +wanted
        shown = await figures(tx)
    still_open = [it for it in kept if it.status == "open"]
    in_london = {one.gss for it in still_open for one in it.authorities} - {ELSEWHERE.gss}
    assert (shown["roles"], shown["boroughs"]) == (len(still_open), len(in_london))
