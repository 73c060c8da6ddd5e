"""The root of the commands: which nouns there are, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NOUNS = {
    "demo": "Tell the life of a receivable on a private chain.",
    "invoice": "Read electronic invoices.",
    "registry": "See to it that invoices are used once.",
    "receivable": "Issue, accept, pay and look at receivables.",
    "voucher": "Hold, split, pass on and redeem vouchers.",
    "document": "Seal, open, prove and attest what stands behind receivables.",
    "order": "Sign, look at, fill and withdraw orders to sell and to buy.",
    "offer": "Pay with vouchers: offer, accept, reject, withdraw.",
    "recourse": "Ask sellers who answer for what was not paid.",
    "guarantee": "Guarantee what obligors owe: give, take, call and honour avals.",
    "loan": "Lend against vouchers, borrow, pay back and collect.",
    "sponsor": "Pay for others, who sign without having any ether.",
    "replay": "Live through a history of invoices on a private chain.",
    "trace": "Show how a receivable's value went from holder to holder.",
    "check": "Check the ledger's promises on the chain itself.",
    "doctor": "Check node, deployment and account, and say what to do.",
    "journal": "Look at what was sent, and finish what a crash left open.",
    "transaction": "Show, approve, sign and send transactions that were prepared.",
    "account": "Make, import and list the accounts that sign.",
    "party": "Verify, freeze and look at parties.",
    "supervision": "Freeze, pause, take on an order, and see what was done.",
    "watch": "Tell what alert rules find: live, or --once.",
    "programme": "Create and look at programmes.",
    "currency": "Look at what receivables are paid in.",
    "deploy": "Put a ledger on a chain, or check and finish one.",
    "node": "Start and stop a local chain.",
    "completion": "Print the completion of commands for a shell.",
}


class Root(click.Group):
    """`duebill`: knows its nouns by name and imports the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The nouns, in the order in which they are met."""
        return list(_NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of a noun."""
        if cmd_name not in _NOUNS:
            return None
        command: click.Command = import_module(f"duebill.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write the nouns without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_NOUNS.items()))

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **extra: Any,
    ) -> NoReturn:
        """Run a command; errors become one sentence, a hint and an exit code."""
        words = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        _log(os.environ.get("DUEBILL_LOG"))
        run: Callable[..., Any] = super().main
        sys.exit(_code_of(lambda: run(words, prog_name, **extra), as_json="--json" in words))


def _log(level: str | None) -> None:
    if not level:
        return
    from duebill import telemetry  # noqa: PLC0415 - only for those who ask

    try:
        telemetry.log_to(sys.stderr, level=level.upper())
    except ValueError:
        sys.exit(f"Error: DUEBILL_LOG={level[:20]!r} is no level: debug, info, warning or error.")


def _code_of(run: Callable[[], Any], *, as_json: bool) -> int:
    try:
        code = run()
    except Exception as error:  # noqa: BLE001 - the last place where an error can become words
        from duebill.cli import _failures  # noqa: PLC0415 - imports every error

        return _failures.report(error, as_json=as_json)
    return code if isinstance(code, int) else 0


@click.command(
    name="duebill",
    cls=Root,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`duebill demo` needs nothing but this program. Every command that prints data takes "
    "--json.",
)
@click.version_option(
    None, "-V", "--version", package_name="duebill", message="duebill %(version)s"
)
def main() -> None:
    """Receivables that can be split, passed on, financed and redeemed, on a chain."""
