"""`Secrets` in memory."""

from itertools import count

from rbbn_sdk.errors import InvalidState
from rbbn_sdk.types import SecretRef

__all__ = ["KeptSecrets"]


class KeptSecrets:
    """Ids count up from `secret-1` in each instance, so that a replayed session gets the same references."""

    __slots__ = ("_numbers", "_values")

    def __init__(self) -> None:
        self._numbers = count(1)
        self._values: dict[str, str] = {}

    def keep(self, value: str, kind: str) -> SecretRef:
        """Keep a secret under a new reference."""
        ref = SecretRef(id=f"secret-{next(self._numbers)}", kind=kind)
        self._values[ref.id] = value
        return ref

    def read(self, ref: SecretRef) -> str:
        """The secret. Raises `InvalidState` when it was freed."""
        value = self._values.get(ref.id)
        if value is None:
            msg = f"{ref.id} ({ref.kind}) is not kept: it was freed, or belongs to another client"
            raise InvalidState(msg)
        return value

    def free(self, ref: SecretRef) -> None:
        """Forget a secret; one that is forgotten already is ignored."""
        self._values.pop(ref.id, None)

    def close(self) -> None:
        """Forget all secrets."""
        self._values.clear()

    def __repr__(self) -> str:
        return f"<KeptSecrets, {len(self._values)} kept>"
