"""Calls of contracts, read from their very bytes: which function, with what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill._abi import decode_values, keccak, signature, types
from duebill._contracts import ARTIFACTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: A token that a currency is paid in.
TOKEN = "token"  # noqa: S105 - a kind of contract
#: The ledger's role manager.
MANAGER = "role_manager"

_AMOUNTS = frozenset(
    ("amount", "value", "limit", "face", "least", "price", "recourse", "cap", "margin", "fee")
) | {"principal"}
#: What ERC-721 and ERC-3525 call the ids of vouchers.
VOUCHERS = frozenset(("tokenId", "fromTokenId", "toTokenId"))

_WIDTHS = {"uint80", "uint256"}
_BUNDLE = "multicall"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedCall:
    """A call that was read.

    Attributes:
        contract: What kind of contract it goes to: as in `ARTIFACTS`, or `TOKEN`, or `MANAGER`.
        function: Its name.
        parameters: What the ABI says of its arguments.
        arguments: The arguments; structs are mappings by the ABI's names.
        inner: The calls that it bundles.
    """

    contract: str
    function: str
    parameters: Sequence[Mapping[str, Any]]
    arguments: Sequence[Any]
    inner: Sequence[DecodedCall] = ()

    def named(self) -> Iterator[tuple[Mapping[str, Any], Any]]:
        """What the ABI says of each argument, and the argument."""
        return zip(self.parameters, self.arguments, strict=True)

    def amounts(self) -> Iterator[int]:
        """Every amount in it, in units; a token's own amounts are in other units, and not here."""
        if self.contract in {*ARTIFACTS}:
            for parameter, value in self.named():
                yield from _amounts(parameter, value)
        for call in self.inner:
            yield from call.amounts()

    def receivables(self) -> Iterator[int]:
        """The numbers of the receivables that it names, by their own ids or by their vouchers'."""
        for parameter, value in self.named():
            yield from _receivables(parameter, value)
        for call in self.inner:
            yield from call.receivables()

    def functions(self) -> Iterator[str]:
        """The functions that are called: its own, or those that it bundles."""
        if not self.inner:
            yield self.function
        for call in self.inner:
            yield from call.functions()


def read_call(contract: str, data: bytes) -> DecodedCall:
    """Read a call.

    Args:
        contract: What kind of contract it goes to.
        data: The call.

    Raises:
        ValueError: The contract has no such function, or the bytes are not exactly what this call
            with these arguments is written as.
    """
    from eth_abi.abi import encode  # noqa: PLC0415 - slow to import

    entry = _functions(contract).get(data[:4])
    if entry is None:
        raise ValueError("the contract has no such function")
    inputs = entry["inputs"]
    values = decode_values(inputs, data[4:])
    if encode(types(inputs), [_tuples(value) for value in values]) != data[4:]:
        # Two texts for one call: what is shown would not be all that is signed.
        raise ValueError("the call is not written as it has to be")
    inner = values[0] if entry["name"] == _BUNDLE else ()
    return DecodedCall(
        contract=contract,
        function=entry["name"],
        parameters=inputs,
        arguments=values,
        inner=tuple(read_call(contract, part) for part in inner),
    )


def is_amount(parameter: Mapping[str, Any]) -> bool:
    """Whether a parameter of a contract of this project is an amount of money, in units."""
    return parameter["name"] in _AMOUNTS and parameter["type"] in _WIDTHS


@cache
def _functions(contract: str) -> dict[bytes, Mapping[str, Any]]:
    return {
        keccak(signature(entry).encode())[:4]: entry
        for entry in _entries(contract)
        if entry["type"] == "function" and entry["stateMutability"] not in {"view", "pure"}
    }


def _entries(contract: str) -> Iterator[Mapping[str, Any]]:
    if contract == TOKEN:
        yield from (_token("approve", "spender"), _token("transfer", "to"), _token("mint", "to"))
        return
    names = {MANAGER: ("RoleManager",), "ledger": ("IReceivableLedger", "ReceivableLedger")}
    for name in names.get(contract) or (ARTIFACTS[contract],):
        yield from artifacts.load(name).abi


def _token(function: str, who: str) -> Mapping[str, Any]:
    inputs = [{"name": who, "type": "address"}, {"name": "amount", "type": "uint256"}]
    return {
        "type": "function",
        "name": function,
        "stateMutability": "nonpayable",
        "inputs": inputs,
    }


def _amounts(parameter: Mapping[str, Any], value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for part in parameter["components"]:
            yield from _amounts(part, value[part["name"]])
    elif isinstance(value, tuple):
        for item in value:
            yield from _amounts({**parameter, "type": parameter["type"][:-2]}, item)
    elif is_amount(parameter):
        yield value


def _receivables(parameter: Mapping[str, Any], value: Any) -> Iterator[int]:
    kind = parameter.get("internalType", "").removesuffix("[]")
    if isinstance(value, dict):
        for part in parameter["components"]:
            yield from _receivables(part, value[part["name"]])
    elif isinstance(value, tuple):
        for item in value:
            yield from _receivables({**parameter, "internalType": kind}, item)
    elif kind == "ReceivableId":
        yield value
    elif kind == "VoucherId" or parameter["name"] in VOUCHERS:
        yield value >> 64


def _tuples(value: Any) -> Any:
    """A decoded value as the encoder takes it."""
    if isinstance(value, dict):
        return tuple(_tuples(part) for part in value.values())
    return tuple(_tuples(item) for item in value) if isinstance(value, tuple) else value
