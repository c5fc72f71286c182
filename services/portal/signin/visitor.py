"""Who looks at a page, and what they may see."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["public", "borough member", "supporter", "LOTI staff"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """One who is signed in, or anybody. `contact_id` is None for anybody."""

    contact_id: str | None = None
    name: str = ""
    email: str = ""
    borough: str | None = None
    """GSS code of the borough whose requests and contributed pay the visitor may see."""
    kinds: tuple[Kind, ...] = ("public",)

    @property
    def signed_in(self) -> bool:
        """Whether we know who it is."""
        return self.contact_id is not None

    def may(self, *kinds: Kind) -> bool:
        """Whether the visitor is of one of these kinds; LOTI's staff may see what everybody may."""
        return "LOTI staff" in self.kinds or any(kind in self.kinds for kind in kinds)

    def sees_borough(self, gss: str | None) -> bool:
        """Whether what is that borough's alone may be shown."""
        return "LOTI staff" in self.kinds or (
            gss is not None and gss == self.borough and "borough member" in self.kinds
        )


ANYBODY: Final = Visitor()
