"""What an answer that is no success means (`connection` 3.1 to 3.3)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from attrs import evolve

from rbbn_sdk.errors import RequestRefused, UnusableReply
from rbbn_sdk.io.rest.message import Answer
from rbbn_sdk.io.rest.retry_after import retry_after_of_body, retry_after_of_header
from rbbn_sdk.io.rest.tree import Json, as_number, as_object
from rbbn_sdk.types import RestFailure
from rbbn_sdk.wire import Malformed, parse_json

__all__ = ["json_of", "read_failure", "refused", "unusable"]

_AUTHORIZATION_CODES = frozenset({4, 27, 61, 65})
_OVERLOADED = 53
_MAX_REASON = 200


def json_of(answer: Answer, subject: str) -> Json:
    """The JSON object of a success; 204 counts as `{}`. Raises `UnusableReply`."""
    if answer.status == 204:
        return {}
    tree = _parsed(answer)
    if isinstance(tree, Mapping):
        return cast("Json", tree)
    what = "broke off" if answer.broken else "is not JSON" if tree is None else "is not a JSON object"
    raise unusable(answer, f"the answer to {subject} {what}", code="SyntaxError" if tree is None else answer.status)


def unusable(answer: Answer, reason: str, *, code: str | int | None = None) -> UnusableReply:
    """A success that does not say what it has to."""
    message = f"{reason} (HTTP {answer.status})"
    failure = RestFailure(http_status=answer.status, reason=message, has_body=code != "SyntaxError")
    return UnusableReply(message, code=answer.status if code is None else code, failure=failure)


def refused(failure: RestFailure, subject: str) -> RequestRefused:
    """The error of a refusal, with the HTTP status as its code."""
    number = "" if failure.status_code is None else f", status code {failure.status_code}"
    reason = f": {failure.reason}" if failure.reason else ""
    message = f"{subject} was refused with HTTP {failure.http_status}{number}{reason}"
    return RequestRefused(message, code=failure.http_status, failure=failure)


def read_failure(answer: Answer, now: int) -> RestFailure:
    """Why an answer that is not 2xx was given. `now` in ms, for a `Retry-After` that is a date."""
    tree = _parsed(answer)
    body = as_object(tree)
    status_code, wrapper = _status_code(body)
    absent = answer.status == 403 and not isinstance(tree, Mapping) and _is_html(answer)
    failure = RestFailure(
        http_status=answer.status,
        status_code=status_code,
        wrapper=wrapper,
        reason=_reason(body, answer),
        has_body=not absent,
        retry_after=(retry_after_of_body(body) or None) if status_code == 503 else None,
        unauthorized=_is_unauthorized(answer.status, status_code, absent=absent),
    )
    return _overload(failure, body, answer, now) if answer.status == 503 and isinstance(tree, Mapping) else failure


def _overload(failure: RestFailure, body: Json, answer: Answer, now: int) -> RestFailure:
    """A 503 speaks of when to come again; whatever number the gateway gave stands behind that (3.2).

    The vendor's client makes 500 of every number when there is no time; we keep 53, which is documented.
    """
    delay = retry_after_of_body(body) or retry_after_of_header(answer.header("Retry-After"), now)
    if delay > 0:
        return evolve(failure, status_code=503, wrapper="subscribeResponse", retry_after=delay)
    if failure.status_code == _OVERLOADED:
        return failure
    return evolve(failure, status_code=500, wrapper="subscribeResponse", retry_after=None)


def _parsed(answer: Answer) -> object:
    if answer.broken:
        return None
    try:
        return parse_json(answer.content)
    except Malformed:
        return None


def _status_code(body: Json) -> tuple[int | None, str]:
    """The gateway's number at top level, else in any member, and the member's name."""
    members = (("", body), *((name, as_object(member)) for name, member in body.items()))
    for name, member in members:
        number = as_number(member.get("statusCode"))
        if number is not None:
            return number, name
    return None, ""


def _is_html(answer: Answer) -> bool:
    """A 403 page. One without a content type is taken for it when there is a body that is not JSON."""
    content_type = answer.header("Content-Type").lower()
    return "html" in content_type if content_type else bool(answer.content)


def _is_unauthorized(status: int, status_code: int | None, *, absent: bool) -> bool:
    return status == 401 or (status == 403 and (absent or status_code in _AUTHORIZATION_CODES))


def _reason(body: Json, answer: Answer) -> str:
    """The body's own words, else the reason phrase: one line of printable text."""
    words = next((body[key] for key in ("message", "reason") if isinstance(body.get(key), str)), _phrase(answer))
    line = " ".join("".join(c if c.isprintable() else " " for c in str(words)[: 4 * _MAX_REASON]).split())
    return line if len(line) <= _MAX_REASON else line[: _MAX_REASON - 3] + "..."


def _phrase(answer: Answer) -> str:
    """The reason phrase. HTTP/2 has none, and a proxy may have left it out."""
    if answer.reason:
        return answer.reason
    return next((status.phrase for status in HTTPStatus if status == answer.status), "")
