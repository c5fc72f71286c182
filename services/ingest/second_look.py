"""The second look: before a role that is missing from the list is closed, its own page is asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from services.ingest.fetch import Fetched, Fetcher, FetchFailed
from services.ingest.guard import Witness, page_says
from services.ingest.identity import Known

MOST_LOOKS: Final = 60
"""Pages asked for in one poll; the others count as not reached and are asked for the next time."""

_FIRST: Final[tuple[Witness, ...]] = ("shown", "unreached", "silent", "gone")
"""Of a role's present link and the one before, what is said by either and comes first here holds."""


async def look_at(
    fetcher: Fetcher, ids: Sequence[str], known: Mapping[str, Known], *, lists: Iterable[str]
) -> dict[str, Witness]:
    """What the own pages of these roles say, by role id. A role without a page of its own (its link is one of the
    board's `lists`, or other roles' too) has no witness. One page after the other: nothing here is urgent."""
    shared = Counter(was.role.links[0] for was in known.values() if was.role.links)
    not_own = set(lists)
    found: dict[str, Witness] = {}
    looks = 0
    for id_ in ids:
        was = known[id_]
        links = dict.fromkeys((*was.role.links[:1], *([was.former] if was.former else [])))
        own = [link for link in links if shared[link] <= 1 and link not in not_own]
        if not own:
            continue
        looks += 1
        if looks > MOST_LOOKS:
            found[id_] = "unreached"
            continue
        said = [await _look(fetcher, link, was.role.title) for link in own]
        found[id_] = next(word for word in _FIRST if word in said)
    return found


async def _look(fetcher: Fetcher, url: str, title: str) -> Witness:
    try:
        answer = await fetcher.fetch(url)
    except FetchFailed as error:
        if error.what == "robots":
            return "silent"  # a page that may not be asked for has nothing to say, today or later
        return "gone" if error.status in (404, 410) else "unreached"
    return page_says(title, answer.body) if isinstance(answer, Fetched) else "unreached"
