"""Where a ledger and the contracts that go with it are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.errors import NotDeployed
from duebill.model import address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from duebill.model import Address

#: The artifacts of the contracts, by the names that they have here.
ARTIFACTS = {
    "ledger": "ReceivableLedger",
    "exchange": "Exchange",
    "guarantee_book": "GuaranteeBook",
    "pledge_book": "PledgeBook",
    "document_book": "DocumentBook",
    "sponsored_account": "SponsoredAccount",
    "invoice_registry": "InvoiceRegistry",
}

# Several ledgers share one registry: what it writes to the log is not the story of one of them.
_SHARED = "invoice_registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """The addresses of one deployment; a ledger can stand without the others.

    Attributes:
        ledger: The ledger.
        exchange: Where vouchers are sold.
        guarantee_book: Where avals are kept.
        pledge_book: Where pledges are kept.
        document_book: Where later documents and attestations are kept.
        sponsored_account: The code that accounts without ether take.
        invoice_registry: Where it is known how much of each invoice is used.
    """

    ledger: Address
    exchange: Address | None = None
    guarantee_book: Address | None = None
    pledge_book: Address | None = None
    document_book: Address | None = None
    sponsored_account: Address | None = None
    invoice_registry: Address | None = None

    @classmethod
    def of(cls, deployment: Mapping[str, Any]) -> Contracts:
        """The addresses that a mapping names; all but the ledger's may be absent."""
        found = {name: address(deployment[name]) for name in ARTIFACTS if deployment.get(name)}
        return cls(**found)

    def __iter__(self) -> Iterator[tuple[str, Address]]:
        """The names and addresses of those that are there."""
        for name in ARTIFACTS:
            if where := getattr(self, name):
                yield name, where

    @property
    def own(self) -> tuple[Address, ...]:
        """Those that serve this ledger alone, whose events tell its story."""
        return tuple(where for name, where in self if name != _SHARED)

    @property
    def all(self) -> tuple[Address, ...]:
        """All of them: those of `own`, and the registry that others may share."""
        return tuple(where for _, where in self)

    def need(self, name: str) -> Address:
        """The address of one of them.

        Raises:
            NotDeployed: The deployment has none.
        """
        where: Address | None = getattr(self, name)
        if where is None:
            raise NotDeployed(name.replace("_", " "))
        return where
