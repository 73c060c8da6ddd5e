"""The invoice registry, to be read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from duebill import artifacts
from duebill._abi import Abi
from duebill._actions import Action
from duebill.chain import Chain
from duebill.errors import (
    CodeDiffers,
    IssuedInFuture,
    NodeAnswerInvalid,
    SecretsDiffer,
    SecretsMissing,
)
from duebill.model import (
    Money,
    ReceivableId,
    address,
    date_of,
    hash_bytes,
    hash_text,
    plain,
    time_of,
)
from duebill.registry import _batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from duebill._actions import Answer
    from duebill.model import Address, Invoice
    from duebill.registry._batch import CheckedInvoice
    from duebill.registry._keys import KeyRing
    from duebill.registry._members import Consortium, Registrant
    from duebill.signing import Signer

T = TypeVar("T")

ARTIFACT = "InvoiceRegistry"
ELSEWHERE = "0x" + "0" * 40
_URL_VARIABLE = "DUEBILL_RPC_URL"
_LOCAL_URL = "http://127.0.0.1:8545"
# Calls in one request: nodes limit the gas and the time of a call.
_MOST_LOOKUPS = 500
_VOID, _NOTE = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceStanding:
    """What the registry has of a key.

    Attributes:
        key: The key.
        registrant: The number of who registered it; 0 when nobody did.
        currency: The ISO 4217 code; empty when nobody registered it.
        units: The invoice's total, in millionths.
        used: How much of it receivables, or financings elsewhere, rest on.
        credited: How much of it credit notes took back.
        is_void: Whether nothing more can be used of it.
        is_note: Whether it is a credit note that was applied.
    """

    key: str
    registrant: int
    currency: str
    units: int
    used: int
    credited: int
    is_void: bool = False
    is_note: bool = False

    @property
    def taken(self) -> int:
        """What cannot be used any more, in millionths."""
        return self.used + self.credited

    @property
    def left(self) -> Money | None:
        """What can be used; None when it is no invoice that is registered."""
        if not self.registrant or self.is_note:
            return None
        return Money(0 if self.is_void else self.units - self.taken, self.currency)

    def to_json(self) -> dict[str, Any]:
        """The standing as an object for JSON: amounts as decimal strings."""
        return {
            "key": self.key,
            "registrant": self.registrant or None,
            "currency": self.currency or None,
            "total": plain(self.units),
            "used": plain(self.used),
            "credited": plain(self.credited),
            "left": None if self.left is None else self.left.text,
            "is_void": self.is_void,
            "is_note": self.is_note,
        }


def connect(
    url: str | None = None,
    *,
    address: str,
    keys: KeyRing,
    announced: bool = True,
    confirmations: int = 1,
) -> InvoiceRegistry:
    """Connect to a registry, and check its code and that the secrets are its consortium's.

    Args:
        url: The node's JSON-RPC address; DUEBILL_RPC_URL, or the local node, when not given.
        address: Where the registry is.
        keys: The consortium's secrets.
        announced: False for the consortium itself, when one of them is still to be announced: they
            are not compared then.
        confirmations: How many blocks, its own included, make a transaction final.

    Raises:
        CodeDiffers: The code there is not that of the shipped contract.
        SecretsDiffer: The consortium announced others; with these, nothing would be found.
    """
    chain = Chain(node_url(url), confirmations=confirmations, abi=registry_abi())
    registry = InvoiceRegistry(chain, address, keys=keys)
    registry.check_code()
    if announced:
        registry.check_secrets()
    return registry


def node_url(url: str | None) -> str:
    """The node that is meant."""
    return url or os.environ.get(_URL_VARIABLE) or _LOCAL_URL


@cache
def registry_abi() -> Abi:
    """The registry's ABI."""
    return Abi(artifacts.load(ARTIFACT).abi)


class InvoiceRegistry:
    """An invoice registry on a chain.

    Attributes:
        chain: The chain.
        address: Where it is.
    """

    def __init__(self, chain: Chain, where: str, *, keys: KeyRing | None) -> None:
        self.chain = chain
        self.address: Address = address(where)
        self._keys = keys

    def __repr__(self) -> str:
        return f"<invoice registry {self.address} on {self.chain!r}>"

    @property
    def keys(self) -> KeyRing:
        """The consortium's secrets.

        Raises:
            SecretsMissing: This connection was made without them.
        """
        if self._keys is None:
            raise SecretsMissing
        return self._keys

    # -- checks -----------------------------------------------------------------------------

    def check_code(self) -> None:
        """Check that the code on the chain is that of the shipped contract (threat 51).

        Raises:
            CodeDiffers: It is not.
        """
        if not artifacts.load(ARTIFACT).matches(self.chain.code(self.address)):
            raise CodeDiffers(ARTIFACT, address=self.address, reason="its code is another")

    def check_secrets(self) -> None:
        """Check that the secrets at hand are those that the consortium announced.

        Raises:
            SecretsDiffer: They are not, or none was announced.
        """
        found, held = self.announced(), self.keys.checks()
        if not found:
            raise SecretsDiffer(None)
        if found != held:
            both = (*found, *held)
            raise SecretsDiffer(min(day for day, check in both if not _agree(day, found, held)))

    # -- reads ------------------------------------------------------------------------------

    def key_of(self, invoice: Invoice) -> str:
        """The key under which the registry knows an invoice or credit note.

        Raises:
            SellerNotIdentified: It has no identifier of its seller.
            IssuedInFuture: It is dated later than tomorrow, so that its secret could still change.
        """
        return self.keys_of([invoice])[0]

    def keys_of(self, invoices: Iterable[Invoice]) -> tuple[str, ...]:
        """The keys of several invoices or credit notes; as `key_of`."""
        today = self._today()
        return tuple(self._key_on(invoice, today) for invoice in invoices)

    def status(self, invoice: Invoice | str) -> InvoiceStanding:
        """What the registry has of an invoice, or of a key."""
        key = hash_text(invoice) if isinstance(invoice, str) else self.key_of(invoice)
        return self._look_up([key])[key]

    def check(self, invoices: Iterable[Invoice]) -> tuple[CheckedInvoice, ...]:
        """What the registry would say of each invoice; nothing is sent.

        All are looked up at one block: 500 in a request, so 10,000 are 20 requests.
        """
        today = self._today()
        return _batch.checked(
            invoices,
            key_of=lambda invoice: self._key_on(invoice, today),
            look_up=self._look_up,
        )

    def used_for(self, receivable: str, *, ledger: str, currency: str) -> Money:
        """How much of all invoices is used for a receivable, issued or not."""
        subject = subject_of(ledger, receivable)
        units = self.read("usedFor", address(ledger), subject, currency.encode("ascii"))
        return Money(units, currency)

    def announced(self) -> tuple[tuple[date, str], ...]:
        """What the consortium announced: the first day of each secret, and the check of it."""
        epochs = self.read("keyEpochs")
        return tuple((date_of(each["fromDay"]), hash_text(each["check"])) for each in epochs)

    def registrants(self) -> tuple[tuple[int, Address | None], ...]:
        """Every number that was given to a platform, and its account; None: it is suspended."""
        numbers = range(1, self.read("registrantCount") + 1)
        accounts = (self.read("accountOf", number) for number in numbers)
        pairs = zip(numbers, accounts, strict=True)
        return tuple((number, None if who == ELSEWHERE else who) for number, who in pairs)

    def registrant_of(self, account: str) -> int | None:
        """A registrant's number; None for an account that is none."""
        return self.read("registrantOf", address(account)) or None

    # -- who acts ---------------------------------------------------------------------------

    def registrant(self, signer: Signer) -> Registrant:
        """The registry as an admitted platform sees it."""
        from duebill.registry._members import Registrant  # noqa: PLC0415 - they need this module

        return Registrant(self, signer)

    def consortium(self, signer: Signer) -> Consortium:
        """The registry as the consortium that admits platforms sees it."""
        from duebill.registry._members import Consortium  # noqa: PLC0415 - as above

        return Consortium(self, signer)

    # -- for the roles ----------------------------------------------------------------------

    def read(self, function: str, *args: Any, block: int | None = None) -> Any:
        """What one of the registry's views says."""
        abi = registry_abi()
        data = self.chain.call(self.address, abi.encode(function, *args), block=block)
        return _decoded(function, data)

    def action(self, answer: Answer[T], function: str, *args: Any) -> Action[T]:
        """A call of the registry."""
        return Action(
            to=self.address,
            data=registry_abi().encode(function, *args),
            decode=lambda data: _decoded(function, data),
            answer=answer,
        )

    # -- inside -----------------------------------------------------------------------------

    def _today(self) -> date:
        return time_of(self.chain.block().time).date()

    def _key_on(self, invoice: Invoice, today: date) -> str:
        # Where clocks are ahead of UTC it is tomorrow already.
        if invoice.issue_date > today + timedelta(days=1):
            raise IssuedInFuture(invoice.number, issue_date=invoice.issue_date, today=today)
        return self.keys.key_of(invoice)

    def _look_up(self, keys: Sequence[str]) -> dict[str, InvoiceStanding]:
        block = self.chain.block().number
        found: dict[str, InvoiceStanding] = {}
        for start in range(0, len(keys), _MOST_LOOKUPS):
            some = keys[start : start + _MOST_LOOKUPS]
            calls = [registry_abi().encode("invoiceOf", hash_bytes(key)) for key in some]
            answers = self.read("multicall", calls, block=block)
            pairs = zip(some, answers, strict=True)
            found |= {key: _standing(key, _decoded("invoiceOf", data)) for key, data in pairs}
        return found


def subject_of(ledger: str, subject: str) -> bytes:
    """What an invoice is used for, as the registry takes it.

    Args:
        ledger: The receivable's ledger, or `ELSEWHERE`.
        subject: The receivable's id; elsewhere a reference of 32 bytes as hex.
    """
    if address(ledger) == ELSEWHERE:
        return hash_bytes(subject, field="reference")
    return ReceivableId(subject).number.to_bytes(32, "big")


def _standing(key: str, fields: dict[str, Any]) -> InvoiceStanding:
    return InvoiceStanding(
        key=key,
        registrant=fields["registrant"],
        currency=fields["currency"].rstrip(b"\0").decode("ascii", "replace"),
        units=fields["total"],
        used=fields["used"],
        credited=fields["credited"],
        is_void=fields["state"] == _VOID,
        is_note=fields["state"] == _NOTE,
    )


def _agree(day: date, *lists: tuple[tuple[date, str], ...]) -> bool:
    told = [dict(pairs).get(day) for pairs in lists]
    return told[0] == told[1]


def _decoded(function: str, data: bytes) -> Any:
    try:
        return registry_abi().decode(function, data)
    except ValueError as error:
        raise NodeAnswerInvalid("eth_call", reason=f"{function}: {error}") from error
