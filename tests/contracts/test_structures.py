"""Team structures: every service reads the same CSV alike, and knows a tree when it sees one."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events.library_content import Post
from loti_contracts.structures import (
    COLUMNS,
    TEMPLATE,
    StructureRefused,
    in_tree_order,
    read_structure,
    structure_text,
    tree_faults,
)
from loti_contracts.vocabulary import LEVELS, standard_roles

_TITLES = st.text(
    st.characters(exclude_categories=("C", "Z")) | st.sampled_from(' ,;"'), min_size=1, max_size=30
).map(lambda text: " ".join(text.split()) or "Post")


@st.composite
def trees(draw: st.DrawFn) -> tuple[Post, ...]:
    """Posts of which each reports to an earlier one, or to nobody."""
    posts: list[Post] = []
    for number in range(draw(st.integers(1, 12))):
        count = draw(st.integers(1, 9))
        posts.append(
            Post(
                id=str(number),
                title=draw(_TITLES),
                reports_to=draw(st.sampled_from([None, *(post.id for post in posts)])),
                standard_role=draw(st.sampled_from([None, *standard_roles()])),
                level=draw(st.sampled_from([None, *LEVELS])),
                count=count,
                vacant=draw(st.integers(0, count)),
                team=draw(st.none() | _TITLES),
            )
        )
    return tuple(posts)


def _csv(posts: tuple[Post, ...], separator: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(COLUMNS)
    for post in posts:
        writer.writerow("" if getattr(post, name) is None else getattr(post, name) for name in COLUMNS)
    return out.getvalue()


@settings(max_examples=40)
@given(trees(), st.randoms(use_true_random=False), st.sampled_from([",", ";", "\t"]))
def test_what_is_written_is_read_again_whatever_the_order_of_the_lines(
    posts: tuple[Post, ...], chance: object, separator: str
) -> None:
    """Lines may stand in any order: the same posts come back, each after whom it reports to."""
    mixed = sorted(posts, key=lambda _: chance.random())  # type: ignore[attr-defined]
    read = read_structure(_csv(tuple(mixed), separator))
    assert {post.id: post for post in read} == {post.id: post for post in posts}
    seen: set[str | None] = {None}
    for post in read:
        assert post.reports_to in seen
        seen.add(post.id)


@settings(max_examples=40)
@given(trees(), st.data())
def test_posts_are_a_tree_if_and_only_if_all_can_be_told_from_the_top(
    posts: tuple[Post, ...], data: st.DataObject
) -> None:
    """However who reports to whom is changed: either there are faults, or tree order tells every post once."""
    changed = list(posts)
    at = data.draw(st.integers(0, len(posts) - 1))
    above = data.draw(st.sampled_from([None, "nobody", *(post.id for post in posts)]))
    changed[at] = changed[at].model_copy(update={"reports_to": above})
    faulty = bool(tree_faults(changed))
    assert faulty == (len(in_tree_order(changed)) != len(changed))


@given(st.text(max_size=400) | st.text("id,title;\n\"'\t1\r", max_size=60))
def test_any_text_is_read_or_refused_with_its_faults(text: str) -> None:
    """Nothing else can happen, whatever somebody pastes."""
    try:
        outcome: tuple[object, ...] = read_structure(text)
    except StructureRefused as refused:
        outcome = refused.faults
    assert outcome


@given(st.binary(max_size=200))
def test_any_file_is_text_or_refused(content: bytes) -> None:
    """A workbook, a picture or noise is no text, and that is said."""
    try:
        told = structure_text(content)
    except StructureRefused as refused:
        told = str(refused)
        assert "CSV UTF-8" in told
    assert "\0" not in told


def test_the_template_can_be_read() -> None:
    """Who sends the template as it is offers a structure of four posts."""
    assert [post.title for post in read_structure(TEMPLATE)] == [
        "Head of Digital",
        "Lead Developer",
        "Developer",
        "Data Analyst",
    ]


def test_a_spreadsheet_may_name_columns_its_own_way() -> None:
    """Other usual names, any case, a byte order mark, `sep=;`, and the title of whom one reports to."""
    text = structure_text("\ufeffsep=;\r\nJob title;Manager;Posts\r\nDeveloper;head;3\r\nHead;;\r\n".encode())
    head, developer = read_structure(text)
    assert (head.title, developer.title, developer.count) == ("Head", "Developer", 3)
    assert developer.reports_to == head.id


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file: it is empty"),
        ("id,title\n", "the file: there is no post below the first line"),
        ("id,wages\n1,2\n", "line 1, column wages: there is no such column"),
        ("title,email\nx,y\n", "line 1, column email: the library shows posts, not people"),
        ("id\n1\n", "line 1, column title: it is missing"),
        ("title,title\na,b\n", "line 1, column title: it is there twice"),
        ("title,level\nx,seniour\n", 'line 2, column level: "seniour" is no level'),
        ("title,role\nx,data enginer\n", "did you mean Data engineer?"),
        ("title,count\nx,0\n", 'line 2, column count: "0" is no whole number from 1 to 1,000'),
        ("title,vacant\nx,2\n", "line 2: 2 vacant of 1"),
        ("id,title\n1,a\n\n1,b\n", 'line 4: the id "1" is there twice'),
        ("title,reports_to\na,z\n", 'line 2: it reports to "z", which is no post'),
        ("id,title,reports_to\n1,a,2\n2,b,1\n", "in a circle (1 → 2 → 1)"),
        ("title\na,b\n", "line 2: it has more cells than the first line"),
        ('title\n"a\n', "line 2: it cannot be read as CSV"),
        ("title\n" + "x\n" * 501, "line 502: there are more than 500 lines"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    """So that whoever made the file finds the place, and knows what to write there."""
    with pytest.raises(StructureRefused) as refused:
        read_structure(text)
    assert told in str(refused.value)


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    """A file is put right in one go."""
    with pytest.raises(StructureRefused) as refused:
        read_structure("title,level,count\n,x,1\nb,head,many\n")
    assert [fault.line for fault in refused.value.faults] == [2, 2, 3]
