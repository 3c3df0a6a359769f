"""The pure parts of REST: addresses, query strings, headers, and how long to wait."""

import base64

import pytest

from rbbn_sdk.io import KeptSecrets
from rbbn_sdk.io.rest.headers import common_headers, merged
from rbbn_sdk.io.rest.retry_after import retry_after_of_body, retry_after_of_header
from rbbn_sdk.io.rest.urls import base_url, full_url, path_of, query_string, user_path
from rbbn_sdk.ports import Credentials, RestContext, Server

SERVER = Server(base="gw.example.com", port=443)
NOW = 1_767_225_600_000  # Thu, 01 Jan 2026 00:00:00 GMT


def a_context(username: str = "ann@ex.org") -> RestContext:
    return RestContext(server=SERVER, credentials=Credentials(username=username), timeout=1000)


def test_the_port_is_always_written() -> None:
    """Also when it is the default one."""
    assert base_url(SERVER) == "https://gw.example.com:443"
    assert base_url(Server(base="::1", port=8580, protocol="http")) == "http://[::1]:8580"


@pytest.mark.parametrize(
    ("username", "written"),
    [
        ("ann@ex.org", "ann@ex.org"),
        ("+4930:x@ex.org", "+4930:x@ex.org"),
        ("ann lee@ex.org", "ann%20lee@ex.org"),
        ("jörg@ex.org", "j%C3%B6rg@ex.org"),
        ("a#b?c%d/e@x", "a%23b%3Fc%25d%2Fe@x"),
        ("\ud800@x", "%3F@x"),
    ],
)
def test_a_username_goes_out_as_it_is_but_for_what_http_cannot_carry(username: str, written: str) -> None:
    """The gateway compares the path; what would break the URL is encoded."""
    assert user_path(a_context(username), "callControl") == f"/rest/version/1/user/{written}/callControl"


def test_a_session_goes_out_raw() -> None:
    """An opaque id of the gateway; only what would be no HTTP any more is encoded."""
    assert user_path(a_context(), "callControl", "callSessions", "s-7f_.~@%41").endswith("/s-7f_.~@%41")
    assert user_path(a_context(), "x", "s 1\r\nEvil: yes").endswith("/s%201%0D%0AEvil:%20yes")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/rest/version/1/x", "/rest/version/1/x"),
        ("rest/x", "/rest/x"),
        ("https://other.example.com:8443/rest/x?a=1", "/rest/x?a=1"),
        ("", ""),
    ],
)
def test_only_the_path_of_an_address_counts(given: str, path: str) -> None:
    """Credentials never go to a host that an answer names."""
    assert path_of(given) == path


def test_a_query_is_sorted_and_encoded_and_repeats_its_keys() -> None:
    """As the vendor's client writes it."""
    assert query_string([("b", "2"), ("a", "x y!'()*"), ("b", "1"), ("ä", "&=")]) == (
        "a=x%20y%21%27%28%29%2A&b=2&b=1&%C3%A4=%26%3D"
    )


@pytest.mark.parametrize(
    ("resource", "query", "url"),
    [
        ("rest/x", "", "https://gw.example.com:443/rest/x"),
        ("/rest/x", "a=1", "https://gw.example.com:443/rest/x?a=1"),
        ("/rest/x?b=2", "a=1", "https://gw.example.com:443/rest/x?b=2&a=1"),
    ],
)
def test_a_resource_of_the_application_becomes_an_address(resource: str, query: str, url: str) -> None:
    """A leading slash is added, more query is appended."""
    assert full_url(SERVER, resource, query) == url


def test_each_method_of_authorization_has_its_header() -> None:
    """Exactly one of them is sent."""
    secrets = KeptSecrets()
    ref = secrets.keep("pä:ss", "password")
    basic = base64.b64encode("ann@ex.org:pä:ss".encode()).decode()
    other = base64.b64encode("auth:pä:ss".encode()).decode()
    cases = [
        (Credentials(username="ann@ex.org", password=ref), ("Authorization", f"Basic {basic}")),
        (Credentials(username="ann@ex.org", authname="auth", password=ref), ("Authorization", f"Basic {other}")),
        (Credentials(username="a", bearer=ref), ("Authorization", "Bearer pä:ss")),
        (Credentials(username="a", hmac=ref), ("x-token", "pä:ss")),
        (Credentials(username="a", hmac=ref, session=secrets.keep("s", "session")), ("x-session", "s")),
    ]
    common = (("Content-Type", "application/json"), ("Accept", "application/json"))
    for credentials, header in cases:
        assert common_headers(credentials, secrets) == (*common, header)


def test_a_stronger_header_replaces_a_weaker_one_in_any_spelling() -> None:
    """Two `Content-Type`s would be an error of ours."""
    assert merged([("content-type", "text/plain"), ("X-A", "1")], [("Content-Type", "application/json")]) == (
        ("X-A", "1"),
        ("Content-Type", "application/json"),
    )


@pytest.mark.parametrize(
    ("value", "delay"),
    [
        ("120", 120_000),
        (" 0.5 ", 500),
        ("Thu, 01 Jan 2026 00:00:30 GMT", 30_000),
        ("Wed, 31 Dec 2025 23:59:00 GMT", 0),
        ("-5", 0),
        ("soon", 0),
        ("Thu, 99 Foo 2026 GMT", 0),
        ("nan", 0),
        ("inf", 0),
        ("", 0),
    ],
)
def test_a_retry_after_header_is_seconds_or_a_date(value: str, delay: int) -> None:
    """RFC 9110 10.2.3; in milliseconds, and 0 when it says nothing."""
    assert retry_after_of_header(value, NOW) == delay


@pytest.mark.parametrize(
    ("body", "delay"),
    [
        ({"subscribeResponse": {"retryAfter": 2000}}, 2000),
        ({"authorizationResponse": {"retryAfter": "1500"}}, 1500),
        ({"subscribeResponse": {"retryAfter": True}}, 0),
        ({"subscribeResponse": {"retryAfter": -1}}, 0),
        ({"subscribeResponse": None, "other": {"retryAfter": 3}}, 0),
    ],
)
def test_a_delay_in_a_body_is_milliseconds(body: dict[str, object], delay: int) -> None:
    """Only the two documented members count."""
    assert retry_after_of_body(body) == delay
