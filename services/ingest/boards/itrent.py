"""iTrent (MHR) web recruitment: a page that mints a session, then a JSON list asked with it.

Kind `itrent`; the address is the search page, `…_webrecruitment/wrd/run/ETREC179GF.open?WVID=…`, or the tenant's
`…_webrecruitment`. Options: `wvid`, the web view, needed where the address does not name it; `lang`, USA unless said.
Links name the web view and the vacancy, never the session. Closing dates are YYYYMMDD.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from services.ingest.boards.adapter import Ask, Board, Missed, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, walk
from services.ingest.boards.council_options import ANY, checked
from services.ingest.boards.council_page import opened
from services.ingest.boards.jsonld_blocks import decoded
from services.ingest.boards.posting import MAX_BODY, NotABoard, Posting, Refused
from services.ingest.boards.text import MAX_DESCRIPTION, plain

PAGE_SIZE = 200
_EXPECTED = "an iTrent search page that mints a session"
_LIST = "an iTrent list of vacancies (JSON)"
_TENANT = re.compile(r"^https?://[^/?#]+/(?:[^/?#]+/)*?[^/?#]+_web(?:recruitment)?(?=[/?#]|$)", re.IGNORECASE)
_SESSION = re.compile(r"USESSION=([0-9A-Za-z]{8,64})\b")
_SESSION_FIELDS = "input[name^='SESSION.' i], input[name^='USESSION' i]"
_WORD = re.compile(r"[0-9A-Za-z]{2,64}")


def read_itrent(board: Board, reading: Reading) -> Steps:
    """Open the search, then read its list with the session it gave. Raises NotABoard, ValueError for options."""
    run, wvid, lang = _addressed(board)
    search = f"{run}ETREC179GF.open?{urlencode({'WVID': wvid})}"
    (answer,) = yield (Ask(search, conditional=False),)
    if isinstance(answer, Missed):
        reading.miss(answer.why)
        return
    session = _session(answer)

    def ask(start: int) -> Ask:
        common = {"WVID": wvid, "USESSION": session, "LANG": lang}
        window = {"RESULTS_PP": PAGE_SIZE, "REC_FROM": start, "REC_TO": start + PAGE_SIZE - 1}
        filters = dict.fromkeys(("JOB_TITLE", "KEYWORDS", "LOCATION_ID", "VAC_TYPES", "SALARY_BAND"), "")
        return Ask(
            f"{run}ETREC106GF.json?{urlencode(common | window)}",
            headers=(
                ("X-Requested-With", "XMLHttpRequest"),
                ("Referer", f"{search}&USESSION={session}"),
                ("Accept", "application/json"),
                ("mhrParams", urlencode(common | filters | window)),
            ),
        )

    def read(page: Page, found: Collection[str]) -> ListPage:
        return _read_list(page, found, search=f"{search}&LANG={lang}", ask=ask)

    try:
        entries = yield from walk(ask(1), read, reading)
    except NotABoard as error:  # the board itself has answered; only its list is missing
        reading.miss(f"{run}ETREC106GF.json: {error}")
        return
    reading.postings.extend(entries)


def _addressed(board: Board) -> tuple[str, str, str]:
    """Where the tenant's programs are, its web view and language."""
    options = checked(board, "itrent", {"wvid": ANY, "lang": ANY})
    tenant = _TENANT.match(board.url)
    if tenant is None:
        raise ValueError(f"itrent: the address must lead to …_webrecruitment or …_web; {board.url} does not")
    query = {name.upper(): value for name, value in parse_qsl(urlsplit(board.url).query)}
    wvid = options.get("wvid") or query.get("WVID")
    if wvid is None:
        raise ValueError(
            "itrent needs the option 'wvid' where the address has no WVID; its options are: lang, wvid"
        )
    lang = options.get("lang", "USA")
    for name, value in (("wvid", wvid), ("lang", lang)):
        if not _WORD.fullmatch(value):
            raise ValueError(
                f"option {name!r} of itrent is {value!r}; allowed are 2 to 64 letters and digits"
            )
    return f"{tenant.group(0)}/wrd/run/", wvid, lang


def _session(answer: Page) -> str:
    page = opened(answer, _EXPECTED)
    field = page.tree.css_first(_SESSION_FIELDS)
    value = (field.attributes.get("value") or "") if field is not None else ""
    found = _SESSION.search(page.text)
    session = found.group(1) if found else value
    if not re.fullmatch(r"[0-9A-Za-z]{8,64}", session) or "security violation" in page.text.lower():
        raise NotABoard(_EXPECTED, page.instead() + " that mints none")
    return session


def _read_list(answer: Page, found: Collection[str], *, search: str, ask: Callable[[int], Ask]) -> ListPage:
    data = _parsed(answer)
    about, results = data.get("search"), data.get("results")
    if not isinstance(results, list) or not isinstance(about, dict):
        raise NotABoard(_LIST, "JSON without search and results")
    entries = tuple(_entry(place, item, search) for place, item in enumerate(results, start=1))
    total, last = _number(about.get("total_rec")), _number(about.get("rec_to"))
    if total is None and not entries:
        raise NotABoard(_LIST, "JSON without results and without their number")
    start = (last or len(found) + len(entries)) + 1
    more = bool(entries) and total is not None and start <= total
    why = None if total is not None else "the list does not say how many vacancies there are"
    return ListPage(entries, total=total, next_ask=ask(start) if more else None, why_incomplete=why)


def _parsed(answer: Page) -> Mapping[str, Any]:
    if len(answer.body) > MAX_BODY:
        raise NotABoard(_LIST, f"a body of {len(answer.body):,} bytes; at most {MAX_BODY:,} are read")
    text = decoded(answer.body, answer.content_type)
    try:
        data = json.loads(text, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        what = "an empty body" if not text.strip() else "JSON that is cut off or broken"
        raise NotABoard(_LIST, what if text.lstrip()[:1] in ("", "{") else "text that is not JSON") from error
    if not isinstance(data, dict):
        raise NotABoard(_LIST, "JSON that is not an object")
    return data


def _entry(place: int, item: object, search: str) -> Posting | Refused:
    if not isinstance(item, dict):
        return Refused("posting", f"entry {place}", "it is not an object; the board must print one")
    number = plain(item.get("vacancy_id"), 64)
    if number is None:
        return Refused("posting", f"entry {place}", "it has no vacancy_id; the board must print one")
    places = [plain(item.get(name)) for name in ("location_id", "region_id")]
    hours = plain(item.get("con_hrs"))
    terms = [plain(item.get("basis_id")), f"{hours} hours" if _number(hours) else hours]
    return entry(
        place,
        search,
        key=number,
        title=item.get("job_title"),
        link=f"{search}&{urlencode({'VACANCY_ID': number})}",
        location=", ".join(dict.fromkeys(one for one in places if one))[:500] or None,
        pay_text=plain(item.get("salary")),
        closes=plain(item.get("app_close_d")),
        description=plain(item.get("job_description"), MAX_DESCRIPTION),
        employment_type=", ".join(term for term in terms if term) or None,
    )


def _number(value: object) -> int | None:
    text = plain(value, 12)
    return int(text) if text and text.isascii() and text.isdigit() else None
