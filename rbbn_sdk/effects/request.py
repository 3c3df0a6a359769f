"""REST requests as all features send them, and those of the application's own (`connection` 3)."""

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from rbbn_sdk.actions.request import AuthorizationFailed, Fetch, Fetched
from rbbn_sdk.effects.apart import apart
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import InvalidState, RbbnError, RequestError
from rbbn_sdk.ports import Rest, RestContext
from rbbn_sdk.selectors.auth import credentials, login_context, rest_context
from rbbn_sdk.selectors.config import rest_server
from rbbn_sdk.types import ErrorInfo, RestFailure

_P = ParamSpec("_P")
_T = TypeVar("_T")

RestMethod = Callable[Concatenate[Any, RestContext, _P], Awaitable[_T]]
"""A method of `Rest` that takes a context: everything but `fetch`."""


async def watch() -> None:
    """Serve `request.fetch`."""
    await fx.take_every(apart(_fetch), Fetch)


async def rest(method: RestMethod[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Send a request to the configured server; the first argument is the method, such as `Rest.end_call`.

    Raises only `RequestError`s. When the credentials were not accepted, `request:error` has been emitted by then.
    """
    return await rest_in(await fx.select(rest_context), method, *args, **kwargs)


async def login_rest(method: RestMethod[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """The same, to the server that was configured when the credentials were set: subscription requests go there."""
    return await rest_in(await fx.select(login_context), method, *args, **kwargs)


async def rest_in(
    context: RestContext | None, method: RestMethod[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
) -> _T:
    """The same, with a context that was selected earlier."""
    if context is None:
        raise RequestError("no credentials are set; call set_credentials before anything that needs the gateway")
    try:
        return await fx.call(method, context, *args, **kwargs)
    except RequestError as error:
        if error.failure.unauthorized:
            await fx.put(AuthorizationFailed(error=authorization_error(error.failure)))
        raise
    except InvalidState as error:  # the credentials were replaced and forgotten just as the request began
        raise RequestError(error.message, code=error.code) from None


def authorization_error(failure: RestFailure) -> ErrorInfo:
    """What `request:error` says (`connection` 3.3)."""
    said = f"HTTP {failure.http_status}" if failure.status_code is None else f"Status code: {failure.status_code}"
    return ErrorInfo(code="authentication:1", message=f"The gateway did not accept the credentials. {said}")


async def _fetch(request: Fetch) -> None:
    """Any answer is a success, whatever its status; there is no `request:error`."""
    server, known = await fx.select(rest_server), await fx.select(credentials)
    try:
        reply = await fx.call(Rest.fetch, server, known, request.resource, request.init)
    except RbbnError as error:
        await fx.put(Fetched(request_id=request.request_id, error=error.info))
        return
    await fx.put(Fetched(request_id=request.request_id, reply=reply))
