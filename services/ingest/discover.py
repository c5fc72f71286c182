"""Looking at a careers page: what in it points to a jobs board, of what kind, and how surely. Pure: no network."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import yaml
from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.jsonld_blocks import MAX_NESTING, decoded, nesting
from services.ingest.boards.posting import MAX_BODY, NotABoard
from services.ingest.boards.text import clean, plain, web_address

Confidence = Literal["high", "medium", "low"]
MOST_LINKS = 3_000
_ORDER = ("high", "medium", "low")
_EXPECTED = "a web page, a feed or a list of jobs"
_JOB_WORDS = re.compile(r"job|vacanc|career|recruit|opportunit", re.IGNORECASE)
_JOB_ADDRESS = re.compile(r"(/(?:jobs?|vacanc(?:y|ies)|opp|roles?|careers?)/)[^/?#]*[\w-]{3,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A board that may be written into the list of sources. `here` when the body looked at is itself that board.

    `kind` is `unknown` where a system is recognised that no adapter reads; `needs` says what is still to be filled in.
    """

    kind: str
    url: str
    options: Mapping[str, object]
    confidence: Confidence
    evidence: str
    here: bool = False
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class _Vendor:
    """How a system is recognised: by the address of a link (groups of `link` are named like the options they fill),
    or by its markup. `url` is a template over those groups, `{origin}` and `{link}`."""

    name: str
    kind: str
    link: str
    url: str = "{link}"
    options: tuple[str, ...] = ()
    markup: str | None = None
    needs: str | None = None
    fixed: Mapping[str, object] = field(default_factory=dict)


_NONE = "no adapter reads this system; describe it as a mapping, or look for a feed"
_NAME = r"[\w.-]{1,80}"
_VENDORS = (
    _Vendor("Eploy", "eploy", r"/feeds/datafeed\.ashx|\.eploy\.(?:net|co\.uk)\b", "{origin}/feeds/datafeed.ashx?Format=xml", markup=r"eploy\.(?:net|co\.uk|com)|EployWeb"),
    _Vendor("Jobs Go Public", "jobsgopublic", r"//(?:www\.)?(?:jobsgopublic|lgjobs)\.com/"),
    _Vendor("TalentLink", "talentlink", r"(?:laydisplayrapido|jsoutputinitrapido)\.cfm"),
    _Vendor("TalentLink", "unknown", r"recruitmentplatform\.com/", markup=r"data-(?:talentlink|lumesse)-fo-host", needs="its newer widget has no list that robots may read; look for the older one, or for the front's search page (kind talentlink, option front: wordpress)"),
    _Vendor("iTrent", "itrent", r"webitrent\.com/.*_web(?:recruitment)?/.*[?&]WVID=", markup=None),
    _Vendor("iTrent", "unknown", r"webitrent\.com/", markup=r"mhrParams|ETREC\d+GF", needs="open its search page and take the address with WVID"),
    _Vendor("Oleeo", "oleeo", rf"//{_NAME}\.tal\.net/.*candidate/jobboard/vacancy/\d+"),
    _Vendor("Oleeo", "oleeo", rf"//{_NAME}\.tal\.net/", needs="the address of the board, …/candidate/jobboard/vacancy/NUMBER/adv/"),
    _Vendor("Jobtrain", "jobtrain", rf"//(?:www\.)?jobtrain\.co\.uk/(?P<tenant>{_NAME})", "https://www.jobtrain.co.uk/{tenant}"),
    _Vendor("Tribepad", "tribepad", rf"//{_NAME}\.tribepad(?:-gro)?\.com/", markup=r"sitebuilder-job-results-item|tribepad"),
    _Vendor("SuccessFactors", "successfactors", r"jobs2web\.com/|\.successfactors\.(?:com|eu)/|/tile-search-results/", markup=r"jobs2web|rmkcdn\.successfactors"),
    _Vendor("Greenhouse", "greenhouse", rf"//(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/(?:embed/job_board(?:/js)?\?for=)?(?P<board>(?!embed\b){_NAME})", "https://boards-api.greenhouse.io", ("board",)),
    _Vendor("Greenhouse", "greenhouse", rf"//(?:boards-)?api\.greenhouse\.io/v1/boards/(?P<board>{_NAME})", "https://boards-api.greenhouse.io", ("board",)),
    _Vendor("Lever", "lever", rf"//(?:jobs\.lever\.co|api\.lever\.co/v0/postings)/(?P<org>{_NAME})", "https://api.lever.co", ("org",)),
    _Vendor("Workable", "workable", rf"//apply\.workable\.com/(?:api/v\d/(?:widget/)?accounts/)?(?P<account>{_NAME})", "https://apply.workable.com", ("account",)),
    _Vendor("SmartRecruiters", "smartrecruiters", rf"//(?:careers|jobs)\.smartrecruiters\.com/(?P<company>{_NAME})", "https://api.smartrecruiters.com", ("company",)),
    _Vendor("SmartRecruiters", "smartrecruiters", rf"//api\.smartrecruiters\.com/v1/companies/(?P<company>{_NAME})", "https://api.smartrecruiters.com", ("company",)),
    _Vendor("Teamtailor", "teamtailor", r"\.teamtailor\.com/", "https://api.teamtailor.com", markup=r"teamtailor-cdn|data-teamtailor", needs="the option key, the employer's public API key"),
    _Vendor("Workday", "workday", rf"//(?P<tenant>[\w-]+)\.(?P<pod>wd\d+)\.myworkdayjobs\.com/(?:wday/cxs/[\w-]+/)?(?:[a-z]{{2}}-[A-Z]{{2}}/)?(?P<site>{_NAME})", "https://{tenant}.{pod}.myworkdayjobs.com", ("tenant", "site")),
    _Vendor("Taleo", "taleo", rf"//{_NAME}\.taleo\.net/careersection/(?P<section>{_NAME})/", "{host}", ("section",)),
    _Vendor("Oracle Recruiting", "oracle", rf"//{_NAME}\.oraclecloud\.com/hcmUI/CandidateExperience/[\w-]+/sites/(?P<site>{_NAME})", "{host}", ("site",)),
    _Vendor("Hireful", "sitemap", rf"//{_NAME}\.livevacancies\.co\.uk", "{host}/sitemap.xml", fixed={"match": "/vacancy/"}),
    _Vendor("Hireserve", "mapping", r"/ic_job_feeds\.feed_engine|\.hireserve\.com", markup=r"icamsbase|p_web_site_id", needs="the address …/utf8/ic_job_feeds.feed_engine?p_web_site_id=…&p_format=MOBILE and options (format json, items jobs)"),
    _Vendor("EngageATS", "rss", r"CustomVacanciesFeed\.ashx", markup=r"engageats"),
    _Vendor("Networx", "rss", r"current-vacancies\.com/RSSFeeds/Vacancies/"),
    _Vendor("Networx", "unknown", r"//[\w-]+\.current-vacancies\.com", needs="the address of its feed, …/RSSFeeds/Vacancies/NAME?feedID=…"),
    _Vendor("Stonefish", "rss", r"/vacanc(?:ies|y)\.aspx\?(?:cat|ref)=", "{host}/rss.aspx"),
    _Vendor("North East Jobs", "rss", r"northeastjobs\.org\.uk/RSSJobs\.aspx"),
    _Vendor("WMJobs", "rss", r"//(?:www\.)?wmjobs\.co\.uk/", "https://www.wmjobs.co.uk/jobsrss/"),
    _Vendor("Teaching Vacancies", "sitemap", r"//(?:www\.)?teaching-vacancies\.service\.gov\.uk/", "https://teaching-vacancies.service.gov.uk/sitemap.xml", fixed={"match": "/jobs/"}),
    _Vendor("Vacancy Poster", "mapping", r"//(?:www\.)?vprs\.co\.uk/vpmain/vpxmloutput", needs="options: format xml, items channel/item"),
    *(_Vendor(name, "unknown", link, needs=_NONE) for name, link in (
        ("Broadbean", r"\.broadbean\.com|adcourier\.com"), ("PageUp", r"\.pageuppeople\.com"), ("ReachMee", r"\.reachmee\.com"),
        ("MyNewTerm", r"mynewterm\.com"), ("Civil Service Jobs", r"civilservicejobs\.service\.gov\.uk"),
        ("NHS Jobs", r"//(?:www\.|beta\.)?jobs\.nhs\.uk"), ("Trac", r"//(?:[\w-]+\.)?trac\.jobs|healthjobsuk\.com"),
    )),
)  # fmt: skip
_LINKS = tuple((vendor, re.compile(vendor.link, re.IGNORECASE)) for vendor in _VENDORS)


def discover(body: bytes, *, url: str, headers: Mapping[str, str]) -> list[Proposal]:
    """What a page proposes, surest first; nothing where nothing points to a board.

    Args:
        body: the page (or feed, or sitemap) as fetched.
        url: where it was found.
        headers: as received, by lower-case name; `content-type` and `link` are looked at.

    Raises:
        NotABoard: it is empty, too large, or nested too deeply to be looked at.
    """
    if len(body) > MAX_BODY:
        raise NotABoard(_EXPECTED, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    text = decoded(body, headers.get("content-type"))
    start = text.lstrip()[:2_000]
    if not start:
        raise NotABoard(_EXPECTED, "an empty body")
    found = list(_itself(start, text, url))
    if not found and start[:1] not in "{[" and not re.match(r"<(?:\?xml|urlset|sitemapindex)", start):
        if (depth := nesting(text)) > MAX_NESTING:
            raise NotABoard(_EXPECTED, f"elements nested {depth:,} deep; at most {MAX_NESTING:,} are read")
        found = [*_announced(headers.get("link", ""), url), *_page(LexborHTMLParser(text), text, url)]
    kept: dict[tuple[str, str], Proposal] = {}
    for one in sorted(found, key=lambda one: (_ORDER.index(one.confidence), not one.here)):
        kept.setdefault((one.kind, json.dumps([one.url, dict(one.options)], default=str)), one)
    return list(kept.values())


def proposed_yaml(found: Sequence[Proposal], url: str) -> str:
    """Proposals as entries of a list of sources, each under its evidence; what is still missing stands in a comment."""
    host = re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "board").lower()).strip("-")[:50] or "board"
    parts = []
    for number, one in enumerate(found, start=1):
        entry = {"id": f"{host}-{number}", "name": urlsplit(url).hostname or "a board", "kind": one.kind}
        if one.kind != "unknown":
            entry["url"] = one.url
        written = yaml.safe_dump(
            [entry | ({"options": dict(one.options)} if one.options else {})],
            allow_unicode=True,
            sort_keys=False,
        )
        told = [
            f"{one.confidence} confidence: {one.evidence}",
            *([f"needs: {one.needs}"] if one.needs else []),
        ]
        parts.append("".join(f"# {' '.join(line.split())}\n" for line in told) + written)
    return "sources:\n" + "".join(parts)


def _itself(start: str, text: str, url: str) -> Iterator[Proposal]:
    """What the body is, where it is data rather than a page."""
    low = re.sub(r"<!--.*?-->|<\?[^>]*>|<!doctype[^>]*>", "", start.lower(), flags=re.DOTALL).lstrip()
    if re.match(r"<vacancies\b", low):
        yield Proposal("eploy", url, {}, "high", "it is a <Vacancies> list as Eploy prints it", here=True)
    elif re.match(r"<(?:rss|feed|rdf:rdf|channel)\b", low):
        links = "<link" in text.lower()
        surely: Confidence = "high" if links else "low"
        yield Proposal("rss", url, {}, surely, "it is an RSS or Atom feed", here=True)
    elif re.match(r"<(?:urlset|sitemapindex)\b", low):
        yield from _sitemap(text, url)
    elif start[:1] in "{[" and re.search(r'"@type"\s*:\s*"(?:https?://schema\.org/)?JobPosting"', text):
        yield Proposal("jsonld", url, {}, "high", "it is JSON-LD with a JobPosting in it", here=True)
    elif re.search(r'"jobs"\s*:\s*\[', text) and "boards.greenhouse.io" in text:
        yield from _by_link(
            url, "the body is a list of jobs as Greenhouse prints it, and its address is", "high"
        )
    elif start[:1] in "{[":
        needs = "options: format json, items and fields"
        yield Proposal("mapping", url, {}, "low", "it is JSON of no known vendor", here=True, needs=needs)


def _sitemap(text: str, url: str) -> Iterator[Proposal]:
    addresses = re.findall(r"<loc>\s*([^<\s]{1,2000})\s*</loc>", text[:5_000_000], re.IGNORECASE)
    jobs = [address for address in addresses if _JOB_ADDRESS.search(address)]
    if jobs:
        said = f"a sitemap names {len(jobs)} pages that look like adverts, the first {clean(jobs[0])[:200]}"
        parts = Counter(hit.group(1) for job in jobs if (hit := _JOB_ADDRESS.search(job)))
        match = {"match": parts.most_common(1)[0][0]}
        yield Proposal("sitemap", url, match, "medium" if len(jobs) > 2 else "low", said, here=True)


def _announced(header: str, url: str) -> Iterator[Proposal]:
    for link, rest in re.findall(r"<([^<>]{1,2000})>([^<]{0,500})", header[:20_000]):
        is_feed = "alternate" in rest and re.search(r"application/(?:rss|atom)\+xml", rest)
        if is_feed and (address := web_address(link, url)):
            yield Proposal("rss", address, {}, "medium", "the Link header announces a feed")


def _page(page: LexborHTMLParser, text: str, url: str) -> Iterator[Proposal]:
    if re.search(r'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?JobPosting"', text):
        yield Proposal("jsonld", url, {}, "high", "the page holds JSON-LD of the type JobPosting", here=True)
    if page.css_first("[itemtype*='schema.org/JobPosting' i]") is not None:
        yield Proposal(
            "jsonld", url, {}, "high", "the page holds microdata of the type JobPosting", here=True
        )
    for node in page.css("link[rel~='alternate' i][href][type*='rss' i], link[rel~='alternate' i][href][type*='atom' i]"):  # fmt: skip
        title = plain(node.attributes.get("title")) or ""
        href = node.attributes.get("href")
        if address := web_address(href, url):
            about_jobs = bool(_JOB_WORDS.search(f"{title} {address}"))
            named = f"announces a feed titled {title!r}" if title else "announces a feed"
            yield Proposal("rss", address, {}, "high" if about_jobs else "low", f"the page's head {named}")
    for node in page.css("link[rel='sitemap' i][href]"):
        if address := web_address(node.attributes.get("href"), url):
            yield Proposal(
                "jsonld", address, {}, "low", "the page names a sitemap; look whether it lists adverts"
            )
    linked = list(_linked(page, url))
    yield from linked
    for vendor in _VENDORS:
        if vendor.markup and not any(f" of {vendor.name}: " in one.evidence for one in linked):
            hit = re.search(vendor.markup, text, re.IGNORECASE)
            here = vendor.kind != "unknown" and vendor.url == "{link}"
            if hit is not None:
                said = f"the page's markup says {hit.group()[:60]!r}"
                yield _propose(vendor, url, {}, "low", said, here=here)


def _linked(page: LexborHTMLParser, url: str) -> Iterator[Proposal]:
    """Vendors whose addresses the page has, or is at. What it embeds is surer than what it links to."""
    yield from _by_link(url, "the page's own address is", "high")
    seen = {url}
    for node in page.css("a[href], iframe[src], script[src], form[action], link[href], embed[src]")[
        :MOST_LINKS
    ]:
        said = node.attributes.get("href") or node.attributes.get("src") or node.attributes.get("action")
        address = web_address(said, url)
        if address is not None and address not in seen:
            seen.add(address)
            sure: Confidence = "high" if node.tag in ("iframe", "script", "form") else "medium"
            yield from _by_link(address, f"the page has <{node.tag}> with an address", sure)


def _by_link(address: str, said: str, confidence: Confidence) -> Iterator[Proposal]:
    for vendor, pattern in _LINKS:
        if (hit := pattern.search(address)) is not None:
            groups = {name: unquote(text) for name, text in hit.groupdict().items() if text}
            own = "own address" in said
            evidence = f"{said} of {vendor.name}: {address[:200]}"
            yield _propose(vendor, address, groups, confidence, evidence, here=own and vendor.url == "{link}")
            return


def _propose(
    vendor: _Vendor,
    link: str,
    groups: Mapping[str, str],
    confidence: Confidence,
    evidence: str,
    *,
    here: bool,
) -> Proposal:
    parts = urlsplit(link)
    origin = f"{parts.scheme}://{parts.netloc}"
    given = parse_qs(parts.query).get("for", [""])[0]
    options = {name: groups.get(name) or given for name in vendor.options}
    return Proposal(
        kind=vendor.kind,
        url=vendor.url.format(link=link, origin=origin, host=origin, **groups) if groups or "{" in vendor.url else vendor.url,
        options={name: value for name, value in options.items() if value} | dict(vendor.fixed),
        confidence=confidence if vendor.needs is None else "low",
        evidence=evidence if vendor.name in evidence else f"{evidence}, as {vendor.name} prints it",
        here=here,
        needs=vendor.needs,
    )  # fmt: skip
