"""Tables: read by their header, each bad row refused by its number."""

import pytest

from services.ingest.boards import Board, NotABoard
from services.ingest.boards.csv_upload import COLUMNS, csv_upload
from tests.ingest.asking import converse, told
from tests.ingest.unvended import table


def test_a_table_is_read_by_its_header() -> None:
    """Columns in any order and case; quoted line breaks; every documented name lands in its field."""
    page = table(
        "TITLE,Url,id,Employer,Location,Pay,Posted,Closes,Description,Department,Employment Type\r\n"
        'Data Analyst,https://a.example/1,A1,Borough of Examples,London,"£38,226 to £41,442",1/10/2026,30/11/2026,'
        '"First line,\r\nsecond ""line""",Digital,Permanent\r\n'
        "Tester,/2,,,,,,,,,\r\n"
    )
    assert (page.complete, page.refused) == (True, ())
    one, two = page.postings
    assert (one.key, one.title, one.url, one.employer) == (
        "A1",
        "Data Analyst",
        "https://a.example/1",
        "Borough of Examples",
    )
    assert (one.pay_text, one.posted, one.closes) == ("£38,226 to £41,442", "1/10/2026", "30/11/2026")
    assert one.description == 'First line, second "line"'
    assert (one.location, one.department, one.employment_type) == ("London", "Digital", "Permanent")
    assert (two.key, two.url) == ("https://jobs.example.gov.uk/2", "https://jobs.example.gov.uk/2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_as_spreadsheets_save_them(encoding: str, mark: str) -> None:
    """Byte order marks, semicolons, tabs and Windows-1252 are what Excel writes."""
    text = (
        mark.join(("id", "title", "url", "pay"))
        + "\n"
        + mark.join(("1", "Café lead", "https://a.example/1", "£30"))
        + "\n"
    )
    (posting,) = table(text.encode(encoding)).postings
    assert (posting.key, posting.title, posting.pay_text) == ("1", "Café lead", "£30")


def test_bad_rows_are_refused_by_number_and_the_rest_is_read() -> None:
    """No title, no web link, too many fields, a doubled id, broken quotes: each by its row, the others are read."""
    page = table(
        "id,title,url\n"
        "1,Good,https://a.example/1\n"
        "2,,https://a.example/2\n"
        "3,Bad link,javascript:x\n"
        "4,Too,many,https://a.example/4\n"
        "\n"
        "1,Again,https://a.example/6\n"
        '7,"Open quote,https://a.example/7\n'
        "8,Last,https://a.example/8\n"
    )
    assert [posting.key for posting in page.postings] == ["1", "8"]
    assert [refused.where for refused in page.refused] == ["row 3", "row 4", "row 5", "row 7", "row 8"]
    assert "that of row 2" in page.refused[3].why
    assert "quotes are broken" in page.refused[4].why
    assert page.why_incomplete == "5 postings could not be read"


def test_a_column_that_is_not_known_is_named_and_costs_nothing() -> None:
    """A misspelt column is pointed out, with what there is; common other names are understood."""
    page = table("reference,title,link,closing date,salery\n1,A,https://a.example/1,1 May 2027,£1\n")
    assert page.complete
    assert page.postings[0].closes == "1 May 2027"
    assert [refused.what for refused in page.refused] == ["column"]
    assert "'salery' is none; the columns are id, title" in page.refused[0].why


def test_a_table_that_ends_inside_a_row_is_incomplete() -> None:
    """The last row without its line's end and with fields missing is not believed."""
    page = table("id,title,url,pay\n1,A,https://a.example/1,£1\n2,B,https://a.exa")
    assert [posting.key for posting in page.postings] == ["1"]
    assert not page.complete


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "an empty body"),
        (b"\n \n", "an empty body"),
        (b"<html><title>Sign in</title></html>", "a page titled 'Sign in'"),
        (b"id,url\n1,https://a.example/1\n", "a first row that names 'id, url'"),
        (b'{"error": "x"}', "a first row that names"),
    ],
)
def test_what_is_no_table_of_adverts_is_refused(body: bytes, found: str) -> None:
    """Nothing, a web page, or a table without title and url is no board, and says what is needed."""
    with pytest.raises(NotABoard, match="among them title and url") as refusal:
        table(body)
    assert found in refusal.value.found


def test_a_header_alone_is_a_board_without_adverts() -> None:
    """A table that has only its header says that there is nothing."""
    page = table(",".join(COLUMNS))
    assert (page.postings, page.complete) == ((), True)


def test_the_table_at_an_address_is_asked_for_once() -> None:
    """The adapter asks for the address and reads what is there."""
    url = "https://jobs.example.gov.uk/v.csv"
    reading = converse(csv_upload, Board(url), told({url: b"title,url\nA,https://a.example/1\n"}))
    assert [posting.title for posting in reading.postings] == ["A"]
