"""Accounts and the addresses that find them."""

import json

import pytest

from rbbn_sdk.errors import ConfigurationError
from rbbn_sdk.gateway import DEMO_ACCOUNTS, Account, read_accounts
from rbbn_sdk.gateway.accounts import Directory
from rbbn_sdk.gateway.addresses import parse_address


def test_a_list_of_accounts_is_read():
    """With the documented names of the fields; null is as good as absent."""
    text = json.dumps([{"username": "a@x.org", "firstName": "Ann", "lastName": "Lee", "hmac": "t", "phone": None}])
    assert read_accounts(text) == (Account("a@x.org", first_name="Ann", last_name="Lee", hmac="t"),)
    assert read_accounts(text)[0].name == "Ann Lee"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "accounts: not JSON"),
        ("{}", "accounts: expected a list of objects, got an object"),
        ("[1]", r"accounts\[0\]: expected an object, got a number"),
        ('[{"password": "x"}]', r"accounts\[0\]\.username: expected text such as"),
        ('[{"username": "bob"}]', r"accounts\[0\]\.username: .*'bob'"),
        ('[{"username": "b@x", "password": 5}]', r"accounts\[0\]\.password: expected text .*, got a number"),
        ('[{"username": "b@x"}, {"username": "c@x", "hmac": ""}]', r"accounts\[1\]\.hmac"),
        ('[{"username": "b@x", "pasword": "x"}]', r"accounts\[0\]\.pasword: unknown field"),
        ('[{"username": "b@x"}, {"username": "b@X"}]', r"accounts\[1\]\.username: .* accounts\[0\]"),
    ],
    ids=["text", "object", "number", "no name", "no domain", "type", "empty", "typo", "twice"],
)
def test_a_bad_account_is_named_with_its_field(text, message):
    """A person has to find the place in a file of many."""
    with pytest.raises(ConfigurationError, match=message):
        read_accounts(text)


def test_no_message_and_no_repr_shows_a_secret():
    """They end in logs."""
    secrets = ("alice-pass-1", "bearer-token", "hmac-token")
    assert not any(secret in repr(DEMO_ACCOUNTS) for secret in secrets)
    with pytest.raises(ConfigurationError) as failed:
        read_accounts('[{"username": "b", "password": "swordfish"}]')
    assert "swordfish" not in str(failed.value)


@pytest.mark.parametrize(
    ("text", "user", "name"),
    [
        ("sip:bob@example.com", "bob@example.com", ""),
        ("SIPS:bob@example.com;transport=tls", "bob@example.com", ""),
        ("sip:bob@example.com:5060", "bob@example.com", ""),
        ("sip:bob@[::1]:5060;lr", "bob@[::1]", ""),
        ("sip:bob@[2001:db8::1]", "bob@[2001:db8::1]", ""),
        ("sip:b%6Fb@example.com?subject=x", "bob@example.com", ""),
        ("tel:+16135550100", "+16135550100@example.com", ""),
        ("tel:%2B16135550100;phone-context=x", "+16135550100@example.com", ""),
        (" bob ", "bob@example.com", ""),
        ('"Bob B" <sip:bob@h.org>', "bob@h.org", "Bob B"),
        ("Bob<sip:bob@h.org>", "bob@h.org", "Bob"),
        ('Bob "B"<sip:bob@h.org>;tag=1', "bob@h.org", 'Bob "B"'),
        ("Bob <o> B<sip:bob@h.org>", "bob@h.org", "Bob <o> B"),
        ("<bob@h.org>", "bob@h.org", ""),
        ("@bob", "@bob@example.com", ""),
    ],
)
def test_an_address_is_read_as_clients_write_it(text, user, name):
    """With or without scheme, domain, port, parameters and display name (call-signalling 2.3, RFC 3261 19.1)."""
    address = parse_address(text, "example.com")
    assert (address.user, address.name) == (user, name)


def test_without_a_default_domain_the_address_stays_as_it_is():
    """A user without a domain cannot lend one."""
    assert parse_address("sip:bob", "").user == "bob"


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("bob@EXAMPLE.com", "bob@example.com"),
        ("+1 (613) 555-0102@anywhere.org", "bob@example.com"),
        ("Bob@example.com", None),
        ("0@example.com", None),
    ],
    ids=["case of the domain", "phone", "case of the name", "no digits to match"],
)
def test_a_callee_is_found_by_name_or_phone(to, found):
    """Domains know no case, names do."""
    account = Directory(DEMO_ACCOUNTS).called(parse_address(to, "example.com"))
    assert (account.username if account else None) == found
