"""Who plays: the parties of the invoice, and those who have to be around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.node_accounts import NodeAccount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.model import Address, Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One account and whom it stands for.

    Attributes:
        role: What it does in the story.
        name: What it is called.
        account: The account, a local node's own.
    """

    role: str
    name: str
    account: NodeAccount

    @property
    def address(self) -> Address:
        """The account's address."""
        return self.account.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everyone in the story."""

    house: Actor
    registrar: Actor
    supervisor: Actor
    buyer: Actor
    tier1: Actor
    tier2: Actor
    tier3: Actor
    bank: Actor
    guarantor: Actor
    stranger: Actor

    @property
    def parties(self) -> tuple[Actor, ...]:
        """Those who owe, hold and pay."""
        return self.buyer, self.tier1, self.tier2, self.tier3, self.bank, self.guarantor

    @property
    def names(self) -> dict[Address, str]:
        """What to call every account."""
        return {actor.address: actor.name for actor in self}

    def __iter__(self) -> Iterator[Actor]:
        yield from (self.house, self.registrar, self.supervisor, *self.parties, self.stranger)

    def at(self, who: Address) -> Actor:
        """The actor with this account."""
        return next(actor for actor in self if actor.address == who)


def cast_for(invoice: Invoice, *, second: Invoice | None) -> Cast:
    """The parties of an invoice; the second tier is the seller of its own invoice, if any."""
    names = {
        "house": "Duebill operations",
        "registrar": "Registrar",
        "supervisor": "Supervisor",
        "buyer": invoice.buyer.name,
        "tier 1": invoice.seller.name,
        "tier 2": second.seller.name if second else "Second-tier supplier",
        "tier 3": "Brenner Modellbau GmbH" if second else "Third-tier supplier",
        "bank": "Bankhaus Steinfurt" if second else "Bank",
        "guarantor": "Garantiekontor Weser AG" if second else "Guarantor",
        "stranger": "Stranger",
    }
    actors = {
        role.replace(" ", ""): Actor(role=role, name=name, account=NodeAccount(index))
        for index, (role, name) in enumerate(names.items())
    }
    return Cast(**actors)
