"""Reading calls: identical objects, and a cost that does not grow with the number of calls."""

import sys

from pyrsistent import pmap, pvector

from rbbn_sdk.actions.call import MediaConnectionChanged
from rbbn_sdk.engine import Store, evolve
from rbbn_sdk.ports import IceServer, PeerConfig, Subscription, TurnCredentials
from rbbn_sdk.reducers.call import CallObject, Calls, calls
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.subscription import subscription
from rbbn_sdk.selectors.call import all_calls, call_by_id, call_of_session, peer_config, turn_urls
from rbbn_sdk.types import CallId, JsonText, SecretRef, SessionId
from rbbn_sdk.types.call import CallDirection, CallState, MediaConnectionState
from rbbn_sdk.types.options import CallOptions, IceServerOption, Options, PeerOptions


def many(count: int) -> Store:
    ids = [CallId(f"c-{number}") for number in range(count)]
    known = {call_id: a_call(call_id) for call_id in ids}
    sessions = {SessionId(f"s of {call_id}"): call_id for call_id in ids}
    return Store((calls,), initial={calls: Calls(by_id=pmap(known), order=pvector(ids), by_session=pmap(sessions))})


def a_call(call_id: CallId) -> CallObject:
    return CallObject(
        id=call_id, direction=CallDirection.INCOMING, state=CallState.CONNECTED, from_="b@ex.org", to="a@ex.org"
    )


def test_the_same_call_is_the_identical_object_until_it_changes():
    """An application may compare by identity, and nothing is copied."""
    store = many(3)
    first = [call_by_id(store.state, CallId(f"c-{number}")) for number in range(3)]
    store.dispatch(MediaConnectionChanged(call_id=CallId("c-1"), state=MediaConnectionState.CONNECTED))
    second = [call_by_id(store.state, CallId(f"c-{number}")) for number in range(3)]
    assert [now is was for now, was in zip(second, first, strict=True)] == [True, False, True]
    assert all_calls(store.state) is all_calls(store.state)
    assert [call.id for call in all_calls(store.state)] == ["c-0", "c-1", "c-2"]


def _steps(store: Store) -> int:
    """Function calls that one change and three look-ups make."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        store.dispatch(MediaConnectionChanged(call_id=CallId("c-5"), state=MediaConnectionState.CONNECTED))
        call_by_id(store.state, CallId("c-5"))
        call_of_session(store.state, SessionId("s of c-7"))
    finally:
        sys.setprofile(None)
    return count


def test_one_call_among_ten_thousand_costs_what_it_costs_among_ten():
    """Counted in function calls, which do not depend on the machine: a persistent map adds only a few."""
    few, lots = _steps(many(10)), _steps(many(10_000))
    assert lots <= few + 60


def test_a_call_reads_as_a_mapping_by_the_documented_keys():
    """What is not known is not there."""
    call = a_call(CallId("c-1"))
    assert call["from"] == "b@ex.org"
    assert call["localHold"] is False
    assert "startTime" not in call
    assert set(call) >= {"id", "direction", "state", "to", "remoteParticipant", "localTracks", "currentOperations"}


TURN = TurnCredentials(username=SecretRef(id="u", kind="turn"), password=SecretRef(id="p", kind="turn"))


def peer_of(*, wanted: bool, servers: tuple[IceServerOption, ...]) -> PeerConfig:
    options = CallOptions(server_turn_credentials=wanted, default_peer_config=PeerOptions(ice_servers=servers))
    given = Subscription(path="/s", service=("call",), expires=60, turn=TURN, params=JsonText("{}"))
    known = evolve(subscription.initial, current=given, turn=TURN)
    store = Store((config, subscription), initial={config: Options(call=options), subscription: known})
    return peer_config(store.state)


def test_the_gateways_turn_credentials_go_to_every_server():
    """In place of the application's, STUN included (`call-media` 2.2)."""
    servers = (IceServerOption(urls=("stun:s.example",)), IceServerOption(urls=("turns:t.example",), username="me"))
    for server in peer_of(wanted=True, servers=servers).ice_servers:
        assert (server.username, server.credential) == (TURN.username, TURN.password)
    assert [server.username for server in peer_of(wanted=False, servers=servers).ice_servers] == [None, "me"]


def test_turn_urls_are_counted_one_by_one():
    """The built-in ICE check wants as many relays."""
    servers = (IceServer(urls=("turn:a", "turns:b", "stun:c")), IceServer(urls=("turn:d",)))
    assert turn_urls(PeerConfig(ice_servers=servers)) == 3
