"""How a REST request failed, as a value (`connection` 3.1)."""

from attrs import frozen


@frozen(kw_only=True, weakref_slot=False)
class RestFailure:
    """Why a request failed; the attribute `failure` of every `RequestError` that a `Rest` method raises."""

    http_status: int | None = None
    """None when there was no answer."""
    status_code: int | None = None
    """The gateway's own number: at top level of the body, else in any top-level member."""
    wrapper: str = ""
    """The top-level member that held `status_code`: `subscribeResponse`, `callControlResponse`; empty at top level."""
    reason: str = ""
    """Top-level `message` or `reason` of the body, else the reason phrase, else what went wrong; at most one line."""
    has_body: bool = False
    """The answer had a body that is JSON (an error answer with another or an empty body counts as `{}`, so True,
    except for 403 HTML; `connection` 3.1)."""
    retry_after: int | None = None
    """Milliseconds, of a 503 (`connection` 3.2)."""
    unauthorized: bool = False
    """The answer calls for `request:error` (`connection` 3.3)."""
