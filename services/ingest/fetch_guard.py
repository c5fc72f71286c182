"""No way into the house: which addresses a fetch may ask for, and why nothing came of one.

Where a connection may lead is decided as it is made, by `guarded_http`, for every service alike.
"""

import httpx2

from loti_contracts.delivery.guarded_http import RefusedAddress
from services.ingest.fetch_answers import FetchFailed


def checked(url: str) -> httpx2.URL:
    """An address that may be asked for, as far as can be seen from it. Raises FetchFailed."""
    try:
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchFailed("address", url, f"not an address ({error})") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchFailed("address", url, "only http and https addresses are fetched")
    if address.userinfo:
        raise FetchFailed("address", url, "addresses with a user name or password are not fetched")
    return address


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host, and port where that is not the scheme's own. Raises FetchFailed."""
    parts = checked(url)
    return parts.scheme, parts.host, parts.port


def failure_of(url: str, error: Exception) -> FetchFailed:
    """Why nothing came: an address that is not reached, a connection that failed, an answer that cannot be read."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RefusedAddress):
            return FetchFailed("refused_address", url, str(cause))
        cause = cause.__cause__
    told = str(error) or type(error).__name__
    if isinstance(error, httpx2.NetworkError):
        return FetchFailed("connection", url, f"no connection ({told})")
    if isinstance(error, httpx2.TransportError):
        return FetchFailed("protocol", url, f"the answer breaks HTTP ({told})")
    return FetchFailed("protocol", url, f"the answer could not be read ({told})")
