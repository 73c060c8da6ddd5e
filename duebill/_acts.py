"""From events to acts: what supervisors and enforcers did, and what is left of it at a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from duebill._abi import ledger_abi
from duebill.model import (
    ANNOUNCEMENT_LASTS,
    ZERO_ADDRESS,
    ZERO_HASH,
    Act,
    ActKind,
    ActState,
    VoucherId,
    hash_text,
    time_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from datetime import datetime

    from duebill.model import Event


@dataclass(frozen=True, slots=True)
class _Told:
    """An act, and what it binds: a later act on the same takes its place."""

    act: Act
    binds: Hashable
    serial: Hashable = None


def acts(
    events: Iterable[Event], *, now: datetime, time_at: Callable[[int], datetime]
) -> tuple[Act, ...]:
    """The acts that events tell of, in order.

    Args:
        events: Those of the ledger and of its role manager.
        now: The moment for which is said what is left of each.
        time_at: The time of a block.
    """
    told: list[_Told] = []
    # A seizure's event names the voucher only; ERC-7943's, just before it, says from whom to whom.
    moved: Event | None = None
    for event in events:
        if event.name == "ForcedTransfer":
            moved = event
        elif event.name in {"OperationExecuted", "OperationCanceled"}:
            _close(told, event)
        elif reader := _READERS.get(event.name):
            args = {**event.args, **(moved.args if event.name == "VoucherSeized" and moved else {})}
            if (found := reader(args, _plain(event, time_at))) is not None:
                told.append(found)
    return tuple(_states(told, now))


def _plain(event: Event, time_at: Callable[[int], datetime]) -> Act:
    """An act with what every event tells of it."""
    reason = event.args.get("reason", bytes(32))
    return Act(
        kind=ActKind.RELEASE,
        state=ActState.DONE,
        by=event.args.get("by", event.args.get("caller", ZERO_ADDRESS)),
        subject=None,
        account=None,
        to=None,
        until=None,
        reason=None if (found := hash_text(reason)) == ZERO_HASH else found,
        announced=None,
        time=time_at(event.block),
        block=event.block,
        transaction=event.transaction,
    )


def _party_frozen(args: Mapping[str, Any], act: Act) -> _Told:
    return _Told(replace(_frozen(args, act), subject=args["party"]), args["party"])


def _voucher_frozen(args: Mapping[str, Any], act: Act) -> _Told:
    voucher, account = VoucherId.from_number(args["voucher"]), args["account"]
    found = replace(_frozen(args, act), subject=voucher, account=account)
    return _Told(found, (voucher, account))


def _frozen(args: Mapping[str, Any], act: Act) -> Act:
    if args["until"] < act.time.timestamp():
        return replace(act, kind=ActKind.RELEASE)
    return replace(act, kind=ActKind.FREEZE, until=time_of(args["until"]))


def _seized(args: Mapping[str, Any], act: Act) -> _Told:
    voucher, giver = VoucherId.from_number(args["voucher"]), args["from"]
    found = replace(act, kind=ActKind.SEIZE, subject=voucher, account=giver, to=args["to"])
    return _Told(found, (voucher, giver))


def _payee_set(args: Mapping[str, Any], act: Act) -> _Told:
    payee = None if args["payee"] == ZERO_ADDRESS else args["payee"]
    found = replace(act, kind=ActKind.PAYEE, subject=args["holder"], to=payee)
    return _Told(found, ("payee", args["holder"]))


def _paused(args: Mapping[str, Any], act: Act) -> _Told:
    return _Told(replace(act, kind=ActKind.PAUSE, until=time_of(args["until"])), "pause")


def _unpaused(_: Mapping[str, Any], act: Act) -> _Told:
    return _Told(replace(act, kind=ActKind.UNPAUSE), "pause")


def _announced(args: Mapping[str, Any], act: Act) -> _Told | None:
    try:
        call = ledger_abi().decode_call(args["data"])
    except ValueError:
        # It will be refused when it is carried out.
        call = None
    if call is None or call[0] not in _ANNOUNCED:
        return None
    fields = call[1]
    voucher = fields.get("id", fields.get("tokenId"))
    whose = fields.get("party", fields.get("holder"))
    reason = hash_text(fields.get("reason", bytes(32)))
    found = replace(
        act,
        kind=ActKind.ANNOUNCE,
        announced=_kind(call[0], fields, ready=args["schedule"]),
        subject=whose if voucher is None else VoucherId.from_number(voucher),
        account=fields.get("from", fields.get("account")),
        to=fields.get("to", fields.get("payee")),
        until=time_of(args["schedule"]),
        reason=None if reason == ZERO_HASH else reason,
    )
    return _Told(found, None, (args["operationId"], args["nonce"]))


def _kind(function: str, fields: Mapping[str, Any], *, ready: int) -> ActKind:
    """What an announced call will be: a freeze that is over before it can begin is a release."""
    kind = _ANNOUNCED[function]
    lifts = fields.get("until", ready) < ready or fields.get("frozenStatus") is False
    return ActKind.RELEASE if kind is ActKind.FREEZE and lifts else kind


def _close(told: list[_Told], event: Event) -> None:
    """Note what became of an announced act."""
    serial = event.args["operationId"], event.args["nonce"]
    done = event.name == "OperationExecuted"
    for place, it in enumerate(told):
        if it.serial == serial:
            state = ActState.DONE if done else ActState.CANCELLED
            told[place] = replace(it, act=replace(it.act, state=state), serial=None)


def _states(told: list[_Told], now: datetime) -> Iterator[Act]:
    latest = {it.binds: it for it in told if it.binds is not None}
    after: dict[Hashable, datetime] = {}
    # From the newest: so it is known for each act when the next one on the same was done.
    found = []
    for it in reversed(told):
        ended = after.get(it.binds, now)
        found.append(replace(it.act, state=_state(it, ended, last=latest.get(it.binds) is it)))
        after[it.binds] = it.act.time
    yield from reversed(found)


def _state(told: _Told, ended: datetime, *, last: bool) -> ActState:
    """What is left of an act.

    Args:
        told: The act.
        ended: Now, or when the next act on the same was done.
        last: Whether there is no next one.
    """
    act = told.act
    if told.serial is not None and act.until is not None:
        if ended < act.until:
            return ActState.WAITING
        return ActState.READY if ended < act.until + ANNOUNCEMENT_LASTS else ActState.EXPIRED
    if act.kind in {ActKind.FREEZE, ActKind.PAUSE} and act.until is not None and act.until < ended:
        return ActState.EXPIRED
    runs = act.kind in {ActKind.FREEZE, ActKind.PAUSE} or (act.kind is ActKind.PAYEE and act.to)
    if not runs:
        return act.state
    return ActState.IN_FORCE if last else ActState.REPLACED


_ANNOUNCED = {
    "freezeParty": ActKind.FREEZE,
    "freezeVoucher": ActKind.FREEZE,
    "setFrozenTokens": ActKind.FREEZE,
    "seizeVoucher": ActKind.SEIZE,
    "forcedTransfer": ActKind.SEIZE,
    "setPayee": ActKind.PAYEE,
    "pause": ActKind.PAUSE,
    "unpause": ActKind.UNPAUSE,
}

_READERS: dict[str, Callable[[Mapping[str, Any], Act], _Told | None]] = {
    "OperationScheduled": _announced,
    "PartyFrozen": _party_frozen,
    "Paused": _paused,
    "PayeeSet": _payee_set,
    "Unpaused": _unpaused,
    "VoucherFrozen": _voucher_frozen,
    "VoucherSeized": _seized,
}
