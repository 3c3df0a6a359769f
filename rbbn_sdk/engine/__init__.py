"""The engine: a store of immutable state, and sagas. It knows nothing of telephony.

`rbbn_sdk.engine.aio` runs it on asyncio.
"""

from rbbn_sdk.engine import fx
from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.channel import Channel
from rbbn_sdk.engine.codec import decode, decode_action, digest, encode, encode_action
from rbbn_sdk.engine.derivation import Derivations
from rbbn_sdk.engine.effects import Effect, LogLine
from rbbn_sdk.engine.errors import (
    ChannelClosed,
    ChannelOverflow,
    NotAnEffect,
    PortCancelled,
    PortMissing,
    SagaCancelled,
)
from rbbn_sdk.engine.evolve import evolve
from rbbn_sdk.engine.items import item_of, with_item
from rbbn_sdk.engine.journal import Dispatched, Ended, Put, Record
from rbbn_sdk.engine.problem import EngineProblem, ProblemKind
from rbbn_sdk.engine.registry import action_class, registered_actions
from rbbn_sdk.engine.request import Fact, Request, Slot
from rbbn_sdk.engine.runner import Destroy, Runner, SagaDeath
from rbbn_sdk.engine.scheduler import PortCall, Scheduler
from rbbn_sdk.engine.selector import Selector, create_selector
from rbbn_sdk.engine.slice import Slice
from rbbn_sdk.engine.state import State
from rbbn_sdk.engine.store import Store
from rbbn_sdk.engine.task import Task
from rbbn_sdk.engine.testing import NEVER, Ran, run_saga
from rbbn_sdk.engine.virtual import Later, ManualScheduler, VirtualScheduler
from rbbn_sdk.types import NO_REQUEST, ErrorInfo, RequestId, port

__all__ = [
    "NEVER",
    "NO_REQUEST",
    "Action",
    "Channel",
    "ChannelClosed",
    "ChannelOverflow",
    "Derivations",
    "Destroy",
    "Dispatched",
    "Effect",
    "Ended",
    "EngineProblem",
    "ErrorInfo",
    "Fact",
    "Later",
    "LogLine",
    "ManualScheduler",
    "NotAnEffect",
    "PortCall",
    "PortCancelled",
    "PortMissing",
    "ProblemKind",
    "Put",
    "Ran",
    "Record",
    "Request",
    "RequestId",
    "Runner",
    "SagaCancelled",
    "SagaDeath",
    "Scheduler",
    "Selector",
    "Slice",
    "Slot",
    "State",
    "Store",
    "Task",
    "VirtualScheduler",
    "action_class",
    "create_selector",
    "decode",
    "decode_action",
    "digest",
    "encode",
    "encode_action",
    "evolve",
    "fx",
    "item_of",
    "port",
    "registered_actions",
    "run_saga",
    "with_item",
]
