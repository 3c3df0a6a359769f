"""Faults and notifications to order: as methods, and over HTTP from this machine."""

import asyncio
import base64

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus

from rbbn_sdk.errors import InvalidArgument, InvalidState
from rbbn_sdk.gateway import Gateway
from rbbn_sdk.gateway.control import is_loopback


async def order(device, operation, **body):
    """An order over HTTP."""
    answer = await device.http.post(f"/__control__/{operation}", json=body)
    assert answer.status_code == 200
    return answer.json()


async def test_a_notification_reaches_all_devices_of_the_user(device):
    """With an id and a time, which the message may set itself."""
    phone, desk = await device("alice", clientCorrelator="p"), await device("alice", clientCorrelator="d")
    message = {"eventType": "mwi", "mwiNotificationParam": {"x": 1}, "eventId": "mine"}
    assert await order(phone, "notify", user="alice@example.com", message=message) == {"pushed": 2}
    for one in (phone, desk):
        heard = await one.next()
        assert heard == {**message, "time": heard["time"]}
        assert heard["time"] > 1_700_000_000_000


async def test_forgotten_subscriptions_are_unknown_at_the_next_extension(device):
    """Their sockets stay: the client learns it from the answer."""
    alice = await device("alice")
    assert await order(alice, "forget-subscriptions", user="alice@example.com") == {"forgotten": 1}
    answer = await alice.extend()
    assert (answer.status_code, answer.json()) == (404, {"subscribeResponse": {"statusCode": 39}})
    await (await alice.socket.ping())
    with pytest.raises(InvalidStatus):
        await connect(alice.channel)


async def test_forgotten_sessions_are_unknown_at_the_next_audit(device):
    """The far end is told then, so that no ghost stays there."""
    alice, bob = await device("alice"), await device("bob")
    caller = await alice.make("sip:bob@example.com")
    await alice.put(caller, "audit")
    await bob.ring()
    await alice.next_call("ringing")
    assert await order(alice, "forget-sessions", user="alice@example.com") == {"forgotten": 1}
    answer = await alice.put(caller, "audit")
    assert (answer.status_code, answer.json()) == (404, {"callControlResponse": {"statusCode": 42}})
    await bob.next_call("callCancel")


async def test_the_next_subscribes_fail_and_nothing_else(device):
    """With status, body and headers as ordered (connection 5.7)."""
    alice, bob = await device("alice"), await device("bob", connected=False)
    body = {"subscribeResponse": {"statusCode": 503, "retryAfter": 50}}
    await order(alice, "fail-next", user="alice@example.com", status=503, times=2, body=body)
    assert (await alice.extend()).status_code == 200
    assert (await bob.subscribe()).status_code == 201
    failures = [await alice.subscribe(), await alice.subscribe()]
    assert [(answer.status_code, answer.json()) for answer in failures] == [(503, body)] * 2
    assert (await alice.subscribe()).status_code == 201


@pytest.mark.parametrize(
    ("fault", "content"),
    [
        ({"status": 502, "body": "<html>bad gateway</html>"}, b"<html>bad gateway</html>"),
        ({"status": 200, "body": ""}, b""),
        ({"status": 200, "body": []}, b"[]"),
        ({"status": 200, "body_base64": base64.b64encode(b"\x00\xff").decode()}, b"\x00\xff"),
        ({"status": 204, "body": {"never": "sent"}}, b""),
    ],
    ids=["html", "empty", "list", "bytes", "no content"],
)
async def test_a_request_fails_with_whatever_was_ordered(device, fault, content):
    """As load balancers do."""
    alice = await device("alice")
    await order(alice, "fail", user="alice@example.com", method="PUT", path="callSessions", times=1, **fault)
    answer = await alice.put("x", "audit")
    assert (answer.status_code, answer.content) == (fault["status"], content)
    assert (await alice.put("x", "audit")).status_code == 404


async def test_a_compressed_answer_may_be_cut_short(gateway, device):
    """A client must not die in its decoder."""
    import gzip

    alice = await device("alice", connected=False)
    half = gzip.compress(b'{"subscribeResponse":{}}' * 50)[:20]
    await gateway.fail(status=200, path="subscription", body=half, headers={"content-encoding": "gzip"}, times=1)
    answer = await alice.http.post(f"{alice.base}/subscription", auth=alice.auth)
    with pytest.raises(ValueError, match=r"JSON|Expecting|Unterminated"):
        answer.json()


async def test_a_403_may_come_without_a_content_type(gateway, device):
    """A case of its own for clients (connection 3.1)."""
    alice = await device("alice", connected=False)
    await gateway.fail(status=403, path="subscription", headers={"content-type": None})
    assert "content-type" not in (await alice.subscribe()).headers
    await gateway.clear()
    assert (await alice.subscribe()).status_code == 201


async def test_status_0_cuts_the_connection(gateway, device):
    """The request was sent, and no answer comes."""
    alice = await device("alice")
    await gateway.fail(status=0, user=alice.username, method="PUT")
    with pytest.raises(httpx.TransportError):
        await alice.extend()
    await gateway.clear(user=alice.username)
    assert (await alice.extend()).status_code == 200
    await alice.hears_nothing_before("mark")


@pytest.mark.parametrize("status", [503, 0])
async def test_websocket_upgrades_can_fail_too(gateway, device, status):
    """They count as GET of their path."""
    alice = await device("alice", connected=False)
    await alice.subscribe()
    await gateway.fail(status=status, user=alice.username, path="/websocket/", times=1)
    with pytest.raises(InvalidHandshake):
        await connect(alice.channel)
    await alice.connect()
    await alice.hears_nothing_before("mark")


async def test_an_answer_can_be_held_back_while_its_request_takes_effect(gateway, device):
    """The other side hears of it, the asker does not; a client that gives up ends the wait."""
    alice, bob = await device("alice"), await device("bob")
    await order(alice, "delay", user="alice@example.com", path="/callControl", seconds=30)
    waiting = asyncio.ensure_future(alice.make("sip:bob@example.com"))
    await gateway.wait_for_request("POST", "callControl", answered=False)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await bob.next_call("call")
    await order(alice, "delay", user="alice@example.com", path="/callControl", seconds=0)
    assert (await alice.put("x", "audit")).status_code == 404


async def test_a_delay_ends_with_the_gateway(nothing_is_left, device):
    """A test that stops it does not wait half a minute."""
    gateway = Gateway()
    await gateway.start()
    alice = await device("alice", connected=False, at=gateway)
    await gateway.delay(seconds=60, path="subscription")
    waiting = asyncio.ensure_future(alice.subscribe())
    await gateway.wait_for_request("POST", answered=False)
    await gateway.stop()
    assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], httpx.Response | httpx.TransportError)


async def test_an_upgrade_can_be_delayed(gateway, device):
    """A client's attempt times out (connection 6.1); its next one succeeds."""
    alice = await device("alice", connected=False)
    await alice.subscribe()
    await gateway.delay(seconds=30, user=alice.username, path="/websocket/")
    with pytest.raises(TimeoutError):
        await connect(alice.channel, open_timeout=0.05)
    await gateway.delay(seconds=0, user=alice.username, path="/websocket/")
    await alice.connect()


async def test_sockets_are_dropped_with_the_code_that_was_ordered(device):
    """The code says whether the client comes back (connection 6.3)."""
    alice = await device("alice")
    assert await order(alice, "drop-sockets", user="alice@example.com", code=1000) == {"dropped": 1}
    assert await alice.closed() == 1000


@pytest.mark.parametrize(
    ("operation", "body", "error"),
    [
        ("notify", {"user": 5, "message": {}}, r"notify: Expected `str`, got `int` - at `$.user`"),
        ("notify", {"user": "alice@example.com"}, "missing required field `message`"),
        ("notify", {"user": "nobody@example.com", "message": {}}, "user: no account 'nobody@example.com'"),
        ("fail", {"status": 500, "tims": 1}, "unknown field `tims`"),
        ("fail", {"status": 500, "path": "^("}, "path: not a regular expression"),
        ("fail", {"status": 500, "body_base64": "?"}, "fail: "),
        ("fail", {"status": 999}, "status: 999 is neither 0 nor from 200 to 599"),
        ("fail", {"status": 500, "headers": {"X": "a\r\nb: c"}}, "headers: 'X': "),
        ("fail", {"status": 500, "headers": {"a b": "c"}}, "headers: 'a b': "),
        ("drop-sockets", {"user": "alice@example.com", "code": 1005}, "code: 1005 cannot be sent"),
    ],
)
async def test_a_bad_order_says_what_is_wrong(device, operation, body, error):
    """And does nothing."""
    alice = await device("alice", connected=False)
    answer = await alice.http.post(f"/__control__/{operation}", json=body)
    assert answer.status_code == 400
    assert error in answer.json()["error"]


async def test_unknown_orders_and_other_methods_are_refused(device):
    """With the names that there are."""
    alice = await device("alice", connected=False)
    unknown, wrong = await alice.http.post("/__control__/dance"), await alice.http.get("/__control__/notify")
    assert unknown.status_code == 404
    assert "fail-next" in unknown.json()["error"]
    assert wrong.status_code == 405


async def test_without_the_flag_there_is_no_control(nothing_is_left):
    """Not a trace of it."""
    async with Gateway() as gateway, httpx.AsyncClient(base_url=gateway.base_url) as http:
        answer = await http.post("/__control__/notify", json={})
    assert answer.status_code == 404
    assert "error" not in answer.json()


@pytest.mark.parametrize(
    ("peer", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("2001:db8::1", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_only_this_machine_may_order(peer, here):
    """By the peer's address, for headers can be forged."""
    assert is_loopback(peer) is here


async def test_a_gateway_that_does_not_run_says_so():
    """Instead of an attribute error."""
    with pytest.raises(InvalidState, match="async with Gateway"):
        await Gateway().notify(user="alice@example.com", message={})
    with pytest.raises(InvalidArgument, match="kind: 'x' is none of"):
        Gateway().credentials_for("alice@example.com", "x")
