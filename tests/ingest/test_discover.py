"""Discovering: what on a careers page points to a board is found, with its evidence, and nothing is invented."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.boards import NotABoard
from services.ingest.discover import discover
from services.ingest.proposals import Proposal, proposed_yaml

URL = "https://www.council.example/careers"


def seen(body: str, url: str = URL, **headers: str) -> list[Proposal]:
    """What a page proposes."""
    return discover(body.encode(), url=url, headers=headers)


def page(inner: str, head: str = "") -> str:
    """A careers page."""
    return f"<!doctype html><html><head><title>Careers</title>{head}</head><body>{inner}</body></html>"


@pytest.mark.parametrize(
    ("link", "kind", "url", "options"),
    [
        ("https://jobs.c.example/feeds/datafeed.ashx", "eploy", "https://jobs.c.example/feeds/datafeed.ashx?Format=xml", {}),
        ("https://www.jobsgopublic.com/jobs?search=x", "jobsgopublic", "https://www.jobsgopublic.com/jobs?search=x", {}),
        ("https://t.example/lay/laydisplayrapido.cfm?ID=1", "talentlink", "https://t.example/lay/laydisplayrapido.cfm?ID=1", {}),
        ("https://c.webitrent.com/c_webrecruitment/wrd/run/ETREC179GF.open?WVID=1", "itrent", "https://c.webitrent.com/c_webrecruitment/wrd/run/ETREC179GF.open?WVID=1", {}),
        ("https://c.tal.net/candidate/jobboard/vacancy/3/adv/", "oleeo", "https://c.tal.net/candidate/jobboard/vacancy/3/adv/", {}),
        ("https://www.jobtrain.co.uk/acouncil/Home/Job", "jobtrain", "https://www.jobtrain.co.uk/acouncil", {}),
        ("https://c.tribepad-gro.com/members/", "tribepad", "https://c.tribepad-gro.com/members/", {}),
        ("https://c.jobs2web.com/tfl/search/", "successfactors", "https://c.jobs2web.com/tfl/search/", {}),
        ("https://boards.greenhouse.io/acouncil", "greenhouse", "https://boards-api.greenhouse.io", {"board": "acouncil"}),
        ("https://boards.greenhouse.io/embed/job_board/js?for=acouncil", "greenhouse", "https://boards-api.greenhouse.io", {"board": "acouncil"}),
        ("https://jobs.lever.co/acouncil", "lever", "https://api.lever.co", {"org": "acouncil"}),
        ("https://apply.workable.com/acouncil/", "workable", "https://apply.workable.com", {"account": "acouncil"}),
        ("https://careers.smartrecruiters.com/ACouncil", "smartrecruiters", "https://api.smartrecruiters.com", {"company": "ACouncil"}),
        ("https://ac.wd3.myworkdayjobs.com/en-GB/Careers", "workday", "https://ac.wd3.myworkdayjobs.com", {"tenant": "ac", "site": "Careers"}),
        ("https://ac.taleo.net/careersection/ext/jobsearch.ftl", "taleo", "https://ac.taleo.net", {"section": "ext"}),
        ("https://p.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/jobs", "oracle", "https://p.oraclecloud.com", {"site": "CX_1"}),
        ("https://ac.livevacancies.co.uk/", "sitemap", "https://ac.livevacancies.co.uk/sitemap.xml", {"match": "/vacancy/"}),
        ("https://ac.example/vacancies.aspx?cat=-1", "rss", "https://ac.example/rss.aspx", {}),
        ("https://ac.example/CustomVacanciesFeed.ashx", "rss", "https://ac.example/CustomVacanciesFeed.ashx", {}),
        ("https://ac.current-vacancies.com/RSSFeeds/Vacancies/X?feedID=1", "rss", "https://ac.current-vacancies.com/RSSFeeds/Vacancies/X?feedID=1", {}),
        ("https://www.wmjobs.co.uk/employer/x", "rss", "https://www.wmjobs.co.uk/jobsrss/", {}),
    ],
)  # fmt: skip
def test_every_vendor_is_known_by_its_links(link: str, kind: str, url: str, options: dict[str, str]) -> None:
    """A link to a vendor gives the entry that its adapter can use, and the link as evidence."""
    (found,) = seen(page(f'<a href="{link}">Our jobs</a>'))
    assert (found.kind, found.url, dict(found.options), found.needs) == (kind, url, options, None)
    assert link in found.evidence
    assert found.confidence == "medium"


@pytest.mark.parametrize(
    ("inner", "kind", "needs"),
    [
        ('<a href="https://careers.x.teamtailor.com/jobs">j</a>', "teamtailor", "API key"),
        ('<a href="https://x.webitrent.com/">j</a>', "unknown", "WVID"),
        ('<div data-talentlink-fo-host="https://x.example"></div>', "unknown", "robots"),
        ('<a href="https://x.pageuppeople.com/1">j</a>', "unknown", "no adapter"),
        ('<form><input name="p_web_site_id" value="5"></form>', "mapping", "format json"),
    ],
)
def test_what_is_missing_is_said(inner: str, kind: str, needs: str) -> None:
    """A system that is recognised, but not enough to read it: low confidence, and what is still needed."""
    found = seen(page(inner))[0]
    assert (found.kind, found.confidence) == (kind, "low")
    assert needs in (found.needs or "")


def test_feeds_are_weighed_by_what_they_say() -> None:
    """A feed of jobs is sure, a feed of news is not; the Link header counts as well; the surest comes first."""
    head = (
        '<link rel="alternate" type="application/rss+xml" title="News" href="/news.xml">'
        '<link rel="alternate" type="application/atom+xml" title="Vacancies" href="/v.xml">'
    )
    found = seen(page("", head), link='<https://c.example/f>; rel="alternate"; type="application/rss+xml"')
    assert [(one.url, one.confidence) for one in found] == [
        ("https://www.council.example/v.xml", "high"),
        ("https://c.example/f", "medium"),
        ("https://www.council.example/news.xml", "low"),
    ]


def test_postings_in_the_page_itself() -> None:
    """JSON-LD and microdata of the type JobPosting make the page a board of its own."""
    for inner in (
        '<script type="application/ld+json">{"@type": "JobPosting"}</script>',
        '<div itemscope itemtype="https://schema.org/JobPosting"></div>',
    ):
        (found,) = seen(page(inner))
        assert (found.kind, found.url, found.here, found.confidence) == ("jsonld", URL, True, "high")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<?xml version="1.0"?><!-- made --><Vacancies Count="1"><Item/></Vacancies>', "eploy"),
        ("<rss><channel><item><link>x</link></item></channel></rss>", "rss"),
        ('{"@context": "https://schema.org", "@type": "JobPosting"}', "jsonld"),
        ("<urlset>" + "".join(f"<url><loc>https://c.example/vacancy/{n}00/x</loc></url>" for n in range(4)) + "</urlset>", "sitemap"),
        ('{"rows": []}', "mapping"),
    ],
)  # fmt: skip
def test_a_body_that_is_a_board_is_known_for_it(body: str, kind: str) -> None:
    """Feeds, lists, sitemaps with adverts and JSON are recognised by what they are."""
    (found,) = seen(body)
    assert (found.kind, found.here) == (kind, True)


def test_a_page_about_something_else_proposes_nothing() -> None:
    """No evidence, no proposal; an empty body is not looked at."""
    assert seen(page('<a href="/bins">Bins</a><a href="javascript:x">x</a>')) == []
    assert seen("<urlset><url><loc>https://c.example/bins</loc></url></urlset>") == []
    with pytest.raises(NotABoard, match="an empty body"):
        seen("  ")


def test_the_proposals_are_yaml_with_their_evidence() -> None:
    """What is printed can be put into the list of boards; evidence and what is missing stand in comments."""
    link = "https://boards.greenhouse.io/acouncil"
    text = proposed_yaml(
        seen(page(f'<a href="{link}">j</a><a href="https://x.pageuppeople.com/1">k</a>')), URL
    )
    first, second = yaml.safe_load(text)["sources"]
    assert first == {
        "id": "www-council-example-1",
        "name": "www.council.example",
        "kind": "greenhouse",
        "url": "https://boards-api.greenhouse.io",
        "options": {"board": "acouncil"},
    }
    assert (second["kind"], "url" in second) == ("unknown", False)
    assert f"# medium confidence: the page has <a> with an address of Greenhouse: {link}" in text
    assert "# needs: no adapter" in text


_PIECES = st.sampled_from(
    [
        b"<html>", b"<a href='", b"https://boards.greenhouse.io/", b"https://x.wd1.myworkdayjobs.com/", b"//[", b"'>", b"{", b"}", b"<rss>",
        b"<urlset>", b"<loc>https://c.example/jobs/1</loc>", b"\x00", b"\xff\xfe", b"<link rel=alternate type=rss href=", b"<!--", b"x" * 200,
        b"https://p.oraclecloud.com/hcmUI/CandidateExperience/en/sites/{0}", b'"@type": "JobPosting"', b"\n- a: [", b"?for=%00%0a",
    ]
)  # fmt: skip


@given(
    body=st.one_of(st.binary(max_size=200), st.lists(_PIECES, max_size=20).map(b"".join)),
    header=st.text(max_size=60),
)
def test_whatever_the_bytes_there_are_proposals_or_a_reason(body: bytes, header: str) -> None:
    """Nothing but NotABoard is raised, and what is proposed is always YAML."""
    try:
        found = discover(body, url=URL, headers={"content-type": header, "link": header})
    except NotABoard:
        return
    assert len(yaml.safe_load(proposed_yaml(found, URL))["sources"] or []) == len(found)


def test_a_list_of_links_in_jsonld_is_a_board() -> None:
    """Where the postings stand on the adverts' own pages, the list says where those are; other lists propose nothing."""
    entries = [{"@type": "ListItem", "url": f"https://a.example/jobs/data-{n}"} for n in range(3)]
    block = json.dumps({"@type": "ItemList", "itemListElement": entries})
    (found,) = seen(f'<html><script type="application/ld+json">{block}</script></html>')
    assert (found.kind, found.confidence, found.here) == ("jsonld", "medium", True)
    assert "a JSON-LD list of 3 pages" in found.evidence
    menu = block.replace("/jobs/data", "/menu")
    assert seen(f'<html><script type="application/ld+json">{menu}</script></html>') == []


def test_a_feed_that_is_linked_is_proposed_as_it_is() -> None:
    """An Eploy feed below another path, or with words of its own, is not replaced by the usual address."""
    link = "https://jobs.example/tenant/feeds/datafeed.ashx?Format=xml&Region=2"
    (found,) = seen(f'<html><body><a href="{link.replace("&", "&amp;")}">Jobs</a></body></html>')
    assert (found.kind, found.url) == ("eploy", link)
