"""Titles are read as a careful jobs-board manager reads them, or not at all."""

import importlib.util
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.vocabulary import LEVELS, standard_roles
from services.ingest.titles import Classification, classify
from services.ingest.titles.vocabulary import Document, Vocabulary, compiled, document
from tests.effort import costs_at_most

DATA = Path(__file__).parents[1] / "data"
NESTED = ("same", "groups", "roles", "levels")
KIND_OF = {
    "look_alikes": "look_alike",
    "other_work": "other_work",
    "other_jobs": "other_job",
    "borderline": "borderline",
    "digital": "digital",
    "hints": "hint",
}
TOLD = "We use software, SQL and Python."


def accuracy() -> ModuleType:
    """The accuracy report, which is a script beside this file."""
    spec = importlib.util.spec_from_file_location(
        "accuracy_titles", Path(__file__).with_name("accuracy_titles.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    __import__("sys").modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["dev", "tune", "held_out", "blind"])
def test_titles_are_read_as_two_careful_readers_read_them(name: str) -> None:
    """Every labelled set stays within reach, and no role of a wrong family is ever said with confidence."""
    report = accuracy().report(name)
    assert report.precision >= 0.97
    assert report.recall >= 0.95
    assert report.role_right >= 0.92
    assert report.level_right >= 0.97
    assert report.wrong_family == 0


def test_the_accuracy_report_prints_every_set() -> None:
    """The table names each set, how many titles it holds, and how many of them are left out as unsure."""
    module = accuracy()
    printed = module.table(module.report(name) for name in module.SETS)
    assert all(name in printed for name in ("dev", "tune", "held_out", "blind: 348 of 435", "precision"))


@pytest.mark.parametrize(
    ("title", "digital", "role"),
    [
        ("Data Journalist", "yes", None),
        ("Landscape Architect", "no", None),
        ("Highways Architect", "no", None),
        ("Systems Librarian", "borderline", None),
        ("Digital Receptionist", "no", None),
        ("Cyber Security Analyst", "yes", None),
        ("PA to the Director of IT", "no", None),
        ("Business Manager to the Chief Information Officer", "no", None),
        ("Head of IT", "yes", None),
        ("IT Director", "yes", "Chief digital and information officer"),
        ("Network Rail Liaison Officer", "no", None),
        ("Web Developer", "yes", "Software developer"),
        ("Front-End Developer", "yes", "Frontend developer"),
        ("Developer Contributions Officer", "no", None),
        ("Technical Lead (Java)", "yes", "Software developer"),
        ("Technical Lead (Trees)", "no", None),
        ("Mosaic Systems Analyst", "yes", "Application operations engineer"),
        ("Orchard Gardener", "no", None),
        ("Platform Engineer", "yes", "Development operations (DevOps) engineer"),
        ("Platform Engineer - Lifts", "no", None),
        ("Infrastructure Team Leader", "yes", "Infrastructure engineer"),
        ("Infrastructure Team Leader (Highways)", "no", None),
        ("Women's Network Coordinator", "no", None),
        ("Enterprise Architect - Highways", "yes", "Enterprise architect"),
        ("Business Support Officer (IT)", "no", None),
    ],
)
def test_words_that_look_alike_are_told_apart(title: str, digital: str, role: str | None) -> None:
    """A borrowed word makes no digital job, and a digital job without a standard role is given none."""
    reading = classify(title)
    assert (reading.digital, reading.role) == (digital, role)


def test_every_rung_of_the_framework_is_read_as_its_own_role() -> None:
    """The framework's own role-level names, which nobody here chose, are read right nine times in ten."""
    rungs = [(role.name, rung) for role in standard_roles().values() for rung in role.levels]
    read = [(name, rung, classify(rung.name)) for name, rung in rungs]
    assert sum(c.role == name for name, _, c in read) >= 0.9 * len(read)
    assert sum(c.level == rung.level for _, rung, c in read if c.digital == "yes") >= 0.97 * sum(
        c.digital == "yes" for _, _, c in read
    )


def test_the_evidence_is_given_in_words() -> None:
    """A person can see why, and disagree."""
    assert classify("Highways Architect").why == "'<built> architect' is another line of work"
    assert "level from 'senior'" in classify("Senior Data Engineer").why


def test_a_slip_of_the_keyboard_is_forgiven_but_never_with_confidence() -> None:
    """Likeness of letters may repair a word; it never makes a reading sure."""
    slip = classify("Netwrok Enginer")
    assert slip.role == "Infrastructure engineer"
    assert slip.confidence < 0.7
    assert "'netwrok' read as 'network'" in slip.why


def test_the_department_speaks_for_a_title_that_says_nothing() -> None:
    """A project manager in Digital Services is one of ours; an executive assistant there is not."""
    assert classify("Project Manager").digital == "no"
    reading = classify("Project Manager", department="Digital Services")
    assert (reading.digital, reading.role) == ("yes", "Programme delivery manager")
    assert reading.confidence < 0.7
    assert classify("Executive Assistant", department="Digital Services").digital == "no"


def test_a_description_settles_a_borderline_title_and_no_other() -> None:
    """Three words of digital work settle what two managers could differ on; they never overrule a clear title."""
    assert classify("Systems Manager", description=TOLD).digital == "yes"
    assert classify("Systems Manager", description="You will manage systems.").digital == "borderline"
    assert classify("Receptionist", description=TOLD).digital == "no"


def test_the_employers_own_name_is_no_evidence() -> None:
    """A receptionist of a digital agency is a receptionist, and its HR manager no digital manager."""
    assert classify("Campaigns Manager, Digital Catapult", employer="Digital Catapult").digital == "no"


@pytest.mark.parametrize(
    "title",
    ["SENIOR DATA ENGINEER", "Senior&nbsp;Data Engineer", "<b>Senior Data Engineer</b>", "Senior  data-engineer",
     "Senior Data Engineer â€“ Housing", "Senior Data Engineers", "SENİOR DATA ENGİNEER", "Sénior Data Engineer"],
)  # fmt: skip
def test_markup_accents_and_broken_encoding_change_nothing(title: str) -> None:
    """What a person reads through, the reading reads through."""
    reading = classify(title)
    assert (reading.role, reading.level) == ("Data engineer", "senior")


def test_every_entry_of_the_vocabulary_earns_its_place() -> None:
    """Taking any entry out changes how the title beside it is read. The suite asks every third of them, `make thorough`
    all."""
    source = document()
    whole = compiled(source)
    every = 1 if os.environ.get("LOTI_TEST_EXAMPLES") == "thorough" else 3
    idle = [
        f"{section}: {entry}"
        for section, entry, example, rest in islice(_without_each(source, whole), 0, None, every)
        if _reading(example, section, whole) == _reading(example, section, rest)
    ]
    assert not idle


def test_every_example_is_read_as_its_entry_says() -> None:
    """The title beside an entry is read as that section promises."""
    source = document()
    promised = {
        "digital": "yes",
        "borderline": "borderline",
        "hints": "borderline",
        "other_work": "no",
        "other_jobs": "no",
    }
    for section, digital in promised.items():
        for entry, example in source[section].items():
            assert classify(str(example)).digital == digital, f"{section}: {entry}"
    for role, entries in source["roles"].items():
        for entry, example in cast(dict[str, str], entries).items():
            assert classify(example).role == role, f"{role}: {entry}"


messy = st.text(max_size=400) | st.lists(
    st.sampled_from(
        [
            "Data",
            "&amp;",
            "â€™",
            "İT",
            "ı",
            "Ŵ",
            "🚀",
            "<b>",
            "1" * 50,
            "Engineer",
            "\u00a0",
            "to the director",
        ]
    )
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(messy, st.none() | messy, st.none() | messy)
def test_no_title_is_ever_an_error(title: str, description: str | None, department: str | None) -> None:
    """Whatever is typed, there is a reading, and it keeps its own rules."""
    reading = classify(title, description=description, department=department, employer=department)
    assert 0 <= reading.confidence <= 1
    assert reading.why
    assert (reading.level is None) == (reading.digital == "no")
    assert reading.level is None or reading.level in LEVELS
    assert reading.role is None or reading.family == standard_roles()[reading.role].family
    assert reading.role is None or reading.digital == "yes"


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "Data Analyst ",
        "&amp;",
        "<",
        " ",
        "1",
        "to the chief ",
        "â€™",
        "digital + ",
        "\u0301",
        "analsyt ",
    ],
)
def test_a_very_long_title_takes_no_longer(unit: str) -> None:
    """20,000 characters of anything are read in milliseconds."""
    text = (unit * 20_000)[:20_000]
    assert costs_at_most(10, lambda: classify(text, description=text))


def _without_each(source: Document, whole: Vocabulary) -> Iterator[tuple[str, str, str, Vocabulary]]:
    """Each entry, the title beside it, and the vocabulary without it."""
    for section, entries in source.items():
        for name, inner in entries.items():
            if section not in NESTED:
                rest = {**source, section: {key: value for key, value in entries.items() if key != name}}
                yield section, name, str(inner), _less(whole, name, section) or compiled(rest)
                continue
            for entry, example in cast(dict[str, str], inner).items():
                kept = {key: value for key, value in cast(dict[str, str], inner).items() if key != entry}
                without = _less(whole, entry, name) if section == "roles" else None
                yield (
                    section,
                    f"{name}: {entry}",
                    example,
                    (without or compiled({**source, section: {**entries, name: kept}})),
                )


def _less(whole: Vocabulary, text: str, section: str) -> Vocabulary | None:
    """The vocabulary without one entry, made quickly; None where the section is not one of entries."""
    kind = KIND_OF.get(section)
    role = section if section in standard_roles() else None
    if kind is None and role is None:
        return None
    entries = {
        word: tuple(e for e in found if e.text != text or e.role != role or (kind and e.kind != kind))
        for word, found in whole.entries.items()
    }
    return replace(whole, entries=entries)


def _reading(example: str, section: str, vocabulary: Any) -> tuple[object, ...]:
    if section == "unsaid":
        reading = classify(example, department="Digital Services", vocabulary=vocabulary)
    elif section == "tells":
        others = ("software", "SQL") if example not in ("software", "SQL") else ("Python", "Power BI")
        text = f"{others[0]}. {others[1]}. {example}."
        reading = classify("Systems Manager", description=text, vocabulary=vocabulary)
    else:
        reading = classify(example, vocabulary=vocabulary)
    return (reading.confidence,) if section == "unsure" else _said(reading)


def _said(reading: Classification) -> tuple[object, ...]:
    return reading.digital, reading.role, reading.level


def test_labels_name_real_roles_and_levels() -> None:
    """A label that is no role of the framework could never be met."""
    for file in ("titles_dev.jsonl", "titles_extra.jsonl", "titles_blind.jsonl"):
        for line in (DATA / file).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert row["role"] is None or row["role"] in standard_roles()
            assert row["level"] is None or row["level"] in LEVELS
