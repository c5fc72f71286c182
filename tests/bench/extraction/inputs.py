"""What is read: feeds and pages as councils' systems print them, made of the sample adverts at any number."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

from deploy.local.boards.adverts import Advert, load
from deploy.local.boards.faces.oleeo import oleeo
from deploy.local.boards.faces.shown import Asked, Shown
from deploy.local.boards.feeds import feed, moment, vacancy_number
from deploy.local.boards.jsonld import posting
from deploy.local.boards.pages import list_page
from tests.ingest.mutations import BASE, TODAY

ADDRESS: Final = f"{BASE}/jobs/feed.xml"
PAGE_ADDRESS: Final = f"{BASE}/jobs/1"


def adverts(many: int) -> list[Advert]:
    """So many adverts of one board, each with an id of its own, its description as long as councils write them."""
    boards, known = load()
    texts = [one.description for one in known]
    return [
        replace(
            known[place % len(known)],
            board=boards[0].id,
            id=f"advert-{place}",
            link=None,
            description=" ".join(texts[(place * 7 + step) % len(texts)] for step in range(8)),
        )
        for place in range(many)
    ]


def _html(advert: Advert) -> str:
    """An advert's text with the markup that editors leave in it."""
    told = [f"{sentence.strip()}." for sentence in advert.description.split(". ") if sentence.strip()]
    listed = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in told[2:9])
    day = f"{moment(advert.closes, time(23, 59)):%d %B %Y}" if advert.closes else "when the post is filled"
    return (
        f"<p><strong>{escape(advert.title)}</strong><br />{escape(advert.employer)} &#8211; {escape(advert.location)}</p>\n"
        f'<p>{escape(" ".join(told[:2]))}&nbsp;</p>\n<h3>What you&rsquo;ll do</h3>\n<ul class="wp-block-list">\n{listed}</ul>\n'
        f"<p>Salary: {escape(advert.pay or 'according to experience')}</p>\n<p>Closing date: {day}</p>\n"
        f'<p>{escape(" ".join(told[9:]))} <a href="https://www.example.gov.uk/apply?job={vacancy_number(advert)}">Apply</a></p>'
    )


def _posted(advert: Advert) -> str:
    return format_datetime(moment(advert.posted or "2026-08-01", time(9)), usegmt=False)


def wordpress(many: Sequence[Advert]) -> bytes:
    """RSS 2.0 with a short description and the whole text beside it, as WordPress prints it."""
    items = "\n".join(
        f"<item>\n<title>{escape(one.title)}</title>\n<link>{BASE}/jobs/{one.id}/</link>\n"
        f"<comments>{BASE}/jobs/{one.id}/#respond</comments>\n<dc:creator><![CDATA[Recruitment]]></dc:creator>\n"
        f"<pubDate>{_posted(one)}</pubDate>\n<category><![CDATA[{one.department or 'Digital'}]]></category>\n"
        f'<guid isPermaLink="false">{BASE}/?post_type=job_listing&#038;p={vacancy_number(one)}</guid>\n'
        f"<description><![CDATA[<p>{escape(one.description[:300])} [&#8230;]</p>]]></description>\n"
        f"<content:encoded><![CDATA[{_html(one)}]]></content:encoded>\n<slash:comments>0</slash:comments>\n"
        f"<job_listing:location><![CDATA[{one.location}]]></job_listing:location>\n"
        f"<job_listing:company><![CDATA[{one.employer}]]></job_listing:company>\n</item>"
        for one in many
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"\n xmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        ' xmlns:wfw="http://wellformedweb.org/CommentAPI/"\n xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
        ' xmlns:atom="http://www.w3.org/2005/Atom"\n xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"\n'
        ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"\n xmlns:job_listing="https://jobs.example/job_listing">\n<channel>\n'
        f'<title>Jobs</title>\n<atom:link href="{ADDRESS}" rel="self" type="application/rss+xml" />\n<link>{BASE}</link>\n'
        "<description></description>\n<language>en-GB</language>\n<sy:updatePeriod>hourly</sy:updatePeriod>\n"
        f"<generator>https://wordpress.org/?v=6.8</generator>\n{items}\n</channel>\n</rss>\n"
    ).encode()


def vendor(look: str) -> Callable[[Sequence[Advert]], bytes]:
    """RSS 2.0 with a vendor's own fields."""

    def printed(many: Sequence[Advert]) -> bytes:
        boards, _ = load()
        return feed(boards[0], many, BASE, look=look).encode()

    return printed


def atom(many: Sequence[Advert]) -> bytes:
    """Atom, its content escaped HTML, as Oleeo prints it."""
    boards, _ = load()
    shown = Shown(boards[0], list(many), BASE, f"{BASE}/as/oleeo", TODAY)
    content = oleeo(Asked("candidate/jobboard/vacancy/3/feed", {}, "GET", b"", {}), shown)
    assert content is not None
    return content.text.encode()


def rdf(many: Sequence[Advert]) -> bytes:
    """RSS 1.0, as council systems of the first decade print it."""
    named = "".join(f'<rdf:li rdf:resource="{BASE}/jobs/{one.id}"/>' for one in many)
    items = "\n".join(
        f'<item rdf:about="{BASE}/jobs/{one.id}">\n<title>{escape(one.title)}</title>\n<link>{BASE}/jobs/{one.id}</link>\n'
        f"<description>{escape(_html(one))}</description>\n<dc:date>{one.posted or '2026-08-01'}T09:00:00+01:00</dc:date>\n"
        f"<dc:publisher>{escape(one.employer)}</dc:publisher>\n<dc:subject>{escape(one.department or 'Digital')}</dc:subject>\n</item>"
        for one in many
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{ADDRESS}">\n<title>Jobs</title>\n<link>{BASE}</link>\n<description>Jobs</description>\n'
        f"<items><rdf:Seq>{named}</rdf:Seq></items>\n</channel>\n{items}\n</rdf:RDF>\n"
    ).encode()


FEEDS: Final[dict[str, Callable[[Sequence[Advert]], bytes]]] = {
    "RSS 2.0 of WordPress": wordpress,
    "RSS 2.0 with fields": vendor("eploy"),
    "RSS 2.0 with a namespace": vendor("engage"),
    "RSS 2.0 with XML in Atom": vendor("networx"),
    "Atom": atom,
    "RSS 1.0": rdf,
}


def job_page(size: int = 211_000) -> bytes:
    """One advert's own page of so many bytes: its JobPosting, its text, and the menus and scripts around it."""
    boards, _ = load()
    (advert,) = adverts(1)
    data = {**posting(boards[0], advert, BASE), "description": _html(advert)}
    page = list_page(boards[0], [advert], [data], total=1, page=1, pages=1)
    head, body, tail = page.partition("<body")
    start = "window.dataLayer=window.dataLayer||[];function track(name,value){dataLayer.push({event:name,value:value})}"
    links = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/services/{n}"><span>Service {n}</span></a></li>\n'
        for n in range(120)
    )
    script = f"<script>{start * 20}</script>\n<style>{'.menu-item a{color:#0b0c0c;text-decoration:none}' * 40}</style>\n"
    around = f'<nav aria-label="Services"><ul>{links}</ul></nav>\n{script}'
    many = max(0, (size - len(page.encode())) // len(around.encode()))
    filled = f"{head}{around * many}{body}{tail}"
    return filled.replace(
        "</html>", f"<!--{'.' * max(0, size - len(filled.encode()) - 7)}--></html>"
    ).encode()


def list_of_jobs(many: int = 50) -> bytes:
    """A list whose page holds each of its adverts as JSON-LD."""
    boards, _ = load()
    some = adverts(many)
    blocks = [{**posting(boards[0], one, BASE), "description": _html(one)} for one in some]
    return list_page(boards[0], some, blocks, total=many, page=1, pages=1).encode()
