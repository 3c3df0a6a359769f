from collections.abc import Iterable
from typing import Protocol

from rbbn_sdk.types import SecretRef, port


@port("secrets")
class Secrets(Protocol):
    """Keeps passwords, tokens and credentials, so that state, actions and logs hold references only."""

    def keep(self, value: str, kind: str) -> SecretRef:
        """Keep a secret under a new reference."""
        ...

    def read(self, ref: SecretRef) -> str:
        """The secret. Raises `InvalidState` when it was freed. Adapters call it when they send, and nobody else."""
        ...

    def free(self, ref: SecretRef) -> None:
        """Forget a secret; one that is forgotten already is ignored."""
        ...


def opened(given: Iterable[tuple[str, str | SecretRef]], secrets: Secrets) -> tuple[tuple[str, str], ...]:
    """Headers or parameters with the secrets that they refer to. Raises `InvalidState` when one was freed."""
    return tuple((name, secrets.read(value) if isinstance(value, SecretRef) else value) for name, value in given)
