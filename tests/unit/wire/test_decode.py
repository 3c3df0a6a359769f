"""Lenient reading: what is dropped, what is refused, and that nothing else is ever raised."""

import msgspec
import pytest

from rbbn_sdk.wire import (
    CallNotificationBody,
    Malformed,
    NotificationBody,
    SubscribeResponseBody,
    decode,
    parse_json,
)


def test_a_right_message_is_read_whole() -> None:
    """The common case: nothing dropped, unknown members ignored."""
    decoded = decode(NotificationBody, '{"notificationMessage":{"eventType":"gone","eventId":"7","odd":[1]},"more":0}')
    assert (decoded.value.notification_message.event_type, decoded.dropped) == ("gone", ())


def test_a_wrong_optional_field_is_dropped_and_named() -> None:
    """One bad field of a gateway must not cost a call."""
    decoded = decode(NotificationBody, '{"notificationMessage":{"eventType":"call","time":"noon","eventId":[]}}')
    assert decoded.value.notification_message.event_type == "call"
    assert set(decoded.dropped) == {"$.notificationMessage.time", "$.notificationMessage.eventId"}


def test_a_wrong_element_of_a_list_is_dropped_alone() -> None:
    """The other parameters of the call arrive."""
    text = (
        '{"notificationMessage":{"eventType":"call","sessionParams":{"sessionData":"s-1"},'
        '"customParameters":[{"name":"a","value":"1"},{"name":"b"},7,{"name":"c","value":"3"}]}}'
    )
    decoded = decode(CallNotificationBody, text)
    message = decoded.value.notification_message
    assert message.custom_parameters is not None
    assert [parameter.name for parameter in message.custom_parameters] == ["a", "c"]
    assert decoded.dropped == ("$.notificationMessage.customParameters[1]",) * 2


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"notificationMessage":{"eventType":"call"}}', "$.notificationMessage.sessionParams"),
        (
            '{"notificationMessage":{"eventType":"call","sessionParams":{"sessionData":7}}}',
            "$.notificationMessage.sessionParams.sessionData",
        ),
        ('{"notificationMessage":null}', "$.notificationMessage"),
        ("{}", "$.notificationMessage"),
        ("[]", "$"),
        ("null", "$"),
    ],
    ids=["missing", "wrong-deep-down", "null-member", "empty", "list", "null"],
)
def test_a_wrong_required_field_is_named(text: str, path: str) -> None:
    """The log line says what the gateway did wrong, also when the fault is far below."""
    with pytest.raises(Malformed) as caught:
        decode(CallNotificationBody, text)
    assert caught.value.path == path


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    """JavaScript sends half an emoji when it cuts a name; UTF-8 cannot carry it."""
    decoded = decode(NotificationBody, r'{"notificationMessage":{"eventType":"IM","eventId":"\ud83d!"}}')
    assert decoded.value.notification_message.event_id == "\ufffd!"


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_dropped(literal: str) -> None:
    """State holds no NaN and no infinity."""
    decoded = decode(NotificationBody, f'{{"notificationMessage":{{"eventType":"mwi","time":{literal}}}}}')
    assert decoded.dropped == ("$.notificationMessage.time",)


@pytest.mark.parametrize(
    "text",
    ["", "<html>busy</html>", "{", '{"a":', "[" * 100_000, '{"a":' * 100_000, "1" * 10_000, b"\xff\xfe", "\ud800"],
    ids=["empty", "html", "brace", "cut", "deep-list", "deep-object", "long-number", "no-utf8", "surrogate"],
)
def test_what_is_no_message_is_malformed(text: str | bytes) -> None:
    """Whatever comes from the network ends in this one error."""
    with pytest.raises(Malformed):
        decode(NotificationBody, text)


@pytest.mark.parametrize(("number", "kept"), [(2**63 - 1, True), (2**63, False), (10**400, False)])
def test_a_number_that_could_not_be_written_again_is_dropped(number: int, kept: bool) -> None:
    """Ids of 64 bits are in use; what is longer would fail in the log of actions."""
    decoded = decode(NotificationBody, f'{{"notificationMessage":{{"eventType":"x","eventId":{number}}}}}')
    assert (decoded.value.notification_message.event_id == number) is kept
    msgspec.json.encode(decoded.value)


def test_the_last_of_repeated_members_counts() -> None:
    """As in JavaScript."""
    decoded = decode(NotificationBody, '{"notificationMessage":{"eventType":"a","eventType":"b"}}')
    assert decoded.value.notification_message.event_type == "b"


def test_bytes_that_are_no_utf8_are_replaced_within_text() -> None:
    """A name in another encoding does not cost the notification."""
    decoded = decode(NotificationBody, b'{"notificationMessage":{"eventType":"IM","eventId":"J\xf6rg"}}')
    assert decoded.value.notification_message.event_id == "J\ufffdrg"


def test_more_wrong_fields_than_anyone_sends_by_accident_are_not_followed() -> None:
    """Each costs a pass over the text; a hostile gateway shall not buy minutes with one frame."""
    services = ",".join("0" for _ in range(5_000))
    text = f'{{"subscribeResponse":{{"subscriptionParams":{{"service":[{services}]}}}}}}'
    with pytest.raises(Malformed, match="more than 100"):
        decode(SubscribeResponseBody, text)


def test_the_message_quotes_no_value() -> None:
    """An answer can hold a token where we expect a number."""
    with pytest.raises(Malformed) as caught:
        decode(NotificationBody, '{"notificationMessage":"t0p-secret"}')
    assert "t0p-secret" not in f"{caught.value}{caught.value!r}"


@pytest.mark.parametrize(
    ("text", "tree"),
    [('{"a":[1,null]}', {"a": [1, None]}), ('{"a":NaN}', {"a": None}), ('\ufeff{"a":"x\ty"}', {"a": "x\ty"})],
    ids=["plain", "nan", "bom-and-control"],
)
def test_any_json_is_parsed_leniently(text: str, tree: object) -> None:
    """Where nothing is known of the shape."""
    assert parse_json(text) == tree
