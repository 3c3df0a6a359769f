"""What an application adds to a client: its own state, events and sagas in the same store."""

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from typing import Any, Final, cast

from attrs import field, frozen

from rbbn_sdk.engine import Action, Derivations, Slice, State
from rbbn_sdk.errors import InvalidArgument

Saga = Callable[[], Coroutine[Any, Any, Any]]


@frozen(kw_only=True, eq=False)
class Extension:
    """Given to `create(config, extensions=[...])`. Names of slices, actions and ports must not be claimed twice."""

    slices: tuple[Slice[Any], ...] = ()
    derivations: tuple[Derivations, ...] = ()
    """How events follow from actions; they come after the client's own."""
    sagas: tuple[Saga, ...] = ()
    """Run from the start of the client to its end."""
    filters: tuple[Callable[[Action, State], Action | None], ...] = ()
    """Called before reducing; one may replace an action or, with None, drop it."""
    taps: tuple[Callable[[Action, State, State], None], ...] = ()
    """Called after reducing with the states before and after."""
    ports: Mapping[str, object] = field(factory=dict[str, object])
    """Adapters by port name: of ports of its own, or in place of the client's. Whoever gives them closes them."""


def combined(extensions: object) -> Extension:
    """All extensions as one, in their order. Raises `InvalidArgument`, which names what cannot be used."""
    if isinstance(extensions, (str, bytes)) or not isinstance(extensions, Iterable):
        raise _expected("extensions", "a list of Extensions", extensions)
    given = tuple(cast("Iterable[object]", extensions))
    checked = [_checked(f"extensions[{place}]", extension) for place, extension in enumerate(given)]
    return Extension(
        **{name: tuple(item for extension in checked for item in getattr(extension, name)) for name in _ITEMS},
        ports=dict(_ports(checked)),
    )


def _checked(where: str, extension: object) -> Extension:
    if not isinstance(extension, Extension):
        raise _expected(where, "an Extension", extension)
    for name, (is_right, accepted) in _ITEMS.items():
        items: object = getattr(extension, name)
        if not isinstance(items, (tuple, list)):
            raise _expected(f"{where}.{name}", "a tuple", items)
        for place, item in enumerate(cast("tuple[object, ...]", items)):
            if not is_right(item):
                raise _expected(f"{where}.{name}[{place}]", accepted, item)
    if not _are_ports(extension.ports):
        raise _expected(f"{where}.ports", "a mapping of adapters by port name", extension.ports)
    return extension


def _are_ports(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(name, str) for name in cast("Mapping[object, Any]", value))


def _ports(extensions: Iterable[Extension]) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    for extension in extensions:
        for name, adapter in extension.ports.items():
            if name in seen:
                msg = f"extensions: the port {name!r} is given by two extensions"
                raise InvalidArgument(msg)
            seen.add(name)
            yield name, adapter


def _expected(where: str, accepted: str, value: object) -> InvalidArgument:
    return InvalidArgument(f"{where}: expected {accepted}, got {value!r}")


_ITEMS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "slices": (lambda item: isinstance(item, Slice), "a Slice"),
    "derivations": (lambda item: isinstance(item, Derivations), "a Derivations"),
    "sagas": (callable, "an `async def` function without parameters"),
    "filters": (callable, "a function (action, state) that returns the action, another one or None"),
    "taps": (callable, "a function (action, before, after)"),
}
