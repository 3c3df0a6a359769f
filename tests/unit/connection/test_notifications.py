"""What is let in, in what order, and when `notification:received` comes (8.2)."""

import json

import pytest

from rbbn_sdk.actions.notification import Channel, NotificationHandled, NotificationReceived, ProcessNotification
from rbbn_sdk.engine import Store, evolve
from rbbn_sdk.events.notification import NotificationReceivedEvent, derivations
from rbbn_sdk.reducers.notification import notifications
from rbbn_sdk.testing.connection import bench_options
from rbbn_sdk.types import JsonText


def frame(event_type="custom", event_id="1", **more):
    return json.dumps({"notificationMessage": {"eventType": event_type, "eventId": event_id, **more}})


def received(client):
    return client.actions_of(NotificationReceived)


def options(**notifications):
    made = bench_options()
    return evolve(made, notifications=evolve(made.notifications, **notifications))


def test_a_notification_becomes_a_fact_and_an_event_with_all_of_it(subscribed) -> None:
    """Members that nobody knows are passed on."""
    subscribed.push(frame(time=5, somethingNew={"a": [1]}))
    assert received(subscribed)[0].event_type == "custom"
    payload = subscribed.told[0].event["payload"]
    assert payload["notificationMessage"]["somethingNew"] == {"a": [1]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not JSON",
        "[]",
        "null",
        "{}",
        '{"notificationMessage":null}',
        '{"notificationMessage":[]}',
        '{"notificationMessage":"text"}',
        '{"notificationMessage":{"eventType":',
        '{"message_type":"pong"}',
        "[" * 100_000,
        "\ud800",
    ],
)
def test_what_is_no_notification_is_logged_and_the_next_one_arrives(subscribed, text) -> None:
    """The reader never dies."""
    subscribed.push(text, frame())
    assert len(received(subscribed)) == 1
    assert any(line.level == "warn" and line.target == "NOTIFICATIONS" for line in subscribed.lines)


def test_wrong_optional_fields_are_dropped_and_the_rest_counts(subscribed) -> None:
    """A wrong id is no id."""
    subscribed.push('{"notificationMessage":{"eventType":"custom","eventId":{"a":1},"time":"noon"}}')
    assert received(subscribed)[0].event_id == ""
    assert any("eventId" in line.message for line in subscribed.lines)


def test_a_repetition_is_stopped_before_it_becomes_a_fact(subscribed) -> None:
    """Also over another channel, and after a reconnect."""
    subscribed.push(frame(event_id="a"), frame(event_id="a"))
    subscribed.drop(1006)
    subscribed.push(frame(event_id="a"))
    subscribed.dispatch(ProcessNotification(channel=Channel.PUSH, payload=frame(event_id="a")))
    assert len(received(subscribed)) == 1


def test_text_and_number_are_two_ids_and_no_id_is_none(subscribed) -> None:
    """Compared strictly; frames without an id are all let in."""
    subscribed.push(frame(event_id="1"), frame(event_id=1), '{"notificationMessage":{"eventType":"x"}}')
    subscribed.push('{"notificationMessage":{"eventType":"x"}}')
    assert len(received(subscribed)) == 4


def test_only_the_last_ids_are_remembered(make_client) -> None:
    """As many as configured."""
    client = make_client(options(id_cache_length=2))
    client.log_in()
    client.subscribe("call")
    client.push(*(frame(event_id=text) for text in ("a", "b", "b", "c", "a")))
    assert [json.loads(fact.event_id) for fact in received(client)] == ["a", "b", "c", "a"]


def test_a_cache_of_length_0_lets_repetitions_in(make_client) -> None:
    """It switches the check off."""
    client = make_client(options(id_cache_length=0))
    client.log_in()
    client.subscribe("call")
    client.push(frame(), frame())
    assert len(received(client)) == 2


def test_calls_by_push_only_drops_those_of_the_websocket_without_remembering_them(make_client) -> None:
    """Only `call`; the same notification by push rings."""
    client = make_client(options(incoming_call_notification_mode="push-channel-only"))
    client.log_in()
    client.subscribe("call")
    client.push(frame("call", "1"), frame("callEnd", "2"))
    client.dispatch(ProcessNotification(channel=Channel.PUSH, payload=frame("call", "1")))
    assert [fact.event_type for fact in received(client)] == ["callEnd", "call"]


def test_the_websocket_channel_is_let_in_only_while_it_is_open(subscribed) -> None:
    """Push always is."""
    subscribed.unsubscribe("call", "IM")
    subscribed.dispatch(ProcessNotification(channel=Channel.WEBSOCKET, payload=frame(event_id="1")))
    subscribed.dispatch(ProcessNotification(channel=Channel.PUSH, payload=frame(event_id="2")))
    assert [fact.event_id for fact in received(subscribed)] == ['"2"']


@pytest.mark.parametrize("event_type", ["call", "callEnd", "callCancel", "ringing"])
def test_some_types_are_told_when_their_feature_says_so(subscribed, event_type) -> None:
    """For them `notification:received` comes among the events of the call."""
    subscribed.push(frame(event_type))
    assert subscribed.events == []
    subscribed.dispatch(NotificationHandled(payload=frame(event_type)))
    assert subscribed.events == ["notification:received C call,IM"]


@pytest.mark.parametrize(
    "event_type", ["respondCallUpdate", "startCallUpdate", "sessionComplete", "sessionFail", "sessionProgress", "new"]
)
def test_all_other_types_are_told_at_once(subscribed, event_type) -> None:
    """Before every event of the call."""
    subscribed.push(frame(event_type))
    assert subscribed.events == ["notification:received C call,IM"]


def test_a_burst_of_5000_frames_loses_and_reorders_nothing(subscribed) -> None:
    """In one segment."""
    subscribed.push(*(frame(event_id=str(number)) for number in range(5000)))
    assert [int(json.loads(fact.event_id)) for fact in received(subscribed)] == list(range(5000))


def test_a_payload_that_only_a_lenient_reader_takes_is_told_too(subscribed) -> None:
    """Lone surrogates and control characters come from broken gateways."""
    subscribed.push('{"notificationMessage":{"eventType":"custom","eventId":"1","note":"a\\ud800b\tc"}}')
    assert subscribed.events == ["notification:received C call,IM"]
    note = subscribed.told[0].event.payload["notificationMessage"]["note"]
    assert note == "a\ufffdb\tc"


@pytest.mark.parametrize("payload", ["", "not JSON", "[" * 100_000], ids=["empty", "text", "deep"])
@pytest.mark.parametrize("handled", [False, True])
def test_what_somebody_else_let_in_and_nobody_can_read_is_told_without_its_payload(payload, handled) -> None:
    """An extension may put any action; its events must not fail."""
    events: list[object] = []
    problems: list[object] = []
    store = Store((notifications,), derivations=(derivations,), emit=events.append, report=problems.append)
    fields = {"event_type": "custom", "event_id": "1", "channel": Channel.PUSH}
    store.dispatch(
        NotificationHandled(payload=JsonText(payload))
        if handled
        else NotificationReceived(payload=JsonText(payload), cache_length=1, **fields)
    )
    assert (events, problems) == ([NotificationReceivedEvent(payload=None)], [])
