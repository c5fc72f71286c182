"""Feeds of every shape, sound, odd and damaged, from a seed: what the two ways of reading a feed are compared on."""

import random
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from deploy.local.boards.adverts import load
from deploy.local.boards.faces.oleeo import oleeo
from deploy.local.boards.faces.shown import Asked, Shown
from deploy.local.boards.feeds import feed
from tests.ingest.mutations import BASE, TODAY, damaged

CONTENT_TYPES = (
    None, "text/xml", "application/rss+xml", "application/atom+xml; charset=utf-8", "text/xml; charset=utf-8",
    "application/xml; charset=iso-8859-1", "text/html", "text/xml;charset=windows-1252", "text/plain; charset=nonsense",
)  # fmt: skip
_WORDS = (
    "Data Analyst", "£38,500", " – ", "Salary: £35,000 to £40,000", "Closing date: 2 August", "&", "<b>bold</b>", "<p>One</p><p>two",
    "&amp;", "&nbsp;", "&pound;40,000", "Café", "Ã©", "â€“", "\x96", "“quoted”", "  ", "\n", "n/a", "-", "<br/>", "<script>x()</script>",
    "Advert End Date: 21/08/2026 12:00", "&lt;p&gt;", "https://jobs.example.gov.uk/?a=1&b=2", "0", "\u3000", "]]", "&#8217;",
)  # fmt: skip
_LINKS = (
    "https://jobs.example.gov.uk/1", "/jobs/2", "https:///jobs.example.gov.uk/3", "https://jobs.example.gov.uk/?id=4&ref;=5",
    "javascript:alert(1)", "", " https://jobs.example.gov.uk/6#top", "http://[bad", "https://jobs.example.gov.uk/é",
)  # fmt: skip
_DATES = ("Wed, 03 Jun 2026 00:00:00 GMT", "2026-09-01", "2026-09-01T12:00:00Z", "", "soon", "99/99/9999")
_SPACES = {
    "atom": "http://www.w3.org/2005/Atom", "a10": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/", "job": "https://example.org/ns/job", "engAts": "https://e.example",
    "media": "http://search.yahoo.com/mrss/", "dcterms": "http://purl.org/dc/terms/", "wfw": "http://wellformedweb.org/commentAPI/",
    "slash": "http://purl.org/rss/1.0/modules/slash/", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "sy": "http://purl.org/rss/1.0/modules/syndication/", "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#", "other": "https://example.org/ns/job",
    "georss": "http://www.georss.org/georss", "xhtml": "http://www.w3.org/1999/xhtml",
}  # fmt: skip
_USUAL = (
    "title", "link", "guid", "pubDate", "description", "category", "author", "comments", "content:encoded", "dc:creator",
    "dc:date", "dc:subject", "dc:title", "dc:description", "job:salary", "job:location", "job:company", "engAts:salaryRangeFrom",
    "engAts:salaryRangeTo", "engAts:endDate", "a10:updated", "Salary", "DisplaySalary", "Location", "VacancyID", "Vacancy_Id",
    "Expiry_date", "Organisation", "Department", "contractType", "id", "updated", "published", "summary", "enclosure",
    "source", "slash:comments", "wfw:commentRss", "rights", "language", "dc:publisher", "created", "uri", "dcterms:modified",
)  # fmt: skip
_UNUSUAL = (
    "date", "url", "image", "name", "email", "media:title", "media:content", "media:group", "media:thumbnail", "media:description",
    "geo:lat", "georss:point", "itunes:summary", "itunes:author", "links", "content", "body", "info", "items", "channel", "feed",
    "job:item", "other:salary", "textinput", "abstract", "xhtml:body", "svg", "width", "tags", "author_detail", "where", "Title", "LINK",
)  # fmt: skip


def document(chance: random.Random) -> tuple[bytes, str | None]:
    """A feed and the content type it came with; of every ten three are damaged."""
    body = chance.choice(_KINDS)(chance)
    if chance.random() < 0.3:
        body, _, _ = damaged(body, chance)
    return body, chance.choice(CONTENT_TYPES)


def _sample(chance: random.Random) -> bytes:
    boards, adverts = load()
    some = chance.sample(adverts, 3)
    look = chance.choice(("wordpress", "eploy", "piped", "engage", "networx"))
    return feed(boards[0], some, BASE, look=look).encode()


def _oleeo(chance: random.Random) -> bytes:
    boards, adverts = load()
    board = chance.choice(boards)
    shown = Shown(
        board, [one for one in adverts if one.board == board.id][:3], BASE, f"{BASE}/x/as/oleeo", TODAY
    )
    content = oleeo(Asked("candidate/jobboard/vacancy/3/feed", {}, "GET", b"", {}), shown)
    return content.text.encode() if content else b""


def _made(chance: random.Random) -> bytes:
    shape = chance.choice(("rss", "rss", "atom", "rdf", "vacancies"))
    spaces = dict(_SPACES) if chance.random() < 0.7 else dict(chance.sample(sorted(_SPACES.items()), 5))
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    calm = chance.random() < 0.6
    items = [_item(chance, shape, spaces, calm) for _ in range(chance.randrange(4))]
    around = _around(chance, shape, calm)
    match shape:
        case "atom":
            text = f'<feed xmlns="http://www.w3.org/2005/Atom"{declared}>{around}{"".join(items)}</feed>'
        case "rdf":
            text = (
                '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
                f'{declared}><channel rdf:about="https://x.example">{around}</channel>{"".join(items)}</rdf:RDF>'
            )
        case "vacancies":
            text = f'<Vacancies Count="{chance.randrange(4)}"{declared}>{"".join(items)}</Vacancies>'
        case _:
            text = f'<rss version="2.0"{declared}><channel>{around}{"".join(items)}</channel></rss>'
    return _encoded(chance, text)


def _encoded(chance: random.Random, text: str) -> bytes:
    codec = chance.choice(("utf-8", "utf-8", "utf-8", "windows-1252", "iso-8859-1", "utf-16", "us-ascii"))
    named = chance.choice((codec, codec, "utf-8", ""))
    declaration = chance.choice(("<?xml version='1.0'%s?>", '<?xml version="1.0"%s standalone="yes"?>\n', ""))
    if declaration:
        declaration %= f' encoding="{named}"' if named else ""
    if chance.random() < 0.1:
        declaration += "<!-- made by a <machine> --><?xml-stylesheet href='x.xsl'?>"
    tail = chance.choice(("", "", "\n", "<!-- 0.2 seconds -->", "\n\n"))
    start = "\ufeff" if codec == "utf-8" and chance.random() < 0.1 else ""
    return (start + declaration + text + tail).encode(codec, "xmlcharrefreplace")


def _around(chance: random.Random, shape: str, calm: bool) -> str:
    if shape == "atom":
        parts = [
            "<title>Jobs</title>",
            "<id>tag:x</id>",
            "<link rel='self' href='/feed'/>",
            "<author><name>A</name></author>",
        ]
        parts += [
            "<subtitle type='html'>&lt;b&gt;x</subtitle>",
            "<updated>2026-01-01T00:00:00Z</updated>",
            "<logo>l</logo>",
        ]
    else:
        parts = [
            "<title>Jobs</title>",
            "<link>https://x.example</link>",
            "<description>D</description>",
            "<language>en</language>",
        ]
        parts += [
            "<image><url>u</url><title>t</title><link>/l</link><width>x</width></image>",
            "<ttl>5</ttl>",
            "<cloud domain='d'/>",
        ]
        parts += [
            "<textinput><title>t</title><name>n</name></textinput>",
            "<items><x><y z='1'/></x></items>",
            "<generator>g</generator>",
        ]
        parts += [
            "<managingEditor>a@b.example (A)</managingEditor>",
            "<category>c</category>",
            "<skipDays><day>Monday</day></skipDays>",
        ]
    if chance.random() < 0.3:
        parts.append(
            f"<{'link' if shape == 'atom' else 'atom:link'} rel='Next' href={quoteattr(chance.choice(_LINKS))}/>"
        )
    if not calm:
        parts += [
            "<summary>s</summary>",
            "<itunes:owner><itunes:name>n</itunes:name></itunes:owner>",
            "<content>c</content>",
        ]
        parts += [
            "<title type='xhtml'><b>x</b></title>",
            "<link>x<y/></link>",
            "<source>s</source>",
            "<x a='b'>text<y>z</y></x>",
        ]
    return "".join(chance.sample(parts, chance.randrange(len(parts))))


def _item(chance: random.Random, shape: str, spaces: dict[str, str], calm: bool) -> str:
    names = [name for name in _USUAL if ":" not in name or name.partition(":")[0] in spaces]
    if not calm:
        names += [name for name in _UNUSUAL if ":" not in name or name.partition(":")[0] in spaces]
    inner = "".join(
        _element(chance, name, names, calm) for name in ("title", "link") if chance.random() < 0.9
    )
    chosen = [chance.choice(names) for _ in range(chance.randrange(9))]
    inner += "".join(_element(chance, name, names, calm) for name in chosen)
    name = "entry" if shape == "atom" else chance.choice(("item", "item", "Item"))
    about = (
        f' rdf:about="{escape(chance.choice(_LINKS))}"' if shape == "rdf" and chance.random() < 0.5 else ""
    )
    return f"<{name}{about}>{inner}</{name}>"


def _element(chance: random.Random, name: str, names: list[str], calm: bool, depth: int = 0) -> str:
    local = name.rpartition(":")[2].lower()
    attributes, inner = "", _text(chance)
    if local in ("link", "guid", "id", "url", "uri", "comments"):
        inner = escape(chance.choice(_LINKS))
        if local == "link" and chance.random() < 0.4:
            rel = chance.choice(
                (
                    "",
                    " rel='alternate'",
                    " rel='self'",
                    " rel='ALTERNATE' type='text/html'",
                    " type='image/png'",
                )
            )
            return f"<{name}{rel} href={quoteattr(chance.choice(_LINKS))}/>"
        attributes = (
            chance.choice(("", "", " isPermaLink='false'", " isPermaLink='true'")) if local == "guid" else ""
        )
    elif local in ("pubdate", "date", "updated", "published", "modified", "enddate", "expiry_date"):
        inner = escape(chance.choice(_DATES))
    elif local in ("content", "summary", "title", "description") and chance.random() < (0.3 if calm else 0.6):
        attributes, inner = _typed(chance)
    elif local in ("enclosure", "media:content"):
        return f"<{name} url='https://x.example/a.pdf' length='1' type='application/pdf'/>"
    elif local == "author" and chance.random() < 0.5:
        inner = "<name>A B</name><email>a@b.example</email><uri>https://x.example</uri>"
    elif local == "source":
        attributes = chance.choice(("", " url='https://x.example'"))
    elif local == "category":
        attributes = chance.choice(("", " term='t'", " domain='d'"))
    if chance.random() < (0.03 if calm else 0.15):
        attributes += chance.choice(
            (" a='b'", " xml:lang='en'", " type='text'", " currency='GBP'", " xml:base='https://z.example'")
        )
    if depth < 3 and chance.random() < (0.03 if calm else 0.12):
        inner += "".join(
            _element(chance, chance.choice(names), names, calm, depth + 1) for _ in range(2)
        ) + _text(chance)
    return f"<{name}{attributes}>{inner}</{name}>"


def _typed(chance: random.Random) -> tuple[str, str]:
    inline = "<div xmlns='http://www.w3.org/1999/xhtml' class='x'>A <b REL='Y'>b &amp; c</b><br/> d</div>"
    fields = "<Vacancy><Salary>£21,575</Salary><Vacancy_ID>P1</Vacancy_ID><Expiry_date>01/09/2043</Expiry_date></Vacancy>"
    return chance.choice(
        (
            (" type='html'", "&lt;p&gt;One &amp;amp; two&lt;/p&gt;"), (" type='text'", "A &amp; B"), (" type='xhtml'", inline),
            (" type='xhtml'", f"\n{inline}\n"), (" type='xhtml'", "<p>x</p>" + inline), (" type='text/xml'", fields),
            (" type='application/xml'", fields), (" type='xhtml'", "plain &lt; text"), ("", inline), (" mode='base64'", "QUJD"),
            (" type='text/xml'", "<title>in a vacancy</title>" + fields), (" type='image/png'", "QUJD"), (" src='/x'", ""),
        )
    )  # fmt: skip


def _text(chance: random.Random) -> str:
    text = "".join(chance.choice(_WORDS) for _ in range(chance.randrange(4)))
    match chance.randrange(8):
        case 0:
            return f"<![CDATA[{text.replace(']]', '')}]]>"
        case 1:
            return text.replace("]]>", "")
        case 2:
            return escape(text).replace("é", "&#233;").replace("–", "&#150;")
        case 3:
            return escape(text) + "<!-- a comment -->" + escape(text)
        case _:
            return escape(text)


_KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    _sample,
    _oleeo,
    _made,
    _made,
    _made,
    _made,
    _made,
    _made,
)
