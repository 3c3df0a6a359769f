"""The websocket channel: order, queueing, replacement (connection 6, 12)."""

import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from rbbn_sdk.gateway import Gateway, Timing


async def push(gateway, *numbers, user="alice@example.com"):
    for number in numbers:
        await gateway.notify(user=user, message={"eventType": "n", "number": number})


async def test_keepalives_are_swallowed(gateway, device):
    """An answer would raise an error in the client (connection 6)."""
    alice = await device("alice")
    await alice.socket.send('{"message_type":"ping"}')
    await alice.socket.send("nonsense")
    await alice.socket.send(b"\x00")
    await (await alice.socket.ping())
    await alice.hears_nothing_before("mark")


async def test_notifications_wait_for_a_socket_that_is_down(gateway, device):
    """In their order and with their ids: clients drop repetitions by id (connection 6.3)."""
    alice = await device("alice")
    await push(gateway, 1)
    first = await alice.next()
    assert await gateway.drop_sockets(user=alice.username, code=1001) == 1
    await push(gateway, 2, 3)
    assert await alice.closed() == 1001
    await alice.connect()
    await push(gateway, 4)
    later = [await alice.next() for _ in range(3)]
    assert [message["number"] for message in (first, *later)] == [1, 2, 3, 4]
    assert len({message["eventId"] for message in (first, *later)}) == 4


async def test_what_was_pushed_before_the_first_socket_comes_with_it(gateway, device):
    """Subscribing and connecting are two steps."""
    alice = await device("alice", connected=False)
    await alice.subscribe()
    await push(gateway, 1)
    await alice.connect()
    assert (await alice.next())["number"] == 1


async def test_what_has_waited_too_long_is_dropped(nothing_is_left, device):
    """A call of an hour ago must not ring."""
    async with Gateway(timing=Timing(queue=0.0)) as gateway:
        alice = await device("alice", connected=False, at=gateway)
        await alice.subscribe()
        await push(gateway, 1)
        await alice.connect()
        await push(gateway, 2)
        assert (await alice.next())["number"] == 2


async def test_a_new_socket_replaces_the_old_one_silently(gateway, device):
    """A client that changed networks comes back before the gateway knows (connection 6.3)."""
    alice = await device("alice")
    old = alice.socket
    await alice.connect()
    await push(gateway, 1)
    assert (await alice.next())["number"] == 1
    await old.wait_closed()
    assert old.close_code == 1000


async def test_a_connection_can_be_cut_without_a_close_frame(gateway, device):
    """As when a cable is pulled."""
    alice = await device("alice")
    assert await gateway.drop_sockets(user=alice.username, code=1006) == 1
    assert await alice.closed() == 1006
    await push(gateway, 1)
    await alice.connect()
    assert (await alice.next())["number"] == 1


@pytest.mark.parametrize("path", ["/rest/version/1/websocket/unknown", "/elsewhere"])
async def test_an_upgrade_that_leads_nowhere_is_refused(gateway, path):
    """At once, and before it is open (connection 7.6)."""
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{gateway.port}{path}")
    assert refused.value.response.status_code == 403


async def test_the_channel_can_be_reached_with_a_token_and_under_the_user(device):
    """Clients in query mode send a token, perhaps an old one; others know the channel under their user's path."""
    alice = await device("alice", connected=False)
    await alice.subscribe()
    under_user = alice.channel.replace("/websocket/", f"/user/{alice.username}/websocket/")
    for url in (f"{alice.channel}?access_token=old", under_user):
        async with connect(url) as socket:
            await push(alice.gateway, 1)
            assert json.loads(await socket.recv())["notificationMessage"]["number"] == 1


async def test_a_frame_may_be_larger_than_four_mebibytes(gateway, device):
    """Descriptions with hundreds of candidates, message histories (connection 12.12)."""
    alice = await device("alice")
    await gateway.notify(user=alice.username, message={"eventType": "big", "text": "x" * 5_000_000})
    await push(gateway, 1)
    assert len((await alice.next())["text"]) == 5_000_000
    assert (await alice.next())["number"] == 1


async def test_a_burst_of_five_thousand_comes_whole_and_in_order(gateway, device):
    """Through a drop of the socket in the middle, too."""
    alice = await device("alice")
    await push(gateway, *range(5000))
    assert [(await alice.next())["number"] for _ in range(5000)] == list(range(5000))


async def test_one_socket_that_does_not_read_does_not_hold_up_others(gateway, device):
    """Backpressure is each channel's own."""
    _, bob = await device("alice"), await device("bob")
    for _ in range(40):
        await gateway.notify(user="alice@example.com", message={"eventType": "big", "text": "x" * 1_000_000})
    await push(gateway, 1, user="bob@example.com")
    assert (await bob.next())["number"] == 1
