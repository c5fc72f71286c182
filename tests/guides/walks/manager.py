"""What LOTI's Skills & Talent Manager does on the site, step by step as `manager.md` says."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.guides.hand import Hand

ADDRESS: Final = "talent@loti.example.org"


def signed_in(hand: Hand) -> None:
    """Signed in as staff, by steps that are not the guide's own."""
    names, typed = list(hand.names), list(hand.typed)
    hand.open()
    sign_in(hand)
    hand.names, hand.typed = names, typed


def sign_in(hand: Hand) -> None:
    hand.open()
    hand.menu("Sign in")
    hand.fill("Email address", ADDRESS, own=True)
    hand.press("Send me a link")
    hand.read_mail(ADDRESS, "Sign in to")
    hand.press_in_mail("Sign in")
    hand.press("Sign in")
    hand.sees("Requests", "Rounds", "Drafts", "System")


def see_that_all_boards_are_read(hand: Hand) -> None:
    hand.menu("System")
    hand.sees("Boards")
    hand.picture("manager-boards")
    hand.sees("Who listens", "Dead letters")
    hand.press("Who did what")


def see_what_boroughs_look_for(hand: Hand) -> None:
    hand.open("/jobs?words=chief+digital+information+officer")
    hand.tab.get_by_role("link", name="Chief Digital Information Officer", exact=True).first.click()
    hand.sees("What stands out")
    hand.menu("My mail")
    hand.sees("Roles several boroughs look for")


def follow_the_requests(hand: Hand) -> None:
    hand.menu("Requests")
    hand.choose("Show", "Accepted or introduced")
    hand.press("Show")
    hand.press("A recruiter for Data analyst")
    hand.sees("Its course")
    hand.picture("manager-request", height=1000)
    hand.press("Say how it went")
    hand.tick("Advice was given")
    hand.press("Send")
    hand.menu("Help")
    hand.press("Ask for a mentor")
    hand.sees("Which borough asks?")
    hand.open("/help")
    hand.sees("offer your help")


def review(hand: Hand) -> None:
    hand.menu("Drafts")
    hand.sees("Waiting for a review")
    hand.press("Draft")
    hand.sees("As it would be read")
    hand.picture("manager-draft")
    hand.press("Mend it before it is published")
    hand.tab.go_back()
    hand.sees("Publish", "Why", "Return")
    hand.menu("Library")
    hand.press("Job descriptions that are missing")


def run_a_round(hand: Hand) -> None:
    hand.menu("Rounds")
    hand.press("New round")
    hand.fill("Title", "Spring mentoring")
    hand.press("Run the round")
    hand.sees("people are paired")
    hand.picture("manager-round")
    hand.sees("How fair it is", "Any two")
    hand.press("Run again")
    hand.press("Publish…")
    hand.press("Publish")
    hand.sees("Call the round off")


def send_a_newsletter(hand: Hand) -> None:
    hand.menu("Newsletters")


WALK: Final[Mapping[str, Callable[[Hand], None]]] = {
    "Sign in": sign_in,
    "See that all boards are read": see_that_all_boards_are_read,
    "See what boroughs look for": see_what_boroughs_look_for,
    "Follow the requests for help": follow_the_requests,
    "Review what is offered to the library": review,
    "Run a round": run_a_round,
    "Send a newsletter": send_a_newsletter,
}
