"""`/subscription` (`connection` 5)."""

from typing import Any

import msgspec
from attrs import define
from msgspec import UNSET
from msgspec.structs import replace
from starlette.routing import BaseRoute, Route

from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.decoding import Malformed, read_content, read_record
from rbbn_sdk.gateway.replies import NO_CONTENT, Reply, json_reply, status_reply
from rbbn_sdk.gateway.routes.endpoint import USER, Asked, Endpoint, Handler
from rbbn_sdk.gateway.subscriptions import Subscription, usable_correlator
from rbbn_sdk.wire import SubscribeRequest, SubscribeResponseBody

RESOURCE = "subscription"
BAD_CORRELATOR = 38
NO_SUBSCRIPTION = 39


def subscription_routes(core: Core) -> list[BaseRoute]:
    resource = _Resource(core)

    def route(path: str, method: str, handler: Handler) -> Route:
        endpoint = Endpoint(resource=RESOURCE, authenticator=core.authenticator, handler=handler)
        return Route(f"{USER}/subscription{path}", endpoint, methods=[method])

    return [
        route("", "POST", resource.subscribe),
        route("/clientCorrelator/{correlator}", "PUT", resource.update_by_correlator),
        route("/{subscription}", "PUT", resource.update),
        route("/{subscription}", "DELETE", resource.unsubscribe),
    ]


@define(eq=False)
class _Resource:
    _core: Core

    def subscribe(self, asked: Asked) -> Reply:
        request = _read(asked.body)
        if request.client_correlator and not usable_correlator(request.client_correlator):
            return status_reply(RESOURCE, BAD_CORRELATOR, 403)
        session = self._new_session(asked)
        subscription = self._core.subscriptions.subscribe(asked.account, asked.version, request, session)
        return _answer(subscription, 201)

    def update(self, asked: Asked) -> Reply:
        return self._update(self._find(asked), asked)

    def update_by_correlator(self, asked: Asked) -> Reply:
        correlator = asked.params["correlator"]
        return self._update(self._core.subscriptions.by_correlator(asked.account.username, correlator), asked)

    def unsubscribe(self, asked: Asked) -> Reply:
        """Of what is gone: no error, or the client would believe that it is still subscribed (`connection` 5.4)."""
        subscription = self._find(asked)
        if subscription is None:
            return NO_CONTENT
        self._core.subscriptions.end(subscription)
        return status_reply(RESOURCE, 0)

    def _update(self, subscription: Subscription | None, asked: Asked) -> Reply:
        if subscription is None:
            return status_reply(RESOURCE, NO_SUBSCRIPTION, 404)
        self._core.subscriptions.update(subscription, _read(asked.body))
        return _answer(subscription, 200)

    def _find(self, asked: Asked) -> Subscription | None:
        return self._core.subscriptions.get(asked.account.username, asked.params["subscription"])

    def _new_session(self, asked: Asked) -> str | None:
        """Users of HMAC tokens go on with a session (`connection` 2.1)."""
        uses_hmac = "x-token" in asked.headers or "x-session" in asked.headers
        return self._core.sessions.issue(asked.account.username) if uses_hmac else None


def _read(body: bytes) -> SubscribeRequest:
    content = read_content(body, "subscribeRequest")
    correlator = _text(content.get("clientCorrelator"))
    known = {**content, "service": _names(content.get("service")), "clientCorrelator": correlator}
    request = read_record(known, SubscribeRequest)
    return request if correlator else replace(request, client_correlator=UNSET)


def _text(correlator: object) -> str:
    """Applications number their devices too; two of them must not be taken for one."""
    if isinstance(correlator, int | float) and not isinstance(correlator, bool):
        return str(correlator)
    return correlator if isinstance(correlator, str) else ""


def _names(services: object) -> tuple[str, ...]:
    """All that are names, as they are: doubled ones are given back doubled. One name may come without a list."""
    try:
        entries = [services] if isinstance(services, str) else msgspec.convert(services, list[Any])
    except msgspec.ValidationError:
        raise Malformed from None
    return tuple(entry for entry in entries if isinstance(entry, str))


def _answer(subscription: Subscription, status: int) -> Reply:
    return json_reply(SubscribeResponseBody(subscribe_response=subscription.answer()), status)
