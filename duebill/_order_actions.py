"""The calls of the exchange that roles send, and that a check tries out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from duebill._actions import NOTHING, Answer, only
from duebill.model import Money, VoucherId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from duebill._actions import Action
    from duebill._desk import Desk
    from duebill._trades import Purchase, Quote, Sale
    from duebill.deals import SignedOrder
    from duebill.model import Address, Event

TradeT = TypeVar("TradeT", "Sale", "Purchase")


def approval(desk: Desk, voucher: VoucherId, *, holder: Address) -> list[Action[None]]:
    """What a holder has to send before the exchange may move this one voucher."""
    exchange = desk.contracts.need("exchange")
    if is_approved(desk, voucher, holder=holder):
        return []
    return [desk.action(NOTHING, "approve(address,uint256)", exchange, voucher.number)]


def is_approved(
    desk: Desk, voucher: VoucherId, *, holder: Address, block: int | None = None
) -> bool:
    """Whether the exchange may move a voucher of a holder."""
    exchange = desk.contracts.need("exchange")
    if desk.read("getApproved", voucher.number, block=block) == exchange:
        return True
    found: bool = desk.read("isApprovedForAll", holder, exchange, block=block)
    return found


def fill(
    desk: Desk, order: SignedOrder, kind: type[TradeT], *, quote: Quote, limit: Money
) -> Action[TradeT]:
    """A fill.

    Args:
        desk: The ledger's.
        order: What is filled.
        kind: What it brings about: `Sale` fills a bid, `Purchase` an ask.
        quote: Which voucher, and how much of it.
        limit: The worst price, with the fee.
    """

    def from_result(result: tuple[int, int, int]) -> TradeT:
        voucher, price, fee = result
        return _trade(kind, quote.amount, voucher, price, fee)

    answer = Answer(from_result=from_result, from_events=filled(kind, order.terms.amount.currency))
    signature = bytes.fromhex(order.signature[2:])
    call = (order.terms.as_abi(), signature, quote.voucher.number, quote.amount.units, limit.units)
    return desk.action_of("exchange", answer, "fill", *call)


def filled(kind: type[TradeT], code: str) -> Callable[[Sequence[Event]], TradeT]:
    """How the log tells what a fill brought about.

    Args:
        kind: `Sale` or `Purchase`.
        code: The currency's code.
    """

    def read(events: Sequence[Event]) -> TradeT:
        args: Mapping[str, Any] = only(events, "OrderFilled").args
        amount = Money(args["amount"], code)
        return _trade(kind, amount, args["voucher"], args["price"], args["fee"])

    return read


def fill_intent(order: SignedOrder, voucher: VoucherId, value: Money | None) -> bytes:
    """What is wanted of an order, whatever that comes to by then and costs at most."""
    part = "all" if value is None else str(value.units)
    return f"fill {order.digest()} of {voucher}: {part}".encode()


def _trade(kind: type[TradeT], amount: Money, voucher: int, price: int, fee: int) -> TradeT:
    return kind(
        voucher=VoucherId.from_number(voucher),
        amount=amount,
        price=Money(price, amount.currency),
        fee=Money(fee, amount.currency),
    )
