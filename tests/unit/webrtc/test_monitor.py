"""What aiortc and the clock say, in the documented words."""

import pytest

from rbbn_sdk.io.webrtc.monitor import ConnectionMonitor
from rbbn_sdk.types.call import MediaConnectionState as State


@pytest.fixture
def monitor(clock):
    return ConnectionMonitor(now=clock.now)


@pytest.mark.parametrize("engine", ["new", "connecting"])
def test_nothing_is_said_before_checks_begin(monitor, engine):
    """An answerer that waits for its start is not checking."""
    assert monitor.state(engine, None) is State.NEW


@pytest.mark.parametrize(
    ("engine", "state"), [("new", State.CHECKING), ("connecting", State.CHECKING), ("connected", State.CONNECTED)]
)
def test_states_after_the_start(monitor, clock, engine, state):
    """`new` lasts in aiortc until its task runs."""
    monitor.started = clock.time
    assert monitor.state(engine, clock.time) is state


@pytest.mark.parametrize("engine", ["new", "connecting"])
def test_connecting_ends_after_30_s(monitor, clock, engine):
    """aiortc would try DTLS for ever."""
    monitor.started = clock.time
    clock.time += 30.1
    assert monitor.state(engine, None) is State.FAILED
    assert monitor.state("connected", clock.time) is State.FAILED


def test_five_seconds_without_a_sign_are_disconnected_and_a_sign_connects_again(monitor, clock):
    """Consent answers are signs too, so a call on hold stays connected."""
    monitor.started = heard = clock.time
    clock.time += 5.1
    assert monitor.state("connected", heard) is State.DISCONNECTED
    assert monitor.state("connected", clock.time) is State.CONNECTED


def test_the_end_of_the_other_sides_dtls_is_disconnected(monitor, clock):
    """Whether it failed is for the one who waits ten seconds to say."""
    monitor.started = clock.time
    monitor.lost = True
    assert monitor.state("connected", clock.time) is State.DISCONNECTED


def test_failed_is_final(monitor, clock):
    """A peer that failed does not come back by itself."""
    monitor.started = clock.time
    assert monitor.state("failed", None) is State.FAILED
    assert monitor.state("connected", clock.time) is State.FAILED
