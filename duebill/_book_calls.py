"""What readers and roles of the guarantee book and the pledge book have in common."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, TypeVar

from duebill._abi import abi_of
from duebill._actions import NOTHING, Answer
from duebill.errors import Ambiguous, BadId, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from duebill._actions import Action, Approval
    from duebill._desk import Desk
    from duebill.model import Address, Event, VoucherId
    from duebill.model._struct import Struct

T = TypeVar("T")

_HASH_LENGTH = 64
# Calls in one request: nodes limit the gas and the time of a call.
_MOST_CALLS = 100
# Tokens take so much for no limit, and do not count it down.
_UNLIMITED = 1 << 128


def hash_by_prefix(text: str, known: Iterable[str], *, what: str) -> str:
    """The one id among those known that begins with these characters.

    Args:
        text: Hex digits, with or without 0x.
        known: The ids there are, as 0x and 64 hex digits.
        what: What they are the ids of.

    Raises:
        IdError: There is none, or more than one, or the text is no beginning of an id.
    """
    prefix = text.lower().removeprefix("0x")
    if not 0 < len(prefix) <= _HASH_LENGTH or set(prefix) - set(string.hexdigits):
        raise BadId(text, expected="hex digits, as many as tell it from others")
    matches = tuple(id_ for id_ in known if id_.startswith(f"0x{prefix}"))
    if not matches:
        raise NotFound(what, text)
    if len(matches) > 1:
        raise Ambiguous(text, matches=matches)
    return matches[0]


def raw_terms(kind: type[Struct], fields: Mapping[str, Any]) -> tuple[Any, ...]:
    """Terms as a contract takes them, from the fields that its events told."""
    return tuple(fields[field.abi_name] for field in kind.FIELDS)


def read_all_from(
    desk: Desk, contract: str, calls: Sequence[tuple[str, Sequence[Any]]], *, block: int
) -> list[Any]:
    """What several views of a contract beside the ledger say, all at one block.

    Args:
        desk: The ledger's.
        contract: As for `Desk.read_from`.
        calls: The views, each with what it is asked.
        block: The block whose state is used.
    """
    abi, found = abi_of(contract), []
    for start in range(0, len(calls), _MOST_CALLS):
        some = calls[start : start + _MOST_CALLS]
        encoded = [abi.encode(function, *args) for function, args in some]
        answers = desk.read_from(contract, "multicall", encoded, block=block)
        pairs = zip(some, answers, strict=True)
        found += [abi.decode(function, data) for (function, _), data in pairs]
    return found


def together(
    desk: Desk,
    contract: str,
    calls: Sequence[tuple[str, Sequence[Any]]],
    *,
    from_results: Callable[[list[Any]], T],
    from_events: Callable[[Sequence[Event]], T],
) -> Action[T]:
    """Several calls in one transaction: all of them, or none.

    Args:
        desk: The ledger's.
        contract: As for `Desk.read_from`.
        calls: The functions, each with what it is given.
        from_results: The value, from what each of them returns.
        from_events: The value, from the log.
    """
    abi = abi_of(contract)

    def from_result(results: Sequence[bytes]) -> T:
        pairs = zip(calls, results, strict=True)
        return from_results([abi.decode(function, data) for (function, _), data in pairs])

    encoded = [abi.encode(function, *args) for function, args in calls]
    answer = Answer(from_result=from_result, from_events=from_events)
    return desk.action_of(contract, answer, "multicall", encoded)


def approving(
    desk: Desk, voucher: VoucherId, *, holder: Address, operator: Address
) -> list[Action[None]]:
    """What a holder has to send before a contract may take this one voucher.

    A voucher has one such approval: what it was approved for before is replaced.
    """
    approved = desk.read("getApproved", voucher.number) == operator
    if approved or desk.read("isApprovedForAll", holder, operator):
        return []
    return [desk.action(NOTHING, "approve(address,uint256)", operator, voucher.number)]


def allowing_more(
    desk: Desk, currency: int, units: int, *, owner: Address, spender: Address
) -> list[Approval]:
    """What has to be sent so that a contract may take this much on top of what it may already.

    What was signed before, or kept ready for calls, counts on the allowance that is there.
    """
    row = desk.currency(currency)
    if row.token is None or not units:
        return []
    allowed = desk.ask_token(row.token, "allowance", owner, spender)
    if allowed >= _UNLIMITED:
        return []
    return desk.allowing(
        currency, _units(allowed, row.decimals) + units, owner=owner, spender=spender
    )


def _units(amount: int, decimals: int) -> int:
    """What a token counts as units, rounded up."""
    factor: int = 10 ** abs(6 - decimals)
    return amount * factor if decimals < 6 else -(-amount // factor)
