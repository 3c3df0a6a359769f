"""Subscribing over real sockets: with every kind of credentials, and against everything that can go wrong."""

import asyncio
import json

import pytest

import rbbn_sdk

BEGIN = "subscription:change P"
KINDS = ["password", "authname", "bearer", "hmac"]
SERVICES = ["call", "IM", "Presence", "CallDisplay", "MWI", "Directory", "addressBook"]


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_credentials_subscribes_and_unsubscribes(alice, kind) -> None:
    """With the documented events, and the header of the method in every request."""
    alice.log_in(kind)
    alice.forget()
    await alice.client.services.subscribe(["call"])
    await alice.client.services.unsubscribe(["call"])
    assert alice.events == [
        BEGIN,
        "ws:change P",
        "ws:change P C",
        "subscription:change C call",
        "subscription:change P C call",
        "ws:change P call",
        "subscription:change",
    ]
    (post,), (delete,) = alice.requests("POST"), alice.requests("DELETE")
    header = {"hmac": "x-token"}.get(kind, "authorization")
    assert header in post.headers
    assert ("x-session" in delete.headers) is (kind == "hmac")
    assert ("x-token" in delete.headers) is False


async def test_the_requests_are_those_of_the_browser_client(alice) -> None:
    """Method, path, headers and body as a browser sends them for the same calls."""
    await alice.client.services.subscribe(SERVICES)
    await alice.client.services.unsubscribe(SERVICES)
    (post,), (delete,) = alice.requests("POST"), alice.requests("DELETE")
    assert post.path == "/rest/version/1/user/alice@example.com/subscription"
    assert post.query == {}
    assert post.json == {
        "subscribeRequest": {
            "expires": 3600,
            "service": SERVICES,
            "localization": "English_US",
            "useTurn": True,
            "notificationType": "WebSocket",
            "supported": ["RingingFeedback"],
        }
    }
    for request in (post, delete):
        assert request.headers["content-type"] == "application/json"
        assert request.headers["accept"] == "application/json"
        assert request.headers["authorization"] == "Basic YWxpY2VAZXhhbXBsZS5jb206YWxpY2UtcGFzcy0x"
    assert delete.path.startswith(post.path + "/")
    assert delete.body == b""


async def test_the_state_is_told_as_the_browser_client_tells_it(alice) -> None:
    """User, subscriptions and socket, by their documented keys."""
    await alice.client.services.subscribe(SERVICES)
    assert dict(alice.client.get_user_info()) == {"username": "alice@example.com", "isAnonymous": False}
    told = alice.client.services.get_subscriptions()
    assert (list(told["subscribed"]), told["isPending"]) == (SERVICES, False)
    socket = alice.client.connection.get_socket_state()
    assert (socket["connected"], socket["pinging"], socket["pingInterval"]) == (True, True, 30000)
    assert socket["wsInfo"]["params"] == ""


async def test_an_update_and_a_partial_unsubscribe_name_the_whole_list(alice) -> None:
    """With a correlator both go to its own path; the DELETE never does."""
    services = alice.client.services
    await services.subscribe(["call"], {"clientCorrelator": "desk01"})
    await services.subscribe(["IM", "Presence"])
    await services.unsubscribe(["call"])
    await services.unsubscribe(["IM", "Presence"])
    puts = alice.requests("PUT")
    assert [put.json["subscribeRequest"]["service"] for put in puts] == [["call", "IM", "Presence"], ["IM", "Presence"]]
    assert all(put.path.endswith("/subscription/clientCorrelator/desk01") for put in puts)
    assert "clientCorrelator" not in alice.requests("DELETE")[0].path


async def test_the_token_is_in_the_websocket_s_address_when_that_is_configured(watch) -> None:
    """And nowhere in the state."""
    alice = await watch("alice", connectivity={"webSocketOAuthMode": "query"})
    alice.log_in("bearer")
    await alice.client.services.subscribe(["call"])
    token = alice.gateway.credentials_for(alice.username, "bearer")["bearerAccessToken"]
    assert alice.client.connection.get_socket_state()["wsInfo"]["params"] == "access_token=********"
    assert token not in repr(alice.client.state)
    assert alice.client.get_user_info()["token"] == token


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "alice@example.com", "password": "wrong"},
        {"username": "alice@example.com", "authname": "alice-auth", "password": "wrong"},
        {"username": "alice@example.com", "bearerAccessToken": "wrong"},
        {"username": "alice@example.com", "hmacToken": "wrong"},
        {"username": "nobody@example.com", "password": "x"},
    ],
    ids=[*KINDS, "unknown-user"],
)
async def test_wrong_credentials_are_told_and_right_ones_work_after_them(alice, wrong) -> None:
    """7.2; nothing of them is in the error."""
    alice.client.set_credentials(wrong)
    alice.forget()
    error = await alice.failure_of(alice.client.services.subscribe(["call"]))
    assert error.code == "authentication:4"
    assert alice.events == [BEGIN, "request:error(authentication:1) P", "subscription:error(authentication:4)"]
    assert "wrong" not in repr(alice.told)
    alice.log_in()
    await alice.client.services.subscribe(["call"])
    assert alice.events[-1] == "subscription:change C call"


async def test_a_gateway_that_is_down_is_an_error_and_no_more(alice, gateway) -> None:
    """And when it is up again, the same client registers."""
    await gateway.stop()
    error = await alice.failure_of(alice.client.services.subscribe(["call"]))
    assert error.code == "authentication:4"
    assert alice.events[-2:] == [BEGIN, "subscription:error(authentication:4)"]
    await gateway.start()
    await alice.client.services.subscribe(["call"])
    assert alice.events[-1] == "subscription:change C call"


async def test_no_answer_in_time_is_an_error(watch, gateway) -> None:
    """What is answered after that is not taken."""
    alice = await watch("alice", request={"restTimeout": 200})
    await gateway.delay(user=alice.username, path="*/subscription", seconds=30)
    error = await alice.failure_of(alice.client.services.subscribe(["call"]))
    assert error.code == "authentication:4"
    assert "200 ms" in error.message
    await gateway.clear()
    await alice.client.services.subscribe(["call"])


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"subscribeResponse": {"statusCode": 503, "retryAfter": 30}}, {}),
        ({"subscribeResponse": {"statusCode": 9, "retryAfter": 30}}, {}),
    ],
    ids=["503", "other-number"],
)
async def test_an_unavailable_gateway_is_asked_again_when_it_said(alice, gateway, body, headers) -> None:
    """Silently, until it answers otherwise."""
    await gateway.fail_next(user=alice.username, status=503, times=2, body=body, headers=headers)
    alice.forget()
    await alice.client.services.subscribe(["call"])
    assert len(alice.requests("POST")) == 3
    assert alice.events == [BEGIN, "ws:change P", "ws:change P C", "subscription:change C call"]


async def test_an_unavailable_gateway_is_not_asked_for_ever(watch, gateway) -> None:
    """As often as configured."""
    alice = await watch("alice", subscription={"serviceUnavailableMaxRetries": 2})
    body = {"subscribeResponse": {"statusCode": 503, "retryAfter": 10}}
    await gateway.fail_next(user=alice.username, status=503, times=None, body=body)
    error = await alice.failure_of(alice.client.services.subscribe(["call"]))
    assert (error.code, len(alice.requests("POST"))) == ("authentication:13", 3)
    assert "Status Code: 503" in error.message


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (503, {"subscribeResponse": {"statusCode": 503}}, "authentication:4"),
        (503, {"subscribeResponse": {"statusCode": 53}}, "authentication:13"),
        (503, "<html>busy</html>", "authentication:4"),
        (502, "<html>" + "bad gateway " * 500 + "</html>", "authentication:4"),
        (200, "<html>hello</html>", "authentication:4"),
        (200, "", "authentication:4"),
        (204, "", "authentication:4"),
        (200, [1, 2], "authentication:4"),
        (200, {"subscribeResponse": {"statusCode": 0}}, "authentication:4"),
        (200, {"subscribeResponse": {"statusCode": 0, "subscriptionParams": {"service": "call"}}}, "authentication:4"),
        (403, {"subscribeResponse": {"statusCode": 37}}, "authentication:4"),
        (403, {"statusCode": 19, "reason": "too many"}, "authentication:4"),
        (500, {"subscribeResponse": None}, "authentication:4"),
        (500, b"\xff\xfe", "authentication:4"),
    ],
    ids=[
        "503-without-delay",
        "503-overload",
        "503-html",
        "502-html",
        "200-html",
        "200-empty",
        "204",
        "200-list",
        "200-without-params",
        "200-wrong-type",
        "403",
        "top-level-number",
        "null-member",
        "no-text",
    ],
)
async def test_answers_that_are_no_subscription_are_documented_failures(alice, gateway, status, body, code) -> None:
    """The error is one line, and the next subscribe works."""
    await gateway.fail_next(user=alice.username, status=status, body=body)
    alice.forget()
    error = await alice.failure_of(alice.client.services.subscribe(["call"]))
    assert error.code == code
    assert len(error.message) < 300
    assert "\n" not in error.message
    assert alice.events == [BEGIN, f"subscription:error({code})"]
    await alice.client.services.subscribe(["call"])


async def test_a_body_that_breaks_off_is_a_failure(alice, gateway) -> None:
    """Half of a compressed body, from a proxy that was restarted."""
    body = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab"
    await gateway.fail_next(user=alice.username, status=200, body=body, headers={"content-encoding": "gzip"})
    error = await alice.failure_of(alice.client.services.subscribe(["call"]))
    assert error.code == "authentication:4"


async def test_a_websocket_that_is_refused_undoes_the_subscription(watch, gateway) -> None:
    """7.3: the gateway does not keep what nobody listens to."""
    alice = await watch("alice", connectivity={"reconnectLimit": 1})
    await gateway.fail(method="GET", path="*websocket*", status=403)
    alice.forget()
    error = await alice.failure_of(alice.client.services.subscribe(["call"]))
    assert error.code == "subscription:1"
    assert alice.events == [BEGIN, "ws:change P", "ws:change P", "subscription:error(subscription:1)"]
    assert len(alice.requests("DELETE")) == 1
    await gateway.clear()
    await alice.client.services.subscribe(["call"])


async def test_unsubscribe_during_a_pending_subscribe_leaves_nothing_at_the_gateway(alice, gateway) -> None:
    """Both handles end well."""
    await gateway.delay(user=alice.username, path="*/subscription", seconds=0.2)
    first = alice.client.services.subscribe(["call"])
    second = alice.client.services.unsubscribe(["call"])
    await first
    await second
    assert list(gateway._running.subscriptions.of_user(alice.username)) == []
    assert alice.events[-1] == "subscription:change"


async def test_two_subscribes_at_once_share_one_subscription(alice, gateway) -> None:
    """Not two of which one is lost."""
    await asyncio.gather(
        _done(alice.client.services.subscribe(["call"])), _done(alice.client.services.subscribe(["IM"]))
    )
    assert len(list(gateway._running.subscriptions.of_user(alice.username))) == 1
    assert alice.client.services.get_subscriptions().subscribed == ("call", "IM")


async def _done(operation):
    await operation


async def test_a_failed_update_keeps_what_was_subscribed(subscribed, gateway) -> None:
    """7.4."""
    await gateway.fail(method="PUT", path="*/subscription/*", status=500, body="<html></html>", times=1)
    error = await subscribed.failure_of(subscribed.client.services.subscribe(["Presence"]))
    assert error.code == "authentication:6"
    assert subscribed.events == [
        "subscription:change P C call,IM",
        "subscription:error(authentication:6) C call,IM",
    ]


async def test_a_failed_delete_keeps_everything_and_can_be_repeated(subscribed, gateway) -> None:
    """5.4."""
    body = {"subscribeResponse": {"statusCode": 26}}
    await gateway.fail(method="DELETE", path="*/subscription/*", status=403, body=body, times=1)
    error = await subscribed.failure_of(subscribed.client.services.unsubscribe(["call", "IM"]))
    assert error.code == 26
    assert subscribed.events[-1] == "subscription:error(26) C call,IM"
    await subscribed.client.services.unsubscribe(["call", "IM"])
    assert subscribed.events[-1] == "subscription:change"


async def test_an_update_of_a_subscription_that_the_gateway_forgot_ends_it(subscribed, gateway) -> None:
    """The number 39, then GONE; a new subscribe works."""
    await gateway.forget_subscriptions(user=subscribed.username)
    error = await subscribed.failure_of(subscribed.client.services.subscribe(["Presence"]))
    assert error.code == 39
    await subscribed.until_event("subscription:change(GONE)")
    await subscribed.client.services.subscribe(["call"])
    assert subscribed.events[-1] == "subscription:change C call"


async def test_a_token_is_refreshed_while_subscribed_and_nothing_else_is(watch) -> None:
    """2: and the next request carries it."""
    alice = await watch("alice")
    alice.log_in("bearer")
    await alice.client.services.subscribe(["call"])
    alice.forget()
    alice.log_in("password")
    alice.log_in("bearer")
    alice.client.set_credentials(username="bob@example.com", bearer_access_token="x")
    assert alice.events == [
        "auth:error(authentication:7) C call",
        "auth:change C call",
        "auth:error(authentication:7) C call",
    ]
    await alice.client.services.unsubscribe(["call"])


async def test_a_client_needs_no_loop_to_be_made_and_given_credentials(gateway) -> None:
    """A test of its own, for the fixtures' clients are made in a loop anyhow."""

    def make():
        client = rbbn_sdk.create({**gateway.config_for("alice@example.com"), "logs": {"logLevel": "silent"}})
        client.set_credentials(gateway.credentials_for("alice@example.com"))
        return client

    client = await asyncio.to_thread(make)
    await client.services.subscribe(["call"])
    await client.destroy()


async def test_fetch_sends_what_the_application_wants_with_the_user_s_credentials(subscribed) -> None:
    """The raw answer, whatever its status."""
    fetch = subscribed.client.request.fetch
    body = json.dumps({"hello": "you"})
    path = "/rest/version/1/user/alice@example.com/externalnotification"
    posted = await fetch(path, {"method": "POST", "body": body})
    missing = await fetch("rest/version/1/user/alice@example.com/nothing-here", {"queryParams": {"a": "b c"}})
    assert posted.ok
    assert (missing.ok, missing.status) == (False, 404)
    request = subscribed.gateway.requests[-1]
    assert request.query == {"a": "b c"}
    assert "authorization" in request.headers
    assert all("error" not in event for event in subscribed.events)


async def test_fetch_fails_when_there_is_no_answer(subscribed, gateway) -> None:
    """The only way in which it can."""
    await gateway.fail(path="*/nothing", status=0)
    error = await subscribed.failure_of(subscribed.client.request.fetch("/rest/nothing"))
    assert "/rest/nothing" not in subscribed.events
    assert error.message
