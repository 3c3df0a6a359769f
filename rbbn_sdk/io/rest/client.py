"""`Rest` over HTTP."""

from asyncio import CancelledError
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rbbn_sdk.errors import InvalidState, RequestError, RequestUnreachable, UnusableReply
from rbbn_sdk.io.proxies import Proxies
from rbbn_sdk.io.rest.calls import (
    answer_body,
    disposition_body,
    read_session,
    read_state,
    refusal_body,
    refused_call,
    simple_body,
    start_body,
)
from rbbn_sdk.io.rest.failure import json_of, read_failure, refused
from rbbn_sdk.io.rest.headers import Headers, common_headers, merged
from rbbn_sdk.io.rest.log import RequestLog
from rbbn_sdk.io.rest.message import Answer, HttpRequest
from rbbn_sdk.io.rest.subscription import read_subscription, read_update, subscribe_body
from rbbn_sdk.io.rest.urls import full_url, query_string, user_path
from rbbn_sdk.io.tls import TlsSetting
from rbbn_sdk.ports import (
    CallAnswer,
    CallOffer,
    Clock,
    Credentials,
    FetchInit,
    FetchReply,
    Log,
    Objects,
    RestContext,
    Secrets,
    Server,
    SubscribeOrder,
    Subscription,
    opened,
)
from rbbn_sdk.types import RestFailure, SecretRef, SessionId, is_sensitive

if TYPE_CHECKING:  # the HTTP library takes a while to import; `_exchange` does it when the first request is made
    from rbbn_sdk.io.rest.exchange import Exchange

__all__ = ["HttpxRest"]


class HttpxRest:
    """Raises only `RequestError`s. Connections are opened when they are needed and closed by `close`."""

    def __init__(
        self,
        *,
        secrets: Secrets,
        objects: Objects,
        clock: Clock,
        tls: TlsSetting = True,
        proxies: Proxies | None = None,
        log: Log | None = None,
    ) -> None:
        self._secrets = secrets
        self._objects = objects
        self._clock = clock
        self._tls = tls
        self._proxies = Proxies() if proxies is None else proxies
        self._log = RequestLog(log)
        self._opened: Exchange | None = None
        self._closed = False

    async def close(self) -> None:
        """Close all connections; no request is possible afterwards."""
        opened, self._opened, self._closed = self._opened, None, True
        if opened is not None:
            await opened.close()

    async def subscribe(self, context: RestContext, order: SubscribeOrder) -> Subscription:
        path = user_path(context, "subscription")
        answer = await self._json("POST", context, path, "the subscription", subscribe_body(order), order)
        return read_subscription(self._success(answer, "the subscription"), self._secrets)

    async def update_subscription(self, context: RestContext, path: str, order: SubscribeOrder) -> Subscription:
        if order.client_correlator is not None:
            path = user_path(context, "subscription", "clientCorrelator", order.client_correlator)
        subject, body = "the subscription update", subscribe_body(order, update=True)
        answer = await self._json("PUT", context, _known(path, subject), subject, body, order)
        return read_update(self._success(answer, subject), self._secrets)

    async def unsubscribe(self, context: RestContext, path: str) -> None:
        subject = "the end of the subscription"
        answer = await self._json("DELETE", context, _known(path, subject), subject)
        json_of(self._success(answer, subject), subject)

    async def start_call(self, context: RestContext, offer: CallOffer) -> SessionId:
        answer = await self._json("POST", context, user_path(context, "callControl"), "the call", start_body(offer))
        return read_session(self._call_success(answer, "the call"))

    async def send_ringing(self, context: RestContext, session: SessionId) -> None:
        await self._control(context, session, "the ringing feedback", simple_body("ringing"))

    async def answer_call(self, context: RestContext, session: SessionId, answer: CallAnswer) -> None:
        await self._control(context, session, "the answer to the call", answer_body(answer))

    async def reject_call(self, context: RestContext, session: SessionId) -> None:
        subject = "the rejection of the call"
        path, body = user_path(context, "calldisposition"), disposition_body("reject", session)
        json_of(self._call_success(await self._json("POST", context, path, subject, body), subject), subject)

    async def end_call(self, context: RestContext, session: SessionId) -> None:
        subject = "the end of the call"
        answer = await self._json("DELETE", context, _session_path(context, session), subject)
        self._call_success(answer, subject)  # the body of this answer is never read (`call-signalling` 1.1)

    async def refuse_update(self, context: RestContext, session: SessionId) -> None:
        await self._control(context, session, "the refusal of the update", refusal_body())

    async def audit_call(self, context: RestContext, session: SessionId) -> None:
        await self._control(context, session, "the audit of the call", simple_body("audit"))

    async def call_state(self, context: RestContext, session: SessionId) -> str:
        subject = "the question for the call's state"
        answer = await self._json("GET", context, _session_path(context, session), subject)
        return read_state(self._call_success(answer, subject))

    async def fetch(
        self, server: Server, credentials: Credentials | None, resource: str, init: FetchInit
    ) -> FetchReply:
        subject = "of the application"
        ours = () if credentials is None else self._headers(credentials, subject)
        body = () if init.body is None else (("body", init.body),)
        request = HttpRequest(
            method=init.method.upper(),
            url=full_url(server, resource, query_string(self._opened_pairs(init.query_params, subject))),
            headers=merged(self._opened_pairs(init.headers, subject), ours),
            body=next((text.encode("utf-8", "replace") for _, text in self._opened_pairs(body, subject)), None),
            private=True,
            subject=subject,
        )
        return self._reply(await self._send(request, None))

    async def _control(self, context: RestContext, session: SessionId, subject: str, body: bytes) -> None:
        answer = await self._json("PUT", context, _session_path(context, session), subject, body)
        json_of(self._call_success(answer, subject), subject)

    async def _json(
        self,
        method: str,
        context: RestContext,
        path: str,
        subject: str,
        body: bytes | None = None,
        order: SubscribeOrder | None = None,
    ) -> Answer:
        parameters = () if order is None else self._opened_pairs(order.query_params, subject)
        further = () if order is None else self._opened_pairs(order.headers, subject)
        request = HttpRequest(
            method=method,
            url=full_url(context.server, path, query_string(parameters)),
            headers=merged(self._headers(context.credentials, subject), further),
            body=body,
            subject=subject,
        )
        return await self._send(request, context.timeout)

    async def _send(self, request: HttpRequest, timeout: int | None) -> Answer:
        exchange, entry = self._exchange(), self._log.begin(request, timeout)
        try:
            answer = await exchange.send(request, timeout)
        except RequestError as error:
            entry.failed(error)
            raise
        except CancelledError:
            entry.cancelled()
            raise
        entry.answered(answer)
        return answer

    def _success(self, answer: Answer, subject: str) -> Answer:
        if answer.is_success:
            return answer
        raise refused(read_failure(answer, self._clock.now()), subject)

    def _call_success(self, answer: Answer, subject: str) -> Answer:
        if answer.is_success:
            return answer
        raise refused_call(read_failure(answer, self._clock.now()), subject)

    def _reply(self, answer: Answer) -> FetchReply:
        """As the application asked for it; cookies stay unseen, as in a browser."""
        return FetchReply(
            status=answer.status,
            reason=answer.reason,
            headers=tuple(
                (name, self._secrets.keep(value, "header") if is_sensitive(name) else value)
                for name, value in answer.headers
                if name.lower() != "set-cookie"
            ),
            body=self._objects.keep(answer.content, "fetch_body"),
        )

    def _headers(self, credentials: Credentials, subject: str) -> Headers:
        try:
            return common_headers(credentials, self._secrets)
        except InvalidState as error:
            reason = f"{subject} was not sent: {error.message}"
        raise RequestUnreachable(reason, failure=RestFailure(reason=reason))

    def _opened_pairs(self, given: Iterable[tuple[str, str | SecretRef]], subject: str) -> Headers:
        try:
            return opened(given, self._secrets)
        except InvalidState as error:
            reason = f"{subject} was not sent: {error.message}"
        raise RequestUnreachable(reason, failure=RestFailure(reason=reason))

    def _exchange(self) -> "Exchange":
        if self._closed:
            reason = "the client's connections are closed"
            raise RequestUnreachable(reason, failure=RestFailure(reason=reason))
        if self._opened is None:
            from rbbn_sdk.io.rest.exchange import Exchange

            self._opened = Exchange(self._tls, self._proxies)
        return self._opened


def _session_path(context: RestContext, session: SessionId) -> str:
    return user_path(context, "callControl", "callSessions", session)


def _known(path: str, subject: str) -> str:
    """Never a request to no path: the gateway may have left out the subscription's."""
    if path:
        return path
    reason = f"{subject} was not sent: the gateway did not say where the subscription is"
    raise UnusableReply(reason, failure=RestFailure(reason=reason))
