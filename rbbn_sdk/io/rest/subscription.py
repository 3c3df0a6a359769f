"""`subscribeRequest` and its answer (`connection` 5)."""

import json

from msgspec import UNSET

from rbbn_sdk.errors import RequestRefused
from rbbn_sdk.io.rest.failure import json_of, unusable
from rbbn_sdk.io.rest.message import Answer
from rbbn_sdk.io.rest.tree import Json, as_number, as_object
from rbbn_sdk.io.rest.urls import path_of
from rbbn_sdk.ports import Secrets, SubscribeOrder, Subscription, TurnCredentials
from rbbn_sdk.types import JsonText, RestFailure
from rbbn_sdk.wire import Malformed, SubscribeRequest, SubscribeRequestBody, SubscribeResponseBody, decode, encode

__all__ = ["read_subscription", "read_update", "subscribe_body"]

_UPDATED = (0, 2)
"""`statusCode` of an update that succeeded; 2 probably in part."""
_SECRET_MEMBERS = ("sessionId", "turnCredentials")


def subscribe_body(order: SubscribeOrder, *, update: bool = False) -> bytes:
    """The body of POST or PUT; an update never names the correlator."""
    correlator = UNSET if update or order.client_correlator is None else order.client_correlator
    request = SubscribeRequest(
        expires=UNSET if order.expires is None else order.expires,
        service=order.service,
        localization=order.localization,
        notification_type=order.notification_type,
        client_correlator=correlator,
    )
    return encode(SubscribeRequestBody(subscribe_request=request))


def read_update(answer: Answer, secrets: Secrets) -> Subscription:
    """The answer to PUT, whose `statusCode` counts also when HTTP says 200."""
    body = json_of(answer, "the subscription update")
    number = as_number(as_object(body.get("subscribeResponse")).get("statusCode"))
    if number is not None and number not in _UPDATED:
        message = f"the subscription update was refused, statusCode: {number} (HTTP {answer.status})"
        raise RequestRefused(
            message,
            code=number,
            failure=RestFailure(
                http_status=answer.status,
                status_code=number,
                wrapper="subscribeResponse",
                reason=message,
                has_body=True,
            ),
        )
    return read_subscription(answer, secrets)


def read_subscription(answer: Answer, secrets: Secrets) -> Subscription:
    """The answer to POST and PUT. Its secrets are kept before anybody sees it."""
    body = json_of(answer, "the subscription")
    try:
        response = decode(SubscribeResponseBody, answer.content).value.subscribe_response
    except Malformed as error:
        reason = f"the answer to the subscription cannot be used: {error}"
        raise unusable(answer, reason) from None
    params = response.subscription_params
    if params is UNSET:
        reason = "the answer to the subscription cannot be used: missing at `$.subscribeResponse.subscriptionParams`"
        raise unusable(answer, reason)
    turn, shown = params.turn_credentials, _shown(body)
    return Subscription(
        path="" if response.subscription is UNSET else path_of(response.subscription),
        service=params.service,
        expires=as_number(shown.get("expires")),
        notification_channel="" if params.notification_channel is UNSET else path_of(params.notification_channel),
        client_correlator=None if params.client_correlator is UNSET else params.client_correlator,
        localization=None if params.localization is UNSET else params.localization,
        notification_type=None if params.notification_type is UNSET else params.notification_type,
        status_code=response.status_code,
        session=secrets.keep(params.session_id, "session") if params.session_id else None,
        turn=None
        if turn is UNSET
        else TurnCredentials(
            username=secrets.keep(turn.username, "turn"), password=secrets.keep(turn.password, "turn")
        ),
        params=JsonText(json.dumps(shown, ensure_ascii=False, separators=(",", ":"))),
    )


def _shown(body: Json) -> Json:
    """All of `subscriptionParams` but its secrets."""
    params = as_object(as_object(body["subscribeResponse"])["subscriptionParams"])
    return {key: value for key, value in params.items() if key not in _SECRET_MEMBERS}
