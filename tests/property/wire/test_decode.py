"""What is always true of reading the gateway's messages."""

import json
from contextlib import suppress

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.wire import (
    CallControlResponseBody,
    CallNotificationBody,
    Malformed,
    NotificationBody,
    SubscribeResponseBody,
    decode,
    parse_json,
)

KINDS = st.sampled_from([CallNotificationBody, NotificationBody, SubscribeResponseBody, CallControlResponseBody])
NAMES = st.sampled_from(
    [
        "notificationMessage",
        "eventType",
        "sessionParams",
        "sessionData",
        "customParameters",
        "name",
        "value",
        "time",
        "x",
        "subscribeResponse",
        "subscriptionParams",
        "service",
        "expires",
        "turnCredentials",
        "callControlResponse",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=30
)
GOOD = {"notificationMessage": {"eventType": "call", "eventId": "1", "sessionParams": {"sessionData": "s-1"}}}


@given(KINDS, st.text() | st.binary() | TREES.map(json.dumps))
def test_only_malformed_is_ever_raised(kind: type[msgspec.Struct], text: str | bytes) -> None:
    """No text whatever ends a worker."""
    with suppress(Malformed):
        decode(kind, text)


@given(st.dictionaries(st.text(min_size=1), TREES, max_size=4), st.dictionaries(st.text(min_size=1), TREES, max_size=4))
def test_unknown_members_are_harmless(outer: dict[str, object], inner: dict[str, object]) -> None:
    """A newer gateway sends more than we know."""
    known = {"eventType", "eventId", "time", "statusCode", "sessionParams"}
    known |= {"callNotificationParams", "customParameters", "notificationMessage"}
    message = {**{key: value for key, value in inner.items() if key not in known}, **GOOD["notificationMessage"]}
    text = json.dumps(
        {**{key: value for key, value in outer.items() if key not in known}, "notificationMessage": message}
    )
    assert decode(CallNotificationBody, text).value == decode(CallNotificationBody, json.dumps(GOOD)).value


@given(TREES)
def test_what_is_dropped_was_optional(junk: object) -> None:
    """Junk in an optional place never costs the message."""
    message = {**GOOD["notificationMessage"], "callNotificationParams": junk, "customParameters": junk, "time": junk}
    decoded = decode(CallNotificationBody, json.dumps({"notificationMessage": message}))
    assert decoded.value.notification_message.session_params.session_data == "s-1"


@given(TREES)
def test_a_parsed_tree_can_be_encoded_again(tree: object) -> None:
    """No NaN, infinity or lone surrogate gets in, so nothing fails later where it is logged or recorded."""
    parsed = parse_json(json.dumps(tree))
    json.dumps(parsed, allow_nan=False, ensure_ascii=False).encode()
