"""A call in words, read from its very bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill._calls import TOKEN, VOUCHERS, is_amount, read_call
from duebill._contracts import ARTIFACTS
from duebill.errors import BadSignedTerms
from duebill.model import ReceivableId, VoucherId, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duebill._calls import DecodedCall
    from duebill.model import Call

_RECEIVABLE, _VOUCHER = "ReceivableId", "VoucherId"


def words(call: Call) -> Iterator[str]:
    """What a call does: the contract, the function, and each argument.

    Raises:
        BadSignedTerms: It cannot be read; it is not signed blindly.
    """
    for kind in (*ARTIFACTS, TOKEN):
        try:
            found = read_call(kind, call.data)
        except ValueError:
            continue
        yield f"of the contract {call.to}:"
        yield from (f"  {line}" for line in _lines(found))
        return
    reason = f"a call of {call.to} is none of a contract of this project, and cannot be shown"
    raise BadSignedTerms("intent", reason)


def _lines(call: DecodedCall) -> Iterator[str]:
    if call.inner:
        for inner in call.inner:
            yield from _lines(inner)
        return
    yield call.function
    yield from (f"  {_argument(parameter, value)}" for parameter, value in call.named())


def _argument(parameter: Mapping[str, Any], value: Any) -> str:
    return f"{parameter['name'] or 'argument'}: {_shown(parameter, value)}"


def _shown(parameter: Mapping[str, Any], value: Any) -> str:
    kind = parameter.get("internalType", "")
    if kind == _RECEIVABLE:
        return ReceivableId.from_number(value)
    if kind == _VOUCHER or parameter["name"] in VOUCHERS:
        return VoucherId.from_number(value)
    if is_amount(parameter):
        return plain(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return str(value)


def _plain(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
