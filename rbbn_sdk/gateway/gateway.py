"""`Gateway`: the development gateway as an async context manager."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import attrs
from starlette.types import Scope

from rbbn_sdk.errors import InvalidArgument, InvalidState
from rbbn_sdk.gateway.accounts import DEMO_ACCOUNTS, Account, Directory
from rbbn_sdk.gateway.app import Application
from rbbn_sdk.gateway.channels import close_socket
from rbbn_sdk.gateway.control import ControlApp
from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.faults import Body, Fault, path_pattern, user_of
from rbbn_sdk.gateway.notifications import frame
from rbbn_sdk.gateway.recording import RecordedRequest
from rbbn_sdk.gateway.server import Server, listen, make_server
from rbbn_sdk.gateway.timing import Timing
from rbbn_sdk.gateway.tls import Certificates

ABNORMAL = 1006
CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, ABNORMAL, *range(1007, 1015), *range(3000, 5000)})
"""Those that a close frame may carry (RFC 6455 7.4), and the one that says that there was none."""


class Gateway:
    """A gateway on a port of this machine, in the loop that starts it.

    async with Gateway() as gateway:
        client = create(gateway.config_for("alice@example.com"))
        client.set_credentials(**gateway.credentials_for("alice@example.com"))

    Without `accounts` there are the three of `DEMO_ACCOUNTS`. With `tls` the port serves https and wss, and plain
    connections too. `control` opens the operations below to other processes on this machine; as methods they
    always work.
    """

    def __init__(
        self,
        accounts: Iterable[Account] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = False,
        control: bool = False,
        timing: Timing | None = None,
        no_answer_timeout: float | None = None,
        first_audit_timeout: float | None = None,
        expiry_grace: float | None = None,
    ) -> None:
        self.accounts = tuple(DEMO_ACCOUNTS if accounts is None else accounts)
        self._directory = Directory(self.accounts)
        self.host = host
        self.port = port
        """The real one once it runs."""
        self._tls = tls
        self._with_control = control
        given = {
            "no_answer_timeout": no_answer_timeout,
            "first_audit_timeout": first_audit_timeout,
            "expiry_grace": expiry_grace,
        }
        changed = {name: seconds for name, seconds in given.items() if seconds is not None}
        self._timing = attrs.evolve(timing or Timing(), **changed)
        self._core: Core | None = None
        self._server: Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._certificates: Certificates | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; everybody is unknown yet."""
        if self._task is not None:
            raise InvalidState("the gateway runs already")
        listener = listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        self._core = core = Core.of(self.accounts, self._timing)
        self._certificates = await asyncio.to_thread(Certificates, self.host) if self._tls else None
        app = Application(core, ControlApp(self) if self._with_control else None, self._cut)
        server = make_server(app, self._certificates.server if self._certificates else None)
        self._server = server
        self._task = asyncio.get_running_loop().create_task(server.serve([listener]))
        ready = asyncio.ensure_future(server.ready.wait())
        await asyncio.wait((self._task, ready), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        self._sweep(core)

    async def stop(self) -> None:
        """Close everything; websockets get code 1012, which makes clients come back."""
        task, self._task = self._task, None
        if task is None or self._server is None or self._core is None:
            return
        self._core.faults.stopping.set()
        await self._core.timers.close()
        self._server.stop.set()
        await task
        await self._core.timers.close()
        if self._certificates is not None:
            await asyncio.to_thread(self._certificates.remove)

    def _cut(self, scope: Scope) -> None:
        if self._server is not None:
            self._server.cut(scope)

    def _sweep(self, core: Core) -> None:
        core.switchboard.sweep()
        core.timers.later(self._timing.abandoned / 4, lambda: self._sweep(core))

    def __repr__(self) -> str:
        return f"<Gateway {self.base_url if self._core is not None else 'not running'}>"

    # -- what a test or a person wants to know ---------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:8580`, or `https` with TLS."""
        host = f"[{self._reachable}]" if ":" in self._reachable else self._reachable
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"

    @property
    def ca_file(self) -> Path | None:
        """PEM file of the authority that clients have to trust; None without TLS."""
        return None if self._certificates is None else self._certificates.authority

    @property
    def requests(self) -> list[RecordedRequest]:
        """The latest REST requests, the oldest first."""
        return list(self._running.requests)

    def config_for(self, username: str) -> dict[str, Any]:
        """A client configuration for this gateway, without credentials."""
        self._account(username)
        web, socket = ("https", "wss") if self._tls else ("http", "ws")
        return {
            "authentication": {"server": {"protocol": web, "base": self._reachable, "port": self.port}},
            "subscription": {"websocket": {"protocol": socket, "server": self._reachable, "port": self.port}},
            "call": {"defaultPeerConfig": {"iceServers": []}},
        }

    def credentials_for(self, username: str, kind: str = "password") -> dict[str, str]:
        """Arguments for `set_credentials`: of the kind `password`, `authname`, `bearer` or `hmac`."""
        account = self._account(username)
        secrets = {
            "password": {"password": account.password},
            "authname": {"authname": account.authname, "password": account.password},
            "bearer": {"bearerAccessToken": account.bearer},
            "hmac": {"hmacToken": account.hmac},
        }
        if kind not in secrets:
            raise InvalidArgument(f"kind: {kind!r} is none of {', '.join(secrets)}")
        given = {name: value for name, value in secrets[kind].items() if value is not None}
        if len(given) < len(secrets[kind]):
            raise InvalidArgument(f"kind: {account.username} has no {kind}")
        return {"username": account.username, **given}

    async def wait_for_request(
        self,
        method: str,
        path: str = "*",
        *,
        user: str | None = None,
        count: int = 1,
        answered: bool = True,
        timeout: float = 30.0,
    ) -> RecordedRequest:
        """The `count`th request that matches (as in `fail`), once it has been answered, or come in.

        Raises `TimeoutError` when there is none in time.
        """
        core = self._running
        wanted = Fault(status=0, user=user, method=method, path=path_pattern(path))
        async with asyncio.timeout(timeout):
            while True:
                fitting = (one for one in core.requests if wanted.fits(one.method, one.path, user_of(one.path)))
                found = [one for one in fitting if one.status or not answered]
                if len(found) >= count:
                    return found[count - 1]
                await core.progress.wait()

    @property
    def _reachable(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)

    @property
    def _running(self) -> Core:
        if self._core is None:
            raise InvalidState("the gateway has not been started: use `async with Gateway() as gateway`")
        return self._core

    def _account(self, username: str) -> Account:
        account = self._directory.user(username)
        if account is None:
            known = ", ".join(account.username for account in self.accounts)
            raise InvalidArgument(f"user: no account {username!r}; there are {known}")
        return account

    # -- control ---------------------------------------------------------------------------------------------------

    async def notify(self, *, user: str, message: Mapping[str, Any]) -> int:
        """Push `{"notificationMessage": {eventId, time, ...message}}` to all channels of the user; says how many."""
        text = frame(message)
        subscriptions = list(self._running.subscriptions.of_user(self._account(user).username))
        for subscription in subscriptions:
            subscription.channel.push(text)
        return len(subscriptions)

    async def forget_subscriptions(self, *, user: str) -> int:
        """The next PUT of a subscription is answered 404 with statusCode 39; open sockets stay open."""
        return self._running.subscriptions.forget(self._account(user).username)

    async def forget_sessions(self, *, user: str) -> int:
        """The next audit of a call is answered 404 with statusCode 42; then the other side is told too."""
        return self._running.switchboard.legs.forget(self._account(user).username)

    async def fail_next(
        self,
        *,
        user: str,
        status: int,
        times: int | None = 1,
        body: Body = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> None:
        """Fail the user's next subscribe POSTs."""
        await self.fail(
            user=user, method="POST", path="^.*/subscription$", status=status, times=times, body=body, headers=headers
        )

    async def fail(
        self,
        *,
        status: int,
        user: str | None = None,
        method: str | None = None,
        path: str = "*",
        times: int | None = None,
        body: Body = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> None:
        """Answer requests that match with a failure, `times` times (0 or None: until `clear`).

        `path` is a glob for any part of the path, or a regular expression that starts with `^`; websocket upgrades
        match as GET. `body` is JSON, or text or bytes to be sent as they are. A header None is left out. Status 0 cuts
        the connection.
        """
        username = None if user is None else self._account(user).username
        self._running.faults.fail(
            user=username, method=method, path=path, status=status, times=times, body=body, headers=headers
        )

    async def delay(self, *, seconds: float, user: str | None = None, path: str = "*") -> None:
        """Hold back the answers to requests that match; 0 ends it. The request itself is processed at once."""
        username = None if user is None else self._account(user).username
        self._running.faults.delay(user=username, path=path, seconds=seconds)

    async def clear(self, *, user: str | None = None) -> None:
        """End all failures and delays, or those ordered for one user."""
        self._running.faults.clear(None if user is None else self._account(user).username)

    async def drop_sockets(self, *, user: str, code: int = 1001) -> int:
        """Close the user's websockets; 1006 cuts the connection without a close frame. Says how many there were."""
        if code not in CLOSE_CODES:
            raise InvalidArgument(f"code: {code} cannot be sent in a close frame")
        found = [one.channel.detach() for one in self._running.subscriptions.of_user(self._account(user).username)]
        sockets = [socket for socket in found if socket is not None]
        for socket in sockets:
            if code == ABNORMAL:
                self._cut(socket.scope)
            else:
                await close_socket(socket, code)
        return len(sockets)
