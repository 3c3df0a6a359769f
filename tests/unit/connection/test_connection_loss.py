"""What becomes of a websocket that is lost, reset, overridden or given up (6.3, 7.5 to 7.7)."""

import pytest

from rbbn_sdk.actions.connectivity import Reconnected, ResetConnection
from rbbn_sdk.engine import Later, evolve
from rbbn_sdk.errors import RequestRefused, SocketRefused
from rbbn_sdk.ports import SocketEvent, SocketEventKind
from rbbn_sdk.selectors.connectivity import socket_state
from rbbn_sdk.testing.connection import bench_options, granted
from rbbn_sdk.types import RestFailure, SecretRef

LOST = "ws:change call,IM"
BACK = "ws:change C call,IM"


def notice(event_type, event_id="1"):
    return f'{{"notificationMessage":{{"eventType":"{event_type}","eventId":"{event_id}"}}}}'


def refused(status, number):
    failure = RestFailure(http_status=status, status_code=number, wrapper="subscribeResponse", has_body=True)
    return RequestRefused("refused", code=status, failure=failure)


def options(**connectivity):
    made = bench_options()
    return evolve(made, connectivity=evolve(made.connectivity, **connectivity))


def test_code_1000_ends_the_subscription_without_a_word_about_the_websocket(subscribed) -> None:
    """7.5 a."""
    subscribed.drop(1000)
    assert subscribed.events == ["subscription:change(LOST_CONNECTION)"]
    assert subscribed.rest.calls == []


def test_any_other_end_is_followed_by_a_new_websocket(subscribed) -> None:
    """7.5 b; the fact that tells features to catch up comes once it is open."""
    subscribed.drop(1001)
    assert subscribed.events == [LOST, LOST, BACK]
    assert len(subscribed.actions_of(Reconnected)) == 1
    assert subscribed.rest.calls == []


def test_the_new_websocket_is_read_and_lost_like_the_first(subscribed) -> None:
    """Ten times, each after it has been open for a while."""
    for _ in range(10):
        subscribed.pass_time(6)
        subscribed.drop(1006)
    subscribed.push(notice("custom"))
    assert subscribed.events == [LOST, LOST, BACK] * 10 + ["notification:received C call,IM"]


def test_websockets_that_are_lost_as_soon_as_they_are_open_come_ever_more_slowly(subscribed) -> None:
    """A balancer without its gateway takes them and drops them; nobody may be flooded, and no attempt is given up."""
    subscribed.socket.closes_at_once = True
    subscribed.drop(1006)
    subscribed.pass_time(7)
    assert 8 <= len(subscribed.socket.attempts) <= 12
    before = len(subscribed.socket.attempts)
    subscribed.pass_time(50)
    assert len(subscribed.socket.attempts) - before == 10
    assert subscribed.events[-3:] == [LOST, BACK, LOST]
    assert any("in a row were lost as soon as they were open" in line.message for line in subscribed.lines)


def test_a_websocket_that_stays_open_makes_the_next_loss_a_first_one(subscribed) -> None:
    """It is opened again at once."""
    subscribed.socket.closes_at_once = True
    subscribed.drop(1006)
    subscribed.pass_time(20)
    subscribed.socket.closes_at_once = False
    subscribed.pass_time(20)
    attempts = len(subscribed.socket.attempts)
    subscribed.drop(1006)
    assert len(subscribed.socket.attempts) == attempts + 1
    assert subscribed.events[-1] == BACK


def test_the_end_of_the_subscription_ends_the_wait_for_the_next_websocket(subscribed) -> None:
    """So does the end of the client."""
    subscribed.socket.closes_at_once = True
    subscribed.drop(1006)
    subscribed.pass_time(30)
    subscribed.unsubscribe("call", "IM")
    attempts = len(subscribed.socket.attempts)
    subscribed.pass_time(60)
    assert len(subscribed.socket.attempts) == attempts
    assert subscribed.events[-1] == "subscription:change"


def test_when_no_attempt_succeeds_the_subscription_is_lost(subscribed) -> None:
    """7.5 c."""
    subscribed.socket.script.extend([SocketRefused("no")] * 5)
    subscribed.drop(1006)
    subscribed.pass_time(60)
    assert subscribed.events == [LOST, LOST, "subscription:change(LOST_CONNECTION)"]
    assert len(subscribed.socket.attempts) == 6


def test_without_auto_reconnect_the_subscription_is_lost_at_once(make_client) -> None:
    """7.5 d."""
    client = make_client(options(auto_reconnect=False))
    client.log_in()
    client.subscribe("call")
    client.forget_events()
    client.drop(1006)
    assert client.events == ["ws:change call", "subscription:change(LOST_CONNECTION)"]


def test_a_new_subscribe_after_the_loss_works(subscribed) -> None:
    """The client is not stuck."""
    subscribed.drop(1000)
    subscribed.forget_events()
    assert subscribed.subscribe("call").error is None
    assert subscribed.events[-1] == "subscription:change C call"


def test_a_reset_closes_and_opens_again(subscribed) -> None:
    """7.5 e."""
    first = subscribed.socket.current
    subscribed.dispatch(ResetConnection())
    assert subscribed.events == [LOST, LOST, BACK]
    assert subscribed.socket.closed == [first]


@pytest.mark.parametrize("moment", ["ws:change", "subscription:change", "ws:change again"])
def test_a_reset_is_not_missed_however_early_it_comes(client, moment) -> None:
    """Asked for by a handler of the event that says that there is a websocket."""

    def reset(event):
        if moment.split()[0] == event.TYPE and client.told[-1].connected and not resets:
            resets.append(client.socket.current)
            client.store.dispatch(ResetConnection())

    resets = []
    if moment == "ws:change again":
        client.subscribe("call")
        client.handlers.append(reset)
        client.drop(1006)
    else:
        client.handlers.append(reset)
        client.subscribe("call")
    assert len(resets) == 1
    assert resets[0] in client.socket.closed
    assert client.socket.current not in resets
    assert client.told[-1].connected


def test_resets_in_a_row_are_not_slowed_down(subscribed) -> None:
    """An application resets whenever the system tells of another network, which it does several times in a second."""
    for _ in range(10):
        subscribed.dispatch(ResetConnection())
    assert subscribed.events == [LOST, LOST, BACK] * 10


def test_the_newest_token_is_in_the_address_of_each_attempt(make_client) -> None:
    """Also after a reset; the state shows that there is one, and nothing of it."""
    client = make_client(options(web_socket_oauth_mode="query"))
    client.log_in(kind="bearer")
    client.subscribe("call")
    client.log_in(kind="bearer")
    client.dispatch(ResetConnection())
    tokens = [address.access_token for _, address, _ in client.socket.attempts]
    assert tokens == [SecretRef(id="bearer-1", kind="bearer"), SecretRef(id="bearer-3", kind="bearer")]
    assert socket_state(client.state).ws_info.params == "access_token=********"


def test_gone_closes_the_websocket_and_tells_the_notification_last(subscribed) -> None:
    """7.6, no DELETE."""
    subscribed.push(notice("gone"))
    assert subscribed.events == [LOST, "subscription:change(GONE)", "notification:received"]
    assert subscribed.rest.calls == []
    assert subscribed.socket.closed == [subscribed.socket.current]


def test_overridden_is_the_same_with_its_own_reason(subscribed) -> None:
    """7.7."""
    subscribed.push(notice("websocketOverridden"))
    assert subscribed.events == [LOST, "subscription:change(WS_OVERRIDDEN)", "notification:received"]


def test_gone_while_the_websocket_is_down_ends_the_attempts(subscribed) -> None:
    """It can come by push; no websocket without subscription may be opened after it."""
    subscribed.socket.script.extend([SocketRefused("no")] * 2)
    subscribed.drop(1006)
    subscribed.forget_events()
    from rbbn_sdk.actions.notification import Channel, ProcessNotification

    subscribed.dispatch(ProcessNotification(channel=Channel.PUSH, payload=notice("gone")))
    subscribed.pass_time(60)
    assert subscribed.events == ["subscription:change(GONE)", "notification:received"]
    assert len(subscribed.socket.attempts) == 2


def test_gone_during_an_unsubscribe_only_brings_the_websocket_forward(subscribed) -> None:
    """7.4: one end is told."""
    answer = Later()
    subscribed.rest.will("unsubscribe", answer)
    slot = subscribed.unsubscribe("call", "IM")
    subscribed.push(notice("gone"))
    answer.set(None)
    subscribed.pass_time(0)
    names = [str(told) for told in subscribed.told if told.event.TYPE != "notification:received"]
    assert names == ["subscription:change P C call,IM", "ws:change P call,IM", "subscription:change"]
    assert slot.error is None


def test_gone_during_an_unsubscribe_that_fails_is_told_after_it(subscribed) -> None:
    """The state must not go on saying that something is subscribed."""
    answer = Later()
    subscribed.rest.will("unsubscribe", answer)
    subscribed.unsubscribe("call", "IM")
    subscribed.push(notice("gone"))
    answer.set_error(refused(404, 39))
    subscribed.pass_time(0)
    assert subscribed.events[-2:] == ["subscription:error(39) call,IM", "subscription:change(GONE)"]


def test_a_websocket_that_the_gateway_closes_before_it_answers_the_delete_is_not_opened_again(subscribed) -> None:
    """With whatever code: the order is that of 7.4."""
    for code in (1000, 1001):
        subscribed.forget_events()
        answer = Later()
        subscribed.rest.will("unsubscribe", answer)
        subscribed.unsubscribe("call", "IM")
        subscribed.drop(code)
        answer.set(None)
        subscribed.pass_time(0)
        assert subscribed.events == ["subscription:change P C call,IM", "ws:change P call,IM", "subscription:change"]
        subscribed.rest.will("subscribe", granted("call", "IM"))
        subscribed.subscribe("call", "IM")


def test_a_loss_during_an_unsubscribe_that_fails_is_made_good_after_it(subscribed) -> None:
    """Still subscribed, so connected again."""
    answer = Later()
    subscribed.rest.will("unsubscribe", answer)
    subscribed.unsubscribe("call", "IM")
    subscribed.drop(1006)
    answer.set_error(refused(500, 26))
    subscribed.pass_time(0)
    assert subscribed.events[-1] == BACK


def test_gone_with_nothing_subscribed_is_only_a_notification(client) -> None:
    """Late and repeated notices harm nothing."""
    from rbbn_sdk.actions.notification import Channel, ProcessNotification

    client.dispatch(ProcessNotification(channel=Channel.PUSH, payload=notice("gone")))
    assert client.events == ["notification:received"]


def test_a_broken_reader_is_a_loss(subscribed) -> None:
    """A port that raises ends no saga."""
    subscribed.socket.open_ids.append(subscribed.socket.open_ids[0])
    first = subscribed.socket.current
    subscribed.socket._forget(first)
    subscribed.pass_time(0)
    assert subscribed.events == [LOST, LOST, BACK]


def test_an_oversized_frame_is_dropped_and_the_websocket_kept(subscribed) -> None:
    """12.12: no close, no reconnect loop; the next frames arrive."""
    subscribed.socket.feed(SocketEvent(kind=SocketEventKind.FRAME, dropped=5_000_000))
    subscribed.push(notice("custom"))
    assert subscribed.events == ["notification:received C call,IM"]
    assert any("5000000" in line.message for line in subscribed.lines)


def test_destroy_closes_the_websocket_and_tells_only_that(subscribed) -> None:
    """6.5: no DELETE."""
    subscribed.destroy()
    assert subscribed.events == [LOST]
    assert subscribed.rest.calls == []
    assert subscribed.socket.closed == [subscribed.socket.current]


def test_destroy_in_a_series_of_attempts_leaves_no_websocket(subscribed) -> None:
    """The attempt under way is cancelled and closed."""
    subscribed.socket.script.append("hang")
    subscribed.drop(1006)
    subscribed.forget_events()
    subscribed.destroy()
    assert subscribed.events == []
    assert len(subscribed.socket.closed) == 2


def test_destroy_during_the_first_connect_ends_the_subscribe(client) -> None:
    """Its handle settles with an error."""
    client.socket.script.append("hang")
    slot = client.subscribe("call")
    client.destroy()
    assert slot.settled
    assert slot.error is not None
    assert client.socket.open_ids == []
