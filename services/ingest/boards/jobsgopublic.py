"""Jobs Go Public and LGjobs (Jobiqo): server-rendered pages whose `__NEXT_DATA__` holds an Apollo cache of jobs.

Kind `jobsgopublic`; the address is the search, e.g. `…/jobs?search=&geo_location=London, UK`. One board for many
employers: the employer is the job's `organization`. 25 jobs a page; closing dates and descriptions are not in the
list. Option `details: pages` asks each job's page for its description. Pages of the list are numbered from 0 or from
1, nobody says which: a second page like the first is passed over.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, seen_with, walk, with_details
from services.ingest.boards.council_options import checked
from services.ingest.boards.council_page import WebPage, opened
from services.ingest.boards.posting import NotABoard, Posting, Refused
from services.ingest.boards.text import MAX_DESCRIPTION, plain, storable

PAGE_SIZE = 25
_EXPECTED = "a Jobs Go Public list of jobs (__NEXT_DATA__)"
_MOST_NODES = 200_000


def read_jobsgopublic(board: Board, reading: Reading) -> Steps:
    """Read the search, page by page. Raises NotABoard, ValueError for options."""
    options = checked(board, "jobsgopublic", {"details": ("pages",)})
    first = _without_page(board.url)
    number = 0

    def read(answer: Page, found: Collection[str]) -> ListPage:
        nonlocal number
        page = opened(answer, _EXPECTED)
        jobs, total = _jobs(_data(page))
        entries = tuple(_entry(place, job, answer.url) for place, job in enumerate(jobs, start=1))
        number += 1
        more = bool(entries) and (total is None or seen_with(entries, found) < total)
        return ListPage(
            entries=entries,
            total=total,
            next_ask=Ask(_page(first, number)) if more else None,
            why_incomplete=page.cut,
            may_repeat=number == 2,
        )

    entries = yield from walk(Ask(first), read, reading)
    if options.get("details"):
        yield from with_details(entries, _read_detail, reading)
    else:
        reading.postings.extend(entries)


def _data(page: WebPage) -> object:
    script = page.tree.css_first("script#__NEXT_DATA__")
    if script is None:
        raise NotABoard(_EXPECTED, page.instead() + " without __NEXT_DATA__")
    try:
        data: object = json.loads(script.text(deep=True), strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NotABoard(_EXPECTED, f"__NEXT_DATA__ that is not JSON ({type(error).__name__})") from error
    return data


def _jobs(data: object) -> tuple[list[Mapping[str, Any]], int | None]:
    """The jobs that the search found, in its order, and how many it has in all; featured jobs beside it are not its own."""
    jobs: dict[str, Mapping[str, Any]] = {}
    search: Mapping[str, Any] | None = None
    for name, node in _objects(data):
        if node.get("__typename") == "Job" or name.startswith("Job:"):
            if "title" in node or "id" in node:
                jobs.setdefault(name if name.startswith("Job:") else f"Job:{node.get('id')}", node)
        elif search is None and "result_count" in node:
            search = node
    if search is None and not jobs:
        raise NotABoard(_EXPECTED, "__NEXT_DATA__ without jobs")
    said = plain(search.get("result_count")) if search else None
    total = int(said) if said and said.isdecimal() and len(said) < 7 else None
    if total == 0:
        return [], total
    named = [reference for _, node in _objects(search) if isinstance(reference := node.get("__ref"), str)]
    own = [jobs[reference] for reference in dict.fromkeys(named) if reference in jobs]
    return own or list(jobs.values()), total


def _objects(data: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object within the data, with the name it stands under, in the order of the document."""
    waiting: list[tuple[str, object]] = [("", data)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        name, value = waiting.pop()
        if isinstance(value, dict):
            yield name, value
            waiting.extend((key, inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend((name, inner) for inner in reversed(value))


def _entry(place: int, job: Mapping[str, Any], base_url: str) -> Posting | Refused:
    url = job.get("url")
    link = (url.get("path") if isinstance(url, dict) else url) or job.get("urlNoPrefix")
    read = entry(
        place,
        base_url,
        key=job.get("id"),
        title=job.get("title"),
        link=link,
        employer=plain(job.get("organization")),
        location=_joined(job.get("address")),
        posted=plain(job.get("published")),
        employment_type=_joined(job.get("employmentType")),
    )
    return read if isinstance(read, Refused) else replace(read, pay_structured=_pay(job))


def _read_detail(answer: Page, listed: Posting) -> Posting:
    """The job's own page holds it once more, with its text in `body`."""
    page = opened(answer, "the page of a job (__NEXT_DATA__)")
    for name, node in _objects(_data(page)):
        if name.startswith("Job:") or node.get("__typename") == "Job":
            text = next(
                (node[part] for part in ("body", "description") if isinstance(node.get(part), str)), None
            )
            if plain(node.get("id")) == listed.key and text is not None and page.cut is None:
                return replace(listed, description=plain(text, MAX_DESCRIPTION))
    raise NotABoard(f"the page of job {listed.key}", page.instead() + " without its text")


def _pay(job: Mapping[str, Any]) -> object | None:
    """`salaryRangeFree` as found, if it names an amount (`salaryRange` is always an empty list)."""
    pay = job.get("salaryRangeFree")
    if not isinstance(pay, dict) or not any(plain(pay.get(end)) for end in ("minSalary", "maxSalary")):
        return None
    return storable({name: value for name, value in pay.items() if name != "__typename"})


def _joined(value: object) -> str | None:
    parts = value if isinstance(value, list) else [value]
    texts = [plain(part.get("label") if isinstance(part, dict) else part) for part in parts[:10]]
    return "; ".join(dict.fromkeys(text for text in texts if text))[:500] or None


def _without_page(url: str) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "page"]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def _page(url: str, number: int) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}page={number}"
