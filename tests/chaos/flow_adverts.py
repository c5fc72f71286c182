"""The adverts of the flow: made from a seed, each unlike every other, and the boards that show them. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final

from tests.chaos.ledger import Became, Posting, Turn

BOARDS: Final = {
    "hackney": ("London Borough of Hackney", "E09000012"),
    "southwark": ("Southwark Council", "E09000028"),
    "westminster": ("Westminster City Council", "E09000033"),
}
"""Boards whose links name the advert, so that each role is known by it; each with an employer and its authority."""

TITLES: Final = (
    "Senior Data Engineer",
    "Data Analyst",
    "Senior Data Analyst",
    "Lead Data Engineer",
    "Enterprise Architect",
    "Agile Delivery Manager",
    "Software Developer",
    "User Researcher",
    "Senior User Researcher",
    "Content Designer",
    "Service Designer",
    "Security Architect",
    "Senior Business Analyst",
    "Product Manager",
)
OTHERS: Final = ("Social Worker", "School Cook", "Refuse Loader", "Planning Officer")
"""Not digital: they must never become roles."""

_TEAMS: Final = (
    "Adult Social Care", "Parking", "Housing Repairs", "Council Tax", "Libraries", "Waste", "Public Health",
    "Planning", "Licensing", "Schools", "Parks", "Markets", "Elections", "Benefits", "Highways", "Leisure",
)  # fmt: skip
_DOING: Final = (
    "rebuild", "keep", "redesign", "measure", "mend", "open", "join", "simplify", "move", "document", "watch", "test",
)  # fmt: skip
_THINGS: Final = (
    "the register of tenants", "the map of lamp posts", "the queue of permits", "the archive of minutes",
    "the calendar of inspections", "the list of allotments", "the record of repairs", "the store of letters",
    "the count of bins", "the file of grants", "the table of tariffs", "the pool of vehicles",
)  # fmt: skip
_WITH: Final = (
    "two colleagues", "the service desk", "a neighbouring borough", "residents", "the auditors", "a supplier",
    "head teachers", "caretakers", "wardens", "social workers", "engineers", "the contact centre",
)  # fmt: skip


@dataclass(slots=True)
class Adverts:
    """What is on the boards now, by board. `random` decides everything that is not asked for."""

    random: Random
    postings: dict[str, Posting] = field(default_factory=dict)
    _number: int = 0

    def put_up(self, now: datetime) -> Posting:
        """A new advert; one in twelve is of a job that is not digital."""
        self._number += 1
        board = self.random.choice(sorted(BOARDS))
        digital = self.random.random() > 1 / 12
        title = self.random.choice(TITLES if digital else OTHERS)
        posting = Posting(
            board=board,
            id=f"flow-{self._number:06}",
            title=f"{title}, {self.random.choice(_TEAMS)}",
            employer=BOARDS[board][0],
            text=self._text(),
            digital=digital,
        )
        self.postings[posting.id] = posting
        self._turn(posting, now, "put up", pay=self._pay())
        return posting

    def change(self, posting: Posting, now: datetime) -> None:
        """Its pay is printed otherwise, never as it was printed before."""
        pay = self._pay()
        while pay in posting.pays:
            pay = self._pay()
        self._turn(posting, now, "changed", pay=pay)

    def take_down(self, posting: Posting, now: datetime) -> None:
        """It leaves its board."""
        self._turn(posting, now, "taken down", pay=posting.pay)

    def put_up_again(self, posting: Posting, now: datetime) -> None:
        """It is on its board again, as it was."""
        self._turn(posting, now, "put up again", pay=posting.pay)

    def wish(self, board: str) -> dict[str, Any]:
        """What the board's control must be asked, whatever it shows: its own adverts and all of the flow's."""
        shown = [one for one in self.postings.values() if one.board == board and one.shown]
        return {"reset": True, "add": [advert(one) for one in shown]}

    def _turn(self, posting: Posting, now: datetime, became: Became, *, pay: str) -> None:
        posting.turns.append(Turn(now, became, pay))

    def _pay(self) -> str:
        low = self.random.randint(310, 780) * 100 + self.random.randint(0, 99)
        return f"£{low:,} - £{low + self.random.randint(20, 90) * 100:,}"

    def _text(self) -> str:
        pick = self.random.choice
        number = self.random.randint(2, 60)
        first = (
            f"You will {pick(_DOING)} {pick(_THINGS)} and {pick(_DOING)} {pick(_THINGS)} with {pick(_WITH)}."
        )
        second = f"The first {number} weeks go into {pick(_THINGS)}, together with {pick(_WITH)}."
        return (
            f"{first} {second} Then you {pick(_DOING)} what {pick(_WITH)} ask for, {self._number} times over."
        )


def advert(posting: Posting) -> dict[str, Any]:
    """As the control of the sample boards takes it."""
    authority = BOARDS[posting.board][1]
    return {
        "id": posting.id,
        "title": posting.title,
        "employer": posting.employer,
        "authority": authority,
        "location": posting.board.replace("-", " ").title(),
        "pay": posting.pay,
        "description": posting.text,
    }
