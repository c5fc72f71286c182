"""A borough's file is read for what it says, whatever made it, or refused with every mistake in it."""

import csv
import io
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.salaries.contributed.complaints import MOST_TOLD, UploadRefused
from services.salaries.contributed.template import template
from services.salaries.contributed.upload import Upload, read_upload

HEADER = "post,standard_role,level,salary"
GOOD = f"{HEADER}\n1,Data engineer,senior,52413\n2,Data engineer,,60000\n"


def complaints(text: str | bytes) -> list[str]:
    """What is said against a file."""
    with pytest.raises(UploadRefused) as refused:
        read_upload(text.encode() if isinstance(text, str) else text)
    return refused.value.lines()


def one(row: str, header: str = HEADER) -> Upload:
    """A file with that row."""
    return read_upload(f"{header}\n{row}\n".encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends_do_not_matter(encoding: str, separator: str, end: str) -> None:
    """Pounds signs and quoted thousands separators come through all of them."""
    rows = [HEADER.split(","), ["1", "Data engineer", "senior", "£52,413.00"], ["", "", "", ""]]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    upload = read_upload(text.getvalue().encode(encoding))
    assert upload.pay == {("Data engineer", "senior"): (52_413_00,)}


def test_excels_separator_line_blank_lines_and_empty_last_columns_do_not_matter() -> None:
    """`sep=;` may stand above the header."""
    upload = read_upload(b"sep=;\r\n\r\nPost;Standard Role;Salary;;\r\n\r\n1;Data engineer;50000;;\r\n")
    assert upload.pay == {("Data engineer", ""): (50_000_00,)}
    assert complaints(b"sep=;\r\nPost;Standard Role;Salary\r\n1;Data engineer;x\r\n")[0].startswith("line 3,")


@pytest.mark.parametrize(
    "written",
    [
        "52413",
        "£52413",
        "£52,413",
        "52,413.00",
        "52 413",
        "£ 52413",
        "GBP 52413",
        "52413 GBP",
        "'52413",
        '="52413"',
        "52413.0000",
    ],
)
def test_an_amount_may_be_written_in_many_ways(written: str) -> None:
    """With or without pound sign, thousands separators, pence, and what Excel wraps around text."""
    quoted = '"' + written.replace('"', '""') + '"'
    assert one(f"1,Data engineer,senior,{quoted}").pay == {("Data engineer", "senior"): (52_413_00,)}


@pytest.mark.parametrize(
    "written",
    ["", "abc", "nan", "NaN", "inf", "-inf", "-52413", "0", "5.2e4", "1e400", "52.4k", "52.413,00", "5,2413", "52,41", "£", "99",
     "9999.99", "400000.01", "52413000", "=52413", "=A1", "١٢٣٤٥", "12345678901234567890123456789", "52413-60000", "52413 60000"],
)  # fmt: skip
def test_what_is_no_yearly_salary_is_refused(written: str) -> None:
    """Never read as something near it; the message has line, column, what was found and what is expected."""
    (message,) = complaints(f'{HEADER}\n1,Data engineer,senior,"{written}"\n')
    assert message.startswith("line 2, column salary: found ")
    assert "expected" in message


def test_the_ends_of_the_scale_are_allowed() -> None:
    """£10,000 and £400,000."""
    assert one("1,Data engineer,,10000").posts == one("1,Data engineer,,400000").posts == 1


def test_part_time_pay_is_lifted_to_full_time() -> None:
    """By the share of full time, or by hours of the 36-hour week; without either it is refused."""
    header = "post,standard_role,salary,actual_salary,fte,hours"
    assert one("1,Data engineer,,30000,0.6,", header).pay == {("Data engineer", ""): (50_000_00,)}
    assert one("1,Data engineer,,30000,,18", header).pay == {("Data engineer", ""): (60_000_00,)}
    assert one("1,Data engineer,,30000,0.5,18", header).pay == {("Data engineer", ""): (60_000_00,)}
    assert one("1,Data engineer,,50000,,37.5", header).pay == {("Data engineer", ""): (50_000_00,)}
    assert one("1,Data engineer,50000,,0.6,", header).pay == {("Data engineer", ""): (50_000_00,)}
    for row, column in (
        ("1,Data engineer,,30000,,", "actual_salary"),
        ("1,Data engineer,,30000,0,", "fte"),
        ("1,Data engineer,,30000,1.2,", "fte"),
        ("1,Data engineer,,30000,nan,", "fte"),
        ("1,Data engineer,,30000,,400", "hours"),
        ("1,Data engineer,,30000,0.01,", "actual_salary"),
    ):
        assert f"column {column}" in complaints(f"{header}\n{row}\n")[0]


def test_roles_are_read_by_their_names_and_by_job_titles() -> None:
    """A title's level counts unless a level is given; a standard role outdoes the title beside it."""
    header = "post,standard_role,job_title,level,salary,posts"
    assert list(one("1,,Lead data engineer,,50000,", header).pay) == [("Data engineer", "lead")]
    assert list(one("1,,Lead data engineer,senior,50000,", header).pay) == [("Data engineer", "senior")]
    assert list(one("1,data ENGINEER,Caretaker,,50000,", header).pay) == [("Data engineer", "")]
    assert one("1,Data engineer,,,50000,3", header).pay == {("Data engineer", ""): (50_000_00,) * 3}
    assert one("1,,Lead data engineer,,50000,", header).understood == {
        "Lead data engineer": "Data engineer, lead"
    }
    for row, column in (
        ("1,,Caretaker,,50000,", "job_title"),
        ("1,Landscape architect,,,50000,", "standard_role"),
        ("1,,,,50000,", "job_title"),
        ("1,Data engineer,,boss,50000,", "level"),
        ("1,Data engineer,,,50000,0", "posts"),
        ("1,Data engineer,,,50000,1.5", "posts"),
        ("1,Data engineer,,,50000,1001", "posts"),
    ):
        (message,) = complaints(f"{header}\n{row}\n")
        assert f"column {column}" in message


def test_all_mistakes_are_told_at_once_each_with_its_line() -> None:
    """Also where a quoted cell runs over lines; more than fifty are counted."""
    text = f'{HEADER}\n"1\n1",Data engineer,senior,1\n,Nurse,boss,x\n1,Data engineer,,50000\n1,Data engineer,,50000,9\n'
    assert [message.split(":")[0] for message in complaints(text)] == [
        "line 2, column salary",
        "line 4, column post",
        "line 4, column standard_role",
        "line 4, column level",
        "line 4, column salary",
        "line 6",
    ]
    many = complaints(HEADER + "\n" + "".join(f"{n},Data engineer,,x\n" for n in range(1000)))
    assert len(many) == MOST_TOLD + 1
    assert many[-1] == "and 950 more"


def test_a_reference_that_is_there_twice_is_refused() -> None:
    """So that no post is counted twice; the message names the first line."""
    (message,) = complaints(f"{HEADER}\n7,Data engineer,,50000\n7,Data engineer,,60000\n")
    assert (
        message == 'line 3, column post: found "7"; a reference of its own is expected; line 2 has the same'
    )


@pytest.mark.parametrize(
    "column",
    ["Name", "Surname", "First Name", "employeeName", "NI Number", "NINO", "National Insurance No.", "DOB", "Date of birth",
     "Email", "E-mail address", "Home Address", "Postcode", "Payroll Number", "Employee ID", "Gender", "Ethnicity", "Age",
     "Sort code", "Bank account", "Mobile", "Line manager name"],
)  # fmt: skip
def test_a_file_with_a_personal_column_is_refused_whole(column: str) -> None:
    """Its values are not repeated, whatever else is wrong."""
    (message,) = complaints(f"{HEADER},{column}\n1,Data engineer,,x,Ada Lovelace\n")
    assert message.startswith(f"line 1, column {column}: this is personal data")
    assert "Lovelace" not in message


def test_personal_values_are_refused_and_not_repeated() -> None:
    """National Insurance numbers and email addresses where a reference or a title should be."""
    for value in ("QQ123456C".replace("QQ", "AB"), "ab 12 34 56 c", "ada@hackney.gov.uk"):
        (message,) = complaints(f"{HEADER}\n{value},Data engineer,,50000\n")
        assert "line 2, column post" in message
        assert value not in message


@pytest.mark.parametrize("value", ["=1+1", "+44", "@SUM(A1)", "-2", '=HYPERLINK("x")', "=cmd|'/c calc'!A0"])
def test_formulas_are_refused(value: str) -> None:
    """They are neither a reference nor a title; nothing that we print could run in a spreadsheet."""
    quoted = '"' + value.replace('"', '""') + '"'
    assert "begins like a formula" in complaints(f"{HEADER}\n{quoted},Data engineer,,50000\n")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n,,\r\n", "the file is empty"),
        (HEADER.encode(), "there is no post in it"),
        (b"PK\x03\x04rest of a workbook", "Excel workbook"),
        (b"\x00\x01\x02\x03", "not text"),
        (b"\xff\xfe\x00", "not text"),
        (b"colour,shape\nred,round\n", "column colour: not known"),
        (b"post,standard_role,level\n1,Data engineer,lead\n", "salary or actual_salary is missing"),
        (b"post,post,standard_role,salary\n", "post is there twice"),
        (b"post;standard_role,salary\n1;2,3\n", "not known"),
        (f'{HEADER}\n1,"Data engineer,senior,5\n'.encode(), "cannot be read as CSV"),
        (f"{HEADER}\n1,{'x' * 200_000},senior,5\n".encode(), "cannot be read as CSV"),
    ],
)
def test_what_is_no_such_file_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    """Empty files, workbooks, other tables, stray quotation marks."""
    assert said in complaints(content)[0]


def test_the_template_can_be_filled_in() -> None:
    """Its examples are passed over, and are right."""
    assert "there is no post in it" in complaints(template())[0]
    upload = read_upload(f"{template()}1,Data engineer,,senior,50000,,,,\n".encode())
    assert (upload.posts, upload.examples) == (1, 3)
    filled = read_upload(template().replace("example ", "").encode())
    assert filled.pay == {
        ("Business analyst", "lead"): (59_601_00,),
        ("Data engineer", "senior"): (52_413_00,),
        ("Service designer", "practitioner"): (45_117_00, 45_117_00),
    }


def test_a_hundred_thousand_posts_are_read_and_one_more_is_refused() -> None:
    """Whether a line each or by the column posts."""
    rows = "".join(f"{n},Data engineer,senior,{40_000 + n % 20_000}\n" for n in range(100_000))
    assert read_upload(f"{HEADER}\n{rows}".encode()).posts == 100_000
    assert "at most 100,000 posts" in complaints(f"{HEADER}\n{rows}x,Data engineer,senior,50000\n")[0]
    many = "".join(f"{n},Data engineer,50000,1000\n" for n in range(101))
    assert "at most 100,000 posts" in complaints(f"post,standard_role,salary,posts\n{many}")[0]


@given(st.binary(max_size=300), st.integers(0, 10**6))
def test_any_bytes_are_read_or_refused(noise: bytes, seed: int) -> None:
    """Nothing else comes of them, in whatever place of a good file they stand."""
    random = Random(seed)
    good = GOOD.encode()
    place = random.randint(0, len(good))
    for content in (noise, good[:place] + noise + good[place:]):
        try:
            said = [str(read_upload(content).posts)]
        except UploadRefused as refused:
            said = refused.lines()
        assert said
