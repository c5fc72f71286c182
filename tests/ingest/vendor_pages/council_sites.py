"""Boards of councils' vendors as they answer, page by page: real shapes and facts, texts of our own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import pytest

from services.ingest.boards.adapter import Adapter, Answer, Ask, Board, Missed, Page, Reading
from services.ingest.boards.eploy import read_eploy
from services.ingest.boards.itrent import read_itrent
from services.ingest.boards.jobsgopublic import read_jobsgopublic
from services.ingest.boards.jobtrain import read_jobtrain
from services.ingest.boards.oleeo import read_oleeo
from services.ingest.boards.posting import Posting
from services.ingest.boards.successfactors import read_successfactors
from services.ingest.boards.talentlink import read_talentlink
from services.ingest.boards.tribepad import read_tribepad

PAGES = Path(__file__).parent
HOST = "https://jobs.example.gov.uk"


def page(name: str, **values: str) -> bytes:
    """A saved page, its blanks filled in."""
    return Template((PAGES / name).read_text(encoding="utf-8")).safe_substitute(values).encode()


def pages(name: str, *each: Mapping[str, str]) -> str:
    """A saved part of a page, once for each."""
    return "\n".join(page(name, **values).decode() for values in each)


@dataclass
class Site:
    """A board's pages by address; what is not there is missed with status 404."""

    adapter: Adapter
    board: Board
    pages: dict[str, bytes]
    count: int
    asked: list[Ask] = field(default_factory=list)

    def read(self, changed: Mapping[str, bytes | None] | None = None) -> Reading:
        """Drive the adapter to its end; `changed` pages are served instead, None is a failure."""
        served: dict[str, bytes | None] = {**self.pages, **(changed or {})}
        self.asked = []
        reading = Reading()
        steps = self.adapter(self.board, reading)
        asks = next(steps, ())
        while asks:
            self.asked += asks
            assert len(self.asked) < 500
            answers = tuple(self._answer(ask, served) for ask in asks)
            try:
                asks = steps.send(answers)
            except StopIteration:
                break
        return reading

    def _answer(self, ask: Ask, served: Mapping[str, bytes | None]) -> Answer:
        body = served.get(ask.url, b"")
        if ask.url not in served:
            return Missed(ask.url, f"{ask.url}: status 404 Not Found", 404)
        if body is None:
            return Missed(ask.url, f"{ask.url}: status 503 Service Unavailable", 503)
        json_like = body.lstrip()[:1] == b"{"
        return Page(ask.url, body, "application/json" if json_like else "text/html; charset=utf-8")


def eploy() -> Site:
    feed = f"{HOST}/feeds/datafeed.ashx?Format=xml"
    return Site(read_eploy, Board(f"{HOST}/"), {feed: page("eploy.xml")}, 2)


def jobsgopublic(first: int = 0) -> Site:
    search = f"{HOST}/jobs?search=&geo_location=London%2C+UK"
    ends = {"minSalary": "34206.000000", "maxSalary": "35931.000000"}
    pay = {"__typename": "SalaryRange", **ends, "currencyCode": "GBP", "salaryUnit": "YEAR"}
    jobs = [
        {
            "__typename": "Job",
            "id": number,
            "title": title,
            "organization": employer,
            "address": ["London, United Kingdom", "Brent"],
            "salaryRangeFree": pay,
            "salaryRange": [],
            "published": "2026-06-03T14:25:56+01:00",
            "url": {"__typename": "Url", "path": f"/job/{number}"},
        }
        for number, title, employer in (
            (21239, "Deputy Manager Strategic Planning", "London Borough of Hackney"),
            (21240, "Career Grade Planning Officer", "London Borough of Brent"),
            (21241, "Local Plan Manager", "London Borough of Tower Hamlets"),
        )
    ]

    def shown(*some: dict[str, object]) -> bytes:
        nodes = ",".join(f'"Job:{job["id"]}":{json.dumps(job)}' for job in some)
        refs = ",".join(f'{{"__ref":"Job:{job["id"]}"}}' for job in some)
        return page("jobsgopublic.html", jobs=nodes, refs=refs)

    served = {search: shown(*jobs[:2]), f"{search}&page={first}": shown(*jobs[:2])}
    served[f"{search}&page={first + 1}"] = shown(*jobs[2:])
    return Site(read_jobsgopublic, Board(f"{HOST}/jobs?search=&geo_location=London, UK"), served, 3)


def talentlink() -> Site:
    base = f"{HOST}/synd/"
    jobs = {11: "Local Plan Manager", 12: "Political Officer (Labour)", 13: "Project Manager"}
    links = {n: f"jsoutputinitrapido.cfm?component=lay9999_jdesc100a&nPostingTargetID={n}" for n in jobs}
    rows = {
        n: f'<tr><td><a class="lstA-desc{n % 2 + 1}" href="{links[n].replace("&", "&amp;")}">{title}</a></td></tr>'
        for n, title in jobs.items()
    }
    first = f"{base}jsoutputinitrapido.cfm?ID=QX&LG=UK&component=lay9999_lst400a"
    served = {
        first: page("talentlink_list.html", rows=rows[11] + rows[12]),
        f"{first}&pagenum=2": page("talentlink_list.html", rows=rows[13]),
    }
    served |= {f"{base}{links[n]}": page("talentlink_detail.html", title=jobs[n]) for n in jobs}
    return Site(read_talentlink, Board(f"{base}laydisplayrapido.cfm?ID=QX&LG=UK"), served, 3)


def wordpress() -> Site:
    host = "https://recruitment.example.gov.uk"
    jobs = {"deputy-manager": "Deputy Manager", "project-manager-parks": "Project Manager Parks"}
    cards = [pages("wordpress_card.html", {"slug": slug, "title": title}) for slug, title in jobs.items()]
    served = {
        f"{host}/job-search/": page("wordpress_list.html", cards=cards[0]),
        f"{host}/job-search/page/2/": page("wordpress_list.html", cards=cards[1]),
    }
    served |= {f"{host}/job/{slug}/": page("wordpress_detail.html", title=jobs[slug]) for slug in jobs}
    return Site(read_talentlink, Board(f"{host}/job-search/", {"front": "wordpress"}), served, 2)


def itrent() -> Site:
    run = f"{HOST}/ce0001li_webrecruitment/wrd/run/"
    results = [
        {
            "vacancy_id": f"25V{number}",
            "job_title": title,
            "job_description": "<p>Keep the service running.</p>",
            "salary": "£43,842 - £46,944",
            "vacancy_ref": f"REQ{number}",
            "basis_id": "Full-Time",
            "con_hrs": "36",
            "app_close_d": "20260726",
            "location_id": "Town Hall",
        }
        for number, title in enumerate(("Network Engineer", "Data Analyst", "Service Desk Lead"), start=1)
    ]

    def asked(start: int) -> str:
        session = "USESSION=D8D05292B462E63CE2DD2238EC47F03A"
        window = f"RESULTS_PP=200&REC_FROM={start}&REC_TO={start + 199}"
        return f"{run}ETREC106GF.json?WVID=2486049XkB&{session}&LANG=USA&{window}"

    def shown(start: int, some: list[dict[str, str]]) -> bytes:
        ends = {"from": str(start), "to": str(start + len(some) - 1)}
        return page("itrent_list.json", results=",".join(map(json.dumps, some)), **ends)

    served = {f"{run}ETREC179GF.open?WVID=2486049XkB": page("itrent_open.html")}
    served |= {asked(1): shown(1, results[:2]), asked(3): shown(3, results[2:])}
    return Site(read_itrent, Board(f"{run}ETREC179GF.open?WVID=2486049XkB"), served, 3)


def oleeo() -> Site:
    board = "https://talnet.example.gov.uk/vx/candidate/jobboard/vacancy/3/adv/"
    jobs = {"301": "Social Worker", "302": "Service Manager", "303": "Senior Digital Analyst"}
    rows = [
        pages("oleeo_row.html", {"number": number, "slug": title.replace(" ", "-"), "title": title})
        for number, title in jobs.items()
    ]
    served = {
        board: page("oleeo_list.html", rows="".join(rows[:2]), range="1 - 2"),
        f"{board}?start=50": page("oleeo_list.html", rows=rows[2], range="3 - 3"),
    }
    path = "/vx/lang-en-GB/mobile-0/appcentre-1/brand-2/candidate/so/pm/4/pl/1/opp/"
    for number, title in jobs.items():
        address = f"https://talnet.example.gov.uk{path}{number}-{title.replace(' ', '-')}/en-GB"
        served[address] = page("oleeo_detail.html", title=title)
    return Site(read_oleeo, Board(board), served, 3)


def oleeo_feed() -> Site:
    feed = "https://talnet.example.gov.uk/vx/candidate/jobboard/vacancy/3/feed/structured"
    return Site(read_oleeo, Board(feed), {feed: page("oleeo_feed.xml")}, 2)


def jobtrain() -> Site:
    tenant = "https://jobtrain.example.gov.uk/crossreach"
    jobs = {"14496": "Support Worker - Part Time", "14497": "Digital Officer"}
    cards = pages("jobtrain_card.html", *({"number": n, "title": title} for n, title in jobs.items()))
    served = {f"{tenant}/Home/_JobCard": page("jobtrain_cards.html", cards=cards)}
    for number, posted in (("14496", "2026-05-28"), ("14497", "0001-01-01T00:00:00")):
        detail = page("jobtrain_detail.html", title=jobs[number], posted=posted)
        served[f"{tenant}/Job/JobDetail?JobId={number}"] = detail
    return Site(read_jobtrain, Board(f"{tenant}/Home/Job"), served, 2)


def tribepad() -> Site:
    jobs = {"501": "Buyer", "502": "Contracts Officer", "503": "Web Developer"}
    cards = [pages("tribepad_card.html", {"number": n, "title": title}) for n, title in jobs.items()]
    search = f"{HOST}/v2/job/search?page=%d&records_per_page=50"
    served = {
        search % 1: page("tribepad_list.html", cards="".join(cards[:2])),
        search % 2: page("tribepad_list.html", cards=cards[2]),
    }
    for number, title in jobs.items():
        detail = f"{HOST}/members/modules/job/detail.php?record={number}"
        served[detail] = page("tribepad_detail.html", title=title)
    return Site(read_tribepad, Board(HOST), served, 3)


def tribepad_older() -> Site:
    served = {
        f"{HOST}/jobs/search/-1/2": page("tribepad_older.html"),
        f"{HOST}/jobs/job/Waste-Recycling-Driver/1044": page(
            "tribepad_detail.html", title="Waste Recycling Driver"
        ),
    }
    return Site(read_tribepad, Board(f"{HOST}/jobs/search/-1/2"), served, 1)


def successfactors() -> Site:
    jobs = {"101001": "Data Engineer", "101002": "Product Manager", "101003": "Service Designer"}
    rows = [
        pages("successfactors_row.html", {"slug": title.replace(" ", "-"), "number": n, "title": title})
        for n, title in jobs.items()
    ]
    search = f"{HOST}/tfl/search/?q=&locationsearch=&startrow=%d"
    served = {
        search % 0: page("successfactors_list.html", rows="".join(rows[:2])),
        search % 2: page("successfactors_list.html", rows=rows[2]),
    }
    for number, title in jobs.items():
        address = f"{HOST}/tfl/job/{title.replace(' ', '-')}/{number}/"
        served[address] = page("successfactors_detail.html", title=title)
    return Site(read_successfactors, Board(f"{HOST}/tfl"), served, 3)


def successfactors_tiles() -> Site:
    search = f"{HOST}/tfl/tile-search-results/?q=&sortColumn=referencedate&sortDirection=desc&startrow=%d"
    tiles = page("successfactors_tiles.html")
    detail = page("successfactors_detail.html", title="Data Engineer")
    served = {
        search % 0: tiles,
        search % 1: tiles,
        f"{HOST}/tfl/job/London-Data-Engineer/1403946900/": detail,
    }
    return Site(read_successfactors, Board(f"{HOST}/tfl", {"list": "tiles"}), served, 1)


SITES: Mapping[str, Callable[[], Site]] = {
    made.__name__: made
    for made in (
        eploy,
        jobsgopublic,
        talentlink,
        wordpress,
        itrent,
        oleeo,
        oleeo_feed,
        jobtrain,
        tribepad,
        tribepad_older,
        successfactors,
        successfactors_tiles,
    )
}

every = pytest.mark.parametrize("name", sorted(SITES))


def first(site: Site) -> Posting:
    """The first posting of a site that is read whole."""
    reading = site.read()
    assert reading.gaps == []
    assert reading.refused == []
    return reading.postings[0]
