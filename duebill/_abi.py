"""Calls, results and logs of contracts, as bytes and as values. Pure: nothing here is sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill._contracts import ARTIFACTS
from duebill.model import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duebill.model import Address

#: The gate that ships; a programme can have another, of a bank's own.
GATE = "ProgrammeGate"

_TOKEN_TRANSFER: Mapping[str, Any] = {
    "type": "event",
    "name": "Transfer",
    "inputs": [
        {"name": "from", "type": "address", "indexed": True},
        {"name": "to", "type": "address", "indexed": True},
        {"name": "value", "type": "uint256", "indexed": False},
    ],
}


class Abi:
    """The functions and events of a contract.

    A function is named by its name, or by its signature where the name is overloaded.
    """

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._functions: dict[str, Mapping[str, Any]] = {}
        self._events: dict[tuple[bytes, int], Mapping[str, Any]] = {}
        self._selectors: dict[str, bytes] = {}
        for entry in entries:
            if entry["type"] == "function":
                self._functions[signature(entry)] = entry
                self._functions[entry["name"]] = entry
            elif entry["type"] == "event":
                self._events[_event_key(entry)] = entry

    def encode(self, function: str, *args: Any) -> bytes:
        """The data of a call."""
        return self.selector(function) + encode_values(self._functions[function]["inputs"], args)

    def selector(self, function: str) -> bytes:
        """The four bytes that a call of a function begins with."""
        if function not in self._selectors:
            text = signature(self._functions[function])
            self._selectors[function] = keccak(text.encode())[:4]
        return self._selectors[function]

    def decode(self, function: str, data: bytes) -> Any:
        """What a call returned: a value, a tuple of several, None; a struct is a mapping.

        Raises:
            ValueError: The data is not what the function returns.
        """
        values = decode_values(self._functions[function]["outputs"], data)
        return values[0] if len(values) == 1 else tuple(values) or None

    def decode_call(self, data: bytes) -> tuple[str, dict[str, Any]] | None:
        """A call's function and arguments; None for a function that is not in the ABI.

        Raises:
            ValueError: The data is not what the function takes.
        """
        for name, entry in self._functions.items():
            if "(" in name and keccak(name.encode())[:4] == data[:4]:
                values = decode_values(entry["inputs"], data[4:])
                names = (item["name"] for item in entry["inputs"])
                return entry["name"], dict(zip(names, values, strict=True))
        return None

    def decode_log(self, topics: Sequence[bytes], data: bytes) -> tuple[str, dict[str, Any]] | None:
        """An event's name and fields; None for an event that is not in the ABI.

        Raises:
            ValueError: The data is not what the event carries.
        """
        entry = self._events.get((topics[0], len(topics))) if topics else None
        if entry is None:
            return None
        indexed = [item for item in entry["inputs"] if item["indexed"]]
        plain = [item for item in entry["inputs"] if not item["indexed"]]
        values = [*decode_values(indexed, b"".join(topics[1:])), *decode_values(plain, data)]
        found = dict(zip((item["name"] for item in (*indexed, *plain)), values, strict=True))
        return entry["name"], {item["name"]: found[item["name"]] for item in entry["inputs"]}


def encode_values(parameters: Sequence[Mapping[str, Any]], values: Sequence[Any]) -> bytes:
    """Encode a sequence of parameters."""
    if (words := _words(parameters, values)) is not None:
        return words
    # Slow to import: not before something is called.
    from eth_abi.abi import encode  # noqa: PLC0415

    return encode(types(parameters), values)


def decode_values(parameters: Sequence[Mapping[str, Any]], data: bytes) -> list[Any]:
    """Decode a sequence of parameters.

    Raises:
        ValueError: The data does not fit.
    """
    from eth_abi.abi import decode  # noqa: PLC0415 - as above
    from eth_abi.exceptions import DecodingError  # noqa: PLC0415

    try:
        values = decode(types(parameters), data)
    except (DecodingError, OverflowError) as error:
        raise ValueError("it is not what the ABI describes") from error
    return [_value(item, value) for item, value in zip(parameters, values, strict=True)]


def types(parameters: Sequence[Mapping[str, Any]]) -> list[str]:
    """The types of parameters, with structs spelt out."""
    return [_type(parameter) for parameter in parameters]


def signature(entry: Mapping[str, Any]) -> str:
    """The name of a function, event or error with the types of its parameters."""
    return f"{entry['name']}({','.join(types(entry['inputs']))})"


def keccak(data: bytes) -> bytes:
    """Keccak-256."""
    # Comes with its backend: not before something is hashed.
    from eth_hash.auto import keccak as hashed  # noqa: PLC0415

    return hashed(data)


@cache
def ledger_abi() -> Abi:
    """The ledger's: its interface, and what the base contracts add to it."""
    entries = (artifacts.load(name).abi for name in ("ReceivableLedger", "IReceivableLedger"))
    return Abi(entry for abi in entries for entry in abi)


@cache
def manager_abi() -> Abi:
    """The role manager's."""
    return Abi(artifacts.load("RoleManager").abi)


@cache
def gate_abi() -> Abi:
    """That of the gate that ships."""
    return Abi(artifacts.load(GATE).abi)


@cache
def token_abi() -> Abi:
    """An ERC-20's. Results are left out where tokens differ: some return nothing."""
    return Abi(
        [
            _function("balanceOf", ["address"], ["uint256"]),
            _function("allowance", ["address", "address"], ["uint256"]),
            _function("approve", ["address", "uint256"], []),
            _function("transfer", ["address", "uint256"], []),
        ]
    )


@cache
def permit_abi() -> Abi:
    """What a token with permits has beside an ERC-20 (ERC-2612, ERC-5267)."""
    domain = ["bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"]
    permit = ["address", "address", "uint256", "uint256", "uint8", "bytes32", "bytes32"]
    return Abi(
        [
            _function("name", [], ["string"]),
            _function("version", [], ["string"]),
            _function("nonces", ["address"], ["uint256"]),
            _function("DOMAIN_SEPARATOR", [], ["bytes32"]),
            _function("eip712Domain", [], domain),
            _function("permit", permit, []),
        ]
    )


@cache
def abi_of(contract: str) -> Abi:
    """A contract's beside the ledger: "exchange", "guarantee_book" or "pledge_book"."""
    return Abi(artifacts.load(ARTIFACTS[contract]).abi)


@cache
def events_abi() -> Abi:
    """Every event that a call of the ledger, or of a contract beside it, can cause."""
    named = (*ARTIFACTS.values(), "IReceivableLedger", "RoleManager")
    return Abi([*(e for name in named for e in artifacts.load(name).abi), _TOKEN_TRANSFER])


def _function(name: str, inputs: list[str], outputs: list[str]) -> dict[str, Any]:
    named = {"inputs": inputs, "outputs": outputs}
    parameters = {k: [{"name": "", "type": kind} for kind in v] for k, v in named.items()}
    return {"type": "function", "name": name, **parameters}


def _event_key(entry: Mapping[str, Any]) -> tuple[bytes, int]:
    # ERC-20 and ERC-721 have events of one signature that differ in what is indexed.
    indexed = sum(item["indexed"] for item in entry["inputs"])
    return keccak(signature(entry).encode()), 1 + indexed


def _type(parameter: Mapping[str, Any]) -> str:
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(types(parameter['components']))}){kind.removeprefix('tuple')}"


def _words(parameters: Sequence[Mapping[str, Any]], values: Sequence[Any]) -> bytes | None:
    """Parameters of one word each, side by side; None if they are, or may be, something else.

    Most calls have no others. eth_abi takes ten times as long, and says what is wrong.
    """
    if len(parameters) != len(values):
        return None
    found: list[bytes] = []
    for parameter, value in zip(parameters, values, strict=True):
        kind = parameter["type"]
        inner = kind == "tuple" and isinstance(value, tuple)
        word = _words(parameter["components"], value) if inner else _word(kind, value)
        if word is None:
            return None
        found.append(word)
    return b"".join(found)


def _word(kind: str, value: Any) -> bytes | None:
    if kind == "address" and isinstance(value, str) and len(value) == 42:
        return bytes(12) + bytes.fromhex(value[2:])
    if kind == "bytes32" and isinstance(value, bytes) and len(value) == 32:
        return value
    # bool is an int, too.
    number = kind[:4] == "uint" and kind[-1] != "]" and isinstance(value, int)
    if number and 0 <= value < 1 << int(kind[4:]) and value is not True and value is not False:
        return int(value).to_bytes(32)
    return None


def _value(parameter: Mapping[str, Any], value: Any) -> Any:
    kind: str = parameter["type"]
    if kind.endswith("[]"):
        inner = {**parameter, "type": kind[:-2]}
        return tuple(_value(inner, item) for item in value)
    if kind == "tuple":
        parts = zip(parameter["components"], value, strict=True)
        return {part["name"]: _value(part, item) for part, item in parts}
    return checked_address(value) if kind == "address" else value


@cache
def checked_address(text: str) -> Address:
    """An address as eth_abi gives it, with its checksum; the same few come again and again."""
    return address(text)
