"""`duebill order`: signed orders to sell and to buy, from the draft to the fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _order, _papers, _show
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, DATE, MOMENT, NUMBER, PROGRAMME, currency_named
from duebill.model import Money, Scope
from duebill.wording import grouped

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.cli._session import Reader, Writer
    from duebill.model import Address


@click.group()
def command() -> None:
    """Sign, look at, fill and withdraw orders to sell and to buy.

    An ORDER is a file, the line itself, or - for standard input.
    """


@command.command()
@click.argument("voucher", metavar="VOUCHER")
@click.option("--value", metavar="AMOUNT", help="Only this much of it.")
@_order.conditions
@writes
def ask(
    writer: Writer, voucher: str, *, value: str | None, said: dict[str, Any], out: str | None
) -> None:
    """Sign an order to sell a voucher, at a price or at a rate.

    Nothing is sold before somebody fills it. The exchange is made an operator of this one voucher.
    """
    seller = writer.ledger.supplier(writer.signer)
    if writer.dry_run:
        _papers.would_sign(writer, seller.draft_offer(voucher, value=value, **said))
        return
    review = _papers.reviewing(writer, then="The exchange is approved for it, unless it is.")
    _papers.give(writer, seller.offer(voucher, value=value, review=review, **said), out=out)


@command.command()
@click.option("--voucher", metavar="ID", help="Of this voucher.")
@click.option("--receivable", metavar="ID", help="Of any voucher of this receivable.")
@click.option("--obligor", type=ACCOUNT, help="Of any voucher that this account owes.")
@click.option("--programme", type=PROGRAMME, metavar="N", help="Of any of this programme.")
@click.option(
    "--amount", metavar="AMOUNT", help="Up to how much; all of it, of one voucher, when not given."
)
@click.option("--currency", metavar="CODE", help="Of obligor or programme: what is paid in.")
@click.option("--due-by", type=DATE, help="The latest due date.")
@_order.conditions
@writes
def bid(  # noqa: PLR0913 - one for each option
    writer: Writer,
    *,
    voucher: str | None,
    receivable: str | None,
    obligor: Address | None,
    programme: int | None,
    amount: str | None,
    currency: str | None,
    said: dict[str, Any],
    out: str | None,
) -> None:
    """Sign an order to buy, at a price or at a rate.

    Nothing is bought before somebody fills it. The exchange is allowed the most that it can cost.
    """
    subjects = [it for it in (voucher, receivable, obligor, programme) if it is not None]
    if len(subjects) != 1:
        raise click.UsageError("Give one of --voucher, --receivable, --obligor, --programme.")
    (on,) = subjects
    number = currency_named(currency) if currency else None
    buyer = writer.ledger.financier(writer.signer)
    if writer.dry_run:
        _papers.would_sign(writer, buyer.draft_bid(on, amount, currency=number, **said))
        return
    review = _papers.reviewing(writer, then="The exchange is allowed the cash, unless it is.")
    signed = buyer.bid(on, amount, currency=number, review=review, **said)
    _papers.give(writer, signed, out=out)


@command.command()
@click.argument("order", metavar="ORDER")
@click.option("--voucher", metavar="ID", help="Quote a fill with this one.")
@click.option("--value", metavar="AMOUNT", help="Quote a fill of only this much.")
@reads
def show(reader: Reader, order: str, *, voucher: str | None, value: str | None) -> None:
    """Show what an order says, what is left of it, and what a fill comes to."""
    signed, exchange = _order.read(order), reader.ledger.exchange
    left, quote = exchange.left_of(signed), None
    if left and (voucher or signed.terms.scope is Scope.VOUCHER):
        quote = exchange.quote(signed, voucher, value=value)
    if reader.as_json:
        shown = {
            "id": exchange.id_of(signed),
            "signed_by": signed.signed_by(),
            "left": left.text,
            "order": signed.to_json(),
            "summary": signed.summary().splitlines(),
            "quote": quote.to_json() if quote else None,
        }
        _show.as_json(shown)
        return
    for words in signed.summary().splitlines():
        _show.line(words)
    _show.line()
    _show.facts(
        [
            ("Order", exchange.id_of(signed)),
            ("Signature", _order.signature_words(reader, signed)),
            ("Left", grouped(left)),
            *(_order.quote_facts(quote) if quote else ()),
        ]
    )


@command.command()
@click.argument("order", metavar="ORDER")
@click.option("--voucher", metavar="ID", help="What would be sold.")
@click.option("--value", metavar="AMOUNT", help="Only this much of it.")
@click.option("--filler", type=ACCOUNT, help="Who would fill it.")
@reads
@click.pass_context
def check(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    reader: Reader,
    order: str,
    *,
    voucher: str | None,
    value: str | None,
    filler: Address | None,
) -> None:
    """Look for what stands in the way of filling an order; exit code 1 if something does."""
    signed, exchange = _order.read(order), reader.ledger.exchange
    found = exchange.check(signed, voucher=voucher, value=value, filler=filler)
    if reader.as_json:
        rows = [{"type": type(p).__name__, "message": p.message, "hint": p.hint} for p in found]
        _show.as_json({"id": signed.digest(), "problems": rows})
    elif found:
        for problem in found:
            _show.line(problem.message)
            _show.line(f"  {problem.hint}", style="dim")
    else:
        _show.line("Nothing stands in its way.")
    ctx.exit(1 if found else 0)


@command.command()
@click.argument("order", metavar="ORDER")
@click.option("--voucher", metavar="ID", help="What is sold, if the order does not say it.")
@click.option("--value", metavar="AMOUNT", help="Only this much of it.")
@click.option("--limit", metavar="AMOUNT", help="The worst price, with the fee; the quote's else.")
@writes
def fill(
    writer: Writer, order: str, *, voucher: str | None, value: str | None, limit: str | None
) -> None:
    """Buy what an order sells, or sell what it buys: voucher against cash, in one step."""
    _order.fill(writer, order, voucher=voucher, value=value, limit=limit)


@command.command()
@click.argument("order", metavar="[ORDER]", required=False)
@click.option("--number", type=NUMBER, metavar="N", help="The number of the order.")
@click.option("--before", type=MOMENT, help="All orders that were signed before then.")
@writes
def cancel(
    writer: Writer, order: str | None, *, number: int | None, before: datetime | None
) -> None:
    """Withdraw an order of yours, by itself or by its number, or all of a time."""
    if [order, number, before].count(None) != 2:
        raise click.UsageError("Give an ORDER, a --number, or a time with --before; one of them.")
    role = writer.ledger.financier(writer.signer)
    if before is not None:
        outcome = writer.carry_out(
            role,
            lambda it: it.cancel_orders_below(before),
            words=f"I withdraw all orders that I signed before {before:%Y-%m-%d %H:%M:%S %Z}.",
        )
        data: dict[str, Any] = {"before": before.isoformat()}
        writer.tell(outcome, data, done="Withdrawn: all before then.")
        return
    what = _order.read(order) if order is not None else int(number or 0)
    nonce = what if isinstance(what, int) else what.terms.nonce
    outcome = writer.carry_out(
        role, lambda it: it.cancel_order(what), words=f"I withdraw my orders with number {nonce}."
    )
    writer.tell(outcome, {"number": str(nonce)}, done=f"Withdrawn: number {nonce}.")


@command.command()
@click.argument("amount", metavar="AMOUNT")
@click.argument("currency", metavar="CURRENCY")
@writes
def allow(writer: Writer, amount: str, currency: str) -> None:
    """Let the exchange take this much of your money, for bids and recourse; 0 ends it."""
    row = writer.ledger.currency(currency_named(currency))
    wanted = Money.parse(amount, row.code)
    outcome = writer.carry_out(
        writer.ledger.financier(writer.signer),
        lambda it: it.allow_cash(wanted),
        words=f"I let the exchange take {grouped(wanted)} in all, instead of what it may now.",
    )
    data = {"amount": wanted.text, "currency": wanted.currency}
    writer.tell(outcome, data, done=f"The exchange may take {grouped(wanted)}.")
