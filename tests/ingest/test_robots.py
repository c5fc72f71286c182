"""robots.txt: what an owner forbids stays forbidden, however he writes it and however the address is spelt."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from services.ingest.robots import LARGEST, Robots, Rule, read_robots
from tests.effort import costs_at_most

AGENT = "TalentExchange/0.1 (+https://exchange.example/contact)"


def robots(text: str | bytes, agent: str = AGENT) -> Robots:
    """What the file says to us."""
    return read_robots(text if isinstance(text, bytes) else text.encode(), agent)


def forbids(text: str | bytes, target: str, agent: str = AGENT) -> bool:
    """Whether the file keeps us from an address."""
    return robots(text, agent).refusal(target) is not None


def one(pattern: str, target: str) -> bool:
    """Whether a file that forbids one pattern keeps us from an address."""
    return forbids(f"User-agent: *\nDisallow: {pattern}\n", target)


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("/", ["/", "/x", "/?q"], []),
        ("/fish", ["/fish", "/fish.html", "/fish/x", "/fishheads", "/fish?id=1"], ["/Fish", "/a/fish", "/fis"]),
        ("/fish/", ["/fish/", "/fish/x"], ["/fish", "/fish.html"]),
        ("/fish*", ["/fish", "/fish/x"], ["/Fish"]),
        ("/*.php", ["/a.php", "/a/b.php5?x", "/.php"], ["/a.PHP", "/"]),
        ("/*.pdf$", ["/a.pdf", "/a/b.c.pdf", "/x.pdf.pdf"], ["/a.pdf?x", "/a.pdfs"]),
        ("/fish*.php", ["/fish.php", "/fishheads/a.php?x"], ["/Fish.php", "/fish"]),
        ("/a$", ["/a"], ["/a/", "/ab", "/a$"]),
        ("/a$b", ["/a$b", "/a%24bc"], ["/a"]),
        ("*/private", ["/private", "/x/private/y"], ["/privat"]),
        ("/*/", ["/a/", "/a/b"], ["/", "/a"]),
        ("/**b**$", ["/b", "/abc"], ["/a"]),
        ("/*", ["/", "/x"], []),
        ("$", [], ["/", "/x"]),
        ("/search?*page=", ["/search?page=2", "/search?q=a&page=2"], ["/search", "/searchpage="]),
        ("private", ["/private"], ["/x/private"]),
        ("https://jobs.example/private?x", ["/private?x=1"], ["/private"]),
    ],
)  # fmt: skip
def test_patterns_match_as_the_standard_says(pattern: str, hits: list[str], misses: list[str]) -> None:
    """Prefixes, `*` for any run of characters, `$` for the end; case counts; a missing slash is supplied."""
    if pattern == "$":
        hits, misses = ["/"], ["/x"]  # a slash is supplied here, too
    assert [target for target in hits if not one(pattern, target)] == []
    assert [target for target in misses if one(pattern, target)] == []


@pytest.mark.parametrize(
    ("pattern", "target"),
    [
        ("/ツ", "/%E3%83%84"), ("/%E3%83%84", "/%e3%83%84"), ("/a%3cd", "/a%3Cd"), ("/%61%7ecd", "/a~cd"), ("/a~cd", "/%61%7Ecd"),
        ("/foo?to=https://x.example", "/foo?to=https%3A%2F%2Fx.example"), ("/foo?to=https%3A%2F%2Fx", "/foo?to=https://x"),
        ("/a b", "/a%20b"), ("/100%", "/100%25"), ("/a%2Ab", "/a*b"), ("/a%2ab$", "/a%2Ab"), ("/(x)", "/%28x%29"),
    ],
)  # fmt: skip
def test_one_address_spelt_two_ways_is_one_address(pattern: str, target: str) -> None:
    """Escapes that need not be, small hexadecimal letters and raw characters make no difference."""
    assert one(pattern, target)


def test_an_escaped_delimiter_is_not_the_delimiter() -> None:
    """%2F in a path, %3F and %2A stand for characters, not for structure."""
    assert not one("/a/b", "/a%2Fb")
    assert not one("/a?b", "/a%3Fb")
    assert not one("/a%2Ab", "/axb")


def test_latin_octets_are_compared_as_octets() -> None:
    """A file that is not UTF-8 is still read, and its odd octets match their escapes."""
    assert forbids(b"User-agent: *\nDisallow: /caf\xe9\n", "/caf%E9")


def test_the_longest_pattern_decides_and_allow_wins_a_tie() -> None:
    """Order does not matter; the more specific rule does; of two equals the kinder."""
    for lines in (["Allow: /p", "Disallow: /"], ["Disallow: /", "Allow: /p"]):
        text = "\n".join(["User-agent: *", *lines])
        assert not forbids(text, "/page")
        assert forbids(text, "/other")
    assert not forbids("User-agent: *\nDisallow: /folder\nAllow: /folder", "/folder/page")
    assert forbids("User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page.htm")
    assert not forbids("User-agent: *\nAllow: /$\nDisallow: /", "/")


def test_our_group_stands_for_us_and_groups_of_one_agent_are_one() -> None:
    """A group that names us, whatever the case and version, replaces the one for everyone; several are taken together."""
    text = (
        "User-agent: *\nDisallow: /every\n\nUser-agent: other\nUser-agent: TALENTEXCHANGE/9\nDisallow: /a\n"
        "\nuser-agent: x\nDisallow: /x\n\nUSER-AGENT: talentexchange\nDisallow: /b\n"
    )
    assert [forbids(text, target) for target in ("/every", "/a", "/b", "/x")] == [False, True, True, False]
    assert [forbids(text, target, "x") for target in ("/every", "/a", "/b", "/x")] == [
        False,
        False,
        False,
        True,
    ]
    assert [forbids(text, target, "TalentExchanger/1") for target in ("/every", "/a")] == [True, False]
    assert not forbids("User-agent: *\nDisallow: /\nUser-agent: talentexchange\nDisallow:\n", "/x")
    assert forbids(
        "User-agent: talentexchange\nSitemap: https://x.example/s\nUser-agent: y\nDisallow: /", "/"
    )
    assert not forbids("Disallow: /\nUser-agent: nobody\nDisallow: /", "/"), "rules of nobody and of others"


def test_a_refusal_names_the_rule() -> None:
    """So that a person can look it up: as written, with its line and whom it is for."""
    text = "# jobs\nUser-agent: *\nAllow: /\nDisallow: /*/apply$ # not for machines\n"
    assert str(robots(text).refusal("/1/apply")) == "Disallow: /*/apply$ (line 4, for *)"


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x\n",
        b"User-agent: *\r\nDisallow: /x\r\n",
        b"User-agent: *\rDisallow: /x",
        "\ufeffUser-agent: *\nDisallow: /x\n".encode("utf-16-le"),
        b"  user-agent :\t*  # all\n\n  DISALLOW :/x  # no\n",
        b"User agent: *\nDissalow: /x",
        b"Useragent: *\nDisalow: /x",
        b"User-agent *\nDisallow /x",
        b"User-agent: *\nCrawl-delay: 5\nDisallow: /x",
        b"User-agent: * everyone\nnonsense\n\x00\n: :\nDisallow: /x",
    ],
)
def test_files_as_people_write_them(text: bytes) -> None:
    """Byte order marks, all line ends, UTF-16, spaces, comments, misspellings, missing colons, nonsense in between."""
    assert forbids(text, "/x")
    assert not forbids(text, "/y")


@pytest.mark.parametrize(
    "text", [b"", b"<!doctype html><html><body>Not found</body></html>", b"\x00\xff" * 99]
)
def test_what_is_no_robots_txt_forbids_nothing(text: bytes) -> None:
    """An empty file and a page in its place hold no rules."""
    assert robots(text) == Robots()


def test_robots_txt_itself_may_always_be_read() -> None:
    """Else nobody could learn that everything is forbidden."""
    assert not one("/", "/robots.txt")


def test_crawl_delay_is_read_for_our_group_only() -> None:
    """Seconds, with a fraction or a unit behind; of several the longest; nonsense is none; it ends the naming of a group."""
    text = "User-agent: *\nCrawl-delay: 10\nUser-agent: talentexchange\nCrawl-delay: 2.5s\nCrawl-delay: 1\n"
    assert robots(text).crawl_delay == 2.5
    assert robots(text, "someone").crawl_delay == 10
    for nonsense in ("-1", "soon", "nan", "inf", ""):
        assert robots(f"User-agent: *\nCrawl-delay: {nonsense}").crawl_delay is None
    common = "User-agent: *\nCrawl-delay: 10\n\nUser-agent: badbot\nDisallow: /\n"
    assert not forbids(common, "/x")


def test_only_whole_lines_of_the_first_500_kib_count() -> None:
    """What comes later is ignored, and a rule that the limit cuts in two is no rule."""
    start = b"User-agent: *\nDisallow: /first\n"
    filler = b"#" * (LARGEST - len(start) - 13) + b"\n"
    text = start + filler + b"Disallow: /late\n"
    assert len(start + filler + b"Disallow: /l") == LARGEST
    assert forbids(text, "/first")
    assert not forbids(text, "/late")
    assert not forbids(text, "/l")


def test_hostile_patterns_cost_little() -> None:
    """Patterns made of wildcards are matched without going back."""
    text = b"User-agent: *\nDisallow: /" + b"*a" * 100_000 + b"b$\n" + b"Disallow: /*a*a*a*a*b$\n" * 10_000
    assert not forbids(text, "/" + "a" * 2_000)
    assert costs_at_most(500, lambda: forbids(text, "/" + "a" * 2_000))


_WORDS = st.text(alphabet="ab/*$", max_size=8)
_TARGETS = st.text(alphabet="ab/", max_size=10).map(lambda text: "/" + text)


def expected(pattern: str, target: str) -> bool:
    """A pattern's meaning, said with a regular expression."""
    end = pattern.endswith("$")
    parts = map(re.escape, pattern.removesuffix("$").split("*"))
    return re.match(".*".join(parts) + ("$" if end else ""), target, re.DOTALL) is not None


@given(pattern=_WORDS.map(lambda text: "/" + text), target=_TARGETS)
def test_matching_means_what_a_regular_expression_means(pattern: str, target: str) -> None:
    """For any pattern and address."""
    assert Rule.of(pattern, allow=False).matches(target) == expected(pattern, target)


@given(
    rules=st.lists(st.tuples(st.booleans(), _WORDS.filter(lambda t: "$" not in t).map(lambda t: "/" + t)), max_size=6),
    target=_TARGETS,
)  # fmt: skip
def test_it_decides_as_another_implementation_does(rules: list[tuple[bool, str]], target: str) -> None:
    """Protego and we agree on any set of rules (leaving out `$`, which it reads in two ways at once)."""
    lines = [f"{'Allow' if allow else 'Disallow'}: {pattern}" for allow, pattern in rules]
    text = "\n".join(["User-agent: *", *lines])
    allowed = Protego.parse(text).can_fetch(f"https://jobs.example{target}", AGENT)
    if target != "/robots.txt" and not target.startswith("//"):
        assert forbids(text, target) != allowed


@given(
    rules=st.lists(st.tuples(st.booleans(), _WORDS.map(lambda text: "/" + text)), max_size=6),
    target=_TARGETS,
    seed=st.randoms(use_true_random=False),
)
def test_order_and_grouping_do_not_matter(rules: list[tuple[bool, str]], target: str, seed: object) -> None:
    """Rules in any order, spread over several groups of the same agent, decide the same."""
    lines = [f"{'Allow' if allow else 'Disallow'}: {pattern}" for allow, pattern in rules]
    shuffled = list(lines)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    together = "\n".join(["User-agent: *", *lines])
    apart = "\n".join(f"User-agent: *\n{line}" for line in shuffled)
    assert forbids(together, target) == forbids(apart, target)


@given(body=st.binary(max_size=200) | st.text(max_size=200).map(str.encode), agent=st.text(max_size=20), target=st.text(max_size=30))  # fmt: skip
def test_nothing_breaks_it(body: bytes, agent: str, target: str) -> None:
    """Any bytes, agent and address: an answer, never an error."""
    said = read_robots(b"User-agent: *\nDisallow: " + body, agent)
    said.refusal(target)
    assert said.crawl_delay is None or said.crawl_delay >= 0
