"""A STUN server that does not answer: the candidates that are there are sent when the time for more is over."""

import socket

import pytest

pytestmark = pytest.mark.media


@pytest.fixture
def dead_server():
    """A UDP port of this machine on which nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"stun:127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def closed_server():
    """A UDP port that is closed: the network says so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return f"stun:127.0.0.1:{port}"


def states_when_sent(phone, monkeypatch) -> list[str]:
    """The gathering state of each peer at the moment when its description was taken to be sent."""
    states: list[str] = []
    peers = phone.client._adapters.get("peers")
    take = peers.local_description

    async def look(peer_id):
        states.append(str((await peers.gathering(peer_id)).state))
        return await take(peer_id)

    monkeypatch.setattr(peers, "local_description", look)
    return states


@pytest.mark.parametrize("kind", ["dead", "closed"])
async def test_neither_side_waits_longer_than_the_maximum(
    kind, gateway, phone, connect, still_works, request, monkeypatch
) -> None:
    """Offer and answer go out while gathering still goes on, with the host candidates."""
    servers = {"iceServers": [{"urls": [request.getfixturevalue(f"{kind}_server")]}]}
    limits = {"iceCollectionIdealTimeout": 50, "iceCollectionMaxTimeout": 100, "defaultPeerConfig": servers}
    alice, bob = await phone(gateway, "alice", call=limits), await phone(gateway, "bob", call=limits)
    states = states_when_sent(alice, monkeypatch), states_when_sent(bob, monkeypatch)
    outgoing, incoming = await connect(alice, bob)
    assert states == (["gathering"], ["gathering"])
    await alice.hears(outgoing)
    await bob.hears(incoming)
    await alice.end(outgoing)
    await still_works(alice, bob)


async def test_the_applications_check_sees_what_there_is(gateway, phone, connect, dead_server) -> None:
    """It may start the call long before the server's time is over, with what was gathered."""
    seen: list[tuple[str, int]] = []

    def check(info, _limits):
        seen.append((info["iceGatheringState"], len(info["iceCandidates"])))
        return {"type": "StartCall"} if info["iceCandidates"] else {"type": "Wait"}

    servers = {"iceServers": [{"urls": [dead_server]}]}
    config = {"iceCollectionCheckFunction": check, "defaultPeerConfig": servers}
    alice, bob = await phone(gateway, "alice", call=config), await phone(gateway, "bob")
    outgoing, _ = await connect(alice, bob)
    assert seen[-1][0] == "gathering"
    assert seen[-1][1] >= 1
    await alice.hears(outgoing)
