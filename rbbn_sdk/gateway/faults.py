"""Failures and delays on demand."""

import asyncio
import re
from collections.abc import Mapping
from fnmatch import translate
from typing import Final

import msgspec
from attrs import define, field

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.gateway.addresses import normal_user
from rbbn_sdk.gateway.replies import HTML, JSON

HANG_UP: Final = 0
"""As status: the connection is cut, without an answer."""

_STATUSES: Final = range(200, 600)
_NO_BODY: Final = (204, 304)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"(?:[\x21-\x7e\x80-\xff](?:[\t -\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")
"""RFC 9110 5.5."""

_USER: Final = re.compile(r"/user/([^/]+)")

Body = bytes | str | Mapping[str, object] | list[object] | None


def path_pattern(pattern: str) -> re.Pattern[str]:
    """A glob that fits any part of the path; a regular expression if it starts with `^`."""
    if not pattern.startswith("^"):
        return re.compile(translate(f"*{pattern}*"))
    try:
        return re.compile(pattern)
    except re.error as error:
        raise InvalidArgument(f"path: not a regular expression: {pattern!r}: {error}") from None


def user_of(path: str) -> str:
    found = _USER.search(path)
    return found[1] if found else ""


@define(eq=False, kw_only=True)
class Fault:
    status: int
    user: str | None = None
    method: str | None = None
    path: re.Pattern[str] = field(factory=lambda: path_pattern("*"))
    times: int | None = None
    """How many more requests fail; None: all."""
    content: bytes = b""
    headers: dict[str, str] = field(factory=dict)

    def fits(self, method: str, path: str, user: str) -> bool:
        right_user = self.user is None or normal_user(self.user) == normal_user(user)
        right_method = self.method is None or self.method.upper() == method
        return right_user and right_method and self.path.match(path) is not None


@define(eq=False, kw_only=True)
class Delay:
    seconds: float
    user: str | None
    path: re.Pattern[str]
    pattern: str

    def fits(self, path: str, user: str) -> bool:
        right_user = self.user is None or normal_user(self.user) == normal_user(user)
        return right_user and self.path.match(path) is not None


@define(eq=False)
class Faults:
    stopping: asyncio.Event = field(factory=asyncio.Event)
    _faults: list[Fault] = field(factory=list)
    _delays: list[Delay] = field(factory=list)

    def fail(
        self,
        *,
        status: int,
        user: str | None = None,
        method: str | None = None,
        path: str = "*",
        times: int | None = None,
        body: Body = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> None:
        _check(status, headers or {})
        content, kind = (b"", JSON) if status in _NO_BODY else _content(body)
        given = {name.lower(): value for name, value in (headers or {}).items()}
        sent = {"content-type": kind, **given}
        fault = Fault(
            status=status,
            user=user,
            method=method,
            path=path_pattern(path),
            times=times or None,
            content=content,
            headers={name: value for name, value in sent.items() if value is not None},
        )
        self._faults.append(fault)

    def delay(self, *, seconds: float, user: str | None = None, path: str = "*") -> None:
        self._delays = [one for one in self._delays if (one.user, one.pattern) != (user, path)]
        if seconds > 0:
            self._delays.append(Delay(seconds=seconds, user=user, path=path_pattern(path), pattern=path))

    def clear(self, user: str | None = None) -> None:
        """Everything, or what was ordered for one user."""
        self._faults = [fault for fault in self._faults if user is not None and fault.user != user]
        self._delays = [delay for delay in self._delays if user is not None and delay.user != user]

    def take(self, method: str, path: str, user: str) -> Fault | None:
        """The first fault that fits, which is used up once more by this."""
        fault = next((one for one in self._faults if one.fits(method, path, user)), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)
        return fault

    def delay_of(self, path: str, user: str) -> float:
        return max((one.seconds for one in self._delays if one.fits(path, user)), default=0.0)

    async def wait(self, seconds: float) -> None:
        """Until the time is over, or the gateway stops."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return


def _check(status: int, headers: Mapping[str, str | None]) -> None:
    """Refuse at once what could not be sent later."""
    if status != HANG_UP and status not in _STATUSES:
        raise InvalidArgument(f"status: {status} is neither 0 nor from {_STATUSES[0]} to {_STATUSES[-1]}")
    for name, value in headers.items():
        if _NAME.fullmatch(name) is None or (value is not None and _VALUE.fullmatch(value) is None):
            raise InvalidArgument(f"headers: {name!r}: {value!r} cannot be sent")


def _content(body: Body) -> tuple[bytes, str]:
    if body is None:
        return b"", JSON
    if isinstance(body, bytes):
        return body, JSON
    if isinstance(body, str):
        return body.encode(), HTML if body.lstrip().startswith("<") else JSON
    return msgspec.json.encode(body), JSON
