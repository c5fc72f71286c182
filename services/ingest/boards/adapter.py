"""What a kind of board is: a conversation of questions and answers that never touches the network itself.

An adapter is a generator. It yields the questions it wants asked (several at a time where their order does not
matter), is sent the answers, and puts what it learns into a Reading. Paging, detail pages and sessions are its
business; how questions are asked, how politely and how often, is not.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.ingest.boards.posting import BoardPage, Posting, Refused

MOST_PAGES = 50
"""Of one list; a board with more is read incompletely, and says so."""

MOST_DETAILS = 500


@dataclass(frozen=True, slots=True)
class Board:
    """Where a board is, and what its entry in the list of sources says beside its kind.

    `options` are the kind's own words (a tenant, a search text, CSS selectors), checked by the adapter.
    """

    url: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    `conditional` says whether the board is known to be unchanged when this answer is. Of a conversation, the first
    such question carries If-None-Match and If-Modified-Since, if it is a GET and asked alone; no other ever does. A
    page that only opens a session looks the same whatever became of the list: it must not be conditional.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    conditional: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, whole. `url` is where it was found, after redirects."""

    url: str
    body: bytes
    content_type: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that got no answer; `why` names the address and the reason, `status` the HTTP status if that is it."""

    url: str
    why: str
    status: int | None = None

    @property
    def is_not_there(self) -> bool:
        """Whether the board says that there is no such page: past the end of some lists."""
        return self.status in (404, 410)


Answer = Page | Missed
Steps = Generator[tuple[Ask, ...], tuple[Answer, ...], None]


@dataclass(slots=True)
class Reading:
    """What was learned so far. `gaps` say why it is not all of the board; none means that it is."""

    postings: list[Posting] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def add(self, page: BoardPage, where: str) -> None:
        """Everything that a page of the board says."""
        self.postings.extend(page.postings)
        self.refused.extend(page.refused)
        if not page.complete:
            self.gaps.append(f"{where}: {page.why_incomplete or 'not read completely'}")

    def miss(self, why: str) -> None:
        """Something could not be had, so that nothing may be concluded from absence."""
        self.gaps.append(why)


Adapter = Callable[[Board, Reading], Steps]
"""Raises NotABoard when the first answer is not this kind of board at all. A first question that is missed
ends the conversation before the adapter is asked again."""
