"""Measure the gas of every operation on a private chain. `make bench` writes bench/*.json.

Usage:
    bench.py            measure, show beside the goals and the peers, write bench/
    bench.py --check    measure, fail if anything costs more than bench/ says

Steady state: every account holds keys only, is a verified party, holds vouchers and money before
and after; the payer's allowance is unlimited; the ledger holds money of others. Keys, terms and
the chain's clock are fixed, so a run gives the same figures as the one before it. Each figure is
the median over receivables with different ids, because zero bytes in call data are cheaper.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median_high
from typing import TYPE_CHECKING, Any, NamedTuple

from duebill import node
from duebill._abi import keccak, ledger_abi
from duebill.chain import Chain
from duebill.deployment import deploy, parse_plan
from duebill.deployment._access import abi, send
from duebill.deployment._create2 import DETERMINISTIC_DEPLOYER, create2_address
from duebill.model import Address, Money, Terms, address
from duebill.node import LOCAL_CHAIN_ID
from duebill.node_accounts import ADDRESSES, NodeAccount
from duebill.signing import Acceptance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from duebill.deployment import AddressBook, Plan
    from duebill.signing import Signer

ROOT = Path(__file__).resolve().parent.parent
GAS = ROOT / "bench" / "gas.json"
FEATURES = ROOT / "bench" / "gas-features.json"

OPTIONS = ("--hardfork", "osaka", "--timestamp", "1893499200")  # noon UTC of 2030-01-01
DUE_DATE = date(2030, 4, 1)
DEADLINE = datetime(2030, 1, 31, tzinfo=UTC)
FOREVER = 2**40 - 1
FACE = 1_248_300_000_000  # a million and a quarter, in units
PART = 250_000_000_000
SAMPLES = 5
EMPTY_GATE = bytes.fromhex("6001600c60003960016000f300")  # makes a contract that only stops

WHOLE = "transferFrom(address,address,uint256)"
SAFELY = "safeTransferFrom(address,address,uint256)"
SPLIT = "transferFrom(uint256,address,uint256)"
MOVE = "transferFrom(uint256,uint256,uint256)"


class Mark(NamedTuple):
    """What an operation has to reach, and what the best of the others costs."""

    goal: int
    peer: str


MARKS: Mapping[str, Mark] = {
    "issue_accepted": Mark(125_000, "Request 127,324"),
    "accept": Mark(39_000, "Bulla 51,390"),
    "transfer_whole": Mark(45_000, "CMTAT Standalone 46,264"),
    "split": Mark(72_000, "T-REX 139,557"),
    "split_10_per_recipient": Mark(36_000, "CMTAT Standalone 36,251"),
    "pay": Mark(60_000, "Bulla 74,982"),
    "redeem": Mark(55_000, "OZ ERC-4626 55,481"),
}


class Bench:
    """A chain with a ledger in steady state."""

    def __init__(self, chain: Chain, book: AddressBook) -> None:
        self.chain = chain
        self.book = book
        self.salt = 0
        self.token = Address(str(book.currencies["eur"].token))
        self.office, self.obligor, self.creditor, self.holder, self.buyer, self.guarantor = (
            NodeAccount(index) for index in range(6)
        )
        self.recipients = [address(f"0x{number:02x}{'ab' * 19}") for number in range(0x11, 0x1B)]

    # -- acting -----------------------------------------------------------------------------

    def act(self, who: Signer, function: str, *arguments: Any) -> int:
        """Call the ledger; give back the gas."""
        return self._send(who, self.book.ledger, "IReceivableLedger", function, *arguments)

    def on_token(self, who: Signer, function: str, *arguments: Any) -> int:
        """Call the currency's token; give back the gas."""
        return self._send(who, self.token, "TestCurrency", function, *arguments)

    def _send(self, who: Signer, to: Address, artifact: str, function: str, *arguments: Any) -> int:
        data = abi(artifact).encode(function, *arguments)
        return send(self.chain, who, to, data).gas_used

    # -- receivables ------------------------------------------------------------------------

    def terms(self, programme: str = "standard", currency: str = "eur") -> Terms:
        """Terms that no receivable had before."""
        self.salt += 1
        root, reference, salt = (
            keccak(f"{name} {self.salt}".encode()).hex() for name in ("root", "reference", "salt")
        )
        return Terms(
            obligor=self.obligor.address,
            creditor=self.creditor.address,
            currency=self.book.currencies[currency].number,
            face=Money(FACE, "EUR"),
            due_date=DUE_DATE,
            programme=self.book.programmes[programme],
            documents_root=f"0x{root}",
            reference_hash=f"0x{reference}",
            salt=int(salt, 16),
        )

    def issued(self, programme: str = "standard", currency: str = "eur") -> int:
        """A receivable that waits for its obligor."""
        terms = self.terms(programme, currency)
        self.act(self.creditor, "issue", terms.as_abi())
        return terms.id.number

    def accepted(self, programme: str = "standard", currency: str = "eur") -> int:
        """A receivable whose first voucher the creditor holds."""
        terms = self.terms(programme, currency)
        self.act(self.obligor, "issue", terms.as_abi())
        return terms.id.number

    def held(self, programme: str = "standard") -> int:
        """A voucher of a whole receivable, in the hands of a second holder."""
        voucher = self.accepted(programme) << 64 | 1
        self.act(self.creditor, WHOLE, self.creditor.address, self.holder.address, voucher)
        return voucher

    def paid(self, amount: int = FACE) -> int:
        """A voucher as `held`, after the obligor paid."""
        voucher = self.held()
        self.act(self.obligor, "pay", voucher >> 64, amount)
        return voucher

    # -- steady state -----------------------------------------------------------------------

    def settle_in(self) -> None:
        """Verify everyone, give everyone vouchers and money."""
        people = (self.obligor, self.creditor, self.holder, self.buyer, self.guarantor)
        for number, who in enumerate([*(p.address for p in people), *self.recipients]):
            self.act(self.office, "verifyParty", who, FOREVER, bytes([number + 1]) * 32)
            self.on_token(self.office, "mint", who, FACE * 1_000)
        for payer in people:
            self.on_token(payer, "approve", self.book.ledger, 2**256 - 1)
        self._give_vouchers([*(p.address for p in people[1:]), *self.recipients])
        self.act(self.obligor, "pay", self.accepted(), FACE)
        for recipient in (self.creditor, self.holder, self.buyer):
            for sender in (self.obligor, self.creditor, self.holder):
                self.act(recipient, "setConsent", sender.address, True)

    def _give_vouchers(self, holders: list[Address]) -> None:
        for _ in range(2):
            voucher = self.accepted() << 64 | 1
            parts = [(holder, FACE // 100) for holder in holders]
            self.act(self.creditor, "split", voucher, parts)


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


OPERATIONS: Mapping[str, Callable[[Bench], int]] = {
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


EXTRAS: Mapping[str, Mapping[str, Callable[[Bench], int]]] = {
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


OTHERS: Mapping[str, Callable[[Bench], int]] = {
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

# -- running ------------------------------------------------------------------------------------


def plan() -> Plan:
    """A plan with one programme for each feature."""
    rules = {
        "max_tenor_days": 365,
        "acceptance_days": 30,
        "grace_days": 5,
        "max_hops": 16,
        "max_splits": 10_000,
        "smallest_voucher": "1.00",
    }
    gate = create2_address(DETERMINISTIC_DEPLOYER, bytes(32), EMPTY_GATE)
    roles = ("admins", "registrars", "supervisors", "enforcers", "administrators")
    return parse_plan(
        {
            "name": "bench",
            "chain_id": LOCAL_CHAIN_ID,
            **{role: ["deployer"] for role in roles},
            "currencies": {
                "eur": {"code": "EUR", "decimals": 6, "test": True},
                "bank": {"code": "EUR", "decimals": 2, "paying_agent": ADDRESSES[0]},
            },
            "programmes": {
                "standard": rules,
                "limited": {**rules, "currency": "eur", "obligor_limit": "100000000000.00"},
                "consenting": {**rules, "consent": True},
                "gated": {**rules, "gate": gate},
            },
        }
    )


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """A chain in steady state, for the length of the block."""
    with tempfile.TemporaryDirectory() as folder, node.running(options=OPTIONS) as url:
        chain = Chain(url, chain_id=LOCAL_CHAIN_ID, abi=ledger_abi())
        signer = NodeAccount(0)
        send(chain, signer, DETERMINISTIC_DEPLOYER, bytes(32) + EMPTY_GATE)
        book = deploy(plan(), signer=signer, connection=chain, folder=Path(folder))
        ready = Bench(chain, book)
        ready.settle_in()
        yield ready


def measure(ready: Bench, operation: Callable[[Bench], int]) -> int:
    """The median over receivables of different ids."""
    return median_high(operation(ready) for _ in range(SAMPLES))


def measured(ready: Bench) -> tuple[dict[str, int], dict[str, Any]]:
    """What both files are to say."""
    gas = {}
    for name, operation in OPERATIONS.items():
        gas[name] = measure(ready, operation)
        print(row(name, gas[name]), flush=True)
    print("\nMeasuring the features …", flush=True)
    extras = {
        name: {feature: measure(ready, act) - gas[name] for feature, act in acts.items()}
        for name, acts in EXTRAS.items()
    }
    others = {name: measure(ready, operation) for name, operation in OTHERS.items()}
    return gas, {"extra": extras, "operations": others}


def row(name: str, gas: int) -> str:
    """One line of the table: ours, the goal, the best of the others."""
    goal, peer = MARKS[name]
    verdict = "met" if gas <= goal else f"missed by {gas - goal:,}"
    return f"{name:24}{gas:9,}  goal {goal:7,} {verdict:16} {peer}"


def flat(figures: Mapping[str, Any], path: str = "") -> dict[str, int]:
    """Nested figures by their full names."""
    found: dict[str, int] = {}
    for name, value in figures.items():
        inner = f"{path}.{name}" if path else name
        found |= flat(value, inner) if isinstance(value, dict) else {inner: value}
    return found


def changes(fresh: Mapping[str, Any], path: Path) -> tuple[list[str], list[str]]:
    """What costs more than the file says, or is new or gone; and what costs less."""
    now, then = flat(fresh), flat(json.loads(path.read_text("utf-8")))
    worse = [f"{n} is measured, but not in {path.name}" for n in now.keys() - then.keys()]
    worse += [f"{n} is in {path.name}, but not measured" for n in then.keys() - now.keys()]
    both = [(n, now[n], then[n]) for n in now if n in then]
    worse += [f"{n}: {a:,}, {a - b:,} more than {b:,}" for n, a, b in both if a > b]
    return sorted(worse), [f"{n}: {a:,}, {b - a:,} less than {b:,}" for n, a, b in both if a < b]


def main() -> None:
    """Measure and write."""
    with bench() as ready:
        figures = zip((GAS, FEATURES), measured(ready), strict=True)
    GAS.parent.mkdir(exist_ok=True)
    for path, content in figures:
        path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
        print("Written:", path.relative_to(ROOT))


def check() -> None:
    """Measure and compare: no slack upward."""
    with bench() as ready:
        found = [changes(c, p) for p, c in zip((GAS, FEATURES), measured(ready), strict=True)]
    if better := [line for _, lines in found for line in lines]:
        print("Less gas than bench/ says; run `make bench`:", *better, sep="\n  ")
    if worse := [line for lines, _ in found for line in lines]:
        sys.exit("\n  ".join(["More gas than bench/ says:", *worse]))
    print("No operation costs more than bench/ says.")


if __name__ == "__main__":
    actions = {"": main, "--check": check}
    action = actions.get(" ".join(sys.argv[1:]))
    if action is None:
        sys.exit(__doc__)
    action()
