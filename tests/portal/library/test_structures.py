"""Team structures on pages: where boxes stand, and what two of them differ by."""

from hypothesis import given, settings

from loti_contracts.events.library_content import Post
from loti_contracts.structures import TEMPLATE, read_structure
from services.portal.library.offering.structure_csv import written
from services.portal.library.structures.chart import drawn
from services.portal.library.structures.comparing import figures, lines, told
from services.portal.library.structures.layout import BOX_HEIGHT, BOX_WIDTH, laid_out
from tests.contracts.test_structures import trees
from tests.portal.library.making import OTHER_TEAM, structure

CAMDEN_TEAM, HACKNEY_TEAM = read_structure(TEMPLATE), read_structure(OTHER_TEAM)


@settings(max_examples=25)
@given(trees())
def test_no_two_boxes_overlap_and_all_are_within_the_chart(posts: tuple[Post, ...]) -> None:
    """Every post has its own place, below whom it reports to."""
    read = read_structure(written(posts))
    layout = laid_out(read)
    at = {box.post.id: box for box in layout.boxes}
    assert len(at) == len(posts)
    assert len(layout.lines) == sum(post.reports_to is not None for post in posts)
    for box in layout.boxes:
        assert 0 <= box.x <= layout.width - BOX_WIDTH
        assert 0 <= box.y <= layout.height - BOX_HEIGHT
        if box.post.reports_to is not None:
            assert box.y >= at[box.post.reports_to].y + BOX_HEIGHT
    for number, one in enumerate(layout.boxes):
        for other in layout.boxes[:number]:
            assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT


@settings(max_examples=25)
@given(trees())
def test_the_nested_list_closes_every_list_that_it_opens(posts: tuple[Post, ...]) -> None:
    """So that the page's lists nest as the posts do."""
    chart = drawn(posts)
    assert chart is not None
    depth = 0
    for row in chart.rows:
        depth += row.opens - row.closes
        assert depth >= 0
    assert depth == 0


def test_a_chain_of_five_hundred_posts_is_drawn() -> None:
    """The deepest structure that can be offered."""
    chain = tuple(
        Post(id=str(n), title=f"Post {n}", reports_to=str(n - 1) if n else None) for n in range(500)
    )
    chart = drawn(chain)
    assert chart is not None
    assert (chart.width, chart.layers) == (BOX_WIDTH, 500)


def test_posts_that_form_no_tree_are_not_drawn() -> None:
    """What came by another way than the form may report to nobody; the page says so instead."""
    assert drawn((Post(id="1", title="A", reports_to="9"),)) is None
    assert drawn(()) is None


def test_titles_are_cut_to_their_box_and_told_whole_beside_it() -> None:
    """A long title ends with an ellipsis in the box; who points at the box reads all of it."""
    chart = drawn(HACKNEY_TEAM)
    assert chart is not None
    box = chart.boxes[0]
    assert [text.words for text in box.texts][:2] == ["Assistant Director of", "Digital Services and …"]
    assert box.whole.startswith("Assistant Director of Digital Services and Customer Experience: head")


@settings(max_examples=25)
@given(trees(), trees())
def test_the_differences_add_up(a: tuple[Post, ...], b: tuple[Post, ...]) -> None:
    """Every post is counted once on its side, and turning the two round turns every difference round."""
    compared = lines(a, b)
    assert sum(line.a for line in compared) == sum(post.count for post in a)
    assert sum(line.b for line in compared) == sum(post.count for post in b)
    turned = {(line.role, line.level): line.a - line.b for line in lines(b, a)}
    assert turned == {(line.role, line.level): line.b - line.a for line in compared}


def test_differences_are_told_in_words_the_largest_first() -> None:
    """Who has what the other has not, and who has more."""
    said = told(lines(CAMDEN_TEAM, HACKNEY_TEAM), "Camden", "Hackney")
    assert said[0] == "Only Hackney has Delivery manager (practitioner): 3 posts."
    assert said[1] == "Camden has more posts as Software developer (practitioner) than Hackney: 4 and 1."
    assert told(lines(CAMDEN_TEAM, CAMDEN_TEAM), "a", "b") == []


def test_sizes_and_shapes_are_counted() -> None:
    """Posts, vacancies, layers, spans."""
    assert {one.label: (one.a, one.b) for one in figures(CAMDEN_TEAM, HACKNEY_TEAM)} == {
        "Posts": ("8", "11"),
        "Vacant": ("1 (12%)", "2 (18%)"),
        "Layers": ("3", "3"),
        "Posts that others report to": ("2", "3"),
        "Most that report to one post": ("4", "6"),
        "Teams": ("2", "2"),
    }


def test_a_structure_is_written_as_it_is_read() -> None:
    """The form of a new version begins with the lines of the last."""
    item = structure().item
    assert read_structure(written(item.posts)) == item.posts
