"""Whatever comes over a real websocket: nothing of it ends the reader."""

import json

RECEIVED = "notification:received C call,IM"


def frame(number, event_type="custom", **more):
    return json.dumps({"notificationMessage": {"eventType": event_type, "eventId": f"n{number}", **more}})


def ids(watched):
    return [event["payload"]["notificationMessage"]["eventId"] for event in watched.told]


async def test_frames_that_are_no_notifications_are_passed_over(subscribed) -> None:
    """Malformed, of wrong types, without the member that counts; the next one arrives."""
    subscribed.push_raw(
        "",
        "not JSON",
        "[1]",
        "{}",
        '{"notificationMessage":null}',
        '{"notificationMessage":{"eventType":5}}',
        '{"notificationMessage":{"eventType":"call"}}',
        '{"notificationMessage":{"eventType":"call","sessionParams":7}}',
        '{"notificationMessage":{"eventType":"callEnd","sessionParams":{"sessionData":[]}}}',
        "[" * 50_000,
        frame(1),
    )
    await subscribed.until(lambda: "n1" in str(subscribed.told))
    assert subscribed.client.connection.get_socket_state().connected


async def test_unknown_types_and_custom_bodies_are_passed_on_whole(subscribed) -> None:
    """Whatever the gateway may invent later."""
    subscribed.push_raw(frame(1, "somethingNew", deep={"a": [None, 1.5, "ä"]}))
    await subscribed.until_event(RECEIVED)
    assert subscribed.told[0]["payload"]["notificationMessage"]["deep"] == {"a": [None, 1.5, "ä"]}


async def test_repeated_and_late_notifications_are_told_once(subscribed, gateway) -> None:
    """Also when the gateway sends them again over the next websocket."""
    subscribed.push_raw(frame(1), frame(2), frame(1))
    await subscribed.until(lambda: len(subscribed.told) == 2)
    await gateway.drop_sockets(user=subscribed.username, code=1006)
    subscribed.push_raw(frame(2), frame(1), frame(3))
    await subscribed.until(lambda: "n3" in str(subscribed.told))
    told = [event for event in subscribed.told if event.TYPE == "notification:received"]
    assert [event["payload"]["notificationMessage"]["eventId"] for event in told] == ["n1", "n2", "n3"]


async def test_a_notification_that_came_by_push_before_is_told_once(subscribed) -> None:
    """The two channels share what they have seen."""
    subscribed.client.notification.process(json.loads(frame(1)))
    subscribed.push_raw(frame(1), frame(2))
    await subscribed.until(lambda: len(subscribed.told) == 2)
    assert ids(subscribed) == ["n1", "n2"]


async def test_a_burst_of_5000_frames_loses_and_reorders_nothing(subscribed) -> None:
    """While the application takes its time."""
    subscribed.push_raw(*(frame(number) for number in range(5000)))
    await subscribed.until(lambda: len(subscribed.told) == 5000)
    assert ids(subscribed) == [f"n{number}" for number in range(5000)]


async def test_large_frames_pass_and_too_large_ones_are_dropped_without_a_reconnect(subscribed) -> None:
    """F33. 4 MiB is the limit; many libraries would close the websocket at 1 MiB, and again after each reconnect."""
    subscribed.push_raw(frame(1, text="x" * 1_300_000), frame(2, text="x" * 5_000_000), frame(3))
    await subscribed.until(lambda: len(subscribed.told) == 2)
    assert ids(subscribed) == ["n1", "n3"]
    assert subscribed.events == [RECEIVED, RECEIVED]


async def test_what_is_posted_as_external_notification_comes_to_subscribers_of_custom(alice) -> None:
    """Sent with the client's own means, received by its own event."""
    await alice.client.services.subscribe(["custom"])
    alice.forget()
    path = f"/rest/version/1/user/{alice.username}/externalnotification"
    await alice.client.request.fetch(path, {"method": "POST", "body": json.dumps({"lunch": "ready"})})
    await alice.until(lambda: alice.told)
    assert "lunch" in json.dumps(alice.told[0]["payload"])


async def test_a_handler_that_raises_or_subscribes_anew_disturbs_nothing(subscribed, gateway) -> None:
    """Events are delivered to all, and the next one comes."""

    def bad(_event) -> None:
        msg = "the application's own mistake"
        raise ValueError(msg)

    subscribed.client.on("notification:received", bad)
    subscribed.push_raw(frame(1), frame(2))
    await subscribed.until(lambda: len(subscribed.told) == 2)
    assert ids(subscribed) == ["n1", "n2"]
