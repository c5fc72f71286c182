"""Nothing from outside becomes markup, a header or a link, in any form of any letter."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Contact
from services.notify.addresses import mailbox
from services.notify.letters.examples import EXAMPLES, item, mail
from services.notify.letters.examples_matches import ACCEPTED
from services.notify.letters.examples_news import EVENT
from services.notify.letters.examples_people import READER, RECRUITER
from services.notify.letters.examples_roles import DATA_ENGINEER
from services.notify.letters.letter import Letter
from services.notify.letters.wording import is_web
from services.notify.mails import Item, Mail
from services.notify.sending.message import Sender, message
from tests.notify.letters.reading import Seen, in_markdown, letter_of, linked_unasked

ATTACKS = (
    "<script>alert(1)</script>",
    "</title></style><img src=https://evil.example/a.png onerror=x>",
    '"><a href="https://evil.example">here</a>',
    "\r\nBcc: evil@example.org\r\n\r\n<h1>",
    "[click](https://evil.example/) ![p](https://evil.example/p.png) <https://evil.example>",
    "\n# Heading\n* item\n1. one\n^ inset\n---\n> quote\n| a | b |",
    "`code` **bold** _soft_ ~~gone~~ \\[x\\](https://evil.example) [x]: https://evil.example",
    "https://evil.example/phish www.evil.example evil.example ceo@evil.example mailto:a@evil.example",
    "HTTPS:\u200b//evil.example ｈｔｔｐｓ：／／ｅｖｉｌ．ｅｘａｍｐｌｅ evil。example evil․example",
    "\u202egnp.exe\u2066\u2069\u200f\u061c",
    "((subject)) {{ 7 * 7 }} {% raw %} ${x} %s {0}",
    "&lt;script&gt; &#x3c;b&#62; &nbsp;",
    "\ue000unsubscribe\ue001",
    "\u2028\u2029\x85\x0b\x0c\x00\x1b[31m\x7f",
    "a" + "\u0301" * 40,
)
TEXTS = {
    "title", "summary", "sentence", "why", "note", "name", "organisation", "text", "employer", "location", "contract",
    "grade", "step_why", "place", "pay", "kind_of_work", "authorities_named", "family", "standard_role",
}  # fmt: skip

hostile = st.lists(st.sampled_from(ATTACKS) | st.text(max_size=40), min_size=1, max_size=3).map("".join)


def poisoned(told: Any, words: str) -> Any:
    """The same state with these words in every text that comes from outside. Amounts are taken out of pay, so that what is
    printed is shown."""
    if isinstance(told, dict):
        return {
            key: words
            if key in TEXTS and isinstance(value, str)
            else value
            if key in ("links", "link", "online", "markdown")
            else poisoned(value, words)
            for key, value in told.items()
        }
    if isinstance(told, (list, tuple)):
        return [poisoned(one, words) for one in told]
    return told


def contact(known: Contact | None, words: str) -> Contact | None:
    """The same, with another name and organisation."""
    return known and known.model_copy(update={"name": words, "organisation": words})


def poison(example: Mail, words: str) -> Mail:
    """The example with these words wherever words from outside are."""

    def other(one: Item) -> Item:
        facts = {name: getattr(one, name) for name in one.__slots__} | {
            "about": type(one.about).model_validate(poisoned(one.about.model_dump(mode="json"), words[:200])),
            "why": words,
            "contact": contact(one.contact, words),
            "others": tuple(found for known in one.others if (found := contact(known, words))),
            "role": one.role
            and type(one.role).model_validate(poisoned(one.role.model_dump(mode="json"), words)),
        }
        return Item(**facts)

    return Mail(example.id, example.kind, 1, 0, tuple(map(other, example.items)))


@cache
def harmless_letter(kind: str) -> Letter:
    """The same letter with an x for all words from outside."""
    return letter_of(poison(EXAMPLES[kind], "x"))


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if kind not in ("long-digest", "new-roles")])
@settings(max_examples=20)
@given(words=hostile.map("x{}".format))
def test_words_from_outside_stay_words(kind: str, words: str) -> None:
    """Whatever stands in a title, a name, a note, a sentence: no tag, attribute, link or heading more, in HTML and in
    Markdown; and no mailbox finds anything in the words that it would make a link of."""
    safe, letter = harmless_letter(kind), letter_of(poison(EXAMPLES[kind], words))
    seen, harmless = Seen(letter.html), Seen(safe.html)
    assert set(seen.tags) <= set(harmless.tags)
    assert seen.attributes <= harmless.attributes
    assert seen.links == harmless.links
    assert seen.headings == harmless.headings
    tags, links = in_markdown(letter.markdown)
    safe_tags, safe_links = in_markdown(safe.markdown)
    assert links == safe_links
    assert set(tags) <= set(safe_tags)
    assert tags.count("heading_open") == safe_tags.count("heading_open")
    assert len(re.findall(r"(?m)^ *\^", letter.markdown)) == len(re.findall(r"(?m)^ *\^", safe.markdown))
    assert set(linked_unasked(letter.text)) <= set(linked_unasked(safe.text))
    assert len(letter.subject.splitlines()) == 1
    for form in (letter.subject, letter.text, letter.html, letter.markdown):
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ue000\ue001]", form
        )


@given(words=hostile)
def test_words_from_outside_are_no_headers(words: str) -> None:
    """A title or a name with line breaks adds no header and no recipient to the message."""
    mail_ = poison(EXAMPLES["new-role"], words)
    plain = poison(EXAMPLES["new-role"], "x")
    assert headers(mail_).keys() == headers(plain).keys()
    assert [one.addr_spec for one in headers(mail_)["To"].addresses] == [READER.email]


def headers(mail_: Mail) -> EmailMessage:
    """The message as a mailbox reads it."""
    to = [mailbox(one.name, one.email) for one in mail_.contacts]
    sender = Sender("Talent Exchange", "talent-exchange@loti.example")
    made = message(mail_, letter_of(mail_), to, sender, datetime.now(UTC))
    read = message_from_bytes(bytes(made), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


BAD_LINKS = (
    "javascript:alert(1)",
    "data:text/html,x",
    "https://user@evil.example/",
    "http://",
    "//evil.example/",
    "/vacancies/1",
    'https://x.example/"onclick="',
    "https://x.example/\nBcc: a@b.c",
    "https://jobs.cаmden.example/",  # its second letter is Cyrillic
    "https://x.example/" + "a" * 2_000,
    "https://x.example:port/",
    "https://[x.example/",
)


@pytest.mark.parametrize("bad", BAD_LINKS)
def test_an_address_that_is_no_plain_web_address_is_not_linked(bad: str) -> None:
    """Of a role, an item, an event, a similar role: then the letter has no such link, and the role's says why."""
    assert not is_web(bad)
    happening = EVENT.happening and EVENT.happening.model_copy(update={"online": bad})
    similar = [one.model_copy(update={"link": bad}) for one in ACCEPTED.similar_roles]
    event = EVENT.model_copy(update={"link": bad, "happening": happening})
    for told in (
        mail("digest", item("new role", DATA_ENGINEER.model_copy(update={"links": (bad,)}), "You asked.")),
        mail("digest", item("event", event, "You asked.")),
        mail(
            "introduction",
            *(
                item(
                    "introduction",
                    ACCEPTED.model_copy(update={"similar_roles": tuple(similar)}),
                    "You asked.",
                    to=to,
                )
                for to in (READER, RECRUITER)
            ),
        ),
    ):
        letter = letter_of(told)
        ours = ("https://talent-exchange.example/", "mailto:")
        assert all(link.startswith(ours) for link in Seen(letter.html).links)
        assert bad not in letter.text
        assert bad not in letter.markdown
    assert (
        "no address that could be linked"
        in letter_of(
            mail("digest", item("new role", DATA_ENGINEER.model_copy(update={"links": (bad,)}), "You asked."))
        ).text
    )


def test_the_first_address_that_can_be_linked_is() -> None:
    """A role with several adverts is linked to the first good one."""
    role = DATA_ENGINEER.model_copy(update={"links": (*BAD_LINKS, "https://jobs.camden.example/good")})
    links = Seen(letter_of(mail("digest", item("new role", role, "You asked."))).html).links
    assert links[0] == "https://jobs.camden.example/good"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_ten_kilobyte_texts_leave_a_letter_that_can_be_read(kind: str) -> None:
    """Long words from outside are cut at a word, wherever they are: the letter stays small, its subject short."""
    letter = letter_of(poison(EXAMPLES[kind], "Data Engineer " * 730))
    assert len(letter.subject) <= 120
    assert len(letter.html.encode()) < 100_000


def test_a_look_alike_domain_is_shown_as_what_it_is() -> None:
    """In an introduction, a Cyrillic letter in the domain of an address cannot pass for a Latin one."""
    false_friend = RECRUITER.model_copy(update={"email": "tom.whitfield@recruitеrs.example"})
    letter = letter_of(
        mail(
            "introduction",
            *(item("introduction", ACCEPTED, "You asked.", to=to) for to in (READER, false_friend)),
        )
    )
    assert "tom.whitfield@xn--" in letter.text
    assert "mailto:tom.whitfield@xn--" in letter.html
