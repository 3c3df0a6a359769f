"""F51: thousands of calls come and go while they are looked at; nothing is computed twice or kept for ever."""

import gc
import weakref

import rbbn_sdk
from rbbn_sdk.actions.call import CallEnded, EndCause, IncomingCallReceived, MediaOffered, RemoteParticipant
from rbbn_sdk.engine import create_selector
from rbbn_sdk.reducers.call import CallObject, calls
from rbbn_sdk.selectors.call import all_calls, call_by_id
from rbbn_sdk.types import CallId, OperationId, SessionId

MANY = 600
CONFIG = {
    "authentication": {"server": {"base": "127.0.0.1"}},
    "subscription": {"websocket": {"server": "127.0.0.1"}},
    "logs": {"logLevel": "silent"},
}


def come(client, number: int) -> None:
    client.store.dispatch(
        IncomingCallReceived(
            call_id=CallId(f"c{number}"),
            operation_id=OperationId(f"o{number}"),
            session_id=SessionId(f"s{number}"),
            from_="alice@example.com",
            to="bob@example.com",
            remote_participant=RemoteParticipant(display_number="alice@example.com"),
            media_offered=MediaOffered(audio=True, video=False),
        )
    )


def go(client, number: int) -> None:
    client.store.dispatch(CallEnded(call_id=CallId(f"c{number}"), cause=EndCause.REMOTE, time=number))


async def test_f51_what_is_read_again_is_the_identical_object() -> None:
    """`get_by_id` until that call changes, `get_all` until any does, and selectors of an application."""
    async with rbbn_sdk.create(CONFIG) as client:
        for number in range(100):
            come(client, number)
        one, everything = client.call.get_by_id("c5"), client.call.get_all()
        mine = create_selector(all_calls, lambda known: [call.id for call in known])
        ids = client.store.select(mine)
        assert client.call.get_by_id("c5") is one
        assert client.call.get_all() is everything
        assert client.store.select(mine) is ids
        go(client, 7)
        assert client.call.get_by_id("c5") is one
        assert client.call.get_all() is not everything
        go(client, 5)
        assert client.call.get_by_id("c5") is not one


async def test_f51_selectors_of_ended_calls_and_old_states_can_be_collected() -> None:
    """A selector for each call, subscribed to while it lives."""
    async with rbbn_sdk.create(CONFIG) as client:
        selectors: list[weakref.ref] = []
        states: list[int] = []
        for number in range(MANY):
            come(client, number)
            call_id = CallId(f"c{number}")
            selector = create_selector(lambda state, call_id=call_id: call_by_id(state, call_id), lambda call: call)
            selectors.append(weakref.ref(selector))
            unsubscribe = client.store.subscribe(selector, lambda call: states.append(1) if call else None)
            client.call.get_by_id(f"c{number}")
            client.call.get_all()
            go(client, number)
            unsubscribe()
        del selector, unsubscribe
        gc.collect()
        assert [ref for ref in selectors if ref() is not None] == []
        assert len([1 for thing in gc.get_objects() if type(thing) is CallObject]) <= MANY + 100
        assert len([1 for thing in gc.get_objects() if type(thing) is type(calls(client.state))]) <= 20
        assert len(client.call.get_all()) == MANY
