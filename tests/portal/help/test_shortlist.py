"""The shortlist as a borough sees it: points that add up, and names for those who may read them."""

from hypothesis import given
from hypothesis import strategies as st

from services.portal.help.shortlist import Person, left_out, letter, names_shown, offers, points
from tests.portal.help.making import MEMBER, match, supporter

PEOPLE = {"contact-ada": Person("contact-ada", "Ada Okafor", "Okafor Hiring", "ada@okafor.example")}
SHARES = st.lists(st.tuples(st.floats(0, 1), st.floats(0.001, 1)), min_size=1, max_size=8)


@given(SHARES)
def test_points_add_up_to_the_score_that_is_shown(parts: list[tuple[float, float]]) -> None:
    """Whole points of each reason add up to the rounded score, those to be had to a hundred, and none exceeds its own."""
    total = sum(weight for _, weight in parts)
    reasons = [(score, weight / total) for score, weight in parts]
    told = points(reasons)
    assert sum(most for _, most in told) == 100
    assert (
        abs(sum(got for got, _ in told) - 100 * sum(score * weight for score, weight in reasons))
        <= 0.5 + 1e-6
    )
    assert all(0 <= got <= most for got, most in told)


def test_names_are_for_who_asked_and_for_staff_until_one_is_accepted() -> None:
    """The email with the shortlist names people to whoever asked: the page names them to nobody else of the borough."""
    it = match()
    assert names_shown(it, contact_id=MEMBER, staff=False)
    assert names_shown(it, contact_id="contact-loti", staff=True)
    assert not names_shown(it, contact_id="contact-colleague", staff=False)
    shown = offers(it, people=PEOPLE, supporters={"supporter-ada": supporter()}, named=False)
    assert [one.name for one in shown] == ["Recruiter A", "Recruiter B"]
    assert "Okafor" not in repr(shown)
    assert dict(shown[0].offers)["Roles"] == "Enterprise architect"


def test_one_who_is_not_known_by_name_has_a_letter() -> None:
    """A contact that was erased, or not heard of yet, leaves no gap."""
    shown = offers(match(), people=PEOPLE, supporters={}, named=True)
    assert [one.name for one in shown] == ["Ada Okafor", "Recruiter B"]


def test_who_is_left_out_is_named_to_staff_alone() -> None:
    """A borough reads why somebody is left out, and not who."""
    cleo = {"supporter-cleo": supporter("supporter-cleo", "contact-cleo")}
    people = {"contact-cleo": Person("contact-cleo", "Cleo Hart", "Hart Talent", "cleo@hart.example")}
    (told,) = left_out(match(), people=people, supporters=cleo, named=True)
    (plain,) = left_out(match(), people=people, supporters=cleo, named=False)
    assert (told.name, plain.name) == ("Cleo Hart, Hart Talent", "A recruiter")
    assert told.why == plain.why == "Takes no requests at present."


def test_letters_go_on_after_z() -> None:
    """However long a shortlist is, each has a letter of its own."""
    assert [letter(place) for place in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]
    assert len({letter(place) for place in range(2_000)}) == 2_000
