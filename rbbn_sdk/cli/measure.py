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
    from rbbn_sdk.testing.media import dominant_frequency, frames_move, pictures_of, sound_of

    samples, rate = sound_of(path)
    pictures = pictures_of(path)
    return Heard(
        frequency=dominant_frequency(samples, rate) or 0.0,
        sound=len(samples) / rate,
        pictures=len(pictures),
        moving=frames_move(pictures),
    )
