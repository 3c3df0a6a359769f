"""What was found while a configuration was read."""

from enum import StrEnum
from typing import Final

from attrs import Factory, frozen

from rbbn_sdk.errors import ConfigurationError

_LONGEST: Final = 80


class Severity(StrEnum):
    """The logger method that a finding is written with."""

    INFO = "info"
    WARN = "warn"


@frozen(kw_only=True)
class Finding:
    """One thing an application should know about its configuration. `text` is a whole sentence, without secrets."""

    path: str
    text: str
    severity: Severity = Severity.WARN

    @property
    def log_type(self) -> str:
        """The logger it belongs to (`logs` 5)."""
        return "LOGS" if self.path == "logs" or self.path.startswith("logs.") else "VALIDATION"


@frozen(kw_only=True)
class _Found:
    updating: bool
    findings: list[Finding] = Factory(list[Finding])
    failures: dict[str, str] = Factory(dict[str, str])
    unknown: dict[tuple[str, ...], object] = Factory(dict[tuple[str, ...], object])
    strange: list[str] = Factory(list[str])


class Place:
    """Where in the configuration a value stands; findings are noted here."""

    __slots__ = ("_found", "keys")

    def __init__(self, keys: tuple[str, ...], found: _Found) -> None:
        self.keys = keys
        self._found = found

    @classmethod
    def root(cls, *, updating: bool) -> "Place":
        """The configuration as a whole."""
        return cls((), _Found(updating=updating))

    def inside(self, key: object) -> "Place":
        """The place of a member."""
        return Place((*self.keys, str(key)), self._found)

    @property
    def path(self) -> str:
        """The keys, joined as the documentation writes them."""
        return ".".join(self.keys) or "configuration"

    @property
    def updating(self) -> bool:
        """Whether a running client gets new options; else a client is made."""
        return self._found.updating

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was noted anywhere in this configuration."""
        return tuple(self._found.findings)

    @property
    def unknown(self) -> dict[tuple[str, ...], object]:
        """What stands under keys that nobody knows, anywhere in this configuration."""
        return self._found.unknown

    def keep_unknown(self, value: object) -> None:
        """Keep what stands here, to give it back."""
        if not any(key.isdecimal() for key in self.keys):  # a list is given back as it was understood
            self._found.unknown[self.keys] = value

    def warn(self, text: str) -> None:
        """Note a warning about this place."""
        self._found.findings.append(Finding(path=self.path, text=f"{self.path}: {text}"))

    def warn_of_unknown(self, text: str) -> None:
        """Note that nobody knows the key of this place."""
        self.warn(text)
        self._found.strange.append(self._found.findings[-1].text)

    def info(self, text: str) -> None:
        """Note something less than a warning."""
        self._found.findings.append(Finding(path=self.path, text=f"{self.path}: {text}", severity=Severity.INFO))

    def fail(self, text: str) -> None:
        """No client can be made. While updating there is one already, so it is a warning."""
        if self.updating:
            self.warn(f"{text}. It is left as it was")
        else:
            self._found.failures.setdefault(self.path, f"{self.path}: {text}")

    def check(self) -> None:
        """Raise `ConfigurationError` with everything that keeps a client from being made.

        Unknown keys are named too: one that is misspelt is one that is missing.
        """
        if self._found.failures:
            raise ConfigurationError(". ".join((*self._found.failures.values(), *self._found.strange)))


def shown(value: object) -> str:
    """A value for a message: short scalars as they are, anything else by its type. Never what may hold a credential."""
    if isinstance(value, str):
        if "@" in value or "://" in value:
            return "a text that is not shown here"
        return ascii(value if len(value) <= _LONGEST else value[:_LONGEST] + "...")
    if value is None or isinstance(value, (bool, float)):
        return repr(value)
    if isinstance(value, int):
        return repr(value) if value.bit_length() < 64 else "a number of more than 64 bits"
    return f"a value of type {type(value).__name__}"
