"""The list of boards: read as written, or refused with the file, the entry and what is allowed."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.sources import SourcesRefused, Unknown, read_entries, read_sources

CAMDEN: dict[str, Any] = {
    "id": "camden",
    "name": "Camden",
    "kind": "rss",
    "url": "https://jobs.camden.example/feed.xml",
    "authorities": ["E09000007"],
}


def write(folder: Path, *entries: object) -> Path:
    """A list of boards as a file."""
    file = folder / "sources.yaml"
    file.write_text(yaml.safe_dump({"sources": list(entries)}), encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    """Why the list is refused."""
    with pytest.raises(SourcesRefused) as refused:
        read_sources(file)
    text = str(refused.value)
    assert text.startswith(f"{file}: ")
    return text.removeprefix(f"{file}: ")


def test_a_list_is_read_in_its_order(tmp_path: Path) -> None:
    """Every entry is a source, as written; authorities may be left out where they are not known."""
    other = {"id": "nhs", "name": "NHS", "kind": "jsonld", "url": "http://nhs.example/jobs"}
    camden, nhs = read_sources(write(tmp_path, CAMDEN, other))
    assert (camden.id, camden.kind, camden.authorities) == ("camden", "rss", ("E09000007",))
    assert (nhs.id, str(nhs.url), nhs.authorities) == ("nhs", "http://nhs.example/jobs", ())


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"kind": "atom"}, ("entry 2 (camden), kind", "no such kind of board", "jsonld", "rss", "unknown")),
        (
            {"authorities": ["E09000007", "E09000034"]},
            ("entry 2 (camden), authorities", "E09000034", "E09000001 to E09000033"),
        ),
        ({"authorities": ["Camden"]}, ("authorities", "GSS code of a London authority", ": Camden")),
        ({"url": "camden.gov.uk/jobs"}, ("entry 2 (camden), url", "valid URL")),
        ({"url": "ftp://camden.gov.uk/jobs"}, ("url", "'http' or 'https'")),
        ({"id": "Camden Council"}, ("entry 2 (Camden Council), id", "[a-z0-9-]")),
        ({"id": None}, ("entry 2", "id", "valid string")),
        ({"every": 5}, ("entry 2 (camden), every", "not permitted")),
        ({"id": "first"}, ("entry 2", "the id first is taken by an earlier entry", "needs its own")),
    ],
)
def test_a_mistake_is_refused_with_its_place_and_what_is_allowed(
    tmp_path: Path, mistake: dict[str, Any], told: tuple[str, ...]
) -> None:
    """A bad kind, code, address, id or field: the refusal names the file, the entry, the field and the rule."""
    text = refusal(write(tmp_path, CAMDEN | {"id": "first"}, CAMDEN | mistake))
    for words in told:
        assert words in text


MAPPING: dict[str, Any] = CAMDEN | {
    "kind": "mapping",
    "options": {
        "format": "json",
        "items": "jobs",
        "fields": {"key": "id", "title": "name", "url": "link"},
    },
}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, ("option format", "xml, json, html")),
        ({"fields": {"titel": "name"}}, ("option fields.titel", "no such field", "title")),
        ({"fields": {"title": "name", "url": "link"}}, ("option fields.key", "must be there")),
        ({"format": "html", "items": "li["}, ("option items", "no CSS selector")),
        ({"pages": 3}, ("option pages", "no such option", "next")),
    ],
)
def test_the_words_of_a_mapping_are_checked_when_the_list_is_read(
    tmp_path: Path, options: dict[str, Any], told: tuple[str, ...]
) -> None:
    """A described board with a mistake is refused with its entry, the option and what is allowed."""
    assert read_sources(write(tmp_path, MAPPING))[0].kind == "mapping"
    text = refusal(write(tmp_path, MAPPING | {"options": options and MAPPING["options"] | options}))
    for words in ("entry 1 (camden)", "options of the kind mapping", *told):
        assert words in text


def test_an_unknown_board_stands_in_the_list_and_is_not_polled(tmp_path: Path) -> None:
    """`kind: unknown` needs no address and may have none; where a fact is from and when it was seen are kept."""
    unknown = {"id": "x", "name": "X", "kind": "unknown", "authorities": ["E09000028"], "from": "a page"}
    file = write(tmp_path, CAMDEN | {"from": "a feed", "verified": "2026-06-03"}, unknown)
    known, other = read_entries(file)
    assert [source.id for source in read_sources(file)] == ["camden"]
    assert (known.from_, str(known.verified)) == ("a feed", "2026-06-03")
    assert isinstance(other, Unknown)
    assert "url: Extra inputs" in refusal(write(tmp_path, unknown | {"url": "https://x.example/"}))
    assert "verified" in refusal(write(tmp_path, CAMDEN | {"verified": "yes"}))


@pytest.mark.parametrize("left_out", ["id", "name", "kind", "url"])
def test_a_missing_field_is_named(tmp_path: Path, left_out: str) -> None:
    """What every board needs is asked for by name."""
    entry = {name: value for name, value in CAMDEN.items() if name != left_out}
    text = refusal(write(tmp_path, entry))
    assert text.startswith("entry 1")
    assert f"{left_out}: Field required" in text


@pytest.mark.parametrize("entry", ["camden", None, ["camden"], 7])
def test_an_entry_that_is_no_board_is_refused(tmp_path: Path, entry: object) -> None:
    """An entry must be a board, not a word."""
    assert refusal(write(tmp_path, CAMDEN, entry)).startswith("entry 2, whole: ")


def test_a_missing_file_is_refused_with_the_setting_that_names_it(tmp_path: Path) -> None:
    """Whoever forgot the list is told how to say where it is."""
    text = refusal(tmp_path / "none.yaml")
    assert "No such file" in text
    assert "LOTI_SOURCES" in text


@pytest.mark.parametrize(
    "content",
    [
        b"sources: [",
        b"sources: \x00",
        b"\xff\xfe\xfasources",
        b"sources:\n- opened: 2026-13-45",
        b"a: &a [*b]",
    ],
)
def test_what_is_not_yaml_is_refused(tmp_path: Path, content: bytes) -> None:
    """Broken YAML, text that is not UTF-8 and a date that is none are refused as what they are."""
    file = tmp_path / "sources.yaml"
    file.write_bytes(content)
    assert refusal(file).startswith("is not YAML: ")


@pytest.mark.parametrize("content", ["", "sources:", "- camden", "sources: camden", "boards: []"])
def test_a_document_without_a_list_is_refused(tmp_path: Path, content: str) -> None:
    """The list must be there, under its name."""
    file = tmp_path / "sources.yaml"
    file.write_text(content, encoding="utf-8")
    assert "must have a list `sources:`" in refusal(file)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: f"sources: {text}".encode())))
def test_whatever_stands_in_the_file_it_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """No content of the file leads to any other error."""
    file = tmp_path / "sources.yaml"
    file.write_bytes(content)
    with contextlib.suppress(SourcesRefused):
        read_sources(file)
