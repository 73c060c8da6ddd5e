"""What commands have in common: a ledger to read, an account to sign, a result to print."""

from __future__ import annotations

import functools
import sys
import textwrap
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, Protocol, Self, TypeVar
from urllib.parse import urlsplit

import click

from duebill import node
from duebill.cli import _accounts, _show
from duebill.cli._values import ACCOUNT
from duebill.errors import NodeNotNamed, NotConfirmed
from duebill.model import proposal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from duebill.chain import Transaction
    from duebill.ledger import Ledger
    from duebill.model import Address, Call, Outcome
    from duebill.signing import Signer

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound="Acting")


class Acting(Protocol):
    """Whoever acts on a ledger or a registry, and can try it out first."""

    @property
    def simulate(self) -> Self:
        """The same on a dry run."""

    def once(self, reference: str) -> Self:
        """The same, for one write that is done once under a reference."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """What a dry run has tried out so far."""


@dataclass(kw_only=True)
class Reader:
    """A command that reads a ledger.

    Attributes:
        rpc_url: The node; the environment's, or the local one, when not given.
        as_json: Whether programs read the answer.
    """

    rpc_url: str | None
    as_json: bool

    @cached_property
    def ledger(self) -> Ledger:
        """The connection, made when it is first needed."""
        import duebill  # noqa: PLC0415 - imports the client

        with self.waiting("Connecting to the ledger"):
            return duebill.connect(node_url(self.rpc_url))

    @cached_property
    def labels(self) -> Mapping[Address, str]:
        """What to call addresses: the contracts of the deployment, and accounts."""
        contracts = {where: name.replace("_", " ") for name, where in self.ledger.contracts}
        return contracts | dict(_accounts.labels(self.ledger.chain_id))

    def name(self, who: Address) -> str:
        """An account's name, or its address."""
        return self.labels.get(who, who)

    def named(self, who: Address) -> str:
        """An account's name and address."""
        return f"{self.labels[who]} ({who})" if who in self.labels else who

    def waiting(self, words: str) -> Any:
        """Show that something takes its time."""
        return _show.waiting(words, quiet=self.as_json)


@dataclass(kw_only=True)
class Writer(Reader):
    """A command that changes something.

    Attributes:
        account: The name of the account that signs.
        password_file: The file with its password.
        wallet: The contract wallet that acts, if any; the account is its owner's.
        as_call: Whether the calls are only printed, to be proposed in a wallet's own tool.
        dry_run: Whether it is only tried out; it is when the calls are printed.
        yes: Whether the user has agreed beforehand.
        reference: The user's own name for the write, under which it is done once.
        prepare: The file that it is prepared in, to be signed elsewhere; None to sign it here.
    """

    account: str | None
    password_file: str | None
    wallet: Address | None
    as_call: bool
    dry_run: bool
    yes: bool
    reference: str | None
    prepare: str | None
    _proposed: list[Call] = field(default_factory=list)

    @cached_property
    def signer(self) -> Signer:
        """The account that signs, or the wallet that it acts for."""
        if self.wallet is None:
            return self._account()
        # Met only by those who have one.
        from duebill.signing import ContractWallet  # noqa: PLC0415

        return ContractWallet(self.wallet, owner=None if self.as_call else self._account())

    @property
    def binding(self) -> bool:
        """Whether what is made here may come to be: sent now, or proposed to a wallet."""
        return self.as_call or not self.dry_run

    @property
    def is_begun(self) -> bool:
        """Whether the reference stands for a write already: one that cannot be tried out again."""
        return self.reference is not None and self.ledger.is_recorded(self.reference)

    def propose(self, calls: Iterable[Call]) -> None:
        """Note calls that a dry run made, to be printed at the end if they are asked for."""
        self._proposed += calls

    def hand_over(self) -> None:
        """Print the calls, when they are asked for.

        Raises:
            UsageError: There are none.
        """
        if not self.as_call:
            return
        if not self._proposed:
            raise click.UsageError("There is no call here that a wallet could be asked for.")
        sender, chain_id = self.signer.address, self.ledger.chain_id
        _show.as_json(proposal(self._proposed, sender=sender, chain_id=chain_id))

    def carry_out(self, role: R, act: Callable[[R], Transaction[T]], *, words: str) -> Outcome[T]:
        """Try it out, or show it in words, ask, sign, send and wait.

        Args:
            role: Who acts.
            act: What it does.
            words: What will be signed, as a sentence.

        Raises:
            NotConfirmed: The user said no.
        """
        if self.dry_run:
            trial = role.simulate
            with self.waiting("Trying it out"):
                outcome = act(trial).wait()
            self.propose(trial.calls)
            return outcome
        if self.prepare:
            return self.send(role, act)
        # What was begun before cannot be tried out: it may be done.
        self.agree(words, trial=None if self.is_begun else lambda: act(role.simulate).wait())
        self.unlock()
        return self.send(role, act)

    def send(self, role: R, act: Callable[[R], Transaction[T]]) -> Outcome[T]:
        """Sign, send and wait; the user has agreed."""
        if self.reference is not None:
            role = role.once(self.reference)
        if self.prepare:
            self._hold(role, act)
        with self.waiting("Sending, and waiting for the block"):
            return act(role).wait()

    def agree(self, words: str, *, trial: Callable[[], Outcome[Any]] | None = None) -> None:
        """Show what will be signed, and ask on a terminal.

        Raises:
            NotConfirmed: The user said no.
        """
        if self.yes or self.prepare:
            return
        if not self.as_json or sys.stdin.isatty():
            _show.notice(self._with_place(textwrap.indent(words, "  ")))
        if not sys.stdin.isatty():
            return
        if trial:
            _show.notice(f"It would take about {trial().gas_used:,} gas.")
        if not click.confirm("Sign and send?" if trial or self.reference else "Sign?", err=True):
            raise NotConfirmed

    def unlock(self) -> None:
        """Ask for the password now, before anything moves on the screen."""
        open_ = getattr(self.signer, "unlock", None)
        if open_ and not self.prepare:
            open_()

    def _hold(self, role: R, act: Callable[[R], Transaction[T]]) -> NoReturn:
        """Prepare it, write it to its file, and end the command."""
        from duebill.chain import Held  # noqa: PLC0415 - imports the client
        from duebill.cli.transaction import write_prepared  # noqa: PLC0415 - imports cryptography
        from duebill.offline import PreparedTransaction  # noqa: PLC0415 - as above
        from duebill.roles import Role  # noqa: PLC0415 - as above

        if not isinstance(role, Role):
            raise click.UsageError("Only what is done on the ledger itself can be prepared.")
        with self.waiting("Preparing it"):
            held = act(role.prepare)
        if not isinstance(held, Held):
            raise click.UsageError("This cannot be prepared; it is several transactions.")
        prepared = PreparedTransaction.of(held, ledger=self.ledger)
        write_prepared(prepared, str(self.prepare), as_json=self.as_json)
        click.get_current_context().exit()

    def tell(self, outcome: Outcome[Any], data: Mapping[str, Any], *, done: str) -> None:
        """Print what a write brought about.

        Args:
            outcome: The outcome.
            data: What programs want to know of it.
            done: The same in words.
        """
        if self.as_call:
            return
        if self.as_json:
            _show.as_json({**data, **receipt(outcome)})
        elif outcome.simulated:
            _show.line(f"Dry run, nothing was sent. It would go through: {done}")
            _show.line(f"It would take about {outcome.gas_used:,} gas.", style="dim")
        else:
            _show.line(done)
            where = f"Transaction {outcome.transaction} in block {outcome.block}"
            _show.line(f"{where}, {outcome.gas_used:,} gas.", style="dim")

    def _account(self) -> Signer:
        return _accounts.signer(
            self.account, password_file=self.password_file, chain_id=self.ledger.chain_id
        )

    def _with_place(self, words: str) -> str:
        place = f"on chain {self.ledger.chain_id}, ledger {self.ledger.address}"
        return f"{self.named(self.signer.address)} signs {place}:\n{words}"


def node_url(given: str | None) -> str:
    """The node that was named, or else the one that was started here.

    Raises:
        UsageError: What was given is no address of a node.
        NodeNotNamed: Neither.
    """
    if given:
        return _checked_url(given)
    found = node.status()
    if found is None:
        raise NodeNotNamed
    return found.url


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        # It is not repeated: gateways keep secrets in their addresses.
        raise click.UsageError("The node's address has to be like http://127.0.0.1:8545.")
    return url


def receipt(outcome: Outcome[Any]) -> dict[str, Any]:
    """What every write tells programs."""
    return {
        "simulated": outcome.simulated,
        "transaction": outcome.transaction,
        "block": outcome.block,
        "gas_used": outcome.gas_used,
        "fee": str(outcome.fee),
    }


def prints_data(command: Callable[Concatenate[bool, P], None]) -> Callable[..., None]:
    """Give a command `--json`."""
    flag = click.option("--json", "as_json", is_flag=True, help="Print data for programs.")

    @functools.wraps(command)
    def run(*args: Any, as_json: bool, **options: Any) -> None:
        command(as_json, *args, **options)

    return flag(run)


def reads(command: Callable[Concatenate[Reader, P], None]) -> Callable[..., None]:
    """Make a command that reads a ledger."""

    @functools.wraps(command)
    def run(as_json: bool, *args: Any, rpc_url: str | None, **options: Any) -> None:  # noqa: FBT001 - passed on
        command(Reader(rpc_url=rpc_url, as_json=as_json), *args, **options)

    return prints_data(connects(run))


def writes(command: Callable[Concatenate[Writer, P], None]) -> Callable[..., None]:
    """Make a command that changes something on a ledger."""

    @functools.wraps(command)
    def run(  # noqa: PLR0913 - one for each option
        as_json: bool,  # noqa: FBT001 - passed on
        *args: Any,
        rpc_url: str | None,
        account: str | None,
        password_file: str | None,
        wallet: Address | None,
        as_call: bool,
        dry_run: bool,
        yes: bool,
        reference: str | None,
        prepare: str | None,
        **options: Any,
    ) -> None:
        writer = Writer(
            rpc_url=rpc_url,
            as_json=as_json,
            account=account,
            password_file=password_file,
            wallet=wallet,
            as_call=as_call,
            dry_run=dry_run or as_call,
            yes=yes,
            reference=reference,
            prepare=prepare,
        )
        command(writer, *args, **options)
        writer.hand_over()

    return prints_data(connects(signs(_acts_for_wallet(tries(_refers(run))))))


def signs(command: Callable[P, None]) -> Callable[..., None]:
    """Give a command `--account` and `--password-file`."""
    account = click.option(
        "--account",
        "-a",
        envvar="DUEBILL_ACCOUNT",
        show_envvar=True,
        metavar="NAME",
        help="The account that signs, or where its key is kept; dev0 to dev9 are a local node's own.",
    )
    return account(password_file_option(command))


def password_file_option(command: Callable[P, None]) -> Callable[..., None]:
    """Give a command `--password-file`."""
    return click.option(
        "--password-file",
        envvar="DUEBILL_PASSWORD_FILE",
        show_envvar=True,
        metavar="FILE",
        help="A file of mode 600 that holds the password or PIN; otherwise it is asked for.",
    )(command)


def connects(command: Callable[P, None]) -> Callable[..., None]:
    """Give a command `--rpc-url`."""
    return click.option(
        "--rpc-url",
        envvar="DUEBILL_RPC_URL",
        show_envvar=True,
        metavar="URL",
        help="The node; the one of `duebill node start` when not given.",
    )(command)


def _acts_for_wallet(command: Callable[P, None]) -> Callable[..., None]:
    wallet = click.option(
        "--wallet",
        type=ACCOUNT,
        envvar="DUEBILL_WALLET",
        show_envvar=True,
        help="The contract wallet that acts; the account is its owner's.",
    )
    as_call = click.option(
        "--as-call",
        is_flag=True,
        help="Try it out and print the calls, to be proposed in a wallet's own tool.",
    )
    return wallet(as_call(command))


def agrees(command: Callable[P, None]) -> Callable[..., None]:
    """Give a command `--yes`."""
    yes = click.option("--yes", "-y", is_flag=True, help="Do not ask before signing.")
    return yes(command)


def _refers(command: Callable[P, None]) -> Callable[..., None]:
    reference = click.option(
        "--reference",
        metavar="TEXT",
        help="Your own name for this; under one name it is done once.",
    )
    prepare = click.option(
        "--prepare",
        metavar="FILE",
        help="Write it to a new file, to be signed on another machine; sign and send nothing.",
    )
    return reference(prepare(command))


def tries(command: Callable[P, None]) -> Callable[..., None]:
    """Give a command `--dry-run` and `--yes`."""
    dry_run = click.option("--dry-run", is_flag=True, help="Try it out; sign and send nothing.")
    return dry_run(agrees(command))
