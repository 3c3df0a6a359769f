"""Names: what is documented is there in both spellings, and what is there does what its documentation says."""

import inspect

import pytest

from rbbn_sdk.client import Client
from rbbn_sdk.types import documented_key

DOCUMENTED = {
    "": "getVersion destroy getConfig updateConfig on off subscribe unsubscribe getUserInfo setCredentials",
    "call": "make answer reject ignore end getAll getById sendRingingFeedback resync",
    "connection": "getSocketState enableConnectivityChecking resetConnection",
    "logger": "setLevel getLevel getTypes setHandler",
    "media": "getDevices getById getTrackById renderTracks removeTracks",
    "notification": "process",
    "request": "fetch",
    "services": "subscribe unsubscribe getSubscriptions",
}
"""The functions of the vendor's client that this one has, by namespace."""

CONSTANTS = {
    "call.states": {"INITIATED": "Initiated", "EARLY_MEDIA": "Early Media", "ON_HOLD": "On Hold", "ENDED": "Ended"},
    "call.mediaConnectionStates": {"NEW": "new", "COMPLETED": "completed", "CLOSED": "closed"},
    "services.changeReasons": {"GONE": "GONE", "LOST_CONNECTION": "LOST_CONNECTION", "WS_OVERRIDDEN": "WS_OVERRIDDEN"},
}

OURS = {
    "": "events run_threadsafe signal state store wait_for media call connection logger notification request services",
    "call": "answered",
    "logger": "use_handler use_level",
}
"""What only this SDK has."""

FUNCTIONS = [(space, name) for space, names in DOCUMENTED.items() for name in names.split()]


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def namespace(client: Client, space: str) -> object:
    return client if not space else getattr(client, space)


@pytest.mark.parametrize(("space", "name"), FUNCTIONS)
async def test_a_documented_function_works_in_both_spellings(bench, space, name) -> None:
    """Programs and documentation written for the JavaScript SDK carry over."""
    owner = type(namespace(bench.client, space))
    assert getattr(owner, name) is getattr(owner, snake(name))
    assert documented_key(snake(name)) == name


@pytest.mark.parametrize("constant", CONSTANTS)
async def test_a_documented_constant_is_there_in_both_spellings(bench, constant) -> None:
    """With the documented values, which compare as texts."""
    space, name = constant.split(".")
    owner = namespace(bench.client, space)
    assert getattr(owner, name) is getattr(owner, snake(name))
    for member, value in CONSTANTS[constant].items():
        assert getattr(owner, name)[member] == value


async def test_the_levels_of_logs_are_documented_constants(bench) -> None:
    """In lower case, as they are given."""
    assert bench.client.logger.levels["DEBUG"] == "debug"


def public(owner: object) -> set[str]:
    names = {name for name in dir(type(owner)) if not name.startswith("_")} | set(vars(owner))
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("space", DOCUMENTED)
async def test_nothing_else_is_public(bench, space) -> None:
    """What is there by accident would have to stay for ever."""
    owner = namespace(bench.client, space)
    names = DOCUMENTED[space].split()
    constants = [constant.split(".")[1] for constant in CONSTANTS if constant.startswith(f"{space}.")]
    expected = {*names, *map(snake, names), *constants, *map(snake, constants), *OURS.get(space, "").split()}
    assert public(owner) - expected == ({"levels"} if space == "logger" else set())
    assert expected - public(owner) == set()


@pytest.mark.parametrize("space", DOCUMENTED)
async def test_what_is_public_is_documented_and_does_something(bench, space) -> None:
    """Each function has words for it, and a body that is more than a constant or nothing."""
    owner = type(namespace(bench.client, space))
    for name, function in inspect.getmembers(owner, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.getdoc(function), name
            assert function.__code__.co_names, name
