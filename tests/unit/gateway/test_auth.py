"""The four kinds of credentials, right and wrong (connection 2.2, 12.10)."""

import base64

import pytest

from rbbn_sdk.gateway import DEMO_ACCOUNTS, Account
from rbbn_sdk.gateway.accounts import Directory
from rbbn_sdk.gateway.auth import Authenticator, Sessions

ALICE = "alice@example.com"


def basic(name, password):
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture
def sessions():
    return Sessions()


@pytest.fixture
def check(sessions):
    accounts = (*DEMO_ACCOUNTS, Account("dan@example.com"))
    return lambda user, headers: Authenticator(Directory(accounts), sessions).check(user, "subscription", headers)


@pytest.mark.parametrize(
    "headers",
    [
        basic(ALICE, "alice-pass-1"),
        basic("alice-auth", "alice-pass-1"),
        {"authorization": "bearer  bearer-token-alice-0001"},
        {"x-token": "hmac-token-alice-0001"},
    ],
    ids=["password", "authname", "bearer", "hmac"],
)
def test_each_kind_lets_its_user_in(check, headers):
    """Also when the path's domain is in other letters."""
    assert check("alice@Example.COM", headers) is DEMO_ACCOUNTS[0]


@pytest.mark.parametrize(
    "headers",
    [
        basic(ALICE, "wrong"),
        {"authorization": "Basic %%%"},
        {"authorization": "Bearer bearer-token-bob-0002"},
        {"x-token": "hmac-token-bob-0002"},
        {"x-session": "unknown"},
    ],
    ids=["password", "not base64", "bearer", "hmac", "session"],
)
def test_a_wrong_secret_is_403_with_code_4(check, headers):
    """From that clients know that the credentials are to blame (connection 3.3)."""
    refused = check(ALICE, headers)
    assert refused.status == 403
    assert refused.content == b'{"subscribeResponse":{"statusCode":4}}'
    assert "json" in refused.content_type


@pytest.mark.parametrize(
    ("user", "headers"),
    [("nobody@example.com", basic(ALICE, "alice-pass-1")), (ALICE, basic("bob@example.com", "bob-pass-2"))],
    ids=["unknown", "another"],
)
def test_a_wrong_user_is_403_with_html(check, user, headers):
    """As real gateways do (connection 12.10)."""
    refused = check(user, headers)
    assert refused.status == 403
    assert "html" in refused.content_type


def test_no_credentials_are_401_that_asks_no_browser_for_a_password(check):
    """A browser would open its own dialogue."""
    assert check(ALICE, {}).status == 401


def test_an_account_without_secrets_lets_nobody_in(check):
    """It can be called."""
    assert check("dan@example.com", basic("dan@example.com", "None")).status == 403
    assert check("dan@example.com", {"x-token": "None"}).status == 403


def test_a_session_is_good_for_its_user_only(check, sessions):
    """HMAC users go on with it (connection 2.1)."""
    session = sessions.issue(ALICE)
    assert check(ALICE, {"x-session": session}) is DEMO_ACCOUNTS[0]
    assert check("bob@example.com", {"x-session": session}).status == 403
