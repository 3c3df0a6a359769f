"""Handles of operations, and the errors they raise."""

import asyncio
import gc

import pytest

from rbbn_sdk import errors
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.engine import Slot
from rbbn_sdk.errors import NETWORK_FAILURES, OperationFailed, RequestUnreachable, error_for
from rbbn_sdk.types import ErrorInfo


@pytest.fixture
def slot(words) -> Slot:
    return Slot(words.serve(request_id="r"))


def settle(slot, fact=None, error=None) -> None:
    for callback in slot.settle(fact, error):
        callback(fact)


@pytest.fixture
def succeed(slot, words):
    return lambda value: settle(slot, words.served(request_id="r", value=value))


async def awaited(operation):
    return await operation


async def test_it_gives_the_same_outcome_to_all_who_await_it_whenever_they_do(slot, succeed) -> None:
    """By two tasks, late, twice; the result is read once, when the operation ends."""
    read = []
    operation = Operation(slot, lambda fact: read.append(fact) or [fact.value])
    early = [asyncio.ensure_future(awaited(operation)) for _ in range(2)]
    await asyncio.sleep(0)
    assert not operation.done
    succeed(4)
    first, second = [await one for one in early]
    assert first == [4]
    assert first is second
    assert await operation is first
    assert await operation is first
    assert operation.done
    assert len(read) == 1


async def test_a_cancelled_await_disturbs_neither_the_operation_nor_others(slot, succeed) -> None:
    """Who gives up does so for himself."""
    operation = Operation(slot, lambda fact: fact.value)
    quitter, other = (asyncio.ensure_future(awaited(operation)) for _ in range(2))
    await asyncio.sleep(0)
    quitter.cancel()
    await asyncio.sleep(0)
    succeed(1)
    assert quitter.cancelled()
    assert await other == 1


async def test_a_failure_raises_its_typed_error_each_time(slot) -> None:
    """A new one, so that tracebacks do not pile up."""
    operation = Operation(slot, lambda fact: fact)
    settle(slot, error=ErrorInfo(code="call:7", message="destination: expected a text"))
    caught = []
    for _ in range(2):
        with pytest.raises(errors.InvalidArgument, match="destination") as raised:
            await operation
        caught.append(raised.value)
    assert caught[0] is not caught[1]
    assert caught[0].code == "call:7"


async def test_a_failure_that_nobody_awaits_warns_nobody(bench) -> None:
    """An event has told it. (Warnings are errors here.)"""
    bench.client.call.end("nothing")
    await asyncio.sleep(0)
    gc.collect()


async def test_an_end_without_a_result_is_a_failure(slot) -> None:
    """It must not hang, and not give None."""
    operation = Operation(slot, lambda fact: fact)
    settle(slot)
    with pytest.raises(OperationFailed):
        await operation


async def test_what_reading_the_result_raises_is_raised_where_it_is_awaited(slot, succeed) -> None:
    """Not in the middle of the delivery."""

    def read(_fact):
        raise LookupError("mine")

    operation = Operation(slot, read)
    succeed(1)
    for _ in range(2):
        with pytest.raises(LookupError):
            await operation


async def test_a_request_that_the_end_of_the_client_leaves_open_fails(bench) -> None:
    """Nothing that is awaited hangs."""
    bench.client.set_credentials(username="ann@example.org", password="p")
    handle = bench.client.request.fetch("/x")
    await bench.client.destroy()
    with pytest.raises(errors.RbbnError):
        await handle


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("call:3", errors.MediaError),
        ("call:4", errors.MediaError),
        ("call:5", errors.NotSupported),
        ("call:6", errors.InvalidState),
        ("call:7", errors.InvalidArgument),
        ("call:11", errors.SdpError),
        ("call:12", errors.InvalidState),
        ("call:2", errors.OperationFailed),
        ("webrtc:1", errors.InvalidArgument),
        ("webrtc:3", errors.InvalidState),
        ("subscription:1", errors.SocketError),
        ("subscription:2", errors.InvalidArgument),
        ("subscription:4", errors.InvalidState),
        ("authentication:1", errors.RequestRefused),
        ("authentication:3", errors.InvalidState),
        ("authentication:4", errors.OperationFailed),
        ("authentication:7", errors.InvalidState),
        ("authentication:13", errors.RequestRefused),
        ("TimeoutError", errors.RequestTimedOut),
        ("SyntaxError", errors.UnusableReply),
        (404, errors.OperationFailed),
        ("NO_CODE", errors.OperationFailed),
        ("mine", errors.OperationFailed),
    ],
)
def test_the_code_of_an_error_decides_its_class(code, kind) -> None:
    """So that an application can catch by kind; the code and the message are those of the event."""
    error = error_for(ErrorInfo(code=code, message="text"))
    assert type(error) is kind
    assert (error.code, error.message, error.info) == (code, "text", ErrorInfo(code=code, message="text"))


@pytest.mark.parametrize("code", NETWORK_FAILURES)
def test_the_name_of_a_network_failure_is_that_of_an_unreachable_server(code) -> None:
    """These are the names the REST adapter gives."""
    assert type(error_for(ErrorInfo(code=code))) is RequestUnreachable


def test_each_error_is_listed_and_belongs_to_the_tree() -> None:
    """Whoever catches `RbbnError` catches all."""
    listed = {getattr(errors, name) for name in errors.__all__}
    made = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.RbbnError)]
    assert set(made) <= listed
    assert all(issubclass(one, errors.RbbnError) for one in listed if isinstance(one, type))
