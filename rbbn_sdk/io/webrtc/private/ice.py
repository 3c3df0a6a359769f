"""ICE connections that tell each candidate, know several servers, wait for their start and end at once."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

import aioice.ice
from aioice import Candidate, Connection, TransportPolicy
from aioice.stun import Message, TransactionError
from attrs import define, field, frozen

GATHER_LIMIT = 10.0
"""Seconds after which servers that do not answer are given up, when nobody ended gathering before."""

CONSENT_INTERVAL = 2.0
"""Seconds between consent checks (RFC 7675 allows 4 to 6; more often notices a dead path sooner)."""

CONSENT_LIMIT = 30.0
"""Seconds without an answer after which consent is gone (RFC 7675, 5.1)."""

MAX_HELD = 100
"""Checks kept while they cannot be answered yet (RFC 8445, 14.3 limits pairs alike)."""

Address = tuple[str, int]
Found = tuple[Candidate, Any]


@frozen(kw_only=True)
class TurnServer:
    """One TURN server. Its `repr` hides the password."""

    address: Address
    username: str | None
    password: str | None = field(repr=False)
    tls: bool = False
    transport: str = "udp"


def _nothing() -> None:
    """Nobody listens."""


@define(kw_only=True)
class IcePlan:
    """How the connections of one peer gather and when they begin."""

    addresses: tuple[str, ...] | None = None
    """Local addresses to use; None is every interface."""
    stun: tuple[Address, ...] = ()
    turn: tuple[TurnServer, ...] = ()
    policy: str = "all"
    """`all`, `public` (no host candidates) or `relay`."""
    started: bool = False
    """Whether anything may be sent to the other side."""
    changed: Callable[[], None] = _nothing
    """Called when there is a new candidate or another gathering state."""

    @property
    def transport_policy(self) -> TransportPolicy:
        """Aioice's word for the policy."""
        return TransportPolicy.RELAY if self.policy == "relay" else TransportPolicy.ALL


class GatheringConnection(Connection):
    """aioice's connection, whose gathering returns with the host candidates and goes on in a task of its own."""

    def __init__(self, plan: IcePlan, **options: Any) -> None:
        super().__init__(transport_policy=plan.transport_policy, **options)
        self.gathering = "new"
        self.last_heard: float | None = None
        """When something came from the other side, by the monotonic clock."""
        self._plan = plan
        self._search: asyncio.Task[None] | None = None
        self._held: list[tuple[Message, Address, Any]] = []

    async def get_component_candidates(self, component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:
        """Publish host candidates; ask the servers in a task. Returns nothing, for all are published already."""
        self.gathering = "gathering"
        own = addresses if self._plan.addresses is None else list(self._plan.addresses)
        for address in [] if self._relayed_only else own:  # one by one: a cancelled call would forget open sockets
            for candidate in await super().get_component_candidates(component, [address], timeout):
                self._publish(candidate)
        self._search = asyncio.create_task(self._ask_servers(component), name="ICE gathering")
        if not self._plan.stun and not self._plan.turn:
            await self._search
        return []

    async def take_over(self, old: "GatheringConnection") -> None:
        """Go on with the sockets and candidates of a connection, which is closed."""
        await old.stop_search()
        self._protocols, old._protocols = old._protocols, []  # noqa: SLF001 - ours too
        for protocol in self._protocols:
            protocol.receiver = self
        self._local_candidates = old.local_candidates
        self._local_candidates_start = self._local_candidates_end = True
        self.gathering = old.gathering
        await old.close()

    @property
    def _relayed_only(self) -> bool:
        return self._plan.policy == "relay"

    def _publish(self, candidate: Candidate) -> None:
        known = any((c.host, c.port) == (candidate.host, candidate.port) for c in self._local_candidates)
        if known or (candidate.type == "host" and self._plan.policy == "public"):
            return  # a reflexive candidate that is its own base says nothing new (RFC 8445, 5.1.3)
        self._local_candidates.append(candidate)
        self._plan.changed()

    async def _ask_servers(self, component: int) -> None:
        requests = [asyncio.create_task(asked) for asked in self._requests(component)]
        pending = set(requests)
        end = time.monotonic() + GATHER_LIMIT
        try:
            while pending and (left := end - time.monotonic()) > 0:
                done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    self._take_found(task)
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
            self.gathering = "complete"
            self._plan.changed()

    def _requests(self, component: int) -> list[Coroutine[Any, Any, Found]]:
        own = () if self._relayed_only else self._protocols
        v4 = [protocol for protocol in own if ":" not in protocol.local_candidate.host]
        return [
            *(aioice.ice.server_reflexive_candidate(protocol, server) for protocol in v4 for server in self._plan.stun),
            *(self._relayed(component, server) for server in self._plan.turn),
        ]

    async def _relayed(self, component: int, server: TurnServer) -> Found:
        return await aioice.ice.relayed_candidate(
            component=component,
            hide_related_address=self._plan.policy != "all",
            protocol_factory=lambda: aioice.ice.StunProtocol(self),
            turn_server=server.address,
            turn_username=server.username,
            turn_password=server.password,
            turn_ssl=server.tls,
            turn_transport=server.transport,
        )

    def _take_found(self, task: asyncio.Task[Found]) -> None:
        if task.cancelled() or task.exception() is not None:
            return  # a server that does not answer, cannot be reached or refuses: the others may do
        candidate, protocol = task.result()
        if protocol is not None:
            self._protocols.append(protocol)
            self._pair_again()
        self._publish(candidate)

    def _pair_again(self) -> None:
        """Checks are under way already when a relay comes late."""
        if self._check_list:
            for remote in self._remote_candidates:
                self._pair_remote_candidate(remote)
            self.sort_check_list()

    async def stop_search(self) -> None:
        """End gathering now, with the candidates there are."""
        if self._search is not None and not self._search.done():
            self._search.cancel()
            await asyncio.wait([self._search])

    async def connect(self) -> None:
        """Check and nominate, with the candidates gathered so far."""
        await self.stop_search()
        self.release()
        await super().connect()

    def request_received(self, message: Message, addr: Address, protocol: Any) -> None:
        """Hold checks until the transport has started; not even an answer may be sent before.

        And until we know who the other side is: of several devices that answered, each sends checks, and whoever gets
        one answered begins with DTLS.
        """
        if self._plan.started and self.remote_username is not None:
            self.last_heard = time.monotonic()
            super().request_received(message, addr, protocol)
        elif len(self._held) < MAX_HELD:
            self._held.append((message, addr, protocol))

    def release(self) -> None:
        """Take in the checks that were held."""
        held, self._held = self._held, []
        for message, addr, protocol in held:
            self.request_received(message, addr, protocol)

    def data_received(self, data: bytes, component: int) -> None:
        """Note that the other side lives."""
        self.last_heard = time.monotonic()
        super().data_received(data, component)

    async def sendto(self, data: bytes, component: int) -> None:
        """Send; a socket that broke counts as a path that is down (asyncio would raise `AttributeError`)."""
        pair = self._nominated.get(component)
        if pair is None or _is_closing(pair.protocol.transport):
            raise ConnectionError("there is no path to the other side")
        await pair.protocol.send_data(data, pair.remote_addr)

    async def query_consent(self) -> None:
        """Ask for consent (RFC 7675) often enough to notice a dead path within seconds; close when it is gone."""
        heard = time.monotonic()
        while time.monotonic() - heard < CONSENT_LIMIT:
            await asyncio.sleep(CONSENT_INTERVAL * (0.8 + 0.4 * random.random()))  # noqa: S311 - spreads the checks
            if await self._has_consent():
                heard = self.last_heard = time.monotonic()
        self._query_consent_task = None
        await self.close()

    async def _has_consent(self) -> bool:
        pairs = list(self._nominated.values())
        for pair in pairs:
            if _is_closing(pair.protocol.transport):
                return False
            request = self.build_request(pair, nominate=False)
            key = (self.remote_password or "").encode()
            try:
                await pair.protocol.request(request, pair.remote_addr, integrity_key=key, retransmissions=0)
            except TransactionError:
                return False
        return bool(pairs)

    async def close(self) -> None:
        """Close, gathering included."""
        self._held.clear()
        await self.stop_search()
        await super().close()

    def abort(self) -> None:
        """Let go of the sockets without a word to anybody, when closing takes too long."""
        for protocol in list(self._protocols):
            _abort_transport(protocol.transport)
        if self._search is not None:
            self._search.cancel()
        for task in (self._query_consent_task, *(pair.task for pair in self._check_list)):
            if task is not None:
                task.cancel()


def _is_closing(transport: Any) -> bool:
    asked = getattr(transport, "is_closing", None)  # a TURN transport has no such method, and needs none
    return asked is not None and bool(asked())


def _abort_transport(transport: Any) -> None:
    inner = getattr(transport, "_TurnTransport__inner_protocol", None)
    if inner is None:
        transport.abort()
        return
    inner.transport.abort()
    closing = getattr(transport, "_TurnTransport__close_task", None)
    if closing is not None:
        closing.cancel()
