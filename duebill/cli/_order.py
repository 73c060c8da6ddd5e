"""What `duebill order` does behind its options: reads, drafts, and fills."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _papers, _show
from duebill.cli._values import ACCOUNT, MOMENT, NUMBER
from duebill.model import DayCount, Money, Quotation, Scope, Side
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.cli._session import Reader, Writer
    from duebill.deals import SignedOrder
    from duebill.exchange import Quote
    from duebill.model import Outcome

_DAY_COUNTS = {str(kind): kind for kind in DayCount}


def conditions(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of an order's terms, as one mapping for the client."""

    @click.option("--price", metavar="AMOUNT", help="For the whole of it; a part costs its share.")
    @click.option("--rate", metavar="PERCENT", help="A year, by the days left when it is filled.")
    @click.option("--yield", "as_yield", is_flag=True, help="The rate is a simple yield.")
    @click.option("--day-count", type=click.Choice(list(_DAY_COUNTS)), help="ACT/360 otherwise.")
    @click.option("--least", metavar="AMOUNT", help="The least that one fill may take.")
    @click.option("--recourse", metavar="AMOUNT", help="What the seller answers for; or: full.")
    @click.option("--taker", type=ACCOUNT, help="Who may fill it; anyone otherwise.")
    @click.option("--until", type=MOMENT, help="The last moment; a day from now otherwise.")
    @click.option("--number", type=NUMBER, metavar="N", help="Its number; a fresh one otherwise.")
    @click.option("--out", metavar="FILE", help="Where to write it; else one line is printed.")
    @functools.wraps(verb)
    def run(*args: Any, as_yield: bool, day_count: str | None, **options: Any) -> None:
        names = ("price", "rate", "least", "recourse", "taker", "until", "due_by")
        said = {name: options.pop(name, None) for name in names}
        said["nonce"] = options.pop("number")
        said["quotation"] = Quotation.YIELD if as_yield else None
        said["day_count"] = _DAY_COUNTS[day_count] if day_count else None
        given = {name: value for name, value in said.items() if value is not None}
        verb(*args, said=given, **options)

    return run


def read(source: str) -> SignedOrder:
    """The order in a file, on a line, or on standard input.

    Raises:
        FileRefused: It cannot be read.
        BadSignedTerms: It is no signed order.
    """
    from duebill.deals import SignedOrder  # noqa: PLC0415 - not before an order is read

    return SignedOrder.from_text(_papers.text_of(source))


def signature_words(reader: Reader, signed: SignedOrder) -> str:
    """Whose signature an order has, as far as it can be told without asking the chain."""
    signer = signed.signed_by()
    if signer is None:
        return "that of no account that it names; `duebill order check` asks a contract"
    return f"that of {reader.named(signer)}"


def quote_facts(quote: Quote) -> list[tuple[str, str]]:
    """What a fill comes to, for people."""
    verb = "Buyer pays in all" if quote.side is Side.ASK else "Seller gets in all"
    facts = [
        ("Voucher", quote.voucher),
        ("Amount", grouped(quote.amount)),
        ("Due", f"{quote.due_date.isoformat()}, {quote.days} days from today"),
        ("Price", grouped(quote.price)),
        ("Fee", grouped(quote.fee)),
        (verb, grouped(quote.total)),
    ]
    if quote.discount_rate is not None and quote.yield_rate is not None:
        rates = f"{quote.discount_rate} discount, {quote.yield_rate} yield"
        facts.append(("That is a year", f"{rates} ({quote.day_count}, the fee included)"))
    return facts


def fill(
    writer: Writer, source: str, *, voucher: str | None, value: str | None, limit: str | None
) -> None:
    """Fill an order; see `duebill order fill`."""
    _papers.require_asking(writer, source)
    signed, exchange = read(source), writer.ledger.exchange
    if writer.is_begun:
        # It may be done: then nothing is left to be checked or quoted.
        worst = Money.parse(limit, signed.terms.amount.currency) if limit else None
        words = signed.summary()
        outcome = _filled(writer, signed, voucher=voucher, value=value, worst=worst, words=words)
        _tell_filled(writer, signed, outcome)
        return
    which = voucher or _only_fitting(writer, signed)
    me = writer.signer.address
    problems = exchange.check(signed, voucher=which, value=value, filler=me)
    for problem in problems[1:]:
        _show.notice(problem.message)
    if problems:
        raise problems[0]
    quote = exchange.quote(signed, which, value=value)
    worst = Money.parse(limit, quote.total.currency) if limit else quote.total
    words = f"{signed.summary()}\n\n{_deed(writer, signed, quote, worst)}"
    _tell_filled(
        writer,
        signed,
        _filled(writer, signed, voucher=which, value=value, worst=worst, words=words),
    )


def _filled(  # noqa: PLR0913 - what is said of a fill
    writer: Writer,
    signed: SignedOrder,
    *,
    voucher: str | None,
    value: str | None,
    worst: Money | None,
    words: str,
) -> Outcome[Any]:
    if signed.terms.side is Side.ASK:
        return writer.carry_out(
            writer.ledger.financier(writer.signer),
            lambda it: it.buy(signed, voucher, value=value, most_cost=worst),
            words=words,
        )
    return writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda it: it.sell(signed, voucher, value=value, least_proceeds=worst),
        words=words,
    )


def _tell_filled(writer: Writer, signed: SignedOrder, outcome: Outcome[Any]) -> None:
    trade, amount = outcome.value, grouped(outcome.value.amount)
    if signed.terms.side is Side.ASK:
        done = f"Bought {amount} for {grouped(trade.cost)}"
    else:
        done = f"Sold {amount} for {grouped(trade.proceeds)}"
    data = {"order": signed.digest(), **trade.to_json()}
    writer.tell(outcome, data, done=f"{done} as {short(trade.voucher)}.")


def _deed(writer: Writer, signed: SignedOrder, quote: Quote, worst: Money) -> str:
    other = writer.named(signed.terms.maker)
    buys = quote.side is Side.ASK
    verb, side = ("buy", "from") if buys else ("sell", "to")
    ends = f"I pay {grouped(worst)} at most" if buys else f"I get {grouped(worst)} at least"
    facts = "\n".join(f"  {name}: {value}" for name, value in quote_facts(quote))
    return f"I {verb} this {side} {other}; {ends}.\n{facts}"


def _only_fitting(writer: Writer, signed: SignedOrder) -> str | None:
    """The one voucher that an order can be about; None where the order says it."""
    if signed.terms.scope is Scope.VOUCHER:
        return None
    found = writer.ledger.exchange.fitting(signed, holder=writer.signer.address)
    if len(found) == 1:
        return found[0].id
    if not found:
        raise click.UsageError("You hold no voucher that the order is about.")
    listed = ", ".join(f"{short(it.id)} of {grouped(it.value)}" for it in found[:10])
    raise click.UsageError(f"Several vouchers fit: {listed}. Name one with --voucher.")
