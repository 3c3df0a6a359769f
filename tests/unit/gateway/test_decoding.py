"""Bodies as clients really send them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.gateway.decoding import Malformed, read_member, read_record
from rbbn_sdk.wire import CallControlRequest, CallDispositionRequest, SubscribeRequest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_a_wrong_optional_member_is_as_good_as_none():
    """A gateway must not be stricter than those that clients were written for."""
    body = {"callControlRequest": {"type": "callStart", "to": "bob", "sdp": 5, "supported": "x", "odd": {}}, "top": 1}
    request = read_member(json.dumps(body).encode(), "callControlRequest", CallControlRequest)
    assert request == CallControlRequest(type="callStart", to="bob")


def test_half_a_character_pair_spoils_nothing_else():
    """Browsers write it as an escape, from text that was cut in the middle of an emoji."""
    body = b'{"callControlRequest": {"type": "callStart", "to": "bob", "from": "A\\ud83d<sip:alice@example.com>"}}'
    request = read_member(body, "callControlRequest", CallControlRequest)
    assert request.from_ == "A\ufffd<sip:alice@example.com>"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"{}", b'{"callControlRequest": 1}', b'{"callControlRequest": {"to": "x"}}', b"\xff"],
)
def test_what_cannot_be_used_is_malformed(body):
    """Answered with statusCode 5 (call-signalling 9.1)."""
    with pytest.raises(Malformed):
        read_member(body, "callControlRequest", CallControlRequest)


@given(
    kind=st.sampled_from([CallControlRequest, CallDispositionRequest, SubscribeRequest]),
    content=st.dictionaries(
        st.sampled_from(["type", "to", "sdp", "service", "expires", "action", "sessionData", "customParameters", "x"]),
        JSON,
    ),
)
def test_no_content_does_worse_than_malformed(kind, content):
    """Whatever clients send, a record or `Malformed` comes of it."""
    try:
        assert isinstance(read_record(content, kind), kind)
    except Malformed:
        return
