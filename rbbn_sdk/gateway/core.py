"""The parts of a gateway, put together."""

import asyncio
from collections import deque
from collections.abc import Iterable

from attrs import define, field

from rbbn_sdk.gateway.accounts import Account, Directory
from rbbn_sdk.gateway.auth import Authenticator, Sessions
from rbbn_sdk.gateway.call_control import CallControl
from rbbn_sdk.gateway.faults import Faults
from rbbn_sdk.gateway.recording import RecordedRequest
from rbbn_sdk.gateway.subscriptions import Subscriptions
from rbbn_sdk.gateway.switchboard import Switchboard
from rbbn_sdk.gateway.timing import Timers, Timing

REQUESTS_KEPT = 10_000


@define(eq=False, kw_only=True)
class Core:
    """Everything that lives as long as one run of the gateway."""

    directory: Directory
    timing: Timing
    timers: Timers
    sessions: Sessions
    authenticator: Authenticator
    subscriptions: Subscriptions
    switchboard: Switchboard
    call_control: CallControl
    faults: Faults = field(factory=Faults)
    requests: deque[RecordedRequest] = field(factory=lambda: deque(maxlen=REQUESTS_KEPT))
    progress: asyncio.Event = field(factory=asyncio.Event)
    """Set when a request came or was answered; each time there is a new one."""

    def note_request(self) -> None:
        progress, self.progress = self.progress, asyncio.Event()
        progress.set()

    @classmethod
    def of(cls, accounts: Iterable[Account], timing: Timing) -> "Core":
        directory, timers, sessions = Directory(tuple(accounts)), Timers(), Sessions()
        subscriptions = Subscriptions(timing, timers)
        switchboard = Switchboard(directory, subscriptions, timing, timers)
        return cls(
            directory=directory,
            timing=timing,
            timers=timers,
            sessions=sessions,
            authenticator=Authenticator(directory, sessions),
            subscriptions=subscriptions,
            switchboard=switchboard,
            call_control=CallControl(switchboard, timing, timers),
        )
