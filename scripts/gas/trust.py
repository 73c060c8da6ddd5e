"""What it costs to say which invoices and documents are behind a receivable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.deals import AttestationDraft
from duebill.model import Attestation, ReceivableId
from scripts.gas.stage import ATTESTED, DEADLINE, FACE, INVOICED
from scripts.gas.subject import Mark, Subject

if TYPE_CHECKING:
    from duebill.model import Terms
    from scripts.gas.stage import Bench
    from scripts.gas.subject import Extras, Marks, Operations

BOOK = "DocumentBook"
REGISTRY = "InvoiceRegistry"
KIND = "invoice"

MARKS: Marks = {
    name: Mark(None, "none compared")
    for name in (
        "invoice_register",
        "invoice_use",
        "issue_with_invoices",
        "attest",
        "append_documents",
    )
}

# -- what bench/gas.json says -------------------------------------------------------------------


def register(bench: Bench) -> int:
    """A platform registers an invoice that nobody has registered."""
    return _registered(bench)[1]


def use(bench: Bench) -> int:
    """A platform uses all of a registered invoice for a receivable that is not issued yet."""
    return _used(bench, bench.terms(INVOICED))[1]


def issue_with_invoices(bench: Bench) -> int:
    """The obligor issues, and thereby accepts, what a registered invoice covers."""
    terms = bench.terms(INVOICED)
    _used(bench, terms)
    return bench.act(bench.obligor, "issue", terms.as_abi())


def attest(bench: Bench) -> int:
    """A verifier attests a document, for the first time, in its own transaction."""
    return bench.on(BOOK, bench.office, "attest", _attestation(bench, bench.issued()).as_abi(), b"")


def append(bench: Bench) -> int:
    """The creditor adds documents to a receivable."""
    terms = bench.terms()
    bench.act(bench.creditor, "issue", terms.as_abi())
    return bench.on(BOOK, bench.creditor, "append", terms.as_abi(), _root(bench))


# -- all others ---------------------------------------------------------------------------------


def release(bench: Bench) -> int:
    """A platform gets an invoice back: the receivable was never issued."""
    terms = bench.terms(INVOICED)
    key, _ = _used(bench, terms)
    return bench.on(REGISTRY, bench.office, "release", key, bench.book.ledger, _subject(terms))


def reduce(bench: Bench) -> int:
    """A platform takes from an invoice what a credit note takes back."""
    key, _ = _registered(bench)
    return bench.on(REGISTRY, bench.office, "reduce", key, _bytes(bench, "note"), FACE // 2)


def attest_signed(bench: Bench) -> int:
    """Somebody else brings what a verifier signed."""
    made = _attestation(bench, bench.issued())
    where = bench.book.contracts[BOOK].address
    draft = AttestationDraft(terms=made, chain_id=bench.book.chain_id, contract=where)
    signature = bytes.fromhex(draft.sign(bench.office).signature[2:])
    return bench.on(BOOK, bench.creditor, "attest", made.as_abi(), signature)


def accept_attested(bench: Bench) -> int:
    """The obligor accepts what one verifier had to attest."""
    issued = bench.issued(ATTESTED)
    bench.on(BOOK, bench.office, "attest", _attestation(bench, issued).as_abi(), b"")
    return bench.act(bench.obligor, "accept", issued)


def append_as_holder(bench: Bench) -> int:
    """A holder adds documents to the receivable of its voucher."""
    return bench.on(BOOK, bench.holder, "appendAsHolder", bench.held(), _root(bench))


def _registered(bench: Bench) -> tuple[bytes, int]:
    """A new invoice's key, and what its registration took."""
    bench.salt += 1
    key = _bytes(bench, "invoice")
    return key, bench.on(REGISTRY, bench.office, "register", key, b"EUR", FACE)


def _used(bench: Bench, terms: Terms) -> tuple[bytes, int]:
    """A new invoice's key, and what its use for these terms took."""
    key, _ = _registered(bench)
    where = bench.book.ledger
    return key, bench.on(REGISTRY, bench.office, "use", key, where, _subject(terms), FACE)


def _subject(terms: Terms) -> bytes:
    return terms.id.number.to_bytes(32)


def _attestation(bench: Bench, receivable: int) -> Attestation:
    """The office's word for an invoice."""
    return Attestation(
        receivable=ReceivableId.from_number(receivable),
        leaf="0x" + _bytes(bench, "leaf").hex(),
        kind=KIND,
        verifier=bench.office.address,
        expiry=DEADLINE,
        nonce=0,
    )


def _root(bench: Bench) -> bytes:
    return _bytes(bench, "later documents")


def _bytes(bench: Bench, name: str) -> bytes:
    return bench.fresh(name).to_bytes(32)


OPERATIONS: Operations = {
    "invoice_register": register,
    "invoice_use": use,
    "issue_with_invoices": issue_with_invoices,
    "attest": attest,
    "append_documents": append,
}

EXTRAS: Extras = {}

OTHERS: Operations = {
    "invoice_release": release,
    "invoice_reduce": reduce,
    "attest_signed": attest_signed,
    "accept_attested": accept_attested,
    "append_as_holder": append_as_holder,
}

TRUST = Subject(marks=MARKS, operations=OPERATIONS, extras=EXTRAS, others=OTHERS)
