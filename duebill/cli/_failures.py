"""Errors as people and programs see them: a sentence, a hint, an exit code; never a traceback."""

from __future__ import annotations

import json
import os
import sys
import traceback
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from duebill import errors
from duebill.cli import _show
from duebill.errors._contract import field_kinds
from duebill.model import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

OK = 0
REFUSED = 1
USAGE = 2
BAD_FILE = 3
NO_CHAIN = 4
NO_SIGNER = 5
ALERTS = 6
BUG = 70
INTERRUPTED = 130

MEANINGS: Mapping[int, str] = {
    OK: "done",
    REFUSED: "refused: by the ledger, by a rule, or by you",
    USAGE: "the command, an option, an id, an amount or an address is not written rightly",
    BAD_FILE: "a file cannot be read, or is not what it has to be",
    NO_CHAIN: "the node or the ledger cannot be reached, or is another one than expected",
    NO_SIGNER: "the account, its password, its file or what keeps its key is missing or refused",
    ALERTS: "`watch --once` told alerts",
    BUG: "an error of Duebill itself",
    INTERRUPTED: "interrupted",
}

# The first class that fits decides; what fits none was refused by the ledger.
_CODES: tuple[tuple[type[errors.DuebillError], int], ...] = (
    (errors.InvoiceError, BAD_FILE),
    (errors.ExtraMissing, BAD_FILE),
    (errors.ReplayError, BAD_FILE),
    (errors.UnreadablePlan, BAD_FILE),
    (errors.BadPlan, BAD_FILE),
    (errors.FileRefused, BAD_FILE),
    (errors.FileNotWritten, BAD_FILE),
    (errors.BadAcceptance, BAD_FILE),
    (errors.AcceptanceForeign, BAD_FILE),
    (errors.BadSignedTerms, BAD_FILE),
    (errors.SignedForElsewhere, BAD_FILE),
    (errors.BadKey, BAD_FILE),
    (errors.TableProblem, BAD_FILE),
    (errors.RuleUnknown, USAGE),
    (errors.WatchError, BAD_FILE),
    (errors.BadDocument, BAD_FILE),
    (errors.BadProof, BAD_FILE),
    (errors.IdentityRefused, BAD_FILE),
    (errors.StoreRefused, BAD_FILE),
    (errors.DocumentUnknown, USAGE),
    (errors.SecretsFileRefused, BAD_FILE),
    (errors.AccountError, NO_SIGNER),
    (errors.SigningDeclined, REFUSED),
    (errors.SignerNotNamed, REFUSED),
    (errors.DeadlineOver, REFUSED),
    (errors.BadPrepared, BAD_FILE),
    (errors.BadApproval, BAD_FILE),
    (errors.BadPolicy, BAD_FILE),
    (errors.ApprovalsMissing, REFUSED),
    (errors.CallUnreadable, REFUSED),
    (errors.TooLargeForCode, REFUSED),
    (errors.BadSignerName, USAGE),
    (errors.SignerError, NO_SIGNER),
    (errors.TransactionTimeout, NO_CHAIN),
    (errors.SubmissionUncertain, NO_CHAIN),
    (errors.TransactionError, REFUSED),
    (errors.ChainError, NO_CHAIN),
    (errors.NodeError, NO_CHAIN),
    (errors.NodeNotNamed, NO_CHAIN),
    (errors.DeploymentDiffers, REFUSED),
    (errors.DeployerPowerless, REFUSED),
    (errors.DeploymentError, NO_CHAIN),
    (errors.NotFound, REFUSED),
    (errors.IdError, USAGE),
    (errors.AmountError, USAGE),
    (errors.BadAddress, USAGE),
    (errors.BadHash, USAGE),
    (errors.BadTerms, USAGE),
    (errors.BadTime, USAGE),
    (errors.EndInPast, USAGE),
    (errors.NothingToAnnounce, USAGE),
    (errors.IdentifierError, USAGE),
    (errors.DueDateMissing, USAGE),
    (errors.PartNotPlain, USAGE),
    (errors.PricingError, USAGE),
    (errors.ProgrammeNotNamed, USAGE),
)


def report(error: Exception, *, as_json: bool) -> int:
    """Say what went wrong on standard error; gives the exit code."""
    if isinstance(error, click.Abort):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    code, name, message, hint, fields = _read(error)
    if as_json:
        shown = {"type": name, "message": message, "hint": hint, **fields}
        click.echo(json.dumps({"error": shown}, indent=2, ensure_ascii=False), err=True)
    else:
        _show.failure(message, hint)
    if code == BUG and os.environ.get("DUEBILL_TRACEBACK"):
        traceback.print_exception(error, file=sys.stderr)
    return code


def code_of(error: errors.DuebillError) -> int:
    """The exit code of an expected error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), REFUSED)


def _read(error: Exception) -> tuple[int, str, str, str, dict[str, Any]]:
    name = type(error).__name__
    if isinstance(error, errors.DuebillError):
        return code_of(error), name, error.message, error.hint, _fields(error)
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "duebill"
        hint = f"`{where} --help` shows how."
        return error.exit_code, name, error.format_message(), hint, {}
    hint = "Set DUEBILL_TRACEBACK=1 to see where, and report it."
    return BUG, name, f"This should not happen: {name}: {error}", hint, {}


def _fields(error: errors.DuebillError) -> dict[str, Any]:
    kinds = field_kinds(type(error)) if isinstance(error, errors.ContractError) else {}
    hidden = {"message", "hint"}
    return {
        name: plain(value) if kinds.get(name) == "Units" else _plain(value)
        for name, value in vars(error).items()
        if name not in hidden and not name.startswith("_")
    }


def _plain(value: Any) -> Any:
    """A field of an error as JSON can hold it."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or type(value) in {bool, int, str}:
        # Readers in other languages lose digits beyond 2^53.
        return str(value) if type(value) is int and abs(value) > 1 << 53 else value
    return str(value)
