from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import BenchmarkInBrief, Contact, Match, Pay, Role
from services.notify.addresses import NotDeliverable, mailbox, without_addresses
from services.notify.compose import Letter, compose
from services.notify.examples import EXAMPLES
from services.notify.identity import mail_id, notification_id
from services.notify.introductions import follow_ups
from services.notify.mails import MOST_IN_ONE, Item, Mail
from services.notify.message import Sender, message
from services.notify.wording import one_line, pay
from tests.notify.making import contact, match, role

SENDER = Sender("Talent Exchange", "talent-exchange@loti.example")


def mail_of(*about: Role | Match, to: tuple[Contact, ...] = ()) -> Mail:
    """A mail with these in it."""
    kind = "introduction" if isinstance(about[0], Match) else "new role"
    items = tuple(
        Item(notification_id(kind, one.id, who.id), who.id, who, one, "You asked.", "event-1", "thread-1")
        for one in about
        for who in to or (contact(),)
    )
    return Mail(mail_id(item.id for item in items), kind, 1, 0, items)


INTRODUCTION = mail_of(match(), to=(contact("asks"), contact("helps")))


def letter_of(mail: Mail) -> Letter:
    return compose(mail, site_name="Talent Exchange")


def sent(mail: Mail, letter: Letter | None = None) -> EmailMessage:
    """The message as a mailbox reads it."""
    to = [mailbox(one.name, one.email) for one in mail.contacts]
    made = message(mail, letter or letter_of(mail), to, SENDER, datetime.now(UTC))
    read = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


class Page(HTMLParser):
    """What a mail client finds in the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.language: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        facts = dict(attrs)
        if tag == "html":
            self.language = facts.get("lang")
        if tag == "a":
            self.links.append(facts.get("href") or "")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))


def test_a_new_role_tells_every_fact() -> None:
    """Title, employer, borough, pay, standard role and level, closing date, the advert and the why: in both forms."""
    mail = EXAMPLES["new-role"]
    letter = letter_of(mail)
    for fact in (
        "Senior Data Engineer, Housing and Homelessness Insight",
        "London Borough of Camden",
        "£52,413 to £58,006 a year",
        "full-time equivalent",
        "Data engineer, senior",
        "21 April 2026",
        "https://jobs.camden.example/vacancies/senior-data-engineer-4471",
        "You asked to hear of new Data or User-centred design roles.",
    ):
        assert fact in letter.text
        assert fact in letter.html
    assert letter.subject.startswith("Senior Data Engineer")


def test_an_introduction_tells_who_why_pay_and_what_happens_next() -> None:
    """Both people with their addresses, the reasons, the benchmark in brief and the three dates of the follow-up."""
    letter = letter_of(EXAMPLES["introduction"])
    for fact in (
        "Amara Osei",
        "tom.whitfield@recruiters.example",
        "Is free now",
        "Others offer £52,200 to £60,100",
        "14 adverts, 9 boroughs",
        "13 April 2026",
        "30 June 2026",
        "30 September 2026",
    ):
        assert fact in letter.text
        assert fact in letter.html


def test_the_strongest_reason_comes_first_and_no_reason_is_left_out_silently() -> None:
    """Reasons stand in the order in which they counted; a part that scored nothing is not given as a reason."""
    text = letter_of(INTRODUCTION).text
    assert text.index("eight years") < text.index("free in December")
    assert "Nothing in common" not in text


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_mail_is_sound_html(name: str) -> None:
    """Language set, one h1 first and no level skipped, no image, script or remote style, small enough for Gmail."""
    html = letter_of(EXAMPLES[name]).html
    page = Page(html)
    assert page.language == "en-GB"
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert not {"img", "script", "link", "iframe"} & set(page.tags)
    assert "prefers-color-scheme: dark" in html
    assert 'name="color-scheme"' in html
    assert "<!--[if mso]>" in html
    assert 'style="' in html


def test_the_fullest_mail_is_not_cut_off() -> None:
    """Gmail cuts at 102 kB; the most roles in one mail, with long titles, stay under it."""
    roles = [role(f"role-{n:02}", title="Principal " * 15) for n in range(MOST_IN_ONE)]
    assert len(letter_of(mail_of(*roles)).html.encode()) < 102_000


def test_only_real_links() -> None:
    """A mail links to the advert and to nothing else; an address that is no web address is not linked."""
    assert set(Page(letter_of(mail_of(role())).html).links) == {"https://jobs.camden.example/role-1"}
    for bad in (
        "javascript:alert(1)",
        "https://user@evil.example/",
        "http://",
        'https://x.example/"onclick="',
        "https://x.example/\nBcc: a@b.c",
    ):
        letter = letter_of(mail_of(role(links=(bad,))))
        assert Page(letter.html).links == []
        assert "javascript" not in letter.text


HOSTILE = st.text(max_size=80).map(
    lambda text: f"A<script>{text}</script>\r\nBcc: evil@example.org\r\n\r\n<h1>"
) | st.text(min_size=1)


@settings(deadline=None)  # the first example compiles the templates
@given(title=HOSTILE, name=HOSTILE)
def test_nothing_from_outside_becomes_header_or_markup(title: str, name: str) -> None:
    """A title or a name with line breaks and HTML adds no header, no recipient and no tag, whatever is in it."""
    reader = contact(name=name)
    mail = mail_of(role(title=title, employer=f"The {title}"), to=(reader,))
    harmless = mail_of(role(title="x", employer="The x"), to=(reader,))
    message_ = sent(mail)
    assert message_.keys() == sent(harmless).keys()
    assert [one.addr_spec for one in message_["To"].addresses] == [reader.email]
    assert message_["Bcc"] is None
    assert Page(letter_of(mail).html).tags == Page(letter_of(harmless).html).tags


def test_a_ten_kilobyte_title_is_cut_at_a_word() -> None:
    """A title of 10 kB leaves a mail that can be read."""
    letter = letter_of(mail_of(role(title="Data Engineer " * 730)))
    assert len(letter.subject) <= 120
    assert len(letter.text) < 2_000
    assert "…" in letter.subject


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """No break, control or direction character survives, and what is one line already is not touched again."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "\u202e" not in line
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        (Pay(text="x", minimum=4_500_000, maximum=5_200_000, period="year"), "£45,000 to £52,000 a year"),
        (Pay(text="x", minimum=4_500_000, maximum=4_500_000, period="year"), "£45,000 a year"),
        (Pay(text="x", minimum=1_850, period="hour"), "from £18.50 an hour"),
        (Pay(text="x", maximum=40_000, period="day"), "up to £400 a day"),
        (Pay(text="Competitive", why_not="no amount"), "Competitive"),
        (None, None),
    ],
)
def test_pay_in_words(offer: Pay | None, words: str | None) -> None:
    """Pay is told as it was read, in pounds with its period; as printed where no amount was read."""
    assert pay(offer) == words


def test_follow_up_dates_stay_in_their_month() -> None:
    """Three months after 30 November is 28 February."""
    assert [str(date_) for date_ in follow_ups(match())] == ["2026-12-14", "2027-02-28", "2027-05-30"]


def test_headers() -> None:
    """A mail says what it is to machines, and its bodies break no line rule of SMTP."""
    message_ = sent(INTRODUCTION)
    assert message_["Auto-Submitted"] == "auto-generated"
    assert "<introduction.loti.example>" in message_["List-Id"]
    assert message_["X-Correlation-ID"] == "thread-1"
    assert message_["Message-ID"] == f"<{INTRODUCTION.id}@loti.example>"
    both = {"wilhelmina.asks@featherstone.example", "wilhelmina.helps@featherstone.example"}
    assert {one.addr_spec for one in message_["To"].addresses} == both
    assert {one.addr_spec for one in message_["Reply-To"].addresses} == both
    assert [part.get_content_type() for part in message_.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert message_.get_body(("plain",)) is not None
    for part in message_.iter_parts():
        payload = part.get_payload()
        assert isinstance(payload, str)
        assert max(map(len, payload.splitlines())) <= 76


def test_a_mail_has_one_message_id_for_ever() -> None:
    """The Message-ID follows from what is told to whom, in any order, and from nothing else."""
    items = INTRODUCTION.items
    assert mail_id(item.id for item in items) == mail_id(item.id for item in reversed(items))
    assert (
        sent(INTRODUCTION)["Message-ID"] == sent(INTRODUCTION, Letter("other", "words", "<p>"))["Message-ID"]
    )


def test_addresses() -> None:
    """An international domain is spelt for SMTP; what no relay could carry is refused without being repeated."""
    assert mailbox("Zoë", "zoe@bücher.example").addr_spec == "zoe@xn--bcher-kva.example"
    assert str(mailbox('Eve" <evil@x.example>', "eve@x.example")).count("eve@x.example") == 1
    for bad in (
        "zoë@x.example",
        "a@b@c.example",
        "a,b@x.example",
        "<a@x.example>",
        "a@x.example>",
        "@x.example",
        "a@",
    ):
        with pytest.raises(NotDeliverable) as refusal:
            mailbox("Name", bad)
        assert bad not in str(refusal.value)


def test_a_relays_answer_is_kept_without_the_address() -> None:
    """Relays repeat the address that they refuse; the ledger does not."""
    kept = without_addresses("5.1.1 <jo.bloggs@camden.example>: Recipient\r\n rejected")
    assert kept == "5.1.1 <<address>>: Recipient rejected"


def test_a_benchmark_of_one_advert_reads_well() -> None:
    """Counts of one are in the singular."""
    brief = BenchmarkInBrief(
        standard_role="Data engineer",
        level="all",
        area="london",
        p25=1,
        p50=4_500_050,
        p75=3,
        adverts=1,
        boroughs=1,
    )
    letter = letter_of(mail_of(match(benchmark=brief), to=(contact("asks"), contact("helps"))))
    assert "One advert offers" in letter.text
    assert "£45,000.50" in letter.text
