"""Supporters from a spreadsheet."""

from datetime import date

import pytest

from services.matching.supporter_files import BadRows, Row, read_rows
from services.matching.supporter_template import template
from tests.matching.making import BARNET, CAMDEN, HACKNEY, NOON

HEAD = "id,name,email,organisation"
ADA = "ada,Ada Okafor,ada@okafor.example,Okafor Hiring"


def read(text: str, *, kind: str | None = "recruiter") -> list[Row]:
    """The rows of that text."""
    return list(read_rows(text, name="list.csv", kind=kind, stated_at=NOON))


def one(columns: str, cells: str) -> Row:
    """Ada's row with more columns."""
    (row,) = read(f"{HEAD},{columns}\n{ADA},{cells}\n")
    return row


def test_the_template_can_be_read() -> None:
    """What is printed to begin with is a good file: one supporter of each kind, with all that each may state."""
    recruiter, mentor, university, training = (row.supporter for row in read(template(), kind=None))
    assert [span.capacity for span in recruiter.available] == [3, None]
    assert (recruiter.available[1].first, recruiter.available[1].last) == (date(2027, 5, 1), None)
    assert (recruiter.not_for, recruiter.evidence[0].good) == ((BARNET,), 12)
    assert recruiter.prefers is not None
    assert recruiter.prefers.boroughs == (CAMDEN, HACKNEY)
    assert (mentor.level, mentor.languages) == ("lead", ("Italian",))
    assert [(one.name, one.phd_students, one.specialisms) for one in university.departments] == [
        ("Statistics", 3, ("survey design", "Bayesian methods")),
        ("Geography", None, ()),
    ]
    assert (training.standards, training.ratings[0].score) == (("ST0118", "ST0795"), 0.875)


def test_people_and_what_they_offer_go_apart() -> None:
    """Name and address are in the contact alone; the supporter points to it."""
    row = one("own_borough", "camden")
    assert (row.contact.name, row.contact.email, row.contact.borough) == (
        "Ada Okafor",
        "ada@okafor.example",
        CAMDEN,
    )
    public = row.supporter.model_dump_json()
    assert "Okafor" not in public
    assert "okafor.example" not in public
    assert (row.supporter.contact_id, row.supporter.stated_at) == (row.contact.id, NOON)


def test_names_are_read_as_people_write_them() -> None:
    """Case and spacing do not count; boroughs go by name or code; a semicolon may separate the columns."""
    row = one("roles,not_for", "data  ENGINEER; Data analyst,Camden;E09000012")
    assert row.supporter.roles == ("Data engineer", "Data analyst")
    assert row.supporter.not_for == (CAMDEN, HACKNEY)
    (other,) = read(f"{HEAD};capacity\n{ADA};3\n".replace(",", ";"))
    assert other.supporter.capacity == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "list.csv is empty; `loti matching supporters template`"),
        (f"{HEAD}\n", "has no row below its header"),
        ("id,name,email\na,b,c@d.example\n", "the column 'organisation' is missing"),
        (f"{HEAD},colour\n{ADA},red\n", "there is no column 'colour'; the columns are id, kind"),
        (f"{HEAD}\n{ADA},more\n", "line 2: has more cells than the header"),
        (f"{HEAD}\n{ADA}\n\n{ADA}\n", "line 4, id: ada is on line 2 already"),
        (f"{HEAD}\nada,,ada@okafor.example,Okafor\n", "line 2, name: is missing"),
        (f"{HEAD}\nada,Ada,nowhere,Okafor\n", "line 2, email: String should match pattern"),
        (
            f"{HEAD},roles\n{ADA},Data enginer\n",
            "'Data enginer' is no standard role; did you mean Data engineer?",
        ),
        (f"{HEAD},not_for\n{ADA},Camdn\n", "'Camdn' is no London authority; did you mean Camden?"),
        (f"{HEAD},capacity\n{ADA},two\n", "capacity: is 'two'; write a whole number"),
        (f"{HEAD},level\n{ADA},boss\n", "level: is 'boss'; it may be trainee"),
        (f"{HEAD},available\n{ADA},soon\n", "available: 'soon' cannot be read; write 2026-12-01..2027-03-31"),
        (f"{HEAD},available\n{ADA},2026-13-01..\n", "'2026-13-01' is no date"),
        (f"{HEAD},evidence\n{ADA},many\n", "evidence: 'many' cannot be read"),
        (f"{HEAD},ratings\n{ADA},employers: 5/4\n", "ratings: Input should be less than or equal to 1"),
        (f'{HEAD}\n{ADA}\n"x,y\n', "save it as CSV again"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(text: str, complaint: str) -> None:
    """What is wrong, in which line and column, and what to do."""
    with pytest.raises(BadRows) as refused:
        read(text)
    assert complaint in str(refused.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """A person mends a file in one go; nothing of it is used before."""
    rows = "\n".join(f"{number},,x@y.example," for number in range(30))
    with pytest.raises(BadRows) as refused:
        read(f"{HEAD}\n{rows}\n", kind=None)
    told = str(refused.value).splitlines()
    assert len(told) == 21
    assert told[:3] == [
        "list.csv, line 2, kind: is missing; give it in the file or with --kind (recruiter, mentor, university, training)",
        "list.csv, line 2, name: is missing",
        "list.csv, line 2, organisation: is missing",
    ]
    assert told[-1] == "… and 70 more"
