"""Any list in XML, JSON or HTML, as a source's `options` describe it: a new vendor is configuration, not code.

format: html                       # or xml, json
items: "ul.jobs > li"              # where the adverts are: a CSS selector, or a path
empty: "ul.jobs"                   # what is there even when there is no advert; without it, none is no answer
count: ".total"                    # how many the board says it has
fields:
  key: "@data-id"
  title: h3 a
  url: h3 a@href
  pay_text: [.salary, {path: p.line, after: "Salary:", until: "Closing"}]
  employer: {constant: London Borough of Examples}
next: {parameter: page, start: 1, size: 25}   # or a path, or {url: "https://…/page/{page}/", missing_ends: true}
detail: {link: h3 a@href, fields: {description: "#advert"}}
"""

from collections.abc import Generator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from services.ingest.boards.adapter import (
    MOST_DETAILS,
    MOST_PAGES,
    Answer,
    Ask,
    Board,
    Missed,
    Page,
    Reading,
    Steps,
)
from services.ingest.boards.mapping_config import Details, Following, Plan, plan_of
from services.ingest.boards.mapping_pages import Draft, list_page, opened, posting_of, read_fields, total_of
from services.ingest.boards.mapping_paths import raw
from services.ingest.boards.posting import NotABoard, Posting, Refused, distinct
from services.ingest.boards.text import web_address


def read_mapping(board: Board, reading: Reading) -> Steps:
    """Converse with a board as its options say.

    Raises MappingRefused (a ValueError) where they cannot be used: a list of sources is checked for it when it is read.
    """
    plan = plan_of(board.options)
    drafts: list[Draft] = []
    seen: set[str] = set()
    known: set[tuple[str | None, ...]] = set()
    asked, total = board.url, None
    for number in range(1, MOST_PAGES + 1):
        (answer,) = yield (Ask(asked),)
        if isinstance(answer, Missed):
            ends = number > 1 and plan.next and plan.next.missing_ends and answer.is_not_there
            if not ends:
                reading.miss(answer.why)
            break
        if number > 1 and answer.url in seen:
            reading.miss(f"{asked}: leads back to {answer.url}")
            break
        seen |= {asked, answer.url}
        try:
            tree, found = list_page(plan, answer, reading, number)
        except NotABoard as error:
            if number == 1:
                raise
            reading.miss(f"{answer.url}: {error}")
            break
        total = total_of(plan, tree, reading) if number == 1 else total
        if _repeats(found, known):
            if number == 2 and total is None:
                reading.miss(
                    f"{asked}: shows the first page again; say `count`, `next.total` or `next.size` to know the end"
                )
            break
        drafts += found
        following = _following(plan, board.url, answer, tree, number, len(found), len(drafts), total)
        if following == "":
            reading.miss(f"{answer.url}: its next page is not an http or https address")
        if not following or following in seen:
            break
        if number == MOST_PAGES:
            reading.miss(f"more than {MOST_PAGES} pages")
        asked = following
    if total is not None and total != len(drafts):
        reading.miss(f"the board counts {total} adverts, {len(drafts)} are listed")
    if plan.detail is not None:
        drafts = yield from _details(plan.detail, drafts, reading)
    built = [posting_of(draft) for draft in drafts]
    reading.postings.extend(distinct(one for one in built if isinstance(one, Posting)))
    refused = [one for one in built if isinstance(one, Refused)]
    reading.refused.extend(refused)
    if refused:
        reading.miss(f"{len(refused)} posting{'s' * (len(refused) > 1)} could not be read")


def _repeats(found: list[Draft], known: set[tuple[str | None, ...]]) -> bool:
    """Whether a page shows nothing that an earlier page did not show, word for word. Remembers what it shows."""
    shown = {tuple(draft.fields.values()) for draft in found}
    repeats = bool(shown) and shown <= known
    known |= shown
    return repeats


def _following(
    plan: Plan, start: str, page: Page, tree: Any, number: int, here: int, so_far: int, total: int | None
) -> str | None:
    """The address of the next page; None when there is none, empty when what is said is no address."""
    way = plan.next
    if way is None:
        return None
    if way.path is not None:
        text = raw((way.path.find(tree) or [None])[0])
        return (web_address(text, page.url) or "") if text and text.strip() else None
    if not here or (total is not None and so_far >= total) or (way.size is not None and here < way.size):
        return None
    return _numbered(way, start, way.start + number * way.step)


def _numbered(way: Following, start: str, value: int) -> str:
    if way.url is not None:
        return web_address(way.url.replace("{page}", str(value)), start) or start
    parts = urlsplit(start)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != way.parameter]
    return urlunsplit(parts._replace(query=urlencode([*query, (str(way.parameter), str(value))])))


def _details(
    detail: Details, drafts: list[Draft], reading: Reading
) -> Generator[tuple[Ask, ...], tuple[Answer, ...], list[Draft]]:
    """The adverts with what their own pages say. One whose page cannot be had is refused, not told by half."""
    if len(drafts) > MOST_DETAILS:
        reading.miss(f"more than {MOST_DETAILS} adverts have pages of their own")
    linked = [draft for draft in drafts[:MOST_DETAILS] if draft.link]
    if unlinked := min(len(drafts), MOST_DETAILS) - len(linked):
        reading.miss(f"{unlinked} adverts have no link where `detail.link` expects it")
    asks = tuple(Ask(draft.link or "") for draft in linked)
    whole = []
    for draft, answer in zip(linked, (yield asks) if asks else (), strict=True):
        try:
            said = _own_page(detail, answer)
        except NotABoard as error:
            why = f"its page {draft.link} could not be read: {error.found}"
            reading.refused.append(Refused("posting", draft.where, why))
            reading.miss(f"{draft.where}: {why}")
        else:
            base = answer.url if "url" in said else draft.base_url
            whole.append(Draft(draft.where, base, draft.fields | said, draft.link))
    return whole


def _own_page(detail: Details, answer: Answer) -> dict[str, str | None]:
    expected = "the page of an advert"
    if isinstance(answer, Missed):
        raise NotABoard(expected, answer.why)
    tree, faults = opened(detail.format, answer)
    said: dict[str, str | None] = {
        name: text for name, text in read_fields(detail.fields, tree).items() if text
    }
    if faults or not said:
        raise NotABoard(expected, faults[0] if faults else "nothing of what the mapping expects")
    return said
