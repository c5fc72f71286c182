"""Pieces of the sentences that people read. Pure."""

from collections.abc import Sequence


def in_words(names: Sequence[str]) -> str:
    """Camden, Hackney and Sutton."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def with_article(role: str) -> str:
    """A standard role within a sentence: an enterprise architect, a user researcher, an IT service manager."""
    text = role if role[1:2].isupper() else role[:1].lower() + role[1:]
    vowel = text[:1].lower() in "aeio" or (text.startswith("u") and not text.startswith("us"))
    return f"{'an' if vowel else 'a'} {text}"


def counted(number: int, noun: str) -> str:
    """1 advert, 2 adverts."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
