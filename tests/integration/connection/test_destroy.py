"""`destroy` in each phase of a connection: every handle ends, nothing is left (a fixture checks it for each test)."""

import pytest

from rbbn_sdk.errors import ClientDestroyed, RbbnError


async def test_before_anything_was_done(watch) -> None:
    """A client that was only made."""
    alice = await watch("alice")
    await alice.client.destroy()
    with pytest.raises(ClientDestroyed):
        alice.client.services.subscribe(["call"])


async def test_while_the_subscribe_waits_for_its_answer(alice, gateway) -> None:
    """The handle fails, no event tells it."""
    await gateway.delay(path="*/subscription", seconds=5)
    handle = alice.client.services.subscribe(["call"])
    alice.forget()
    await alice.client.destroy()
    with pytest.raises(RbbnError):
        await handle
    assert alice.told == []


async def test_while_the_subscribe_waits_to_be_repeated(alice, gateway) -> None:
    """Ten minutes would be long."""
    body = {"subscribeResponse": {"statusCode": 503, "retryAfter": 600_000}}
    await gateway.fail_next(user=alice.username, status=503, body=body)
    handle = alice.client.services.subscribe(["call"])
    await gateway.wait_for_request("POST", "*/subscription")
    await alice.client.destroy()
    with pytest.raises(RbbnError):
        await handle


async def test_while_the_first_websocket_is_being_opened(alice, gateway) -> None:
    """The attempt is given up."""
    await gateway.delay(path="*websocket*", seconds=5)
    handle = alice.client.services.subscribe(["call"])
    await alice.until_event("ws:change P")
    await alice.client.destroy()
    with pytest.raises(RbbnError):
        await handle


async def test_while_connected(gateway, watch) -> None:
    """One `ws:change`, no DELETE."""
    alice = await watch("alice")
    await alice.client.services.subscribe(["call"])
    names: list[str] = []
    alice.client.on("ws:change", lambda event: names.append(event.TYPE))
    alice.client.on("subscription:change", lambda event: names.append(event.TYPE))
    await alice.client.destroy()
    assert names == ["ws:change"]
    assert alice.requests("DELETE") == []


async def test_while_reconnecting(subscribed, gateway) -> None:
    """The series ends."""
    await gateway.fail(method="GET", path="*websocket*", status=503)
    await gateway.drop_sockets(user=subscribed.username, code=1006)
    await subscribed.until(lambda: len(subscribed.events) == 2)
    await subscribed.client.destroy()


async def test_while_unsubscribing(subscribed, gateway) -> None:
    """The handle fails, the websocket is closed."""
    await gateway.delay(path="*/subscription/*", seconds=5)
    handle = subscribed.client.services.unsubscribe(["call", "IM"])
    await subscribed.client.destroy()
    with pytest.raises(RbbnError):
        await handle


async def test_in_a_burst_of_notifications(subscribed) -> None:
    """In the middle of the handler of one."""
    frames = (f'{{"notificationMessage":{{"eventType":"custom","eventId":"{number}"}}}}' for number in range(500))
    subscribed.client.on("notification:received", lambda _event: subscribed.client.destroy())
    subscribed.push_raw(*frames)
    await subscribed.until(lambda: subscribed.told)
    await subscribed.client.destroy()


async def test_while_a_fetch_waits(subscribed, gateway) -> None:
    """It has no time limit of its own."""
    await gateway.delay(path="*/slow", seconds=5)
    handle = subscribed.client.request.fetch("/rest/version/1/user/alice@example.com/slow")
    await subscribed.client.destroy()
    with pytest.raises(RbbnError):
        await handle
