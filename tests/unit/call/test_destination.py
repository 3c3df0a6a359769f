"""Addresses as the gateway wants them (`call-signalling` 2.1)."""

import pytest

from rbbn_sdk.selectors.call import normalise, originator

TABLE = [
    ("bob", "sip:bob@example.com"),
    ("  bob  ", "sip:bob@example.com"),
    ("bob@example.org", "sip:bob@example.org"),
    ("sip:bob@example.org", "sip:bob@example.org"),
    ("sips:bob@example.org", "sip:bob@example.org"),
    ("tel:+1-613-555-0100", "sip:+16135550100@example.com"),
    ("+1 (613) 555-0100", "sip:+16135550100@example.com"),
    ("(613) 555.0100", "sip:6135550100@example.com"),
    ("*67 6135550100", "sip:*676135550100@example.com"),
    ("#31#6135550100", "sip:#31#6135550100@example.com"),
    ("613-555-0100@example.org", "sip:6135550100@example.org"),
    ("bob-smith", "sip:bob-smith@example.com"),
    ("+bob", "sip:+bob@example.com"),
    ("a@b@c", "sip:a@b@c"),
    ("@bob", "sip:@bob@example.com"),
    ("bob@", "sip:bob@@example.com"),
    ("sip:bob@h:5060", "sip:bob@h:5060"),
    ("613 555 0100;phone-context=+1", "sip:613 555 0100;phone-context=+1@example.com"),
]


@pytest.mark.parametrize(("given", "expected"), TABLE, ids=[given for given, _ in TABLE])
def test_a_destination_becomes_a_sip_uri(given, expected):
    """What people type has to reach the user or telephone that they mean."""
    assert normalise(given, "example.com") == expected


def test_without_a_domain_of_the_user_none_is_added():
    """An empty `@` would be no address."""
    assert normalise("bob", "") == "sip:bob"


def test_the_display_name_stands_before_the_own_address():
    """Without quotes and blanks: that is how gateways have always been told."""
    assert originator("alice@example.com", "example.com", "Alice A") == "Alice A<sip:alice@example.com>"
    assert originator("alice@example.com", "example.com", None) == "sip:alice@example.com"
