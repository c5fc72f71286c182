"""How an offer or a draft stands, in words, and what may be done with it. Pure."""

from dataclasses import dataclass
from typing import Final

from loti_contracts.events import Contribution, Draft, Review
from services.portal.signin.visitor import Visitor

_WORDS: Final = {
    "waiting": "Waits for a review",
    "published": "Published",
    "returned": "Returned",
    "withdrawn": "Withdrawn",
    "superseded": "Superseded",
    "": "Being sent",
}
_COLOURS: Final = {
    "waiting": "yellow",
    "published": "green",
    "returned": "orange",
    "withdrawn": "grey",
    "superseded": "grey",
    "": "blue",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`words` and the colour of their tag; `busy`: something was said that the library has not answered yet."""

    words: str
    colour: str
    busy: str | None
    may_review: bool
    may_change: bool
    may_withdraw: bool


def status_words(status: str | None) -> tuple[str, str]:
    """A status in words, and the colour of its tag."""
    return _WORDS[status or ""], _COLOURS[status or ""]


def standing(
    draft: Draft | None,
    offer: Contribution | None,
    review: Review | None,
    visitor: Visitor,
    *,
    heard_last: bool,
) -> Standing:
    """`heard_last`: the library has answered the newest that was offered."""
    busy = _busy(draft, offer, review, heard_last=heard_last)
    status = draft.status if draft else ""
    if offer is not None and offer.status == "withdrawn" and status != "published":
        status = "withdrawn"
    words, colour = status_words(status)
    own = offer is not None and offer.contact_id == visitor.contact_id and offer.status == "offered"
    open_ = status in ("waiting", "returned", "")
    return Standing(
        words=words,
        colour=colour,
        busy=busy,
        may_review="LOTI staff" in visitor.kinds and status in ("waiting", "returned") and busy is None,
        may_change=own and open_ and review_done(draft, review),
        may_withdraw=own and open_ and review_done(draft, review),
    )


def review_done(draft: Draft | None, review: Review | None) -> bool:
    """Whether no review waits to be carried out."""
    return not (
        draft and review and review.draft_revision is not None and review.draft_revision >= draft.revision
    )


def _busy(
    draft: Draft | None, offer: Contribution | None, review: Review | None, *, heard_last: bool
) -> str | None:
    if not review_done(draft, review) and review is not None:
        done = {"publish": "publish it", "return": "return it"}.get(review.verdict, review.verdict)
        return f"A reviewer said to {done}; the library is doing so. This page changes by itself."
    if offer is not None and not heard_last:
        told = "withdrawn" if offer.status == "withdrawn" else "sent"
        return f"What was {told} is on its way to the library. This page changes by itself."
    return None
