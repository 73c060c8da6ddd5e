"""Programmes that ask for attestations, and parties with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from document_vectors import INVOICE, KEY, invoice_set

from duebill import node_accounts
from duebill.documents import DocumentStore, Identity
from duebill.model import Rules, kind_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.documents import DocumentSet
    from duebill.model import ReceivableId

ZERO = "0x" + "00" * 20
STAGES = {"acceptance": 0, "financing": 1}


@pytest.fixture
def verifiers() -> list[node_accounts.NodeAccount]:
    """Three who attest; the ledger need not know them."""
    return [node_accounts.NodeAccount(index) for index in (7, 8, 9)]


@pytest.fixture
def issue_asking(place, ledger, signers, verifiers, issue) -> Callable[..., ReceivableId]:
    """Issues under a gate that asks for attestations: `issue_asking(invoice=(2, "financing"))`."""

    def issued(**asked: tuple[int, str]) -> ReceivableId:
        names = [who.address for who in verifiers]
        requirements = [
            (kind_bytes(kind.replace("_", " ")), STAGES[stage], needed, names)
            for kind, (needed, stage) in asked.items()
        ]
        rules = (ZERO, ledger.documents.address, 0, 0, 0, False, requirements)
        gate = place("ProgrammeGate", ledger.address, rules)
        administrator = ledger.administrator(signers.deployer)
        return issue(administrator.create_programme(Rules(gate=gate)).wait().value)

    return issued


@pytest.fixture
def store(tmp_path) -> DocumentStore:
    """An empty store in a folder."""
    return DocumentStore(tmp_path / "sealed")


@pytest.fixture
def identities(ledger, signers) -> dict[str, Identity]:
    """Supplier and financier have published their keys; nobody else has."""
    found = {"supplier": Identity.new(), "financier": Identity.new()}
    for who, identity in found.items():
        party = ledger.financier(getattr(signers, who))
        party.publish_encryption_key(identity.encryption_key).wait()
    return found


@pytest.fixture
def issue(ledger, signers) -> Callable[..., ReceivableId]:
    """Issues a receivable whose root commits to an invoice's fields and three files."""

    def issued(programme: int = 1, *, documents: DocumentSet | None = None) -> ReceivableId:
        supplier = ledger.supplier(signers.supplier)
        parts = {"obligor": signers.obligor.address, "programme": programme, "key": KEY}
        chosen = documents or invoice_set()
        return supplier.issue_invoice(INVOICE, **parts, documents=chosen).wait().value

    return issued


@pytest.fixture
def issued(issue) -> ReceivableId:
    """One such receivable, under a programme that asks nothing."""
    return issue()


class Reading(NamedTuple):
    """Where documents are, and who has published a key."""

    store: DocumentStore
    identities: dict[str, Identity]


@pytest.fixture
def reading(store, identities) -> Reading:
    """An empty store, and the identities of supplier and financier."""
    return Reading(store, identities)
