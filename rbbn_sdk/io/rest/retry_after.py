"""How long the gateway wants us to wait (`connection` 3.2)."""

from email.utils import parsedate_to_datetime

from rbbn_sdk.io.rest.tree import Json, as_number, as_object

__all__ = ["retry_after_of_body", "retry_after_of_header"]

_WRAPPERS = ("subscribeResponse", "authorizationResponse")


def retry_after_of_body(body: Json) -> int:
    """Milliseconds named in an error body; 0 when there are none."""
    for name in _WRAPPERS:
        delay = as_number(as_object(body.get(name)).get("retryAfter"))
        if delay is not None and delay > 0:
            return delay
    return 0


def retry_after_of_header(value: str, now: int) -> int:
    """Milliseconds of a `Retry-After` header: an HTTP date when it ends in GMT, else seconds; 0 when it is neither."""
    value = value.strip()
    try:
        if value.endswith(" GMT"):
            return max(0, round(parsedate_to_datetime(value).timestamp() * 1000) - now)
        return max(0, as_number(float(value) * 1000) or 0)
    except (ValueError, OverflowError):
        return 0
