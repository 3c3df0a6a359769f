"""What is in a recording."""

from pathlib import Path

from attrs import frozen


@frozen(kw_only=True)
class Heard:
    """Figures of one recording."""

    frequency: float
    """Hz of the strongest tone in its sound."""
    sound: float
    """Seconds of sound."""
    pictures: int
    moving: bool
    """Whether its pictures differ from one another."""


def measure(path: Path) -> Heard:
    """Read a recording to its end."""
    from rbbn_sdk.testing.media import dominant_frequency, frames_move, read_audio, read_video

    samples, rate = read_audio(path)
    frames = read_video(path)
    return Heard(
        frequency=dominant_frequency(samples, rate),
        sound=len(samples) / rate,
        pictures=len(frames),
        moving=frames_move(frames),
    )
