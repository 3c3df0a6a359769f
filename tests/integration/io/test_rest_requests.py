"""What goes over the wire, to the byte."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from rbbn_sdk.errors import InvalidState, RequestUnreachable
from rbbn_sdk.io import HttpxRest, KeptSecrets
from rbbn_sdk.ports import (
    CallAnswer,
    CallOffer,
    Credentials,
    CustomParameter,
    FetchInit,
    RestContext,
    SubscribeOrder,
)
from rbbn_sdk.types import JsonText, SessionId

USER = "/rest/version/1/user/ann@ex.org"
S1 = SessionId("s-7f31")
SESSION = f"{USER}/callControl/callSessions/s-7f31"
SUBSCRIBED = {
    "subscribeResponse": {
        "statusCode": 0,
        "subscription": f"{USER}/subscription/7f3a-11",
        "subscriptionParams": {
            "expires": 3600,
            "service": ["call", "IM"],
            "notificationType": "WebSocket",
            "notificationChannel": f"{USER}/websocket/9b77-42",
            "sessionId": "s3cret-session",
            "clientCorrelator": "desk01",
            "localization": "English_US",
            "turnCredentials": {"username": "s3cret-turn-user", "password": "s3cret-turn-pass"},
            "unknown": {"x": 1},
        },
    }
}
CALL = {"callControlResponse": {"statusCode": 0, "sessionData": "s-7f31", "state": "RINGING"}}
ORDER = SubscribeOrder(expires=3600, service=("call", "IM"), client_correlator="desk01")

Ask = Callable[[HttpxRest, RestContext], Any]

CASES: dict[str, tuple[Ask, str, str, str]] = {
    "subscribe": (
        lambda rest, context: rest.subscribe(context, ORDER),
        "POST",
        f"{USER}/subscription",
        (
            '{"subscribeRequest":{"expires":3600,"service":["call","IM"],"localization":"English_US","useTurn":true,'
            '"notificationType":"WebSocket","supported":["RingingFeedback"],"clientCorrelator":"desk01"}}'
        ),
    ),
    "update by correlator": (
        lambda rest, context: rest.update_subscription(context, "/elsewhere", ORDER),
        "PUT",
        f"{USER}/subscription/clientCorrelator/desk01",
        (
            '{"subscribeRequest":{"expires":3600,"service":["call","IM"],"localization":"English_US","useTurn":true,'
            '"notificationType":"WebSocket","supported":["RingingFeedback"]}}'
        ),
    ),
    "update by path": (
        lambda rest, context: rest.update_subscription(
            context, f"{USER}/subscription/7", evolve(ORDER, client_correlator=None, expires=None)
        ),
        "PUT",
        f"{USER}/subscription/7",
        (
            '{"subscribeRequest":{"service":["call","IM"],"localization":"English_US","useTurn":true,'
            '"notificationType":"WebSocket","supported":["RingingFeedback"]}}'
        ),
    ),
    "unsubscribe": (
        lambda rest, context: rest.unsubscribe(context, f"{USER}/subscription/7"),
        "DELETE",
        f"{USER}/subscription/7",
        "",
    ),
    "start": (
        lambda rest, context: rest.start_call(
            context,
            CallOffer(
                to="sip:bob@ex.org",
                from_="sip:ann@ex.org",
                sdp="v=0\r\n",
                early_media=True,
                custom_parameters=(CustomParameter(name="X-Room", value="12"),),
                custom_bodies=JsonText('[{"contentType":"text/plain"}]'),
            ),
        ),
        "POST",
        f"{USER}/callControl",
        (
            '{"callControlRequest":{"type":"callStart","to":"sip:bob@ex.org","from":"sip:ann@ex.org","sdp":"v=0\\r\\n",'
            '"supported":["earlymedia"],"customParameters":[{"name":"X-Room","value":"12"}],'
            '"customBodies":[{"contentType":"text/plain"}]}}'
        ),
    ),
    "ringing": (
        lambda rest, context: rest.send_ringing(context, S1),
        "PUT",
        SESSION,
        '{"callControlRequest":{"type":"ringing"}}',
    ),
    "answer": (
        lambda rest, context: rest.answer_call(context, S1, CallAnswer(sdp="v=0")),
        "PUT",
        SESSION,
        '{"callControlRequest":{"type":"callAnswer","sdp":"v=0"}}',
    ),
    "reject": (
        lambda rest, context: rest.reject_call(context, S1),
        "POST",
        f"{USER}/calldisposition",
        '{"callDispositionRequest":{"action":"reject","sessionData":"s-7f31"}}',
    ),
    "end": (lambda rest, context: rest.end_call(context, S1), "DELETE", SESSION, ""),
    "audit": (
        lambda rest, context: rest.audit_call(context, S1),
        "PUT",
        SESSION,
        '{"callControlRequest":{"type":"audit"}}',
    ),
    "state": (lambda rest, context: rest.call_state(context, S1), "GET", SESSION, ""),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_request_is_exactly_as_described(case, server, rest, context, reply_with) -> None:
    """Method, path, order of members, headers: gateways in the field are picky about all of them."""
    ask, method, target, body = CASES[case]
    server.replies = [reply_with({**SUBSCRIBED, **CALL})]
    await ask(rest, context)
    (request,) = server.requests
    assert (request.method, request.target, request.body.decode()) == (method, target, body)
    assert request.header("content-type") == request.header("accept") == "application/json"
    assert request.header("authorization").startswith("Basic ")
    assert request.header("user-agent") is request.header("cookie") is None


async def test_an_answer_to_subscribe_holds_references_and_no_secret(
    server, rest, context, secrets, reply_with
) -> None:
    """What is recorded and logged later must not hold a session token or TURN credentials."""
    server.replies = [reply_with(SUBSCRIBED, "201 Created")]
    got = await rest.subscribe(context, ORDER)
    assert "s3cret" not in repr(got)
    assert (got.path, got.service, got.expires) == (f"{USER}/subscription/7f3a-11", ("call", "IM"), 3600)
    assert (got.notification_channel, got.client_correlator) == (f"{USER}/websocket/9b77-42", "desk01")
    assert secrets.read(got.session) == "s3cret-session"
    assert secrets.read(got.turn.username) == "s3cret-turn-user"
    assert secrets.read(got.turn.password) == "s3cret-turn-pass"
    assert '"unknown":{"x":1}' in got.params


@pytest.mark.parametrize(
    ("params", "expires"),
    [({"expires": "3600"}, 3600), ({"expires": 60.0}, 60), ({"expires": None}, None), ({}, None)],
    ids=["text", "fraction", "null", "missing"],
)
async def test_a_bare_subscription_is_enough(params, expires, server, rest, context, reply_with) -> None:
    """Only the services are needed; the rest is read with patience."""
    server.replies = [reply_with({"subscribeResponse": {"subscriptionParams": {"service": ["call", 7], **params}}})]
    got = await rest.subscribe(context, ORDER)
    assert (got.service, got.expires, got.path, got.session, got.turn) == (("call",), expires, "", None, None)


async def test_options_of_subscribe_reach_the_request(server, rest, context, reply_with) -> None:
    """Further headers and query parameters of the application; its headers win."""
    server.replies = [reply_with(SUBSCRIBED)]
    order = evolve(ORDER, headers=(("Accept", "text/x"), ("X-A", "1")), query_params=(("b", "2"), ("a", "1 2")))
    await rest.subscribe(context, order)
    (request,) = server.requests
    assert request.target == f"{USER}/subscription?a=1%202&b=2"
    assert (request.header("accept"), request.header("x-a")) == ("text/x", "1")


async def test_a_session_takes_the_place_of_the_token(server, rest, context, secrets) -> None:
    """HMAC credentials: `x-token` first, `x-session` since a subscription succeeded."""
    hmac = Credentials(username="ann@ex.org", hmac=secrets.keep("tok", "hmac"))
    await rest.audit_call(evolve(context, credentials=hmac), S1)
    await rest.audit_call(evolve(context, credentials=evolve(hmac, session=secrets.keep("ses", "session"))), S1)
    sent = [(request.header("x-token"), request.header("x-session")) for request in server.requests]
    assert sent == [("tok", None), (None, "ses")]


async def test_a_token_read_from_a_file_may_end_in_a_line_end(server, rest, context, secrets) -> None:
    """A browser strips it; HTTP would refuse it."""
    bearer = Credentials(username="ann@ex.org", bearer=secrets.keep("tok\n", "bearer"))
    await rest.audit_call(evolve(context, credentials=bearer), S1)
    assert server.requests[0].header("authorization") == "Bearer tok"


async def test_a_token_that_no_header_can_carry_is_refused_without_being_shown(rest, context, secrets) -> None:
    """The library's error quotes the header; ours does not."""
    bearer = Credentials(username="ann@ex.org", bearer=secrets.keep("t0k\r\nX-Evil: 1", "bearer"))
    with pytest.raises(RequestUnreachable, match="characters") as caught:
        await rest.audit_call(evolve(context, credentials=bearer), S1)
    assert "t0k" not in f"{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"


async def test_a_freed_credential_ends_the_request_only(rest, context, secrets) -> None:
    """Credentials may be replaced while a request waits for its turn."""
    secrets.free(context.credentials.password)
    with pytest.raises(RequestUnreachable, match="secret-1"):
        await rest.audit_call(context, S1)
    with pytest.raises(InvalidState):
        secrets.read(context.credentials.password)


async def test_a_fetch_is_the_applications_own_request(server, rest, context, objects, secrets, reply_with) -> None:
    """Any status is an answer; our headers win; the query is appended; the body is kept out of records."""
    server.replies = [reply_with(b"\x00raw", "404 Not Found", content_type="text/x", set_cookie="a=b")]
    init = FetchInit(
        method="post",
        headers=(("accept", "text/x"), ("X-Mine", "1")),
        query_params=(("k", "v w"), ("k", "2"), ("a", "1")),
        body=secrets.keep("{}", "body"),
    )
    got = await rest.fetch(context.server, context.credentials, "rest/version/1/x?y=1", init)
    (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/rest/version/1/x?y=1&a=1&k=v%20w&k=2")
    assert (request.header("accept"), request.header("x-mine")) == ("application/json", "1")
    assert (got.status, got.reason, objects.read(got.body)) == (404, "Not Found", b"\x00raw")
    assert dict(got.headers) == {"content-length": "4", "content-type": "text/x"}


async def test_a_fetch_before_credentials_carries_none_of_our_headers(server, rest, context) -> None:
    """It works then, too."""
    await rest.fetch(context.server, None, "/x", FetchInit())
    (request,) = server.requests
    assert request.header("authorization") is request.header("content-type") is None


async def test_a_closed_adapter_sends_nothing(rest, context, secrets: KeptSecrets) -> None:
    """A late saga must not open a connection that nobody closes."""
    await rest.close()
    await rest.close()
    with pytest.raises(RequestUnreachable, match="closed"):
        await rest.audit_call(context, S1)
