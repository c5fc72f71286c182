"""A person's own pages: what it hears of, what it was told, and how it leaves."""

from datetime import time, timedelta

import pytest

from loti_contracts.events import (
    ContactErased,
    ContactStated,
    QuietHours,
    Subscription,
    Subscriptions,
    SubscriptionsChanged,
    Supporter,
    SupporterStated,
)
from tests.portal.own.making import told
from tests.portal.portal import Portal
from tests.portal.signin.conftest import Mails
from tests.portal.signin.making import contact

OFF = {"search-0": "never", "match-proposed": "at once", "follow-up-due": "at once", **dict.fromkeys(
    ("novel-role", "benchmark-moved", "offer-below-market", "shared-demand", "library-news", "event", "newsletter"), "never"
)}  # fmt: skip


async def signed_in(portal: Portal, **facts: object) -> None:
    """Amara, whom the portal knows."""
    await portal.hears(ContactStated(contact=contact(**facts)))
    await portal.as_contact("contact-amara")


@pytest.mark.parametrize("path", ["/me", "/me/told", "/me/stop", "/me/forget"])
async def test_own_pages_ask_to_sign_in_first(portal: Portal, path: str) -> None:
    """And lead back to where one wanted to go."""
    answer = await portal.get(path)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/sign-in?next={path.replace('/', '%2F')}",
    )
    assert (await portal.post("/me", OFF)).status_code == 303


async def test_a_choice_is_said_with_a_yes(portal: Portal) -> None:
    """Saving is the person's own consent at the address that it proved; who it is stays as it was."""
    await signed_in(portal, organisation="London Borough of Hackney")
    fields = OFF | {
        "search-0": "daily", "search-0-role": ["Data analyst", "Data engineer"], "search-0-borough": "E09000012",
        "search-0-pay_from": "45k", "newsletter": "at once", "quiet_from": "6pm", "quiet_until": "8",
        "most_a_day": "5", "name": "Amara N Osei",
    }  # fmt: skip
    answer = await portal.post("/me", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?saved=yes")
    (said,) = await portal.said()
    assert isinstance(said, ContactStated)
    known = said.contact
    assert (known.revision, known.name, known.email) == (2, "Amara N Osei", "amara@example.org")
    assert (known.organisation, known.borough, known.roles) == (
        "London Borough of Hackney", "E09000012", ("hiring manager",))  # fmt: skip
    assert known.subscriptions == (
        Subscription(topic="new role", frequency="daily", standard_roles=("Data analyst", "Data engineer"),
                     boroughs=("E09000012",), minimum_pay=4_500_000),
        Subscription(topic="newsletter"),
    )  # fmt: skip
    assert (known.quiet_hours, known.most_a_day) == (QuietHours(start=time(18), end=time(8)), 5)
    assert known.consent is not None
    assert (known.consent.given_at, known.consent.how) == (portal.clock(), "signed in on the portal")
    assert set(said.changed) == {"name", "subscriptions", "quiet_hours", "most_a_day", "consent"}
    page = (await portal.get("/me?saved=yes")).text
    assert "Your choice is saved" in page
    assert "Roles: 2 chosen" in page
    assert 'value="45,000"' in page
    assert (
        await portal.pool.fetchval("SELECT what FROM audit WHERE contact_id = 'contact-amara'")
        == "chose what to hear of"
    )


async def test_a_mistake_is_said_and_what_was_typed_stays(portal: Portal) -> None:
    """422, and nothing is said to anybody."""
    await signed_in(portal)
    answer = await portal.post("/me", OFF | {"quiet_from": "teatime", "most_a_day": "7", "name": "A"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert 'href="#quiet_from"' in answer.text
    assert 'value="teatime"' in answer.text
    assert 'value="7"' in answer.text
    assert await portal.said() == []


async def test_another_search_can_be_added_and_is_not_saved_by_that(portal: Portal) -> None:
    """The form comes back with a second choice of jobs, and what was typed."""
    await signed_in(portal)
    answer = await portal.post("/me", OFF | {"search-0": "weekly", "search-0-level": "senior", "more": "yes"})
    assert answer.status_code == 200
    assert 'name="search-1"' in answer.text
    assert "Levels (1): 1 chosen" in answer.text
    assert await portal.said() == []
    both = OFF | {"search-0": "weekly", "search-1": "daily", "search-1-area": "inner"}
    await portal.post("/me", both)
    (said,) = await portal.said()
    assert isinstance(said, ContactStated)
    assert [one.frequency for one in said.contact.subscriptions] == ["weekly", "daily"]


async def test_what_was_chosen_in_a_mail_stands_here(portal: Portal) -> None:
    """The page shows what the person chose last, wherever it did."""
    await signed_in(portal, subscriptions=(Subscription(topic="event"),))
    chose = Subscriptions(
        id="contact-amara", revision=1, status="confirmed", chosen_at=portal.clock(),
        subscriptions=(Subscription(topic="new role", frequency="weekly", levels=("lead",)),),
        renew_by=(portal.clock() + timedelta(days=365)).date(),
    )  # fmt: skip
    await portal.hears(SubscriptionsChanged(subscriptions=chose))
    page = (await portal.get("/me")).text
    assert "This is what we send you until" in page
    assert "Levels: 1 chosen" in page


async def test_a_search_of_the_board_stands_in_the_form(portal: Portal) -> None:
    """Whoever is signed in comes from the board to its own form, with the search in it, to be saved."""
    await signed_in(portal)
    way = await portal.get("/subscribe?topic=new+role&role=Data+analyst&borough=E09000007&words=x")
    assert way.headers["location"] == "/me?topic=new+role&role=Data+analyst&borough=E09000007"
    page = (await portal.get(way.headers["location"])).text
    assert "Save it to hear of it" in page
    assert "Roles: 1 chosen" in page
    assert await portal.said() == []


async def test_stopping_everything(portal: Portal) -> None:
    """A button and a second one; when mails may come stays."""
    hours = QuietHours(start=time(18), end=time(8))
    await signed_in(portal, subscriptions=(Subscription(topic="event"),), quiet_hours=hours)
    assert (await portal.get("/me/stop")).status_code == 200
    await portal.post("/me/stop")
    (said,) = await portal.said()
    assert isinstance(said, ContactStated)
    assert (said.contact.subscriptions, said.contact.quiet_hours) == ((), hours)
    assert said.contact.consent is not None
    assert "nothing is sent but what you take part in" in (await portal.get("/me")).text


async def test_being_forgotten(portal: Portal) -> None:
    """Only with a yes; then the person, what it offers and its sessions are gone, and everybody is told."""
    await signed_in(portal)
    await portal.hears(
        SupporterStated(supporter=Supporter(id="s", revision=1, kind="mentor", contact_id="contact-amara")),
        SupporterStated(supporter=Supporter(id="t", revision=1, kind="mentor", contact_id="contact-other")),
        told(1),
    )
    await portal.as_contact("contact-amara")
    unsure = await portal.post("/me/forget")
    assert unsure.status_code == 422
    assert "Say that you are sure" in unsure.text
    answer = await portal.post("/me/forget", {"sure": "yes"})
    assert answer.headers["location"] == "/me/forgotten"
    withdrawn, erased = await portal.said()
    assert isinstance(withdrawn, SupporterStated)
    assert (withdrawn.supporter.id, withdrawn.supporter.status) == ("s", "withdrawn")
    assert erased == ContactErased(contact_id="contact-amara")
    assert "You are forgotten" in (await portal.get("/me/forgotten")).text
    assert (await portal.get("/me")).status_code == 303
    for table in ("contact", "notification", "portal_session"):
        assert await portal.pool.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_what_was_told_and_why_and_why_not(portal: Portal) -> None:
    """The last first; only one's own; what was not sent is there with its reason."""
    await signed_in(portal)
    assert "We have told you nothing yet" in (await portal.get("/me/told")).text
    await portal.hears(
        told(1),
        told(2, kind="shared demand", about="Data analyst 2026-11-02", status="suppressed", sent_at=None,
             why="You asked for it.", why_not="You had the most emails for that day <already>."),
        told(3, contact_id="contact-other", why="Somebody else's."),
    )  # fmt: skip
    await portal.hears(told(4, doubts=1), at=portal.clock() + timedelta(minutes=1))
    page = (await portal.get("/me/told")).text
    assert page.index("event-4") < page.index("event-1") < page.index("event-2")
    assert "You had the most emails for that day &lt;already&gt;." in page
    assert "which went 2 times" in page
    assert "Somebody else" not in page


async def test_the_ledger_has_pages(portal: Portal) -> None:
    """25 on each; a page that is no number is the first, and one beyond the end says so."""
    await signed_in(portal)
    await portal.hears(*(told(number) for number in range(30)))
    first = (await portal.get("/me/told")).text
    assert first.count("Because of the event") == 25
    assert "/me/told?page=2" in first
    assert (await portal.get("/me/told?page=2")).text.count("Because of the event") == 5
    assert (await portal.get("/me/told?page=%C3%A9")).text.count("Because of the event") == 25
    assert "There is nothing older" in (await portal.get("/me/told?page=9999999")).text


async def test_anybody_asks_for_emails_and_is_asked_back(portal: Portal, mails: Mails) -> None:
    """An address that nobody knows becomes a contact WITHOUT a yes, and gets no mail from here; the mail service asks."""
    fields = {"topic": ["new role", "newsletter", "source failing"], "often": "weekly", "role": "Data analyst",
              "borough": "E09000007", "email": "Kit@example.org", "name": "Kit"}  # fmt: skip
    answer = await portal.post("/subscribe", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent")
    assert await mails.arrive() == []
    (said,) = await portal.said()
    assert isinstance(said, ContactStated)
    known = said.contact
    assert (known.name, known.email, known.consent, known.borough) == ("Kit", "Kit@example.org", None, None)
    assert known.subscriptions == (
        Subscription(
            topic="new role", frequency="weekly", standard_roles=("Data analyst",), boroughs=("E09000007",)
        ),
        Subscription(topic="newsletter"),
    )


async def test_somebody_known_gets_a_link_to_its_own_page(portal: Portal, mails: Mails) -> None:
    """With the same answer; nobody else's typing changes what a person chose, and what was typed waits in its form."""
    await portal.hears(ContactStated(contact=contact()))
    fields = {
        "topic": ["new role", "event"],
        "often": "weekly",
        "role": "Data analyst",
        "email": "amara@example.org",
    }
    answer = await portal.post("/subscribe", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent")
    assert await portal.said() == []
    path = await mails.link()
    assert mails.sent[-1]["Subject"] == "Choose what you hear from Talent Exchange"
    used = await portal.post(path)
    assert used.headers["location"] == "/me?topic=new+role&topic=event&often=weekly&role=Data+analyst"
    page = (await portal.get(used.headers["location"])).text
    assert "Roles: 1 chosen" in page
    assert await portal.said() == []


async def test_nothing_is_asked_for_without_an_address_and_a_topic(portal: Portal) -> None:
    """Both faults at once, each with its link; what was chosen stays, and nothing that is hidden is lost."""
    answer = await portal.post("/subscribe", {"email": "kit", "role": "Data analyst", "name": "n" * 101})
    assert answer.status_code == 422
    for words in ("Choose what you want to hear of", "Enter an email address", "100 characters or fewer"):
        assert words in answer.text
    assert '<input type="hidden" name="role" value="Data analyst">' in answer.text
    assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_post") == 0
    shown = (await portal.get("/subscribe?role=Data+analyst&words=python")).text
    assert "Those of your search: Data analyst." in shown
    assert "cannot be narrowed by words" in shown
