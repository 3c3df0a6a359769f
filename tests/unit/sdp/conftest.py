"""Descriptions from files, exact bytes, and short ways to make views and answers of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rbbn_sdk import sdp

DATA = Path(__file__).parents[2] / "data" / "sdp"

Load = Callable[[str], str]


@pytest.fixture
def load() -> Load:
    """The text of a file of tests/data/sdp."""
    return lambda name: (DATA / f"{name}.sdp").read_bytes().decode()


@pytest.fixture
def origin() -> sdp.Origin:
    return sdp.Origin(session_id="77", version="3")


@pytest.fixture
def answered(load: Load, origin: sdp.Origin) -> Callable[[str], sdp.Description]:
    """Our answer to a file, from an engine that takes all it is given."""

    def answer(name: str) -> sdp.Description:
        offer = load(name)
        view = sdp.view_offer(offer)
        engine = view.text.replace("a=setup:actpass", "a=setup:active")
        return sdp.parse(sdp.wire_answer(engine, offer=offer, view=view, origin=origin))

    return answer


@pytest.fixture
def engine_offer(load: Load) -> str:
    """What the engine offers for audio and video: mids 0 and 1, opus 96, VP8 97."""
    return load("engine/offer-audio-video")


@pytest.fixture
def wire_offer(engine_offer: str, origin: sdp.Origin) -> str:
    return sdp.wire_offer(engine_offer, origin=origin)
