"""What the ledger's own operations cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.signing import Acceptance
from scripts.gas.stage import DEADLINE, FACE, FOREVER, PART, WHOLE
from scripts.gas.subject import Mark, Subject

if TYPE_CHECKING:
    from scripts.gas.stage import Bench
    from scripts.gas.subject import Extras, Marks, Operations

SAFELY = "safeTransferFrom(address,address,uint256)"
SPLIT = "transferFrom(uint256,address,uint256)"
MOVE = "transferFrom(uint256,uint256,uint256)"

MARKS: Marks = {
    "issue_accepted": Mark(125_000, "Request 127,324"),
    "accept": Mark(39_000, "Bulla 51,390"),
    "transfer_whole": Mark(45_000, "CMTAT Standalone 46,264"),
    "split": Mark(72_000, "T-REX 139,557"),
    "split_10_per_recipient": Mark(36_000, "CMTAT Standalone 36,251"),
    "pay": Mark(60_000, "Bulla 74,982"),
    "redeem": Mark(55_000, "OZ ERC-4626 55,481"),
}

# -- what bench/gas.json says -------------------------------------------------------------------


def issue_accepted(bench: Bench, programme: str = "standard") -> int:
    """The obligor issues, and thereby accepts."""
    return bench.act(bench.obligor, "issue", bench.terms(programme).as_abi())


def accept(bench: Bench, programme: str = "standard") -> int:
    """The obligor accepts what the creditor issued."""
    return bench.act(bench.obligor, "accept", bench.issued(programme))


def transfer_whole(bench: Bench, programme: str = "standard") -> int:
    """A holder gives a voucher to another."""
    voucher = bench.held(programme)
    return bench.act(bench.holder, WHOLE, bench.holder.address, bench.buyer.address, voucher)


def split(bench: Bench, programme: str = "standard") -> int:
    """A holder gives part of a voucher to another, as a new voucher."""
    return bench.act(bench.holder, SPLIT, bench.held(programme), bench.buyer.address, PART)


def split_10(bench: Bench, programme: str = "standard") -> int:
    """A holder gives ten parts to ten others; rounded up, for each."""
    parts = [(recipient, PART // 10) for recipient in bench.recipients]
    return -(-bench.act(bench.holder, "split", bench.held(programme), parts) // len(parts))


def pay(bench: Bench, programme: str = "standard") -> int:
    """The obligor pays all it owes."""
    return bench.act(bench.obligor, "pay", bench.held(programme) >> 64, FACE)


def redeem(bench: Bench) -> int:
    """A holder takes out all of a voucher that is covered."""
    return bench.act(bench.holder, "redeem", bench.paid())


OPERATIONS: Operations = {
    "issue_accepted": issue_accepted,
    "accept": accept,
    "transfer_whole": transfer_whole,
    "split": split,
    "split_10_per_recipient": split_10,
    "pay": pay,
    "redeem": redeem,
}

# -- what bench/gas-features.json says ----------------------------------------------------------


def transfer_by_operator(bench: Bench) -> int:
    """An operator for all of a holder's vouchers moves one."""
    voucher = bench.held()
    bench.act(bench.holder, "setApprovalForAll", bench.guarantor.address, True)
    gas = bench.act(bench.guarantor, WHOLE, bench.holder.address, bench.buyer.address, voucher)
    bench.act(bench.holder, "setApprovalForAll", bench.guarantor.address, False)
    return gas


def transfer_after_freeze(bench: Bench) -> int:
    """A voucher moves that was frozen once and is free again."""
    voucher = bench.held()
    for until in (FOREVER, 0):
        bench.act(bench.office, "freezeVoucher", voucher, bench.holder.address, until, b"\1" * 32)
    return bench.act(bench.holder, WHOLE, bench.holder.address, bench.buyer.address, voucher)


def transfer_safely(bench: Bench) -> int:
    """The recipient would be asked if it were a contract."""
    voucher = bench.held()
    return bench.act(bench.holder, SAFELY, bench.holder.address, bench.buyer.address, voucher)


def redeem_in_part(bench: Bench) -> int:
    """The first money before full coverage: a claim is recorded."""
    return bench.act(bench.holder, "redeem", bench.paid(FACE // 2))


def redeem_the_rest(bench: Bench) -> int:
    """The last money on a voucher that has claims."""
    voucher = bench.paid(FACE // 2)
    bench.act(bench.holder, "redeem", voucher)
    bench.act(bench.obligor, "pay", voucher >> 64, FACE)
    return bench.act(bench.holder, "redeem", voucher)


def pay_in_part(bench: Bench) -> int:
    """The obligor pays half."""
    return bench.act(bench.obligor, "pay", bench.held() >> 64, FACE // 2)


EXTRAS: Extras = {
    "issue_accepted": {
        "obligor_limit": lambda b: issue_accepted(b, "limited"),
        "gate": lambda b: issue_accepted(b, "gated"),
        "consent": lambda b: issue_accepted(b, "consenting"),
    },
    "accept": {
        "obligor_limit": lambda b: accept(b, "limited"),
        "gate": lambda b: accept(b, "gated"),
    },
    "transfer_whole": {
        "gate": lambda b: transfer_whole(b, "gated"),
        "consent": lambda b: transfer_whole(b, "consenting"),
        "operator": transfer_by_operator,
        "frozen_once": transfer_after_freeze,
        "safe": transfer_safely,
    },
    "split": {
        "gate": lambda b: split(b, "gated"),
        "consent": lambda b: split(b, "consenting"),
    },
    "pay": {"obligor_limit": lambda b: pay(b, "limited"), "in_part": pay_in_part},
    "redeem": {"in_part": redeem_in_part, "the_rest": redeem_the_rest},
}


def accept_with_signature(bench: Bench) -> int:
    """Anyone brings the obligor's signature."""
    terms = bench.terms()
    bench.act(bench.creditor, "issue", terms.as_abi())
    acceptance = Acceptance(
        terms=terms, deadline=DEADLINE, chain_id=bench.book.chain_id, ledger=bench.book.ledger
    )
    signature = bench.obligor.sign_typed_data(acceptance.typed_data())
    deadline = int(DEADLINE.timestamp())
    return bench.act(bench.buyer, "acceptWithSignature", terms.as_abi(), deadline, signature)


def merge(bench: Bench) -> int:
    """Two vouchers of one holder become one."""
    voucher = bench.held()
    bench.act(bench.holder, SPLIT, voucher, bench.holder.address, PART)
    return bench.act(bench.holder, "merge", [voucher + 1], voucher)


def move_value(bench: Bench) -> int:
    """Value goes into a voucher that the recipient holds already."""
    voucher = bench.held()
    bench.act(bench.holder, SPLIT, voucher, bench.buyer.address, PART)
    return bench.act(bench.holder, MOVE, voucher, voucher + 1, PART)


def advance(bench: Bench) -> int:
    """A guarantor pays half."""
    receivable = bench.held() >> 64
    return bench.act(bench.guarantor, "advance", receivable, bench.guarantor.address, FACE // 2)


def reimburse(bench: Bench) -> int:
    """The guarantor takes out what the obligor paid afterwards."""
    receivable = bench.held() >> 64
    bench.act(bench.guarantor, "advance", receivable, bench.guarantor.address, FACE)
    bench.act(bench.obligor, "pay", receivable, FACE)
    return bench.act(bench.guarantor, "reimburse", receivable, 0)


def extinguish(bench: Bench) -> int:
    """The obligor ends a voucher that came back to it."""
    voucher = bench.held()
    bench.act(bench.holder, WHOLE, bench.holder.address, bench.obligor.address, voucher)
    return bench.act(bench.obligor, "extinguish", voucher)


def seize(bench: Bench) -> int:
    """A voucher is taken on an order."""
    voucher = bench.held()
    people = (bench.holder.address, bench.buyer.address)
    return bench.act(bench.office, "seizeVoucher", voucher, *people, b"\1" * 32)


def attest_payment(bench: Bench) -> int:
    """The paying agent says that all was paid outside the chain."""
    receivable = bench.accepted(currency="bank")
    return bench.act(bench.office, "attestPayment", receivable, FACE, b"\1" * 32)


OTHERS: Operations = {
    "issue_by_creditor": lambda b: b.act(b.creditor, "issue", b.terms().as_abi()),
    "accept_with_signature": accept_with_signature,
    "reject": lambda b: b.act(b.obligor, "reject", b.issued(), b"\1" * 32),
    "cancel": lambda b: b.act(b.creditor, "cancel", b.issued()),
    "merge_two": merge,
    "move_value": move_value,
    "advance": advance,
    "reimburse": reimburse,
    "extinguish": extinguish,
    "attest_payment": attest_payment,
    "freeze_voucher": lambda b: b.act(
        b.office, "freezeVoucher", b.held(), b.holder.address, FOREVER, b"\1" * 32
    ),
    "seize_voucher": seize,
}

KERNEL = Subject(marks=MARKS, operations=OPERATIONS, extras=EXTRAS, others=OTHERS)
