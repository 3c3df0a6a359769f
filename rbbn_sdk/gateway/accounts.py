"""Who may register, and who can be called."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from attrs import define, field, frozen

from rbbn_sdk.errors import ConfigurationError
from rbbn_sdk.gateway.addresses import Address, local_part, normal_user


def _secret(value: str | None) -> str:
    return "None" if value is None else "'***'"


@frozen
class Account:
    """A user. Each of the four kinds of credentials works if it is given here."""

    username: str
    """`name@domain`."""
    password: str | None = field(default=None, kw_only=True, repr=_secret)
    authname: str | None = field(default=None, kw_only=True)
    """Another name that goes with the password."""
    bearer: str | None = field(default=None, kw_only=True, repr=_secret)
    hmac: str | None = field(default=None, kw_only=True, repr=_secret)
    """The token that is accepted, as it is sent in `x-token`."""
    first_name: str = field(default="", kw_only=True)
    last_name: str = field(default="", kw_only=True)
    phone: str | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        """What called parties are shown."""
        return f"{self.first_name} {self.last_name}".strip()


DEMO_ACCOUNTS: Final = (
    Account(
        "alice@example.com",
        password="alice-pass-1",  # noqa: S106 - printed for everybody
        authname="alice-auth",
        bearer="bearer-token-alice-0001",
        hmac="hmac-token-alice-0001",
        first_name="Alice",
        last_name="Archer",
        phone="+16135550101",
    ),
    Account(
        "bob@example.com",
        password="bob-pass-2",  # noqa: S106 - printed for everybody
        authname="bob-auth",
        bearer="bearer-token-bob-0002",
        hmac="hmac-token-bob-0002",
        first_name="Bob",
        last_name="Baker",
        phone="+16135550102",
    ),
    Account(
        "carol@example.com",
        password="carol-pass-3",  # noqa: S106 - printed for everybody
        authname="carol-auth",
        bearer="bearer-token-carol-0003",
        hmac="hmac-token-carol-0003",
        first_name="Carol",
        last_name="Cook",
        phone="+16135550103",
    ),
)

_FIELDS: Final[Mapping[str, str]] = {
    "username": "username",
    "password": "password",
    "authname": "authname",
    "bearer": "bearer",
    "hmac": "hmac",
    "firstName": "first_name",
    "lastName": "last_name",
    "phone": "phone",
}
_KINDS: Final[Mapping[str, str]] = {
    "dict": "an object",
    "list": "a list",
    "str": "text",
    "bool": "true or false",
    "NoneType": "null",
}


def read_accounts(text: str | bytes) -> tuple[Account, ...]:
    """The accounts of a JSON list; a `ConfigurationError` names the entry and field that cannot be used."""
    try:
        entries: Any = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"accounts: not JSON: {error}") from None
    if _kind(entries) != "a list":
        raise ConfigurationError(f"accounts: expected a list of objects, got {_kind(entries)}")
    accounts = tuple(_account(f"accounts[{index}]", entry) for index, entry in enumerate(entries))
    _check_distinct(accounts)
    return accounts


def _account(where: str, entry: Any) -> Account:
    if _kind(entry) != "an object":
        raise ConfigurationError(f"{where}: expected an object, got {_kind(entry)}")
    given: dict[str, Any] = {key: value for key, value in entry.items() if value is not None}
    for key, value in given.items():
        _check_field(where, key, value)
    username = given.pop("username", "")
    if not local_part(username) or local_part(username) == username:
        raise ConfigurationError(f"{where}.username: expected text such as 'alice@example.com', got {username!r}")
    return Account(username, **{_FIELDS[key]: value for key, value in given.items()})


def _check_field(where: str, key: str, value: object) -> None:
    if key not in _FIELDS:
        raise ConfigurationError(f"{where}.{key}: unknown field; there are {', '.join(_FIELDS)}")
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{where}.{key}: expected text that is not empty, got {_kind(value)}")


def _check_distinct(accounts: Iterable[Account]) -> None:
    seen: dict[str, int] = {}
    for index, account in enumerate(accounts):
        first = seen.setdefault(normal_user(account.username), index)
        if first != index:
            raise ConfigurationError(
                f"accounts[{index}].username: {account.username!r} is also the username of accounts[{first}]"
            )


def _kind(value: object) -> str:
    return _KINDS.get(type(value).__name__, "a number")


@define(eq=False)
class Directory:
    """Finds accounts by the name in a path and by the address of a call."""

    _accounts: tuple[Account, ...]
    _by_user: dict[str, Account] = field(init=False)
    _by_phone: dict[str, Account] = field(init=False)

    def __attrs_post_init__(self) -> None:
        _check_distinct(self._accounts)
        self._by_user = {normal_user(account.username): account for account in self._accounts}
        self._by_phone = {_digits(account.phone): account for account in self._accounts if account.phone}

    def user(self, username: str) -> Account | None:
        return self._by_user.get(normal_user(username))

    def called(self, address: Address) -> Account | None:
        """The account of a destination: its username, or its phone number at any domain."""
        return self.user(address.user) or self._by_phone.get(_digits(local_part(address.user)))


def _digits(number: str) -> str:
    digits = "".join(character for character in number if character.isdigit())
    return digits if set(number) <= set("+0123456789 -.()") else number
