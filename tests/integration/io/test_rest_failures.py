"""Answers that are no success: what becomes of each, for every kind of request."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from rbbn_sdk.errors import RequestError, RequestRefused, UnusableReply
from rbbn_sdk.io import HttpxRest
from rbbn_sdk.ports import CallAnswer, CallOffer, RestContext, SubscribeOrder
from rbbn_sdk.types import RestFailure, SessionId

S1 = SessionId("s-1")
HTML = b"<html>\n<body><h1>502 Bad Gateway</h1>" + b"x" * 5_000 + b"</body></html>"
ORDER = SubscribeOrder(expires=60, service=("call",))

Ask = Callable[[HttpxRest, RestContext], Any]
REQUESTS: dict[str, Ask] = {
    "subscribe": lambda rest, context: rest.subscribe(context, ORDER),
    "update": lambda rest, context: rest.update_subscription(context, "/sub/1", ORDER),
    "unsubscribe": lambda rest, context: rest.unsubscribe(context, "/sub/1"),
    "start": lambda rest, context: rest.start_call(context, CallOffer(to="a", from_="b", sdp="v=0")),
    "ringing": lambda rest, context: rest.send_ringing(context, S1),
    "answer": lambda rest, context: rest.answer_call(context, S1, CallAnswer(sdp="v=0")),
    "reject": lambda rest, context: rest.reject_call(context, S1),
    "end": lambda rest, context: rest.end_call(context, S1),
    "audit": lambda rest, context: rest.audit_call(context, S1),
    "state": lambda rest, context: rest.call_state(context, S1),
}
READS_NO_BODY = {"end"}
NEEDS_A_BODY = {"subscribe", "update", "start", "state"}


async def failure_of(asked: Any, kind: type[RequestError] = RequestError) -> RequestError:
    with pytest.raises(kind) as caught:
        await asked
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 400
    assert "<" not in caught.value.message
    return caught.value


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_page_of_a_load_balancer_is_a_refusal_that_names_the_status(
    name, server, rest, context, reply_with
) -> None:
    """F36. Not an exception of a JSON decoder, and not five kilobytes of HTML in a log."""
    server.replies = [reply_with(HTML, "502 Bad Gateway", content_type="text/html")]
    error = await failure_of(REQUESTS[name](rest, context), RequestRefused)
    assert error.code == 502
    assert "502" in error.message
    assert error.failure == RestFailure(http_status=502, reason="Bad Gateway", has_body=True)


@pytest.mark.parametrize("name", REQUESTS.keys() - READS_NO_BODY)
@pytest.mark.parametrize(
    ("content", "headers", "code"),
    [
        (HTML, {"content_type": "text/html"}, "SyntaxError"),
        (b"", {}, "SyntaxError"),
        (b"[]", {}, 200),
        (b"null", {}, "SyntaxError"),
        (gzip.compress(b'{"a":1}' * 99)[:40], {"content_encoding": "gzip"}, "SyntaxError"),
        (b"no gzip at all", {"content_encoding": "gzip"}, "SyntaxError"),
    ],
    ids=["html", "empty", "list", "null", "half-a-gzip", "no-gzip"],
)
async def test_a_success_without_a_message_is_unusable(
    content, headers, code, name, server, rest, context, reply_with
) -> None:
    """The operation fails with a text that names the status; nothing else breaks."""
    server.replies = [reply_with(content, **headers)]
    error = await failure_of(REQUESTS[name](rest, context), UnusableReply)
    assert (error.code, error.failure.http_status) == (code, 200)
    assert "200" in error.message


@pytest.mark.parametrize("name", NEEDS_A_BODY)
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"subscribeResponse": None, "callControlResponse": None},
        {"subscribeResponse": {}, "callControlResponse": {}},
        {"subscribeResponse": {"subscriptionParams": {"service": "call"}}, "callControlResponse": {"sessionData": 7}},
        {"subscribeResponse": {"subscriptionParams": {}}, "callControlResponse": {"sessionData": "", "state": []}},
    ],
    ids=["empty", "null", "hollow", "wrong-type", "hollow-inside"],
)
async def test_a_success_without_what_is_needed_is_unusable(body, name, server, rest, context, reply_with) -> None:
    """A call without a session and a subscription without services cannot be gone on with."""
    server.replies = [reply_with(body)]
    error = await failure_of(REQUESTS[name](rest, context), UnusableReply)
    assert error.code == 200


@pytest.mark.parametrize("name", REQUESTS.keys() - NEEDS_A_BODY)
async def test_204_is_a_success_where_no_answer_is_needed(name, server, rest, context, reply_with) -> None:
    """Gateways answer DELETE with it, and some answer everything with it."""
    server.replies = [reply_with(None, "204 No Content", content_type="")]
    assert await REQUESTS[name](rest, context) is None


async def test_the_answer_to_the_end_of_a_call_is_never_read(server, rest, context, reply_with) -> None:
    """The call ends here in any case."""
    server.replies = [reply_with(HTML, content_type="text/html")]
    await rest.end_call(context, S1)


def failed(status_code: int | None = None, wrapper: str = "", **changes: Any) -> dict[str, Any]:
    """The fields of a failure that a test speaks of."""
    return {"status_code": status_code, "wrapper": wrapper, "has_body": True, "unauthorized": False, **changes}


JSON = "application/json"


@pytest.mark.parametrize(
    ("status", "body", "content_type", "expected"),
    [
        (401, b"", "", failed(unauthorized=True)),
        (401, b'{"statusCode":5}', JSON, failed(5, unauthorized=True)),
        (403, HTML, "text/html; charset=utf-8", failed(has_body=False, unauthorized=True)),
        (403, HTML, "", failed(has_body=False, unauthorized=True)),
        (403, b"{}", JSON, failed()),
        (403, b"", JSON, failed()),
        (403, b'{"x":{"statusCode":4}}', "", failed(4, "x", unauthorized=True)),
        (403, b'{"a":null,"x":{"statusCode":"65"}}', JSON, failed(65, "x", unauthorized=True)),
        (403, b'{"x":{"statusCode":35}}', JSON, failed(35, "x")),
        (404, b'{"subscribeResponse":{"statusCode":39}}', JSON, failed(39, "subscribeResponse")),
        (404, b'{"x":{"statusCode":8},"statusCode":7}', JSON, failed(7)),
        (500, b'{"message":"a\\nb","statusCode":true}', JSON, failed(reason="a b")),
        (500, b'{"reason":"why"}', JSON, failed(reason="why")),
        (500, b"[1]", JSON, failed(reason="Words")),
        (302, b"", "", failed(reason="Words")),
    ],
)
async def test_a_refusal_says_all_that_is_known(
    status, body, content_type, expected, server, rest, context, reply_with
) -> None:
    """The table of refusals, and which of them call for `request:error`."""
    server.replies = [reply_with(body, f"{status} Words", content_type=content_type, location="http://127.0.0.1:9/")]
    error = await failure_of(REQUESTS["subscribe"](rest, context), RequestRefused)
    assert error.failure.http_status == error.code == status
    assert {name: getattr(error.failure, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("body", "header", "status_code", "retry_after"),
    [
        ({"subscribeResponse": {"retryAfter": 2000, "statusCode": 53}}, "", 503, 2000),
        ({"authorizationResponse": {"retryAfter": 1500}}, "9", 503, 1500),
        ({"x": {"statusCode": 53}}, "7", 503, 7000),
        ({}, "", 500, None),
        ({"subscribeResponse": {"statusCode": 9}}, "0", 500, None),
        ({"subscribeResponse": {"statusCode": 53}}, "", 53, None),
        (b"", "7", None, None),
        (HTML, "7", None, None),
    ],
)
async def test_a_503_says_when_to_come_again(
    body, header, status_code, retry_after, server, rest, context, reply_with
) -> None:
    """Only with a JSON body; the body's own delay before the header's; without one the number is 500, or 53."""
    server.replies = [reply_with(body, "503 Busy", retry_after=header)]
    error = await failure_of(REQUESTS["subscribe"](rest, context), RequestRefused)
    assert (error.failure.status_code, error.failure.retry_after, error.code) == (status_code, retry_after, 503)


async def test_a_503_may_name_a_date(server, rest, context, reply_with) -> None:
    """The other form of `Retry-After`."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    server.replies = [reply_with({}, "503 Busy", retry_after=date)]
    error = await failure_of(REQUESTS["subscribe"](rest, context))
    assert error.failure.retry_after is not None
    assert 90_000 < error.failure.retry_after <= 100_000


async def test_another_status_may_carry_a_503_in_its_body(server, rest, context, reply_with) -> None:
    """Treated the same by the series of attempts."""
    body = {"subscribeResponse": {"statusCode": 503, "retryAfter": 3000}}
    server.replies = [reply_with(body, "500 Oops")]
    error = await failure_of(REQUESTS["subscribe"](rest, context))
    assert (error.failure.status_code, error.failure.retry_after) == (503, 3000)


@pytest.mark.parametrize(
    ("status", "body", "code", "text"),
    [
        (404, {"callControlResponse": {"statusCode": 42, "message": "of theirs"}}, 42, "does not know this call"),
        (409, {"callControlResponse": {"statusCode": 55}}, 55, "another device"),
        (403, {"callControlResponse": {"statusCode": 999}}, 999, "not documented"),
        (403, {"otherResponse": {"statusCode": 42}}, 403, "403"),
        (500, {"message": "no luck"}, 500, "no luck"),
        (503, {"callControlResponse": {"statusCode": 42}}, 503, "503"),
        (500, {"callControlResponse": {}}, 500, "500"),
    ],
)
async def test_a_refused_call_carries_the_gateways_number(
    status, body, code, text, server, rest, context, reply_with
) -> None:
    """With words of our own, and nothing of the body's."""
    server.replies = [reply_with(body, f"{status} Words")]
    error = await failure_of(REQUESTS["audit"](rest, context), RequestRefused)
    assert error.code == code
    assert text in error.message
    assert "of theirs" not in error.message


@pytest.mark.parametrize(("number", "fine"), [(0, True), (2, True), (39, False), ("5", False)])
async def test_an_update_is_judged_by_its_status_code(number, fine, server, rest, context, reply_with) -> None:
    """Also when HTTP says 200."""
    body = {"subscribeResponse": {"statusCode": number, "subscriptionParams": {"service": ["call"]}}}
    server.replies = [reply_with(body)]
    if fine:
        assert (await REQUESTS["update"](rest, context)).status_code == number
    else:
        error = await failure_of(REQUESTS["update"](rest, context), RequestRefused)
        assert (error.failure.status_code, error.failure.http_status) == (int(number), 200)
        assert f"statusCode: {number}" in error.message


@pytest.mark.parametrize("name", ["update", "unsubscribe"])
async def test_a_subscription_without_a_path_is_never_asked_for(name, server, rest, context) -> None:
    """The gateway left it out; a request to nowhere would be answered by whoever is there."""
    asked = {
        "update": lambda: rest.update_subscription(context, "", ORDER),
        "unsubscribe": lambda: rest.unsubscribe(context, ""),
    }
    await failure_of(asked[name](), UnusableReply)
    assert server.requests == []
