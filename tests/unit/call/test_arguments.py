"""What applications pass to `make` and `answer`: each refusal names the argument and what is accepted."""

import pytest

from rbbn_sdk.actions.call import Bandwidth
from rbbn_sdk.api.call.media_argument import ANSWER_ORDER, MAKE_ORDER, MediaProblem, read_media
from rbbn_sdk.api.call.options import read_options
from rbbn_sdk.io.objects import KeptObjects
from rbbn_sdk.media import TestPattern, Tone
from rbbn_sdk.ports.rest import CustomParameter
from rbbn_sdk.types.call import TrackType


def read(media, order=MAKE_ORDER):
    return read_media(media, order, KeptObjects())


def test_media_that_are_asked_for_are_opened_in_the_documented_order():
    """Screen, audio, video when a call is made; audio, video, screen when one is answered."""
    media = {"audio": True, "video": True, "screen": True}
    assert [source.type for source in read(media)] == [TrackType.SCREEN, TrackType.AUDIO, TrackType.VIDEO]
    assert [source.type for source in read(media, ANSWER_ORDER)] == [
        TrackType.AUDIO,
        TrackType.VIDEO,
        TrackType.SCREEN,
    ]


@pytest.mark.parametrize(
    "media",
    [
        {"audio": True, "audioOptions": {"deviceId": "mic"}},
        {"audio": True, "audio_options": {"device_id": {"exact": "mic", "ideal": "other"}}},
        {"audio": {"deviceId": {"ideal": "mic"}}},
        {"audio": True, "audioOptions": {"deviceId": "mic"}, "video": False, "videoOptions": {"deviceId": "cam"}},
    ],
)
def test_a_device_is_named_in_any_of_the_documented_ways(media):
    """Options without their flag are ignored; `exact` decides."""
    (source,) = read(media)
    assert source.device_id == "mic"


@pytest.mark.parametrize("media", [{"audio": Tone(440)}, {"audio": True, "audioOptions": {"source": Tone(440)}}])
def test_a_source_stands_in_for_a_device(media):
    """It is kept under a reference, for it cannot be written down."""
    objects = KeptObjects()
    (source,) = read_media(media, MAKE_ORDER, objects)
    assert objects.read(source.source) == Tone(440)


def test_pictures_have_sizes_and_rates():
    """Plain or as constraints."""
    options = {"source": TestPattern(), "width": {"exact": 320}, "height": 240, "frameRate": {"ideal": 15}}
    (source,) = read({"video": True, "videoOptions": options})
    assert (source.width, source.height, source.frame_rate) == (320, 240, 15.0)


@pytest.mark.parametrize("media", [None, {}, {"audio": False}, {"videoOptions": {"width": 5}}, {"medias": []}])
def test_nothing_that_is_asked_for_opens_nothing(media):
    """An answer may be silent."""
    assert read({} if media is None else {**media, "medias": None} if "medias" in media else media) == ()


@pytest.mark.parametrize(
    ("media", "code", "named"),
    [
        (5, "call:7", "media"),
        ({1: True}, "call:7", "media"),
        ({"audio": "yes"}, "call:7", "media.audio"),
        ({"audio": True, "audioOptions": 5}, "call:7", "media.audioOptions"),
        ({"audio": True, "audioOptions": {"deviceId": 5}}, "call:7", "deviceId"),
        ({"audio": True, "audioOptions": {"source": "mic"}}, "call:7", "source"),
        ({"video": True, "videoOptions": {"width": -1}}, "call:7", "width"),
        ({"video": True, "videoOptions": {"frameRate": True}}, "call:7", "frameRate"),
        ({"medias": "all"}, "call:2", "medias"),
        ({"medias": [{"type": "audio"}]}, "call:2", "medias[0]"),
        ({"audio": True, "medias": [{"type": "audio", "media": {}}]}, "call:2", "audio"),
        ({"medias": [{"type": "audio", "media": {}}]}, "call:2", "detached"),
    ],
)
def test_media_that_cannot_be_had(media, code, named):
    """The documented code, and a message that says what is wrong."""
    with pytest.raises(MediaProblem) as raised:
        read(media)
    assert raised.value.info.code == code
    assert named in raised.value.info.message


def test_limits_that_are_no_numbers_above_zero_are_no_limits():
    """As documented: anything else is null."""
    bandwidth = read_options({"bandwidth": {"call": 512, "audio": 0, "video": "much"}}).bandwidth
    assert bandwidth == Bandwidth(call=512)


def test_parameters_are_taken_as_mappings_and_as_records():
    """What an event brought can be sent on."""
    record = CustomParameter(name="a", value="1")
    options = read_options({"custom_parameters": [record, {"name": "b", "value": "2"}], "displayName": "Al"})
    assert options.custom_parameters == (record, CustomParameter(name="b", value="2"))
    assert options.display_name == "Al"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (5, "options"),
        ({"bandwidth": 5}, "options.bandwidth"),
        ({"displayName": 5}, "options.displayName"),
        ({"customParameters": "a"}, "options.customParameters"),
        ({"customParameters": [{"name": "a"}]}, "options.customParameters[0]"),
        ({"customBodies": object()}, "options.customBodies"),
    ],
)
def test_options_that_cannot_be_used(options, named):
    """`call:7`; all else is as if nothing had been given."""
    read = read_options(options)
    assert read.problem.code == "call:7"
    assert named in read.problem.message
