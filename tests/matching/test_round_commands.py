"""`loti matching round` and `template`, as a person and as a script use them: files alone, no server."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.matching.commands import app

SUPPLY = """id,name,borough,roles,skills,level,capacity
m1,Ben Okoro,Hackney,Data engineer;Data analyst,Python;SQL,lead,1
m2,Cara Li,London Borough of Camden,Service designer,Facilitation;Figma,head,2
m3,Dev Patel,E09000003,Delivery manager,Agile;Facilitation,senior,1
"""
DEMAND = """id,name,borough,role,skills,level
p1,Asha Khan,Camden,Data engineer,Python;SQL;Airflow,practitioner
p2,Fin Doyle,Tower Hamlets,Data analyst,SQL,associate
p3,Gita Rao,Barnet,Delivery manager,Agile,practitioner
p4,Ivy Cole,Camden,Service designer,Facilitation,principal
"""
CONFLICTS = "supply_id,demand_id,why\nm1,p3,earlier pair\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three mentors, four people and a conflict, in the folder that the command runs in."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("S.csv", SUPPLY), ("D.csv", DEMAND), ("C.csv", CONFLICTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def loti(*arguments: str, **more: Any) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, **more)


def decided(*more: str) -> dict[str, Any]:
    result = loti("round", "--supply", "S.csv", "--demand", "D.csv", "--json", *more)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def told(*more: str, **options: Any) -> str:
    result = loti("round", "--supply", "S.csv", "--demand", "D.csv", *more, **options)
    assert result.exit_code == 1
    assert not result.stdout
    return result.stderr


def test_a_round_from_files(files: Path) -> None:
    """Pairs with score and reasons, the unmatched with why, and fairness, as one JSON object."""
    found = decided("--conflicts", "C.csv")
    assert [(one["demand"], one["supply"]) for one in found["pairs"]] == [
        ("p1", "m3"),
        ("p2", "m1"),
        ("p3", "m2"),
    ]
    for pair in found["pairs"]:
        weighed = sum(reason["score"] * reason["weight"] for reason in pair["reasons"])
        assert pair["score"] == pytest.approx(weighed, abs=0.00001)
        assert all(reason["sentence"].endswith(".") for reason in pair["reasons"])
    (left,) = found["unmatched"]
    assert left["demand"] == "p4"
    assert left["why"].startswith("Every supporter above principal is from Camden too.")
    assert left["would_match"] == {"supply": "m2", "lifted": ["own borough"], "places": 0}
    assert (found["fairness"]["people"], found["fairness"]["matched"]) == (4, 3)
    assert {one["name"]: one["matched_share"] for one in found["fairness"]["boroughs"]} == {
        "Barnet": 1.0,
        "Camden": 0.5,
        "Tower Hamlets": 1.0,
    }
    assert [(one["what"], one["constraints"], one["helps"]) for one in found["relaxations"]] == [
        ("a supporter may be from the same borough", ["own borough"], 1),
        ("a supporter may be of the same level or below", ["level"], 1),
    ]


def test_an_exception_can_be_allowed(files: Path) -> None:
    """The pair that was named as nearest, in a file of exceptions, is made."""
    (files / "A.csv").write_text("supply_id,demand_id\nm2,p4\n", encoding="utf-8")
    assert ("p4", "m2") in {(one["demand"], one["supply"]) for one in decided("--allowed", "A.csv")["pairs"]}


def test_a_withdrawal_changes_as_little_as_it_can(files: Path) -> None:
    """After a withdrawal the other pairs stay, and the report says what became of each."""
    (files / "R.json").write_text(json.dumps(decided()), encoding="utf-8")
    found = decided("--previous", "R.json", "--withdrawn", "p2")
    assert found["changes"] == {
        "kept": ["p1", "p3"],
        "changed": [],
        "new": [],
        "lost": [{"demand": "p2", "before": "m1", "why": "Has withdrawn."}],
    }
    without = decided("--previous", "R.json", "--withdrawn", "m3")
    assert without["changes"]["changed"] + without["changes"]["lost"]
    assert without["fairness"]["matched"] == 3


def test_a_round_reads_well_in_eighty_columns(files: Path) -> None:
    """Names, boroughs, scores, reasons, what would help and fairness; no line is longer than the terminal."""
    result = loti("round", "--supply", "S.csv", "--demand", "D.csv")
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    for words in (
        "Asha Khan",
        "Tower Hamlets",
        "3 of 4 people are matched (seed 0).",
        "If a supporter may be from the same borough: 1 more of the 1.",
        "the worst-off pair is Gita Rao with Cara Li",
    ):
        assert words in result.stdout


def test_why_two_are_not_a_pair_can_be_asked(files: Path) -> None:
    """For one person and every supporter, or for two by name."""
    result = loti("round", "--supply", "S.csv", "--demand", "D.csv", "--why-not", "p1")
    assert result.stdout.splitlines() == [
        "m1  Ben Okoro would score 0.89 rather than 0.22 with Dev Patel, but the one place goes to Fin Doyle (0.94): "
        "no round that gives Asha Khan this place is better as a whole.",
        "m2  Cara Li is from Camden too.",
        "m3  Asha Khan and Dev Patel are a pair.",
    ]
    assert "--why-not p9" in told("--why-not", "p9")


def test_a_file_may_come_from_stdin(files: Path) -> None:
    """One of them; two are refused."""
    result = loti("round", "--supply", "-", "--demand", "D.csv", "--json", input=SUPPLY)
    assert len(json.loads(result.stdout)["pairs"]) == 3
    assert "only one file" in told("--conflicts", "-", "--previous", "-")


@pytest.mark.parametrize(
    ("name", "data", "complaints"),
    [
        ("S.csv", b"", ["S.csv: is empty; expected the columns id,name,borough"]),
        ("S.csv", b"id,name\n", ["S.csv, line 1, column borough: is missing", "column capacity: is missing"]),
        (
            "S.csv",
            SUPPLY.replace(",", ";").encode(),
            ["S.csv, line 1: ", "columns parted by commas, not by `;`"],
        ),
        ("S.csv", SUPPLY.encode("utf-16"), ["S.csv: is UTF-16; expected UTF-8"]),
        (
            "S.csv",
            SUPPLY.replace("Li", "Lí").encode("latin-1"),
            ["S.csv, line 3: the byte 0xed is not UTF-8"],
        ),
        ("D.csv", DEMAND.encode() + b'p5,"Ann', ["D.csv, line 6: is not CSV"]),
        (
            "S.csv",
            SUPPLY.encode()
            + b"m1,Eve,Camdem,,,boss,2.5\n,Flo,E09000099,,,lead,-1\nm9,G,Camden,,,lead\nm8,H,I,J,,,lead,1\n",
            [
                "S.csv, line 5, column id: 'm1' is there; expected another id: line 2 has it already",
                "S.csv, line 5, column borough: 'Camdem' is there; expected one of the 33 London authorities by name "
                "or GSS code (perhaps Camden?)",
                "S.csv, line 5, column level: 'boss' is there; expected one of trainee, associate",
                "S.csv, line 5, column capacity: '2.5' is there; expected a whole number from 0",
                "S.csv, line 6, column id: is empty",
                "S.csv, line 6, column borough: 'E09000099' is there",
                "S.csv, line 6, column capacity: '-1' is there",
                "S.csv, line 7, column capacity: is missing",
                "S.csv, line 8: has 8 columns; expected 7",
            ],
        ),
        (
            "C.csv",
            b"supply_id,demand_id\nm7,p1\nm1,\n",
            ["line 2, column supply_id: 'm7'", "demand_id: is empty"],
        ),
    ],
)
def test_every_fault_is_told_at_once(files: Path, name: str, data: bytes, complaints: list[str]) -> None:
    """File, line, column, what is there and what is expected, of every fault; nothing is matched."""
    (files / name).write_bytes(data)
    said = told("--conflicts", "C.csv")
    for complaint in complaints:
        assert complaint in said
    assert all("expected" in line for line in said.splitlines()[1:])


def test_many_faults_are_capped(files: Path) -> None:
    """Thirty thousand wrong lines are counted; the first twenty are shown."""
    rows = "".join(f"x{number},X,Camden,,,boss,1\n" for number in range(30_000))
    (files / "S.csv").write_text(SUPPLY + rows, encoding="utf-8")
    said = told().splitlines()
    assert len(said) == 22
    assert said[-1] == "and 29,980 more faults of the same files"


def test_what_spreadsheets_write_is_read(files: Path) -> None:
    """A byte order mark, capitals and spaces in the header, empty lines, and columns of one's own, which are named."""
    text = SUPPLY.replace("id,name,borough", "ID,Name, Borough ").replace("capacity\n", "capacity,notes\n")
    lines = [text.splitlines()[0], ",,,,,,,", *(f"{line},x" for line in text.splitlines()[1:])]
    (files / "S.csv").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    result = loti("round", "--supply", "S.csv", "--demand", "D.csv", "--json")
    assert len(json.loads(result.stdout)["pairs"]) == 3
    assert "S.csv: not used: the columns notes" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--withdrawn", "x1"], "--withdrawn: x1: expected ids"),
        (["--previous", "S.csv"], "S.csv: Invalid JSON"),
        (["--previous", "nowhere.json"], "nowhere.json cannot be read"),
        (["--also", "Hackney Council"], "Hackney Council is a London authority already"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(files: Path, arguments: list[str], complaint: str) -> None:
    """With what is wrong and what was expected."""
    assert complaint in told(*arguments)


def test_templates_are_a_round_as_they_are(files: Path) -> None:
    """What `template` writes can be read back at once; a file that is there is not overwritten."""
    assert loti("template", "--out", "T").exit_code == 0
    found = loti("round", "--supply", "T/supply.csv", "--demand", "T/demand.csv", "--json")
    assert [one["supply"] for one in json.loads(found.stdout)["pairs"]] == ["m-1"]
    barred = ("--conflicts", "T/conflicts.csv", "--json")
    found = loti("round", "--supply", "T/supply.csv", "--demand", "T/demand.csv", *barred)
    assert not json.loads(found.stdout)["pairs"]
    assert "is there already" in loti("template", "supply", "--out", "T/supply.csv").stderr
    assert loti("template", "supply").stdout == (files / "T" / "supply.csv").read_text(encoding="utf-8")
    assert "no template 'people'" in loti("template", "people").stderr
