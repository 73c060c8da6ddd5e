"""From what a contract returned on refusal to the error that says it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from duebill import artifacts, errors
from duebill._abi import decode_values, keccak, signature
from duebill.errors import Panicked, RevertedWithReason, UnknownRevert
from duebill.errors._contract import field_kinds
from duebill.model import (
    LoanStatus,
    OfferStatus,
    ReceivableId,
    Scope,
    Status,
    VoucherId,
    date_of,
    hash_text,
    time_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill.errors import ContractError, RevertError

# Error(string) and Panic(uint256), which the language itself defines.
_REASON = bytes.fromhex("08c379a0")
_PANIC = bytes.fromhex("4e487b71")

# How the value of a field is read, by the name of its annotation.
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "ReceivableId": ReceivableId.from_number,
    "VoucherId": VoucherId.from_number,
    "Status": Status,
    "OfferStatus": OfferStatus,
    "LoanStatus": LoanStatus,
    "Scope": Scope,
    "Hash": hash_text,
    "date": date_of,
    "datetime": time_of,
    "str": lambda value: value if isinstance(value, str) else _text(value),
}


def decode_revert(data: bytes) -> RevertError:
    """The error that a contract's refusal stands for."""
    try:
        return _decoded(data[:4], data[4:]) or UnknownRevert(data)
    except ValueError:
        # The selector is known and the fields do not fit: somebody else's error.
        return UnknownRevert(data)


def _decoded(selector: bytes, data: bytes) -> RevertError | None:
    if selector == _REASON:
        return RevertedWithReason(decode_values([{"type": "string"}], data)[0])
    if selector == _PANIC:
        return Panicked(decode_values([{"type": "uint256"}], data)[0])
    entry = _entries().get(selector)
    if entry is None:
        return None
    cls: type[ContractError] = getattr(errors, entry["name"])
    kinds = field_kinds(cls)
    values = zip(kinds.items(), decode_values(entry["inputs"], data), strict=True)
    return cls(**{name: _READERS.get(kind, _same)(value) for (name, kind), value in values})


@cache
def _entries() -> dict[bytes, Mapping[str, Any]]:
    """Every error of every shipped ABI, by selector."""
    abis = (
        artifacts.load(name).abi for group in artifacts.GROUPS for name in artifacts.names(group)
    )
    found = (entry for abi in abis for entry in abi if entry["type"] == "error")
    return {keccak(signature(entry).encode())[:4]: entry for entry in found}


def _same(value: Any) -> Any:
    return value


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "replace")
