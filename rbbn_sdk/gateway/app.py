"""The ASGI application: records, fails and delays on demand, answers browsers, and leaves the rest to the routes."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from attrs import define, field
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.cors import preflight_headers, with_cors
from rbbn_sdk.gateway.faults import HANG_UP, Fault, Faults, user_of
from rbbn_sdk.gateway.recording import RecordedRequest
from rbbn_sdk.gateway.replies import JSON
from rbbn_sdk.gateway.routes import all_routes

_log = logging.getLogger("rbbn_sdk.gateway")
_CHANNEL: Final = re.compile(r"/websocket/([^/]+)")
_CONTROL: Final = "/__control__/"
_OWN_ERROR: Final = msgspec.json.encode({"statusCode": 26, "message": "the gateway failed"})
_NOT_FOUND: Final = msgspec.json.encode({"message": "no such resource"})


def shown(path: str) -> str:
    """A path for logs: the id of a channel is a secret."""
    return _CHANNEL.sub("/websocket/***", path)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).close()
        return
    await Response(_NOT_FOUND, 404, {"content-type": JSON})(scope, receive, send)


@define(eq=False)
class Application:
    _core: Core
    _control: ASGIApp | None
    """None: there is no control, and its paths are not found."""
    _hang_up: Callable[[Scope], object]
    """Cut the connection of a request."""
    _router: ASGIApp = field(init=False)
    _entrances: dict[str, ASGIApp] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._router = Router(all_routes(self._core), redirect_slashes=False, default=_not_found)
        self._entrances = {"http": self._http, "websocket": self._websocket}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._entrances[scope["type"]](scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(scope, receive, with_cors(send))
        try:
            await self._answer(exchange)
        except ClientDisconnect:
            _log.debug("%s %s: the client went away", scope["method"], shown(scope["path"]))
        except Exception:  # noqa: BLE001 - logged whole; the client gets an answer that a browser may read
            _log.exception("%s %s failed", scope["method"], shown(scope["path"]))
            if not exchange.status:
                await exchange.respond(Response(_OWN_ERROR, 500, {"content-type": JSON}))
        _log.info("%s %s: %s", scope["method"], shown(scope["path"]), exchange.status)
        self._core.note_request()

    async def _answer(self, exchange: "_Exchange") -> None:
        request = Request(exchange.scope, exchange.receive)
        body = exchange.body = await request.body()
        path: str = exchange.scope["path"]
        if request.method == "OPTIONS":
            await exchange.respond(Response(status_code=204, headers=preflight_headers(request.headers)))
        elif path.startswith(_CONTROL):
            await exchange.run(self._control or _not_found)
        else:
            await self._serve(exchange, request, body)

    async def _serve(self, exchange: "_Exchange", request: Request, body: bytes) -> None:
        path: str = exchange.scope["path"]
        exchange.record = RecordedRequest.of(request, body)
        self._core.requests.append(exchange.record)
        self._core.note_request()
        user = user_of(path)
        exchange.delay = self._core.faults.delay_of(path, user)
        exchange.faults = self._core.faults
        fault = self._core.faults.take(request.method, path, user)
        if fault is None:
            await exchange.run(self._router)
        elif fault.status == HANG_UP:
            await exchange.pause()
            self._hang_up(exchange.scope)
            await _until_gone(exchange.receive)
        else:
            await exchange.respond(fault_response(fault))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        user = self._owner(path)
        delay = self._core.faults.delay_of(path, user)
        if delay:
            await self._core.faults.wait(delay)
        fault = self._core.faults.take("GET", path, user)
        if fault is None:
            await self._router(scope, receive, send)
        elif fault.status == HANG_UP:
            self._hang_up(scope)
            await _until_gone(receive)
        else:
            await WebSocket(scope, receive, send).send_denial_response(fault_response(fault))

    def _owner(self, path: str) -> str:
        found = _CHANNEL.search(path)
        subscription = self._core.subscriptions.by_channel(found[1]) if found else None
        return subscription.account.username if subscription else ""


async def _until_gone(receive: Receive) -> None:
    """After its connection was cut, a request is over when the server has noticed."""
    while not (await receive())["type"].endswith(".disconnect"):
        pass


def fault_response(fault: Fault) -> Response:
    return Response(fault.content, fault.status, fault.headers)


async def _first(*works: Awaitable[object]) -> None:
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@define(eq=False)
class _Exchange:
    """One HTTP request and its answer, which may have to wait."""

    scope: Scope
    _receive: Receive
    _send: Send
    body: bytes | None = None
    """None: not read yet."""
    faults: Faults | None = None
    delay: float = 0.0
    record: RecordedRequest | None = None
    status: int = 0

    async def receive(self) -> Message:
        if self.body is None:
            return await self._receive()
        body, self.body = self.body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self.pause()
            self.status = message["status"]
        await self._send(message)
        if self.record is not None and message["type"] == "http.response.body":
            self.record.status = self.status

    async def pause(self) -> None:
        """Hold the answer back, unless nobody waits for it any more."""
        if self.delay and self.faults is not None:
            await _first(self.faults.wait(self.delay), self._receive())

    async def respond(self, answer: Response) -> None:
        await answer(self.scope, self.receive, self.send)

    async def run(self, application: ASGIApp) -> None:
        await application(self.scope, self.receive, self.send)
