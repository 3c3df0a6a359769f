"""One HTTP request and its answer. The only module that speaks HTTP; imported when the first request is made."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

import httpcore
import httpx

from rbbn_sdk.errors import NETWORK_FAILURES, ConfigurationError, RequestError, RequestTimedOut, RequestUnreachable
from rbbn_sdk.io.proxies import Proxies
from rbbn_sdk.io.rest.connections import ClosedWhileIdle, WatchedBackend, closed_on_failure
from rbbn_sdk.io.rest.message import Answer, HttpRequest
from rbbn_sdk.io.tls import TlsSetting, tls_context
from rbbn_sdk.io.words import words_of
from rbbn_sdk.types import RestFailure

__all__ = ["Exchange"]

_KEEP_ALIVE = 4.0
"""Seconds an idle connection is kept: below the 5 s after which common servers close it (uvicorn, node, Apache)."""
_MAX_BODY = 64 * 1024 * 1024
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def _socks_errors() -> tuple[type[Exception], ...]:
    """What the optional package for SOCKS raises, which httpcore passes on as it is."""
    if find_spec("socksio") is None:
        return ()
    error: type[Exception] = import_module("socksio.exceptions").SOCKSError
    return (error,)


_LIBRARY_ERRORS: tuple[type[Exception], ...] = (
    httpcore.TimeoutException,  # within a body; before it, it is a time-out
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    OSError,
    ValueError,  # what a host name or header cannot be
    *_socks_errors(),
)
_BODY_ERRORS: tuple[type[Exception], ...] = (httpx.DecodingError, *_LIBRARY_ERRORS)


class Exchange:
    """Connections of one client. Raises `RequestError`s that quote nothing of a library's text."""

    def __init__(self, tls: TlsSetting, proxies: Proxies) -> None:
        self._tls = tls
        self._proxies = proxies
        self._pools: dict[tuple[str, str | None, bool], httpcore.AsyncConnectionPool] = {}

    async def send(self, request: HttpRequest, timeout: int | None) -> Answer:
        """Send it, and again on a new connection if an idle one was closed under it. `timeout` ms for the headers."""
        try:
            prepared = _prepared(request, None if timeout is None else max(timeout / 1000, 1.0))
            async with asyncio.timeout(None if timeout is None else timeout / 1000):
                response = await self._send(prepared)
            return await _answer(response)
        except (TimeoutError, httpcore.TimeoutException):
            failure: RequestError = _timed_out(request, timeout)
        except ConfigurationError as error:  # the file of certificates
            failure = _not_sent(request, error.message)
        except _LIBRARY_ERRORS as error:
            failure = _unreachable(request, error)
        raise failure  # outside of the handler: the library's error, which may quote headers, is no context of ours

    async def close(self) -> None:
        """Close all connections."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.aclose()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return await _through(self._pool(request.url), request)
        except ClosedWhileIdle as closed:
            if closed.maybe_applied and request.method not in _IDEMPOTENT:
                raise
        return await _through(self._pool(request.url, keep_alive=False), request)

    def _pool(self, url: httpx.URL, *, keep_alive: bool = True) -> httpcore.AsyncConnectionPool:
        proxy = self._proxies.for_address(url.scheme, url.host, url.port or 0)
        key = (url.scheme, proxy, keep_alive)
        pool = self._pools.get(key)
        if pool is None:
            context = tls_context(self._tls) if url.scheme == "https" else None
            pool = self._pools[key] = _new_pool(context, proxy, keep_alive=keep_alive)
        return pool


def _new_pool(context: ssl.SSLContext | None, proxy: str | None, *, keep_alive: bool) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=context,
        proxy=None if proxy is None else _proxy(proxy),
        max_connections=100,
        max_keepalive_connections=20 if keep_alive else 0,
        keepalive_expiry=_KEEP_ALIVE,
        network_backend=WatchedBackend(),
    )


def _proxy(address: str) -> httpcore.Proxy:
    proxy = httpx.Proxy(address)
    return httpcore.Proxy(
        url=httpcore.URL(
            scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=proxy.url.raw_path
        ),
        auth=proxy.raw_auth,
        ssl_context=tls_context() if proxy.url.scheme == "https" else None,
    )


def _prepared(request: HttpRequest, patience: float | None) -> httpx.Request:
    headers = [_header(name, value) for name, value in request.headers]
    return httpx.Request(
        request.method,
        request.url,
        headers=[*headers, (b"Accept-Encoding", b"gzip, deflate")],
        content=request.body,
        extensions={"timeout": {"read": patience}},
    )


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    """A field as RFC 9110 5.5 allows it; the library below would quote another one in its log.

    Blanks around the value are stripped, as a browser does it: a token read from a file often ends in a line end.
    """
    raw_name, raw_value = name.encode("ascii"), value.strip().encode("utf-8")
    if not _NAME.fullmatch(raw_name) or _CONTROL.search(raw_value):
        raise UnusableHeader
    return raw_name, raw_value


class UnusableHeader(ValueError):
    """A header that HTTP cannot carry."""


async def _through(pool: httpcore.AsyncConnectionPool, request: httpx.Request) -> httpx.Response:
    """Past httpx's client, which would log the URL, keep cookies and name itself to the gateway."""
    stream = request.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        msg = "a body is bytes here"
        raise TypeError(msg)
    sent = httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=stream,
        extensions=request.extensions,
    )
    async with closed_on_failure():
        response = await pool.handle_async_request(sent)
    extensions = cast("dict[str, Any]", response.extensions)
    return httpx.Response(response.status, headers=response.headers, stream=_Body(response), extensions=extensions)


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


async def _answer(response: httpx.Response) -> Answer:
    content, broken = bytearray(), False
    try:
        async for part in response.aiter_bytes():
            content += part
            if len(content) > _MAX_BODY:
                broken = True
                break
    except _BODY_ERRORS:
        broken = True
    finally:
        await response.aclose()
    return Answer(
        status=response.status_code,
        reason=response.reason_phrase,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw),
        content=bytes(content),
        broken=broken,
    )


def _timed_out(request: HttpRequest, timeout: int | None) -> RequestTimedOut:
    reason = f"no answer within {timeout} ms to {request.method} {request.subject}"
    return RequestTimedOut(reason, failure=RestFailure(reason=reason))


def _unreachable(request: HttpRequest, error: BaseException) -> RequestUnreachable:
    reason = f"{request.method} {request.subject} could not be sent or was not answered: {_cause(error)}"
    name = type(error).__name__
    code = name if name in NETWORK_FAILURES else None
    return RequestUnreachable(reason, code=code, failure=RestFailure(reason=reason))


def _not_sent(request: HttpRequest, why: str) -> RequestUnreachable:
    reason = f"{request.method} {request.subject} was not sent: {why}"
    return RequestUnreachable(reason, failure=RestFailure(reason=reason))


def _cause(error: BaseException) -> str:
    """The system's words for it; they name files and hosts at most, never what was sent."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate was not accepted ({cause.verify_message})"
        if isinstance(cause, OSError) and (words := words_of(cause)):
            return words
        cause = cause.__cause__ or cause.__context__
    return _WORDS.get(type(error).__name__, "no connection")


_WORDS = {
    "ClosedWhileIdle": "the connection was closed while idle",
    "InvalidURL": "the address is not usable",
    "LocalProtocolError": "the request has something that HTTP cannot carry",
    "ProtocolError": "the proxy hung up, or its answer is not SOCKS",
    "ProxyError": "the proxy refused it",
    "ReadError": "the connection broke before the answer",
    "RemoteProtocolError": "the connection ended before the answer, or the answer is not HTTP",
    "UnicodeEncodeError": "a header or host name has characters that HTTP cannot carry",
    "UnusableHeader": "a header, or the credentials in it, has characters that HTTP cannot carry",
    "WriteError": "the connection broke before the request was sent",
}
