"""Every subscribe and unsubscribe ends exactly once, whatever the ports do and whenever the client is destroyed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rbbn_sdk.actions.auth import SetCredentials
from rbbn_sdk.actions.connectivity import ResetConnection
from rbbn_sdk.actions.subscription import Subscribe, Unsubscribe
from rbbn_sdk.engine import Fact, Later
from rbbn_sdk.errors import RequestRefused, RequestTimedOut, SocketRefused
from rbbn_sdk.ports import Server
from rbbn_sdk.selectors.connectivity import is_connected
from rbbn_sdk.selectors.subscription import is_pending, subscribed_services
from rbbn_sdk.testing.connection import ConnectionBench, granted
from rbbn_sdk.types import RequestId, RestFailure, SecretRef


def refused(status, number, retry_after=None):
    failure = RestFailure(
        http_status=status,
        status_code=number,
        wrapper="subscribeResponse",
        has_body=True,
        retry_after=retry_after,
        unauthorized=status == 401,
    )
    return RequestRefused("refused", code=status, failure=failure)


failures = st.sampled_from(
    [refused(403, 4), refused(404, 39), refused(401, 4), refused(503, 503, 5000), RequestTimedOut("late")]
)
answers = st.one_of(
    failures,
    st.sampled_from([granted("call"), granted(), granted("call", "IM", path="/other"), None]),
    st.just("hang"),
)
NOTICES = [
    f'{{"notificationMessage":{{"eventType":"{kind}","eventId":"{number}"}}}}'
    for number, kind in enumerate(["gone", "websocketOverridden", "custom"])
]
steps = st.one_of(
    st.tuples(st.just("subscribe"), st.lists(st.sampled_from(["call", "IM"]), max_size=2)),
    st.tuples(st.just("unsubscribe"), st.lists(st.sampled_from(["call", "IM"]), max_size=2)),
    st.tuples(st.just("time"), st.sampled_from([0.0, 1.0, 6.0, 40.0, 2000.0])),
    st.tuples(st.just("drop"), st.sampled_from([1000, 1001, 1006])),
    st.tuples(st.just("push"), st.sampled_from([*NOTICES, "garbage"])),
    st.tuples(st.just("post"), answers),
    st.tuples(st.just("put"), answers),
    st.tuples(st.just("delete"), answers),
    st.tuples(st.just("socket"), st.sampled_from([None, SocketRefused("no"), "hang"])),
    st.tuples(st.just("user"), st.sampled_from(["ann@ex.org", "bob@ex.org"])),
    st.tuples(st.just("reset"), st.none()),
)
SCRIPTED = {"post": "subscribe", "put": "update_subscription", "delete": "unsubscribe"}


class Machine(ConnectionBench):
    """Plays steps and keeps the handles."""

    def __init__(self) -> None:
        super().__init__()
        self.slots = []
        self.hanging = []

    def play(self, name, value) -> None:
        if name in ("subscribe", "unsubscribe"):
            kind = Subscribe if name == "subscribe" else Unsubscribe
            request = kind(
                request_id=RequestId(f"r{len(self.slots)}"),
                services=tuple(value),
                username="ann@ex.org",
                start_time=0,
            )
            self.slots.append(self.store.request(request))
        elif name == "time":
            self.pass_time(value)
        elif name in SCRIPTED:
            self.rest.will(SCRIPTED[name], self.answer(value, name))
        elif name == "socket":
            self.socket.script.append(value)
        elif name == "user":
            self.dispatch(
                SetCredentials(
                    server=Server(base="s", port=1), username=value, bearer=SecretRef(id=value, kind="bearer")
                )
            )
        elif name == "reset":
            self.dispatch(ResetConnection())
        elif is_connected(self.state):
            (self.drop if name == "drop" else self.push)(value)
        self.scheduler.run_turns()

    def answer(self, value, name):
        if value == "hang":
            self.hanging.append(Later())
            return self.hanging[-1]
        return granted("call") if value is None and name != "delete" else value

    def let_go(self) -> None:
        """What hung ends as the REST time-out ends it."""
        for _ in range(50):
            hanging, self.hanging = self.hanging, []
            for later in hanging:
                later.set_error(RequestTimedOut("late"))
            self.pass_time(60)


def assert_ended_once(machine) -> None:
    for slot in machine.slots:
        assert slot.settled
    ends = [action.request_id for action in machine.actions if isinstance(action, Fact) and action.request_id]
    assert len(ends) == len(set(ends))
    assert [death.message for death in machine.deaths] == []


@settings(deadline=None)
@given(st.lists(steps, max_size=25))
def test_requests_end_and_the_state_tells_the_truth(sequence) -> None:
    """When nothing hangs any more, nothing is pending, and a subscription has a websocket, open or being opened."""
    machine = Machine()
    machine.play("user", "ann@ex.org")
    for step in sequence:
        machine.play(*step)
    machine.rest.script.clear()
    machine.socket.script.clear()
    machine.let_go()
    assert_ended_once(machine)
    assert not is_pending(machine.state)
    assert not subscribed_services(machine.state) or is_connected(machine.state)
    machine.destroy()


@settings(deadline=None)
@given(st.lists(steps, max_size=15))
def test_destroy_ends_every_request_and_closes_every_websocket(sequence) -> None:
    """At any moment."""
    machine = Machine()
    machine.play("user", "ann@ex.org")
    for step in sequence:
        machine.play(*step)
    machine.destroy()
    assert_ended_once(machine)
    still_open = list(machine.socket._frames)
    assert still_open == []
    assert machine.runner.destroyed
