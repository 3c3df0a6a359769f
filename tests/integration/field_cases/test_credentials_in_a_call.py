"""F38: the credentials are refused in the middle of a call; one complaint each, no storm, and the call lives on."""

import pytest

from rbbn_sdk.errors import RbbnError

pytestmark = pytest.mark.media


def complaints(phone) -> list[str]:
    return [event.error.code for event in phone.told if event.TYPE == "request:error"]


async def test_f38_on_the_requests_of_a_call(gateway, phone, connect, still_works) -> None:
    """The audit and the end are refused: the media go on, the end is local, fresh credentials mend all."""
    alice = await phone(gateway, "alice", call={"callAuditTimer": 500})
    bob = await phone(gateway, "bob")
    put = {"user": alice.username, "path": "*callSessions*"}
    await gateway.fail(method="PUT", status=401, **put)
    outgoing, _ = await connect(alice, bob)
    await gateway.wait_for_request("PUT", count=2, **put)
    await alice.hears(outgoing)
    assert alice.state(outgoing) == "Connected"
    refused = [one for one in gateway.requests if one.status == 401]
    await alice.settled()
    assert len(complaints(alice)) >= 2
    assert len(complaints(alice)) <= len(refused) + 1
    assert set(complaints(alice)) == {"authentication:1"}
    account = next(one for one in gateway.accounts if one.username == alice.username)
    alice.client.set_credentials(username=account.username, password=account.password)
    await gateway.clear()
    await alice.end(outgoing)
    await still_works(alice, bob)


async def test_f38_on_one_renewal_of_the_subscription(gateway, phone, connect, still_works) -> None:
    """The subscription is told truly, the call is untouched, and what is subscribed anew works."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    outgoing, _ = await connect(alice, bob)
    alice.forget()
    await gateway.fail(user=alice.username, method="PUT", path="*/subscription/*", status=401, times=1)
    handle = alice.client.services.subscribe(["IM"])
    with pytest.raises(RbbnError) as caught:
        await handle
    assert caught.value.code
    assert complaints(alice) == ["authentication:1"]
    assert alice.client.services.get_subscriptions().subscribed == ("call",)
    await alice.hears(outgoing)
    assert alice.state(outgoing) == "Connected"
    account = next(one for one in gateway.accounts if one.username == alice.username)
    alice.client.set_credentials(username=account.username, password=account.password)
    await alice.client.services.subscribe(["IM"])
    assert set(alice.client.services.get_subscriptions().subscribed) == {"call", "IM"}
    await alice.end(outgoing)
    await still_works(alice, bob)
