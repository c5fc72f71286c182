"""Names as parts of ids."""

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.slugs import LONGEST, slug
from loti_contracts.vocabulary import standard_roles


def test_the_standard_roles_are_readable() -> None:
    """As they have always been: what is kept under an id must be found again."""
    assert slug("Enterprise architect") == "enterprise-architect"
    assert slug("Quality assurance testing (QAT) analyst ") == "quality-assurance-testing-qat-analyst"
    assert len({slug(one) for one in standard_roles()}) == len(standard_roles())


@given(st.text(max_size=400), st.text(min_size=1, max_size=20))
def test_a_long_name_is_cut_and_told_from_others(name: str, more: str) -> None:
    """Whatever the length, it fits into an id, and what begins alike and goes on otherwise does not become the same."""
    one, other = slug("a" * LONGEST + "b" + name), slug("a" * LONGEST + "c" + name + more)
    assert len(one) <= LONGEST + 13
    assert one != other
    assert one == slug("a" * LONGEST + "b" + name)
