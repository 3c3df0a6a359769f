"""Pings (6) and the switch for them (6.4)."""

from rbbn_sdk.actions.config import ConfigUpdated
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.config import config
from rbbn_sdk.selectors.connectivity import socket_state

PING = '{"message_type":"ping"}'


def configure(client, **connectivity) -> None:
    now = config(client.state)
    client.dispatch(ConfigUpdated(config=evolve(now, connectivity=evolve(now.connectivity, **connectivity))))


def test_a_ping_goes_out_every_interval_and_first_after_one(subscribed) -> None:
    """Exactly this text, for gateways look at it."""
    subscribed.pass_time(90)
    assert subscribed.socket.sent == [(30.0, PING), (60.0, PING), (90.0, PING)]


def test_checking_can_be_switched_off_and_on_at_once(subscribed) -> None:
    """And `pinging` follows."""
    configure(subscribed, check_connectivity=False)
    assert socket_state(subscribed.state).pinging is False
    subscribed.pass_time(100)
    assert subscribed.socket.sent == []
    configure(subscribed, check_connectivity=True)
    assert socket_state(subscribed.state).pinging is True
    subscribed.pass_time(30)
    assert subscribed.socket.sent == [(130.0, PING)]


def test_a_new_interval_counts_at_once_and_other_options_do_not_disturb(subscribed) -> None:
    """An application that updates its configuration often must not stop the pings."""
    configure(subscribed, ping_interval=10_000)
    for _ in range(6):
        subscribed.pass_time(4)
        configure(subscribed, reconnect_limit=int(subscribed.scheduler.now))
    assert [at for at, _ in subscribed.socket.sent] == [10.0, 20.0]


def test_a_ping_that_cannot_be_sent_is_a_loss_after_what_had_arrived_is_read(subscribed) -> None:
    """6.3."""
    subscribed.socket.broken = True
    subscribed.pass_time(30)
    subscribed.push('{"notificationMessage":{"eventType":"custom","eventId":"7"}}')
    subscribed.pass_time(1)
    assert subscribed.events == [
        "notification:received C call,IM",
        "ws:change call,IM",
        "ws:change call,IM",
        "ws:change C call,IM",
    ]


def test_no_ping_goes_to_a_websocket_that_was_closed(subscribed) -> None:
    """The timer ends with it."""
    subscribed.unsubscribe("call", "IM")
    subscribed.pass_time(100)
    assert subscribed.socket.sent == []
    assert socket_state(subscribed.state).pinging is False
