"""Letters: a mail's words, without its addresses; and forms, the letters that many readers share. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Site:
    """Who writes: the name that the letters are under, and a postal address for their foot, where there is one."""

    name: str
    postal: str | None = None


@dataclass(frozen=True, slots=True)
class Gapped:
    """A text with gaps for what is each reader's own: `pieces` are one more than `gaps`, which name them."""

    pieces: tuple[str, ...]
    gaps: tuple[str, ...] = ()

    def filled(self, own: Mapping[str, str]) -> str:
        """The whole text. Raises KeyError where a gap's own is missing."""
        whole = [self.pieces[0]]
        for gap, piece in zip(self.gaps, self.pieces[1:], strict=True):
            whole += (own[gap], piece)
        return "".join(whole)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A letter of which only the gaps differ from reader to reader. One object for all of them: whoever encodes it
    may do so once, piece by piece."""

    subject: str
    text: Gapped
    html: Gapped
    markdown: Gapped


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and the same content three times: plain text, HTML, and the Markdown of GOV.UK Notify's templates, which
    is drawn when it is asked for, since SMTP never does.

    A letter made from a `form` names it, with what is this reader's `own` in its text and HTML, by gap.
    """

    subject: str
    text: str
    html: str
    in_markdown: str | Callable[[], str] = field(compare=False, repr=False)
    form: Form | None = None
    own_text: Mapping[str, str] | None = None
    own_html: Mapping[str, str] | None = None

    @property
    def markdown(self) -> str:
        """The third of them."""
        return self.in_markdown if isinstance(self.in_markdown, str) else self.in_markdown()
