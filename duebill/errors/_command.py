"""What the command line refuses before any ledger is asked: accounts, passwords, files, words."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from duebill.errors._base import DuebillError, quoted

if TYPE_CHECKING:
    from duebill.model import InvariantReport


class CommandError(DuebillError):
    """A command cannot be carried out as it was given."""


class AccountError(CommandError):
    """An account cannot be named, opened or made."""


class NoAccount(AccountError):
    """A command that signs was given no account.

    Attributes:
        known: The names of the accounts that there are.
    """

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known
        there_are = f" There are: {', '.join(known)}." if known else ""
        super().__init__(
            "No account was named, and this has to be signed.",
            hint=f"Give --account NAME, or set DUEBILL_ACCOUNT.{there_are}",
        )


class AccountUnknown(AccountError):
    """There is no account of this name.

    Attributes:
        name: The name.
        known: The names of the accounts that there are.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        there_are = f"There are: {', '.join(known)}." if known else "There are none yet."
        super().__init__(
            f"There is no account {quoted(name)}.",
            hint=f"{there_are} `duebill account new NAME` makes one.",
        )


class AccountNameInvalid(AccountError):
    """Not a name for an account.

    Attributes:
        name: What was given.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{quoted(name)} is no name for an account.",
            hint="Take small letters, digits and . _ -, at most 40, but not dev0 to dev9.",
        )


class AccountExists(AccountError):
    """There is an account of this name already.

    Attributes:
        name: The name.
        path: Its file.
    """

    def __init__(self, name: str, *, path: str) -> None:
        self.name = name
        self.path = path
        super().__init__(
            f"There is an account {quoted(name)} already: {path}.",
            hint="Take another name; nothing is overwritten.",
        )


class LocalAccountElsewhere(AccountError):
    """An account whose key all the world has, on a chain that is not a local one.

    Attributes:
        name: The account.
        chain_id: The chain.
    """

    def __init__(self, name: str, *, chain_id: int) -> None:
        self.name = name
        self.chain_id = chain_id
        super().__init__(
            f"{name} is for local nodes only, and this is chain {chain_id}: all the world has "
            "its key.",
            hint="Use an account of your own: `duebill account list`.",
        )


class PasswordMissing(AccountError):
    """A password is needed, and there is nobody to ask."""

    def __init__(self) -> None:
        super().__init__(
            "A password is needed, and there is no terminal to ask for it.",
            hint="Name a file that only you can read with --password-file or "
            "DUEBILL_PASSWORD_FILE.",
        )


class PasswordFileRefused(AccountError):
    """The password file cannot be used.

    Attributes:
        path: The file.
        reason: Why not.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The password file {quoted(path)} is refused: {reason}.",
            hint="Keep the password in a file of mode 600 that holds nothing else.",
        )


class NodeNotNamed(CommandError):
    """No node was named, and none was started here."""

    def __init__(self) -> None:
        super().__init__(
            "No node was named, and none is running here.",
            hint="Give --rpc-url, set DUEBILL_RPC_URL, or run `duebill node start`.",
        )


class NotConfirmed(CommandError):
    """The question before signing was answered with no."""

    def __init__(self) -> None:
        super().__init__("Nothing was signed and nothing was sent.", hint="Answer y to go on.")


class FileRefused(CommandError):
    """A file given to a command is not what it has to be.

    Attributes:
        path: The file.
        reason: What is wrong with it.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The file {quoted(path)} cannot be used: {reason}.",
            hint="Check the path, and that the file was not changed on its way.",
        )


class FileNotWritten(CommandError):
    """A file cannot be written.

    Attributes:
        path: The file.
        reason: What stood in the way.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The file {quoted(path)} cannot be written: {reason}.",
            hint="Name another place; DUEBILL_HOME says where Duebill keeps its own files.",
        )


class ProgrammeNotNamed(CommandError):
    """No programme was named, and there is not exactly one that is open.

    Attributes:
        open: The numbers of the open programmes.
    """

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self.open = numbers
        there_are = ", ".join(map(str, numbers)) or "none"
        super().__init__(
            f"No programme was named; open ones: {there_are}.",
            hint="Give --programme N; `duebill programme list` shows their rules.",
        )


class PartNotPlain(CommandError):
    """A part of a split is not written as RECIPIENT=AMOUNT.

    Attributes:
        part: What was given.
    """

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(
            f"{quoted(part)} is not a part of a split.",
            hint="Write RECIPIENT=AMOUNT, such as 0x…=250000.00.",
        )


class InvariantsBroken(CommandError):
    """The chain does not keep the ledger's promises.

    Attributes:
        broken: What does not hold.
    """

    def __init__(self, broken: tuple[str, ...]) -> None:
        self.broken = broken
        super().__init__(
            f"The ledger breaks {len(broken)} of its promises: {'; '.join(broken)}.",
            hint="Do not trade on this ledger; tell its administrators.",
        )

    @classmethod
    def found_in(cls, report: InvariantReport) -> Self:
        """The error for a report that does not hold."""
        return cls(tuple(words for check in report.checks for words in check.violations))


class TooSmallToShare(CommandError):
    """The amount of an invoice cannot be divided among the parties of the demo.

    Attributes:
        amount: The amount.
    """

    def __init__(self, amount: str) -> None:
        self.amount = amount
        super().__init__(
            f"{amount} is too little to be divided among three tiers of suppliers and a bank.",
            hint="Take an invoice of at least 0.0001.",
        )
