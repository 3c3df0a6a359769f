"""How a port's methods get the names under which they are found, recorded and logged."""

from collections.abc import Callable
from typing import TypeVar

_C = TypeVar("_C", bound=type)

_ATTRIBUTE = "__port_method__"


def port(name: str) -> Callable[[_C], _C]:
    """Class decorator of a port's `Protocol`: its public method `renew` is called `<name>.renew`.

    An effect names the method (`fx.call(Rest.renew, ...)`); the runner finds the adapter by the name.
    """

    def name_methods(protocol: _C) -> _C:
        for attribute, method in vars(protocol).items():
            if callable(method) and not attribute.startswith("_"):
                setattr(method, _ATTRIBUTE, f"{name}.{attribute}")
        return protocol

    return name_methods


def port_method_name(method: object) -> str:
    """The name of a port's method; a `TypeError` for anything else."""
    name = getattr(method, _ATTRIBUTE, None)
    if not isinstance(name, str):
        msg = f"{method!r} is not a method of a port: a port is a Protocol class decorated with @port(name)"
        raise TypeError(msg)
    return name
