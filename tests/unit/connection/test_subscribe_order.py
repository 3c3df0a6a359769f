"""The documented orders of events around subscribing, with what the state says at each of them."""

from itertools import islice

import pytest

from rbbn_sdk.effects.connectivity.open import delays
from rbbn_sdk.engine import Later, evolve
from rbbn_sdk.errors import RequestRefused, RequestTimedOut, RequestUnreachable, SocketRefused
from rbbn_sdk.testing.connection import bench_options, granted
from rbbn_sdk.types import RestFailure
from rbbn_sdk.types.options import ConnectivityOptions, WebsocketOptions

BEGIN = "subscription:change P"


def refused(status, number=None, wrapper="subscribeResponse", **more):
    failure = RestFailure(http_status=status, status_code=number, wrapper=wrapper, has_body=True, **more)
    return RequestRefused("refused", code=status, failure=failure)


def test_a_subscribe_tells_its_beginning_its_websocket_and_its_end(client) -> None:
    """7.1: the list is filled only at the end, when the websocket is open."""
    slot = client.subscribe("call", "IM")
    assert client.events == [BEGIN, "ws:change P", "ws:change P C", "subscription:change C call,IM"]
    assert slot.settled
    assert slot.error is None


def test_a_part_of_the_services_is_a_success(client) -> None:
    """Only the granted list differs; even none granted is a success."""
    client.rest.will("subscribe", granted())
    slot = client.subscribe("call")
    assert client.events[-1] == "subscription:change C"
    assert slot.error is None


def test_a_refused_subscribe_is_an_error_after_the_beginning(client) -> None:
    """7.2."""
    client.rest.will("subscribe", refused(403, 37))
    slot = client.subscribe("nonsense")
    assert client.events == [BEGIN, "subscription:error(authentication:4)"]
    assert slot.error.message.endswith("Status Code: 37.")


def test_bad_credentials_are_told_as_request_error_first(client) -> None:
    """Applications ask for a password there, before they hear that the subscribe failed."""
    client.rest.will("subscribe", refused(403, 4, unauthorized=True))
    client.subscribe("call")
    assert client.events == [BEGIN, "request:error(authentication:1) P", "subscription:error(authentication:4)"]


def test_no_network_and_no_answer_are_told_in_the_error(client) -> None:
    """5.6: no request:error, for nobody refused the credentials."""
    client.rest.will("subscribe", RequestUnreachable("no route"), RequestTimedOut("no answer within 30000 ms"))
    assert "no route" in client.subscribe("call").error.message
    assert "no answer" in client.subscribe("call").error.message
    assert client.events == [BEGIN, "subscription:error(authentication:4)"] * 2


def test_without_a_user_there_is_only_the_error(client) -> None:
    """5.3: nothing begins."""
    client.subscribe("call", username="")
    client.unsubscribe("call", username="")
    assert client.events == ["subscription:error(subscription:4)"] * 2
    assert client.rest.calls == []


def test_an_empty_list_is_refused_after_the_beginning(client) -> None:
    """7.4: bad arguments."""
    client.subscribe()
    client.unsubscribe()
    assert client.events == [BEGIN, "subscription:error(subscription:2)"] * 2


def test_without_a_websocket_the_subscription_is_removed_again(client) -> None:
    """7.3: five attempts, then DELETE, then the error, which says why: nobody may have to look for it in the log."""
    client.socket.script.extend([SocketRefused("no")] * 4 + [SocketRefused("the gateway answered with HTTP 401")])
    slot = client.subscribe("call")
    client.pass_time(20)
    assert client.events == [BEGIN, "ws:change P", "ws:change P", "subscription:error(subscription:1)"]
    assert client.rest.methods == ["subscribe", "unsubscribe"]
    assert slot.error.code == "subscription:1"
    assert "HTTP 401" in slot.error.message


def test_when_the_removal_fails_too_its_error_is_told(client) -> None:
    """6.2."""
    client.socket.script.extend([SocketRefused("no")] * 5)
    client.rest.will("unsubscribe", refused(500, 9))
    slot = client.subscribe("call")
    client.pass_time(20)
    assert slot.error.code == 9
    assert "Status Code: 9" in slot.error.message


def test_the_attempts_of_a_series_begin_a_delay_apart(client) -> None:
    """6.1 with the defaults: 0, 5, 10, 15, 20 s, each with 5 s; one that hangs delays no other."""
    client.socket.script.extend(["hang", SocketRefused("no"), "hang", "hang", None])
    slot = client.subscribe("call")
    client.pass_time(25)
    assert [(at, timeout) for at, _, timeout in client.socket.attempts] == [(5.0 * k, 5000) for k in range(5)]
    assert slot.error is None


def test_a_gateway_that_says_when_is_asked_again_as_often_as_configured(client) -> None:
    """5.7: four POSTs, silently; then authentication:13."""
    client.rest.will("subscribe", *[refused(503, 503, retry_after=7000)] * 4)
    slot = client.subscribe("call")
    assert client.rest.methods == ["subscribe"]
    client.pass_time(21)
    assert client.rest.methods == ["subscribe"] * 4
    assert client.events == [BEGIN, "subscription:error(authentication:13)"]
    assert "Status Code: 503" in slot.error.message


def test_any_other_answer_ends_the_series(client) -> None:
    """5.7: also a success."""
    client.rest.will("subscribe", refused(503, 503, retry_after=1000))
    slot = client.subscribe("call")
    client.pass_time(1)
    assert slot.error is None
    assert client.events[0] == BEGIN
    assert client.events[-1] == "subscription:change C call"


def test_two_first_subscribes_become_a_subscribe_and_an_update(client) -> None:
    """Served one after another, so that no second subscription is left behind at the gateway."""
    answer = Later()
    client.rest.will("subscribe", answer)
    first, second = client.subscribe("call"), client.subscribe("IM")
    assert client.rest.methods == ["subscribe"]
    answer.set(granted("call"))
    client.pass_time(0)
    assert client.rest.methods == ["subscribe", "update_subscription"]
    assert client.events[-1] == "subscription:change C call,IM"
    assert first.error is None
    assert second.error is None


def test_unsubscribe_during_a_pending_subscribe_leaves_nothing_behind(client) -> None:
    """It waits for the subscribe, then undoes it at the gateway."""
    answer = Later()
    client.rest.will("subscribe", answer)
    first, second = client.subscribe("call"), client.unsubscribe("call")
    answer.set(granted("call"))
    client.pass_time(0)
    assert client.events == [
        BEGIN,
        BEGIN,
        "ws:change P",
        "ws:change P C",
        "subscription:change P C call",
        "ws:change P call",
        "subscription:change",
    ]
    assert client.rest.methods == ["subscribe", "unsubscribe"]
    assert (first.error, second.error) == (None, None)


def test_unsubscribe_ends_the_wait_for_an_unavailable_gateway(client) -> None:
    """Nobody wants to wait minutes for what is to be undone."""
    client.rest.will("subscribe", refused(503, 503, retry_after=600_000))
    first, second = client.subscribe("call"), client.unsubscribe("call")
    assert first.error.code == "authentication:13"
    assert second.error.code == "authentication:3"
    assert client.rest.methods == ["subscribe"]


def test_unsubscribe_ends_a_series_of_attempts_to_connect(client) -> None:
    """The subscription that was granted is removed at once."""
    client.socket.script.extend([SocketRefused("no")] * 5)
    first = client.subscribe("call")
    client.unsubscribe("call")
    assert len(client.socket.attempts) == 1
    assert client.rest.methods == ["subscribe", "unsubscribe"]
    assert first.error.code == "subscription:1"


def test_a_subscribe_of_a_user_who_was_replaced_meanwhile_is_undone(client) -> None:
    """The new user must not seem subscribed with the old one's subscription."""
    answer = Later()
    client.rest.will("subscribe", answer)
    slot = client.subscribe("call")
    client.log_in("bob@ex.org")
    answer.set(granted("call"))
    client.pass_time(0)
    assert slot.error.code == "authentication:7"
    assert client.rest.methods == ["subscribe", "unsubscribe"]
    context = client.rest.calls[1][1][0]
    assert context.credentials.username == "ann@ex.org"


def test_credentials_set_in_the_handler_of_request_error_are_used_next(client) -> None:
    """What login forms do."""
    client.rest.will("subscribe", refused(401, None, wrapper="", unauthorized=True))

    def log_in_again(event) -> None:
        if event.TYPE == "request:error":
            client.log_in("bob@ex.org")

    client.handlers.append(log_in_again)
    client.subscribe("call")
    client.handlers.clear()
    assert client.subscribe("call", username="bob@ex.org").error is None
    assert client.rest.calls[-1][1][0].credentials.username == "bob@ex.org"


def test_a_removal_that_is_not_authorized_is_told_as_such(client) -> None:
    """6.2, with 3.3 before it."""
    client.socket.script.extend([SocketRefused("no")] * 5)
    client.rest.will("unsubscribe", refused(401, unauthorized=True))
    client.subscribe("call")
    client.pass_time(20)
    assert client.events[-2:] == ["request:error(authentication:1) P", "subscription:error(401)"]


@pytest.mark.parametrize("missing", ["channel", "server"])
def test_a_websocket_that_has_no_address_is_not_tried(make_client, missing) -> None:
    """The log names what is missing; the events are those of a websocket that cannot be opened."""
    options = bench_options()
    if missing == "server":
        options = evolve(options, subscription=evolve(options.subscription, websocket=WebsocketOptions()))
    client = make_client(options)
    client.log_in()
    client.forget_events()
    client.rest.will("subscribe", granted("call", notification_channel="" if missing == "channel" else "/w"))
    slot = client.subscribe("call")
    assert client.events == [BEGIN, "ws:change P", "ws:change P", "subscription:error(subscription:1)"]
    assert missing in slot.error.message.lower()
    assert client.socket.attempts == []
    assert any(line.level == "error" and missing in line.message.lower() for line in client.lines)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [5000, 5000, 5000, 5000, None]),
        ({"reconnect_delay": 100, "reconnect_limit": 2}, [2000, None]),
        ({"reconnect_limit": 1}, [None]),
        ({"reconnect_time_multiplier": 2.0, "reconnect_time_limit": 15000}, [5000, 10000, 15000, 15000, None]),
        ({"reconnect_time_multiplier": 2.0, "reconnect_time_limit": 1000}, [5000, 5000, 5000, 5000, None]),
        ({"reconnect_time_multiplier": 0.0, "reconnect_limit": 4}, [5000, 100, 100, None]),
        ({"reconnect_limit": 0}, [5000] * 50),
    ],
    ids=["defaults", "least-delay", "one", "growing", "low-limit", "no-flood", "no-end"],
)
def test_the_delays_of_a_series_follow_the_configuration(options, expected) -> None:
    """6.1; None is after the last attempt."""
    assert list(islice(delays(ConnectivityOptions(**options)), 50)) == expected
