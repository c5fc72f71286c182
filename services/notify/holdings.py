"""What notify keeps. Names and addresses are in `contact` alone, as long as the contact is there."""

from typing import Final

from loti_contracts.delivery.holdings import Holding

HOLDINGS: Final = (
    # Rows go before what they refer to.
    Holding(
        "choice",
        "what each contact chose to hear of, and its yes",
        "topics",
        about=("contact_id",),
        # When it was asked, and when it is next, is found from the mails that asked.
        learnt=("asked_at", "next_at", "judged", "caused_by", "correlation_id"),
        because="Until the contact is erased; a yes counts for a year unless it is renewed.",
    ),
    Holding(
        "contact",
        "who mail may go to: name, address, organisation, borough, roles; of an erased one the id and the time",
        "topics",
        about=("id", "email"),
        learnt=("address_key", "address_since", "sweep_at"),
        because="Until the contact is erased. The id stays, so that an old statement does not bring the person back.",
    ),
    Holding(
        "suppression",
        "addresses that mail must not go to, by a keyed hash",
        "own",
        about=("contact_id",),
        because="Until mail may go there again, or the contact is erased.",
    ),
    Holding(
        "soft_bounce",
        "mails that came back for now",
        "own",
        about=("contact_id",),
        because="Until a mail arrives, or the contact is erased.",
    ),
    Holding(
        "mail",
        "every mail that was to be sent and what became of it, without its text or address",
        "own",
        learnt=("made_at", "due_at", "claimed_at"),
        because="For ever: a mail must not go twice. Found through its notifications.",
    ),
    Holding(
        "notification",
        "what was told to whom, by ids",
        "own",
        about=("contact_id",),
        because="For ever, by ids: nothing is told twice. An erasure takes out why it was told.",
    ),
    Holding(
        "thing",
        "everything heard that a mail may tell of, as it is now",
        "topics",
        about=("state",),
        learnt=("first_heard_at", "heard_at", "judged", "waits_since"),
        because="As long as its topic holds it. An erasure takes the person's words out of it.",
    ),
    Holding("edition", "the newsletters: drafts, and those that were sent", "own"),
)
