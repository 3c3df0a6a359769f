"""Log entries of requests (`logs` 5): what was sent and what came, without anything secret."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import cast
from urllib.parse import unquote

from rbbn_sdk.errors import RequestError
from rbbn_sdk.io.rest.headers import Headers
from rbbn_sdk.io.rest.message import Answer, HttpRequest
from rbbn_sdk.ports import Log, LogTarget
from rbbn_sdk.types import is_sensitive
from rbbn_sdk.wire import Malformed, parse_json

__all__ = ["RequestEntry", "RequestLog"]

_HIDDEN = "..."
_SCHEMES = ("Basic ", "Bearer ")
_LONGEST_PART = 15


class RequestLog:
    """The loggers `REQUEST`, with a running number for each request."""

    def __init__(self, log: Log | None) -> None:
        self._log = log
        self._numbers = count(1)

    def begin(self, request: HttpRequest, timeout: int | None) -> "RequestEntry":
        """Write that a request is sent."""
        entry = RequestEntry(self._log, LogTarget(type="REQUEST", id=str(next(self._numbers))), request)
        entry.sent(timeout)
        return entry


class RequestEntry:
    """The entries of one request."""

    def __init__(self, log: Log | None, target: LogTarget, request: HttpRequest) -> None:
        self._log = log
        self._target = target
        self._request = request
        self._name = f"{request.method} {_last_part(request.url)}"

    def sent(self, timeout: int | None) -> None:
        """It goes out."""
        self._write("info", f"Sending {self._name}")
        if self._shows_details:
            self._write("debug", "Request options", _options(self._request, timeout))

    def answered(self, answer: Answer) -> None:
        """Its answer is there, whatever the status."""
        if self._shows_details:
            self._write("debug", "Response", _response(answer, private=self._request.private))
        self._write("info", f"{self._name}: {answer.status} {answer.reason}".rstrip())

    def failed(self, error: RequestError) -> None:
        """There is none."""
        self._write("info", f"{self._name} failed: {error.code}", error.message)

    def cancelled(self) -> None:
        """Nobody waits for it any more."""
        self._write("info", f"{self._name} was given up")

    @property
    def _shows_details(self) -> bool:
        return self._log is not None and self._log.passes("debug", self._target)

    def _write(self, method: str, *messages: object) -> None:
        if self._log is not None:
            self._log.write(method, self._target, messages)


def _last_part(url: str) -> str:
    path = url.partition("?")[0].partition("#")[0].rstrip("/")
    return unquote(path.rpartition("/")[2])[:_LONGEST_PART]


def _options(request: HttpRequest, timeout: int | None) -> dict[str, object]:
    return {
        "method": request.method,
        "url": _shown_url(request.url, private=request.private),
        "headers": _shown_headers(request.headers, private=request.private),
        "body": _shown_body(request.body, private=request.private),
        "timeout": timeout,
    }


def _response(answer: Answer, *, private: bool) -> dict[str, object]:
    return {
        "status": answer.status,
        "statusText": answer.reason,
        "headers": _shown_headers(answer.headers, private=private),
        "body": _shown_body(answer.content, private=private),
    }


def _shown_url(url: str, *, private: bool) -> str:
    path, mark, query = url.partition("?")  # `urlsplit` refuses some
    return path + mark + "&".join(_shown_parameter(pair, private=private) for pair in query.split("&"))


def _shown_parameter(pair: str, *, private: bool) -> str:
    name, sign, _ = pair.partition("=")
    return f"{name}={_HIDDEN}" if sign and (private or is_sensitive(unquote(name))) else pair


_PUBLIC_HEADERS = frozenset({"accept", "content-type", "content-length", "date", "server"})


def _shown_headers(headers: Headers, *, private: bool) -> dict[str, str]:
    return {name: _shown_header(name, value, private=private) for name, value in headers}


def _shown_header(name: str, value: str, *, private: bool) -> str:
    """Of `Authorization` the word before the value is shown: `Basic ...`."""
    if not is_sensitive(name) and (not private or name.lower() in _PUBLIC_HEADERS):
        return value
    scheme = next((scheme for scheme in _SCHEMES if value.startswith(scheme)), "")
    return (scheme[:6] if name.lower() == "authorization" else "") + _HIDDEN


def _shown_body(content: bytes | None, *, private: bool) -> object:
    """JSON as an object, of anything else its length. The application's own requests may hold anything."""
    if not content:
        return None
    if not private:
        try:
            return _without_secrets(parse_json(content))
        except (Malformed, RecursionError):
            pass
    return f"<{len(content)} bytes>"


def _without_secrets(value: object) -> object:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return {name: _HIDDEN if is_sensitive(name) else _without_secrets(member) for name, member in members.items()}
    if isinstance(value, (list, tuple)):
        return [_without_secrets(item) for item in cast("Iterable[object]", value)]
    return value
