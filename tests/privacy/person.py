"""A person, with words that nobody else uses."""

from dataclasses import dataclass

_WORDS = (
    "wish",
    "thanks",
    "cases",
    "faculty",
    "raters",
    "cover",
    "advice",
    "draft",
    "body",
    "parked",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One person. `word(what)` is what it wrote in that place, and nowhere else."""

    tag: str

    @property
    def id(self) -> str:
        return f"contact-{self.tag}"

    @property
    def name(self) -> str:
        return f"Wilhelmina Quillfeather {self.tag.title()}"

    @property
    def email(self) -> str:
        return f"wilhelmina.{self.tag}@hackney.gov.uk"

    def word(self, what: str) -> str:
        return f"own-{what}-{self.tag} said so"

    @property
    def role(self) -> str:
        """What it alone can help with."""
        return f"Keeper of {self.tag} maps"

    @property
    def marks(self) -> tuple[str, ...]:
        """Everything that must be nowhere once the person is erased."""
        return (self.name, self.email, self.email.partition("@")[0], *map(self.word, _WORDS))

    def at(self, what: str) -> str:
        """The id of one of its things."""
        return f"{what}-{self.tag}"
