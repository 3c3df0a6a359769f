"""`Objects` in memory, and how an application's functions are called."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, cast

from rbbn_sdk.errors import InvalidArgument, InvalidState, RbbnError
from rbbn_sdk.io.ice_check import check_arguments, read_check_answer
from rbbn_sdk.ports import IceCheckAnswer, IceCheckCall, SdpHandlerCall
from rbbn_sdk.types import ObjectRef

__all__ = ["KeptObjects"]


class KeptObjects:
    """Ids count up from `object-1` in each instance, so that a replayed session gets the same references."""

    __slots__ = ("_numbers", "_values")

    def __init__(self) -> None:
        self._numbers = count(1)
        self._values: dict[str, object] = {}

    def keep(self, value: object, kind: str, label: str = "") -> ObjectRef:
        """Keep an object under a new reference."""
        ref = ObjectRef(id=f"object-{next(self._numbers)}", kind=kind, label=label)
        self._values[ref.id] = value
        return ref

    def read(self, ref: ObjectRef) -> object:
        """The object. Raises `InvalidState` when it was freed."""
        if ref.id not in self._values:
            name = f"{ref.kind} {ref.label}".strip()
            msg = f"{ref.id} ({name}) is not kept: it was freed, or belongs to another client"
            raise InvalidState(msg)
        return self._values[ref.id]

    def free(self, ref: ObjectRef) -> None:
        """Forget an object; one that is forgotten already is ignored."""
        self._values.pop(ref.id, None)

    def close(self) -> None:
        """Forget all objects."""
        self._values.clear()

    def run_sdp_handler(self, ref: ObjectRef, call: SdpHandlerCall) -> str:
        """Run an SDP handler on the object form; the new description as text.

        Raises `RbbnError` when it raises, or returns what is no description.
        """
        from rbbn_sdk.sdp import from_object, to_object

        handler, name = self._function(ref), ref.label or ref.id
        try:
            changed = handler(to_object(call.sdp), _handler_info(call), to_object(call.original_sdp))
        except Exception as error:
            msg = f"the SDP handler {name} raised {type(error).__name__}: {error}"
            raise RbbnError(msg, code="call:1") from error
        if not isinstance(changed, Mapping):
            msg = f"the SDP handler {name} returned {_kind_of(changed)}, not the description"
            raise InvalidArgument(msg, code="call:7")
        try:
            return from_object(cast("Any", changed))
        except Exception as error:
            msg = f"the SDP handler {name} returned a description that cannot be written: {error}"
            raise InvalidArgument(msg, code="call:7") from error

    def run_ice_check(self, ref: ObjectRef, call: IceCheckCall) -> IceCheckAnswer:
        """Run an ICE collection check function.

        Raises `RbbnError` `call:1` when it raises and `call:7` when its answer is malformed (`call-media` 3.4).
        """
        check, name = self._function(ref), ref.label or ref.id
        try:
            answer = check(*check_arguments(call))
        except Exception as error:
            msg = f"the ICE collection check function {name} raised {type(error).__name__}: {error}"
            raise RbbnError(msg, code="call:1") from error
        return read_check_answer(answer, name)

    def _function(self, ref: ObjectRef) -> Callable[..., object]:
        value = self.read(ref)
        if not callable(value):
            msg = f"{ref.id} ({ref.kind}) is {_kind_of(value)}, and cannot be called"
            raise InvalidArgument(msg, code="call:7")
        return value

    def __repr__(self) -> str:
        return f"<KeptObjects, {len(self._values)} kept>"


def _handler_info(call: SdpHandlerCall) -> dict[str, object]:
    info: dict[str, object] = {
        "callId": str(call.call_id),
        "type": str(call.type),
        "step": str(call.step),
        "endpoint": str(call.endpoint),
    }
    if call.bandwidth is not None:
        info["bandwidth"] = json.loads(call.bandwidth)
    return info


def _kind_of(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
