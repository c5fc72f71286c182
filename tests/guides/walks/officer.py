"""What somebody who works in a borough does, step by step as `borough-officer.md` says."""

from collections.abc import Callable, Mapping
from typing import Final

from playwright.sync_api import expect

from tests.guides.hand import Hand

READS: Final = "robin@home.example.org"
WORKS: Final = "robin.okafor@hackney.gov.uk"
NAME: Final = "Robin Okafor"
CHIEF: Final = "Chief digital and information officer"


def find_a_job(hand: Hand) -> None:
    hand.open()
    hand.menu("Jobs")
    hand.fill("Search", "data analyst")
    hand.unfold("Borough")
    hand.unfold("Level")
    hand.press("Senior Data Analyst")
    hand.sees("Pay beside its benchmark")
    hand.picture("officer-job", height=1150)


def read_a_benchmark(hand: Hand) -> None:
    hand.menu("Pay")
    hand.choose("Role", CHIEF)
    expect(hand.tab.get_by_role("heading", level=1)).to_have_text(CHIEF)
    hand.choose("Area", "All London")
    hand.press("All levels")
    hand.sees("Confidence", "Trend")
    hand.picture("officer-benchmark", height=1150)
    hand.sees("What boroughs really pay")
    hand.choose("Borough", "Camden")
    hand.press("Compare")
    hand.sees("One borough’s own offers", "How the figures are made")


def get_emails(hand: Hand) -> None:
    hand.menu("Get emails")
    hand.tick("New jobs")
    hand.tick("Pay that moved")
    hand.tick("Once a day")
    hand.fill("Email address", READS, own=True)
    hand.fill("Your name", NAME, own=True)
    hand.press("Ask for these emails")
    hand.sees("Check your email")
    hand.read_mail(READS, "Please confirm")
    hand.picture("officer-question", height=560)
    hand.press_in_mail("Yes, send me these")
    hand.press("Yes, send them to me")
    hand.sees("Thank you: you said yes")


def sign_in(hand: Hand) -> None:
    hand.open()
    hand.menu("Sign in")
    hand.fill("Email address", WORKS, own=True)
    hand.press("Send me a link")
    hand.read_mail(WORKS, "Sign in to")
    hand.press_in_mail("Sign in")
    hand.fill("Your name", NAME, own=True)
    hand.press("Sign in")
    hand.sees("Our requests")


def ask_for_help(hand: Hand) -> None:
    hand.menu("Help")
    hand.press("Ask for help to recruit")
    hand.choose("Which role do you want to fill?", "Data analyst")
    hand.choose("At which level?", "Senior")
    hand.fill("Anything else they should know", "The post was advertised twice.")
    hand.press("Ask for help")
    hand.sees("Who could help, best first")
    hand.picture("officer-shortlist", at="Who could help, best first")
    hand.sees("Who is not proposed, and why")


def answer_a_shortlist(hand: Hand) -> None:
    hand.unfold("What")
    hand.sees("None of them fits: decline")
    hand.press("Accept")
    hand.sees("Who was accepted")
    request = hand.tab.url
    hand.read_mail(WORKS, "Introduction")
    hand.tab.goto(request)
    hand.press("Say how it went")
    hand.tick("Advice was given")
    hand.press("Send")


def change_what_you_get(hand: Hand) -> None:
    hand.menu("My mail")
    hand.sees("What you hear from us")
    hand.picture("officer-my-mail")
    hand.sees("Quiet hours")
    hand.fill("From", "18:00")
    hand.fill("Until", "08:00")
    hand.press("Save")
    hand.sees("Your choice is saved")
    hand.press("See what we told you, and why")


def leave(hand: Hand) -> None:
    hand.menu("My mail")
    hand.sees("Leaving")
    with hand.tab.expect_download() as kept:
        hand.press("Download everything that we hold on you")
    assert WORKS in kept.value.path().read_text(encoding="utf-8")
    hand.press("Unsubscribe from everything")
    hand.press("Unsubscribe from everything")
    hand.open("/me")
    hand.press("Be forgotten entirely")
    hand.tick("I am sure: forget me")
    hand.press("Forget me")
    hand.sees("You are forgotten")


WALK: Final[Mapping[str, Callable[[Hand], None]]] = {
    "Find a job": find_a_job,
    "Read a benchmark": read_a_benchmark,
    "Get emails": get_emails,
    "Sign in": sign_in,
    "Ask for help": ask_for_help,
    "Answer a shortlist": answer_a_shortlist,
    "Change what you get": change_what_you_get,
    "Leave": leave,
}
