"""`duebill programme`: the rules that receivables are issued under."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill import presets
from duebill.cli import _show
from duebill.cli._rule_words import gate_facts, preset_facts, rule_facts
from duebill.cli._session import prints_data, reads, writes
from duebill.cli._values import ACCOUNT, PROGRAMME, currency_named
from duebill.model import Money, Rules

if TYPE_CHECKING:
    from duebill.cli._session import Reader, Writer
    from duebill.model import Address, Programme


_DAYS = click.IntRange(1, 2**16 - 1)
_GRACE = click.IntRange(0, 2**16 - 1)
_FEW = click.IntRange(0, 2**8 - 1)
_MANY = click.IntRange(0, 2**32 - 1)


@click.group()
def command() -> None:
    """Create and look at programmes."""


@command.command(name="list")
@reads
def list_(reader: Reader) -> None:
    """List the programmes."""
    found = reader.ledger.programmes()
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
    elif found:
        heads = (">No", "Open", ">Tenor", ">Accept", ">Grace", ">Hops", ">Splits", ">Smallest")
        _show.table(heads, (_row(it) for it in found))
    else:
        _show.line("There are none. `duebill programme create` makes one.")


@command.command()
@click.argument("number", type=PROGRAMME)
@reads
def show(reader: Reader, number: int) -> None:
    """Show the rules of programme NUMBER."""
    found = reader.ledger.programme(number)
    gate = reader.ledger.gate_rules(number)
    if reader.as_json:
        _show.as_json({**found.to_json(), "gate_rules": gate.to_json() if gate else None})
        return
    rules = found.rules
    _show.facts(
        (
            ("Programme", f"{found.number} ({'open' if found.open else 'closed'})"),
            *rule_facts(rules),
            ("Gate", _gate(reader, rules, known=gate is not None)),
            *(gate_facts(gate, reader) if gate else ()),
        )
    )


@command.command(name="presets")
@prints_data
def presets_(as_json: bool) -> None:  # noqa: FBT001 - from the decorator
    """List the presets that a plan's programmes can begin with."""
    if as_json:
        _show.as_json([preset.to_json() for preset in presets.every()])
        return
    for place, preset in enumerate(presets.every()):
        if place:
            _show.line()
        _show.line(f"{preset.name}: {preset.title}", style="bold")
        _show.facts(preset_facts(preset))
    _show.line()
    _show.line('A plan says `preset = "NAME"`; keys beside it may only be stricter.', style="dim")


@command.command()
@click.option(
    "--max-tenor-days",
    type=_DAYS,
    default=365,
    show_default=True,
    help="Longest time from issue to due date.",
)
@click.option(
    "--acceptance-days",
    type=_DAYS,
    default=30,
    show_default=True,
    help="Days after its issue in which a receivable can be accepted.",
)
@click.option(
    "--grace-days",
    type=_GRACE,
    default=0,
    show_default=True,
    help="Days after the due date before a receivable is overdue.",
)
@click.option(
    "--max-hops", type=_FEW, default=16, show_default=True, help="How often value may change hands."
)
@click.option(
    "--max-splits",
    type=_MANY,
    default=1000,
    show_default=True,
    help="How many vouchers may be split off one receivable.",
)
@click.option(
    "--smallest-voucher", default="1", show_default=True, help="No voucher is smaller than this."
)
@click.option("--obligor-limit", help="The most that one obligor may owe; needs --currency.")
@click.option("--currency", help="The only currency admitted, by number or code.")
@click.option("--consent", is_flag=True, help="Recipients must have consented.")
@click.option("--attestations", type=_FEW, default=0, help="How many the gate asks for.")
@click.option("--gate", type=ACCOUNT, help="A contract with rules of its own.")
@click.option(
    "--stop-on-default/--go-on-after-default",
    default=True,
    show_default=True,
    help="Whether an obligor in declared default may accept nothing new.",
)
@writes
def create(  # noqa: PLR0913 - one for each rule
    writer: Writer,
    *,
    max_tenor_days: int,
    acceptance_days: int,
    grace_days: int,
    max_hops: int,
    max_splits: int,
    smallest_voucher: str,
    obligor_limit: str | None,
    currency: str | None,
    consent: bool,
    attestations: int,
    gate: Address | None,
    stop_on_default: bool,
) -> None:
    """Create a programme as the administrator. Its rules never change."""
    code = "XXX"  # ISO 4217: no currency; only the form of the amounts is checked
    rules = Rules(
        max_tenor_days=max_tenor_days,
        acceptance_days=acceptance_days,
        grace_days=grace_days,
        max_hops=max_hops,
        max_splits=max_splits,
        smallest_voucher=Money.parse(smallest_voucher, code).amount,
        obligor_limit=Money.parse(obligor_limit, code).amount if obligor_limit else None,
        currency=_currency(writer, currency),
        attestations=attestations,
        consent=consent,
        stop_on_default=stop_on_default,
        gate=gate,
    )
    _created(writer, rules)


def _created(writer: Writer, rules: Rules) -> None:
    outcome = writer.carry_out(
        writer.ledger.administrator(writer.signer),
        lambda role: role.create_programme(rules),
        words=f"A programme with these rules, for ever: tenor at most {rules.max_tenor_days} days, "
        f"to be accepted within {rules.acceptance_days} days, grace {rules.grace_days} days, "
        f"at most {rules.max_hops} hops and {rules.max_splits} splits, no voucher below "
        f"{rules.smallest_voucher:f}.",
    )
    done = f"Created programme {outcome.value}."
    writer.tell(outcome, {"programme": outcome.value}, done=done)


def _currency(writer: Writer, text: str | None) -> int | None:
    if text is None:
        return None
    return writer.ledger.currency(currency_named(text)).number


def _row(it: Programme) -> tuple[str, ...]:
    rules = it.rules
    days = (f"{n} d" for n in (rules.max_tenor_days, rules.acceptance_days, rules.grace_days))
    counts = str(rules.max_hops), str(rules.max_splits)
    return str(it.number), "yes" if it.open else "no", *days, *counts, f"{rules.smallest_voucher:f}"


def _gate(reader: Reader, rules: Rules, *, known: bool) -> str:
    if rules.gate is None:
        return "none"
    own = "" if known else ", whose rules its contract alone tells"
    return f"{reader.named(rules.gate)}{own}"
