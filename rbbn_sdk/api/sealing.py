"""What an application gives with a request of its own: what is secret in it goes into actions as a reference."""

from urllib.parse import parse_qsl

from rbbn_sdk.ports import Secrets
from rbbn_sdk.types import SecretRef, is_sensitive

Pairs = tuple[tuple[str, str], ...]
SealedPairs = tuple[tuple[str, str | SecretRef], ...]


def sealed(given: Pairs, secrets: Secrets) -> SealedPairs:
    """Headers or parameters; what stands under a name that promises a secret is kept."""
    return tuple((name, secrets.keep(value, "request") if is_sensitive(name) else value) for name, value in given)


def refs_of(*given: SealedPairs) -> tuple[SecretRef, ...]:
    """What has to be freed in the end."""
    return tuple(value for pairs in given for _, value in pairs if isinstance(value, SecretRef))


def split_query(resource: str) -> tuple[str, Pairs]:
    """A resource without its query when that has a secret, and the query's parameters; else as it is."""
    path, mark, query = resource.partition("?")
    parameters = tuple(parse_qsl(query, keep_blank_values=True)) if mark else ()
    if any(is_sensitive(name) for name, _ in parameters):
        return path, parameters
    return resource, ()
