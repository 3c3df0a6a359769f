"""Several tracks on one line of time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.io.webrtc.mixing import SLACK, Mixer

RATE = 48000


def block(value, length=960):
    return np.full((length, 2), value, np.int16)


def test_tracks_are_added_up():
    """Both sides of a call are heard."""
    mixer = Mixer(0.0)
    mixer.add("a", block(100), 0.02)
    mixer.add("b", block(11), 0.02)
    assert (mixer.take(0.02) == 111).all()


def test_a_sum_that_is_too_loud_is_clipped_and_does_not_turn_over():
    """A wrapped sum is a crack."""
    mixer = Mixer(0.0)
    for track in "abc":
        mixer.add(track, block(30000), 0.02)
    assert (mixer.take(0.02) == 32767).all()


def test_pieces_that_arrive_with_jitter_follow_each_other_without_gap():
    """Arrival times are not sampling times."""
    mixer = Mixer(0.0)
    for number, jitter in enumerate((0.0, 0.15, 0.0, 0.3, 0.01)):
        mixer.add("a", block(1), 0.02 * (number + 1) + jitter)
    assert (mixer.take(0.1) == 1).all()


def test_a_hold_is_silence_of_its_length():
    """A recording must be as long as the call."""
    mixer = Mixer(0.0)
    mixer.add("a", block(1), 0.02)
    mixer.add("a", block(2), 5.0)
    taken = mixer.take(6.0)
    assert len(taken) == 6 * RATE
    assert np.flatnonzero(taken[:, 0] == 2)[-1] == 5 * RATE - 1
    assert not taken[960 : 4 * RATE].any()


def test_a_track_that_runs_ahead_is_held_back():
    """A source faster than the clock must not push the end away."""
    mixer = Mixer(0.0)
    for _ in range(200):
        mixer.add("a", block(1), 0.02)
    assert np.count_nonzero(mixer.take(10.0)[:, 0]) <= SLACK + 2 * 960


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 3000), st.floats(0, 1.5), st.booleans()),
        max_size=30,
    )
)
def test_whatever_arrives_the_file_is_as_long_as_the_time(pieces):
    """And every sample is taken once."""
    mixer, now, taken = Mixer(0.0), 0.0, 0
    for track, length, step, take in pieces:
        now += step
        mixer.add(track, block(1, length), now)
        if take:
            taken += len(mixer.take(now - 1.0))
    assert taken + len(mixer.take(now)) == round(now * RATE)
