"""The root of a store's state: one attribute for each slice."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

if TYPE_CHECKING:
    from rbbn_sdk.engine.slice import Slice


class State:
    """Base of the frozen root classes that stores make. Read a slice with the slice itself: `calls(state)`."""

    SLICES: ClassVar[tuple["Slice[Any]", ...]] = ()


def root_class(slices: Sequence["Slice[Any]"]) -> type[State]:
    """A frozen class with a field for each slice.

    Not slotted: the store makes the next root by copying `__dict__`, which costs the same for 20 slices as for 200.
    """
    by_name: dict[str, Slice[Any]] = {}
    for a_slice in slices:
        known = by_name.setdefault(a_slice.name, a_slice)
        if known is not a_slice:
            raise TypeError(
                f"the slice name {a_slice.name!r} is claimed twice: by {known!r} and by {a_slice!r}; rename one"
            )
    fields = {name: attrs.field() for name in by_name}
    made: type[State] = attrs.make_class("Root", fields, bases=(State,), frozen=True, slots=False, kw_only=True)
    made.SLICES = tuple(by_name.values())
    return made


def initial_state(root: type[State], given: Mapping["Slice[Any]", object]) -> State:
    """The first state: each slice's initial value, or the one given for it."""
    unknown = [a_slice.name for a_slice in given if a_slice not in root.SLICES]
    if unknown:
        raise LookupError(f"initial values for slices this store does not have: {', '.join(unknown)}")
    return root(**{a_slice.name: given.get(a_slice, a_slice.initial) for a_slice in root.SLICES})
