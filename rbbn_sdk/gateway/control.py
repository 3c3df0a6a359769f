"""`POST /__control__/<operation>`: the methods of `Gateway` for other processes on this machine."""

import base64
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

import msgspec
from attrs import frozen
from msgspec import UNSET, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.gateway.faults import Body
from rbbn_sdk.gateway.replies import JSON, Reply, json_reply

Headers = Mapping[str, str | None]


class Controlled(Protocol):
    """What can be ordered; `Gateway` is one."""

    async def notify(self, *, user: str, message: Mapping[str, Any]) -> int: ...
    async def forget_subscriptions(self, *, user: str) -> int: ...
    async def forget_sessions(self, *, user: str) -> int: ...
    async def drop_sockets(self, *, user: str, code: int = ...) -> int: ...
    async def delay(self, *, seconds: float, user: str | None = ..., path: str = ...) -> None: ...
    async def clear(self, *, user: str | None = ...) -> None: ...
    async def fail_next(
        self, *, user: str, status: int, times: int | None = ..., body: Body = ..., headers: Headers | None = ...
    ) -> None: ...
    async def fail(
        self,
        *,
        status: int,
        user: str | None = ...,
        method: str | None = ...,
        path: str = ...,
        times: int | None = ...,
        body: Body = ...,
        headers: Headers | None = ...,
    ) -> None: ...


class _User(Struct, forbid_unknown_fields=True):
    user: str


class _Notify(Struct, forbid_unknown_fields=True):
    user: str
    message: dict[str, Any]


class _Drop(Struct, forbid_unknown_fields=True):
    user: str
    code: int = 1001


class _Delay(Struct, forbid_unknown_fields=True):
    seconds: float
    user: str | None = None
    path: str = "*"


class _Clear(Struct, forbid_unknown_fields=True):
    user: str | None = None


class _Answer(Struct, forbid_unknown_fields=True, kw_only=True):
    status: int
    body: dict[str, Any] | list[Any] | str | None = None
    body_base64: str | UnsetType = UNSET
    """Any bytes: an answer that is cut short, or compressed badly."""
    headers: dict[str, str | None] = {}

    def content(self) -> Body:
        return (
            self.body if isinstance(self.body_base64, UnsetType) else base64.b64decode(self.body_base64, validate=True)
        )


class _FailNext(_Answer, forbid_unknown_fields=True, kw_only=True):
    user: str
    times: int | None = 1


class _Fail(_Answer, forbid_unknown_fields=True, kw_only=True):
    user: str | None = None
    method: str | None = None
    path: str = "*"
    times: int | None = None


_A = TypeVar("_A", bound=Struct)
_Result = dict[str, Any]


async def _notify(gateway: Controlled, order: _Notify) -> _Result:
    return {"pushed": await gateway.notify(user=order.user, message=order.message)}


async def _forget_subscriptions(gateway: Controlled, order: _User) -> _Result:
    return {"forgotten": await gateway.forget_subscriptions(user=order.user)}


async def _forget_sessions(gateway: Controlled, order: _User) -> _Result:
    return {"forgotten": await gateway.forget_sessions(user=order.user)}


async def _drop_sockets(gateway: Controlled, order: _Drop) -> _Result:
    return {"dropped": await gateway.drop_sockets(user=order.user, code=order.code)}


async def _delay(gateway: Controlled, order: _Delay) -> _Result:
    await gateway.delay(user=order.user, path=order.path, seconds=order.seconds)
    return {}


async def _clear(gateway: Controlled, order: _Clear) -> _Result:
    await gateway.clear(user=order.user)
    return {}


async def _fail_next(gateway: Controlled, order: _FailNext) -> _Result:
    await gateway.fail_next(
        user=order.user, status=order.status, times=order.times, body=order.content(), headers=order.headers
    )
    return {}


async def _fail(gateway: Controlled, order: _Fail) -> _Result:
    await gateway.fail(
        user=order.user,
        method=order.method,
        path=order.path,
        status=order.status,
        times=order.times,
        body=order.content(),
        headers=order.headers,
    )
    return {}


_Operation = Callable[[Controlled, bytes], Awaitable[_Result]]


def _operation(kind: type[_A], run: Callable[[Controlled, _A], Awaitable[_Result]]) -> _Operation:
    async def operation(gateway: Controlled, body: bytes) -> _Result:
        return await run(gateway, msgspec.json.decode(body or b"{}", type=kind))

    return operation


OPERATIONS: Final[Mapping[str, _Operation]] = {
    "clear": _operation(_Clear, _clear),
    "delay": _operation(_Delay, _delay),
    "drop-sockets": _operation(_Drop, _drop_sockets),
    "fail": _operation(_Fail, _fail),
    "fail-next": _operation(_FailNext, _fail_next),
    "forget-sessions": _operation(_User, _forget_sessions),
    "forget-subscriptions": _operation(_User, _forget_subscriptions),
    "notify": _operation(_Notify, _notify),
}


def is_loopback(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


@frozen
class ControlApp:
    """The ASGI application behind `/__control__/`."""

    gateway: Controlled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        reply = await self._reply(request, await request.body())
        await Response(reply.content, reply.status, {"content-type": JSON})(scope, receive, send)

    async def _reply(self, request: Request, body: bytes) -> Reply:
        name = request.scope["path"].rpartition("/")[2]
        if request.client is None or not is_loopback(request.client.host):
            return json_reply({"error": "control is for this machine only"}, 403)
        operation = OPERATIONS.get(name)
        if operation is None:
            return json_reply({"error": f"no operation {name!r}; there are {', '.join(OPERATIONS)}"}, 404)
        if request.method != "POST":
            return json_reply({"error": f"{name}: use POST"}, 405)
        try:
            return json_reply(await operation(self.gateway, body))
        except (msgspec.MsgspecError, InvalidArgument, ValueError) as error:
            return json_reply({"error": f"{name}: {error}"}, 400)
