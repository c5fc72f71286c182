"""What whoever is forgotten is told."""

from starlette.responses import Response

from services.notify.web.site import Site


def forgotten(site: Site) -> Response:
    """There is no such contact, or not any more."""
    return site.note(
        "We know nothing of you",
        "We hold no name and no address for this link: you asked to be forgotten, or were removed. We send you nothing.",
        "To hear from us, sign up again.",
        ways=(site.write_to_us,),
    )
