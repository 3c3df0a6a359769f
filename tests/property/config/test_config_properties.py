"""What holds for every configuration, sensible or not."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.api.config_records import Keeper, Reader, plain
from rbbn_sdk.config import Configuration
from rbbn_sdk.config.checks import RESET
from rbbn_sdk.config.option import Section, options_of
from rbbn_sdk.config.reading import merged, read_configuration, read_update, with_defaults
from rbbn_sdk.engine import decode, encode
from rbbn_sdk.errors import ConfigurationError, InvalidArgument
from rbbn_sdk.io.objects import KeptObjects
from rbbn_sdk.io.secrets import KeptSecrets
from rbbn_sdk.types.options import Options

REQUIRED = {
    "authentication": {"server": {"base": "gateway.example.com"}},
    "subscription": {"websocket": {"server": "gateway.example.com"}},
}

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["none", "query", "turn:t.example?x=1", "keepAlive", "FULL", "debug", "https", "8443", "::1"])
    | st.sampled_from([len, print])
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


def _paths(kind: type[Section], keys: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all options and sections, of all other names of keys, and of a key that nobody knows."""
    for key in (*options_of(kind), *kind.ALIASES, *kind.FORMER, *kind.REMOVED, "extra"):
        yield (*keys, key)
    for key, opt in options_of(kind).items():
        if opt.section is not None:
            yield from _paths(opt.section, (*keys, key))


PATHS = [*_paths(Configuration), ("requests", "restTimeout"), ("authentication", "websocket", "port")]
ICE_SERVERS = st.lists(
    st.fixed_dictionaries({}, optional={"urls": JUNK, "username": JUNK, "credential": JUNK, "extra": JUNK}), max_size=2
)


def _built(entries: list[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    """Nested mappings with a value at each path; one that stands in the way of another is replaced."""
    built: dict[str, Any] = {}
    for keys, value in entries:
        inner = built
        for key in keys[:-1]:
            if not isinstance(inner.get(key), dict):
                inner[key] = {}
            inner = inner[key]
        inner[keys[-1]] = value
    return built


NAMESPACES = st.lists(st.tuples(st.sampled_from(PATHS), JUNK | ICE_SERVERS), max_size=6).map(_built)
CONFIGURATIONS = JUNK | NAMESPACES


def _keep(reading):
    secrets, objects = KeptSecrets(), KeptObjects()
    options = Keeper(secrets, objects).options(reading.values, reading.unknown)
    return options, Reader(secrets, objects)


def _usable(namespaces):
    """The same with what is required, in place of whatever stands there."""
    subscription = namespaces.get("subscription")
    kept = subscription if isinstance(subscription, dict) else {}
    authentication = namespaces.get("authentication")
    others = authentication if isinstance(authentication, dict) else {}
    return {
        **namespaces,
        "authentication": {**{k: v for k, v in others.items() if k != "websocket"}, **REQUIRED["authentication"]},
        "subscription": {**kept, **REQUIRED["subscription"]},
    }


@given(CONFIGURATIONS)
def test_any_configuration_is_read_or_refused_and_never_changed(value):
    """Whatever an application writes, it gets a client or a `ConfigurationError`, and keeps what it wrote."""
    before = repr(value)
    with suppress(ConfigurationError):
        read_configuration(value)
    assert repr(value) == before


@given(CONFIGURATIONS)
def test_any_update_is_read_or_refused_and_never_changed(value):
    """The same for a running client."""
    before = repr(value)
    with suppress(InvalidArgument):
        read_update(value)
    assert repr(value) == before


@given(NAMESPACES.map(_usable))
def test_what_is_kept_comes_back_as_it_was_understood(namespaces):
    """Through references and records and out again; and reading that once more changes nothing."""
    try:
        reading = read_configuration(namespaces)
    except ConfigurationError:
        return
    options, reader = _keep(reading)
    assert decode(encode(options), Options) == options
    assert plain(reader.values(options)) == plain(reading.values)
    again = read_configuration(plain(reading.values))
    assert plain(again.values) == plain(reading.values)


@given(NAMESPACES.map(_usable), NAMESPACES)
def test_any_update_of_any_configuration_can_be_kept(namespaces, update):
    """No values that were checked can make a record that does not fit."""
    try:
        reading = read_configuration(namespaces)
    except ConfigurationError:
        return
    changes = read_update(update)
    values = with_defaults(merged(reading.values, changes.values))
    secrets, objects = KeptSecrets(), KeptObjects()
    options = Keeper(secrets, objects).options(values, changes.unknown)
    assert plain(Reader(secrets, objects).values(options)) == plain(values)


VALUES = st.recursive(
    st.integers(),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
TREES = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(TREES)
def test_merging_nothing_or_the_same_changes_nothing(tree):
    """Identity and idempotence."""
    assert merged(tree, {}) == tree
    assert merged(tree, tree) == tree
    assert merged({}, tree) == tree


@given(TREES, TREES)
def test_a_merge_has_the_keys_of_both_and_the_values_of_the_later(one, other):
    """And leaves both as they were."""
    before = copy.deepcopy((one, other))
    result = merged(one, other)
    assert result.keys() == one.keys() | other.keys()
    assert all(result[key] == other[key] for key in other if not isinstance(other[key], dict))
    assert (one, other) == before


@given(TREES, st.sampled_from("abc"))
def test_a_reset_takes_a_key_away(tree, key):
    """Whether it was there or not."""
    assert key not in merged(tree, {key: RESET})
