"""Services that the gateway does not have are refused in words that clients of them understand (features 1.2)."""

import pytest


@pytest.mark.parametrize(
    ("method", "path", "wrapper"),
    [
        ("POST", "instantmessage", "imResponse"),
        ("POST", "presence", "presenceResponse"),
        ("POST", "presenceWatcher", "presenceWatcherResponse"),
        ("GET", "addressbook", "addressBookResponse"),
        ("POST", "addressbook/contacts/", "addressBookResponse"),
        ("PUT", "addressbook/contacts/7", "addressBookResponse"),
        ("DELETE", "addressbook/contacts/7", "addressBookResponse"),
        ("GET", "directory?criteria=bob&criteriaType=5", "directory"),
        ("GET", "logHistory?count=10&startIndex=0", "logHistory"),
        ("DELETE", "logHistory", "logRecord"),
        ("DELETE", "logRecord/1", "logRecord"),
        ("POST", "eventSubscription", "eventSubscriptionResponse"),
        ("PUT", "eventSubscription/sd-1", "eventSubscriptionResponse"),
        ("DELETE", "eventSubscription/sd-1", "eventSubscriptionResponse"),
        ("POST", "clicktocall", "clickToCallResponse"),
        ("POST", "push/apple/devices/", "appleDeviceRegistrationResponse"),
        ("DELETE", "push/google/devices/1", "googleDeviceRegistrationResponse"),
    ],
)
async def test_it_says_that_the_service_is_not_enabled(device, method, path, wrapper):
    """Some clients fail themselves when their member is missing; none takes 35 for bad credentials."""
    alice = await device("alice", connected=False)
    refused = await alice.request(method, path)
    assert (refused.status_code, refused.json()) == (403, {wrapper: {"statusCode": 35}})
    assert refused.headers["content-type"].startswith("application/json")
    assert refused.headers["access-control-allow-origin"] == "*"


async def test_whoever_asks_is_asked_who_he_is(device):
    """In the same words."""
    alice = await device("alice", connected=False)
    refused = await alice.request("POST", "presence", {}, auth=(alice.username, "wrong"))
    assert (refused.status_code, refused.json()) == (403, {"presenceResponse": {"statusCode": 4}})
