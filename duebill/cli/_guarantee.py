"""What `duebill guarantee` does behind its options: promises read, avals and cover shown."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _papers
from duebill.cli._values import ACCOUNT, MOMENT, PROGRAMME, currency_named
from duebill.model import Money
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from duebill.cli._session import Reader, Writer
    from duebill.deals import SignedAval
    from duebill.guarantees import AvalCall, AvalCover, Cover, StandingAval
    from duebill.model import Address, Aval, Outcome


def promise(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of what an aval is about, as one mapping for the client."""

    @click.argument("receivable", metavar="[RECEIVABLE]", required=False)
    @click.option("--obligor", type=ACCOUNT, help="For a line: all that this account owes ...")
    @click.option("--programme", type=PROGRAMME, metavar="N", help="... under this programme.")
    @click.option("--currency", metavar="CODE", help="For a line: what the cap is in.")
    @click.option("--cap", required=True, metavar="AMOUNT", help="The most that can be called.")
    @click.option("--margin", metavar="AMOUNT", help="How much of it is laid up in cash.")
    @click.option(
        "--until", type=MOMENT, required=True, help="The last moment in which it can be called."
    )
    @functools.wraps(verb)
    def run(  # noqa: PLR0913 - one for each option
        *args: Any,
        obligor: Address | None,
        programme: int | None,
        currency: str | None,
        cap: str,
        margin: str | None,
        until: datetime,
        **options: Any,
    ) -> None:
        said = {"obligor": obligor, "programme": programme, "margin": margin, "until": until}
        given = {name: value for name, value in said.items() if value is not None}
        verb(*args, said={**given, "cap": (cap, currency)}, **options)

    return run


def said_of(writer: Writer, said: dict[str, Any]) -> dict[str, Any]:
    """The promise as the client takes it: its cap in the currency that was named."""
    cap, currency = said["cap"]
    if currency is None:
        return {**said, "cap": cap}
    code = writer.ledger.currency(currency_named(currency)).code
    return {**said, "cap": Money.parse(cap, code)}


def read(source: str) -> SignedAval:
    """The signed aval in a file, on a line, or on standard input.

    Raises:
        FileRefused: It cannot be read.
        BadSignedTerms: It is no signed aval.
    """
    from duebill.deals import SignedAval  # noqa: PLC0415 - not before an aval is read

    return SignedAval.from_text(_papers.text_of(source))


def subject(reader: Reader, aval: Aval) -> str:
    """What an aval covers, in a few words."""
    if aval.receivable is not None:
        return f"receivable {short(aval.receivable)}"
    return f"all of {reader.name(aval.obligor)} under programme {aval.programme}"


def promised(reader: Reader, aval: Aval) -> str:
    """What a guarantor promises by giving an aval itself, as a sentence."""
    return (
        f"I pay what {reader.named(aval.obligor)} does not pay for {subject(reader, aval)}, up to "
        f"{grouped(aval.cap)} in all, if it is called by {moment(aval.expiry)}; "
        f"{grouped(aval.secured)} of it I lay up in cash."
    )


def facts(reader: Reader, it: StandingAval) -> list[tuple[str, str]]:
    """An aval as it stands, for people."""
    terms = it.terms
    rows = [
        ("Aval", it.id),
        ("Guarantor", reader.named(terms.guarantor)),
        ("Covers", subject(reader, terms)),
        ("Obligor", reader.named(terms.obligor)),
        ("Cap", grouped(terms.cap)),
        ("Called and paid", grouped(it.state.called)),
        ("Left", grouped(it.left)),
        ("Margin", grouped(it.state.margin)),
        ("Until", moment(terms.expiry) + (" (over)" if it.expired else "")),
        ("Ever failed to pay", failures(it.missed)),
    ]
    rows += [(f"Unpaid on {short(id_)}", grouped(amount)) for id_, amount in it.unpaid.items()]
    return rows


def row(reader: Reader, it: StandingAval) -> tuple[str, ...]:
    """An aval as one row of a table."""
    amounts = grouped(it.terms.cap), grouped(it.left), grouped(it.state.margin)
    unpaid = grouped(it.state.dishonoured) if it.state.dishonoured else ""
    until = f"{it.terms.expiry:%Y-%m-%d}" + (" (over)" if it.expired else "")
    guarantor = reader.name(it.terms.guarantor)
    return short(it.id), guarantor, subject(reader, it.terms), *amounts, unpaid, until


def cover_facts(it: Cover) -> list[tuple[str, str]]:
    """What covers a receivable in all, for people."""
    return [
        ("Receivable", f"{it.receivable} ({it.status})"),
        ("Lacking", grouped(it.lacking)),
        ("Covered", grouped(it.total)),
        ("Of it in cash", grouped(it.secured)),
        ("Not covered", grouped(it.uncovered)),
    ]


def cover_row(reader: Reader, it: AvalCover) -> tuple[str, ...]:
    """What one aval does, as one row of a table."""
    amounts = grouped(it.callable), grouped(it.secured), grouped(it.unpaid) if it.unpaid else ""
    kind = "line" if it.line else "this one"
    who = reader.name(it.guarantor)
    return short(it.aval), who, kind, *amounts, f"{it.until:%Y-%m-%d}", failures(it.missed)


def told(writer: Writer, outcome: Outcome[tuple[AvalCall, ...]], receivable: str) -> None:
    """What calling brought about."""
    calls = outcome.value
    done = "; ".join(
        f"{writer.name(it.guarantor)} paid {grouped(it.paid)}"
        + (f" and did not pay {grouped(it.dishonoured)}" if it.dishonoured else "")
        for it in calls
    )
    data = {"receivable": receivable, "calls": [it.to_json() for it in calls]}
    writer.tell(outcome, data, done=f"Called for {short(receivable)}: {done}.")


def moment(it: datetime) -> str:
    """A moment, to the second."""
    return f"{it:%Y-%m-%d %H:%M:%S} UTC"


def failures(count: int) -> str:
    """How often somebody failed, in words."""
    return f"{count} times" if count > 1 else "once" if count else "never"
