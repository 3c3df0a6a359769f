"""What becomes of a connection that is lost, over real sockets."""

import pytest

LOST = "ws:change call,IM"
BACK = "ws:change C call,IM"


@pytest.mark.parametrize("code", [1001, 1006, 1012, 4000])
async def test_a_dropped_websocket_comes_back_and_is_heard(subscribed, gateway, code) -> None:
    """7.5 b: what was pushed meanwhile arrives too."""
    await gateway.drop_sockets(user=subscribed.username, code=code)
    await gateway.notify(user=subscribed.username, message={"eventType": "custom"})
    await subscribed.until_event("notification:received C call,IM")
    assert subscribed.events == [LOST, LOST, BACK, "notification:received C call,IM"]


async def test_code_1000_ends_the_subscription(subscribed, gateway) -> None:
    """7.5 a; a new subscribe works."""
    await gateway.drop_sockets(user=subscribed.username, code=1000)
    await subscribed.until_event("subscription:change(LOST_CONNECTION)")
    assert subscribed.events == ["subscription:change(LOST_CONNECTION)"]
    await subscribed.client.services.subscribe(["call"])
    assert subscribed.events[-1] == "subscription:change C call"


async def test_a_series_that_fails_loses_the_subscription(watch, gateway) -> None:
    """7.5 c."""
    alice = await watch("alice", connectivity={"reconnectLimit": 1})
    await alice.client.services.subscribe(["call", "IM"])
    await gateway.fail(method="GET", path="*websocket*", status=503)
    alice.forget()
    await gateway.drop_sockets(user=alice.username, code=1006)
    await alice.until_event("subscription:change(LOST_CONNECTION)")
    assert alice.events == [LOST, LOST, "subscription:change(LOST_CONNECTION)"]
    assert alice.requests("DELETE") == []


async def test_without_auto_reconnect_the_subscription_is_lost_at_once(watch, gateway) -> None:
    """7.5 d."""
    alice = await watch("alice", connectivity={"autoReconnect": False})
    await alice.client.services.subscribe(["call", "IM"])
    alice.forget()
    await gateway.drop_sockets(user=alice.username, code=1001)
    await alice.until_event("subscription:change(LOST_CONNECTION)")
    assert alice.events == [LOST, "subscription:change(LOST_CONNECTION)"]


async def test_a_reset_opens_a_new_websocket(subscribed, gateway) -> None:
    """7.5 e."""
    subscribed.client.connection.reset_connection()
    await subscribed.until_event(BACK)
    await gateway.notify(user=subscribed.username, message={"eventType": "custom"})
    await subscribed.until_event("notification:received C call,IM")
    assert subscribed.events[:3] == [LOST, LOST, BACK]


async def test_gone_and_overridden_end_the_subscription_without_delete(watch, gateway) -> None:
    """7.6 and 7.7: told in this order, and the client can subscribe again."""
    alice = await watch("alice")
    for event_type, reason in (("gone", "GONE"), ("websocketOverridden", "WS_OVERRIDDEN")):
        await alice.client.services.subscribe(["call", "IM"])
        alice.forget()
        await gateway.notify(user=alice.username, message={"eventType": event_type})
        await alice.until_event("notification:received")
        assert alice.events == [LOST, f"subscription:change({reason})", "notification:received"]
    assert alice.requests("DELETE") == []


async def test_a_second_client_with_the_same_correlator_replaces_the_first(watch) -> None:
    """5.8: without one too; with different ones they live side by side."""
    first, second, third = await watch("alice"), await watch("alice"), await watch("alice")
    await first.client.services.subscribe(["call"])
    await third.client.services.subscribe(["call"], client_correlator="other")
    await second.client.services.subscribe(["call"])
    await first.until_event("subscription:change(WS_OVERRIDDEN)")
    assert first.client.services.get_subscriptions().subscribed == ()
    assert second.client.services.get_subscriptions().subscribed == ("call",)
    assert third.client.services.get_subscriptions().subscribed == ("call",)


async def test_a_gateway_that_restarts_is_found_again(watch, gateway) -> None:
    """It has forgotten the channel, so the series fails, and that is told; then a new subscribe works."""
    alice = await watch("alice", connectivity={"reconnectLimit": 2})
    await alice.client.services.subscribe(["call", "IM"])
    alice.forget()
    await gateway.stop()
    await gateway.start()
    await alice.until_event("subscription:change(LOST_CONNECTION)")
    assert alice.events == [LOST, LOST, "subscription:change(LOST_CONNECTION)"]
    await alice.client.services.subscribe(["call"])


async def test_pings_are_what_the_gateway_expects_and_break_nothing(watch, gateway) -> None:
    """Many of them; then a notification arrives as ever."""
    alice = await watch("alice", connectivity={"pingInterval": 20})
    await alice.client.services.subscribe(["call", "IM"])
    alice.forget()
    for number in range(3):
        await gateway.notify(user=alice.username, message={"eventType": "custom", "eventId": f"p{number}"})
        await alice.until(lambda number=number: len(alice.events) > number)
    assert set(alice.events) == {"notification:received C call,IM"}
