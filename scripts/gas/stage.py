"""The chain on which gas is measured, and the people on it."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill import node, playground
from duebill._abi import keccak, ledger_abi
from duebill.chain import Chain
from duebill.deployment import deploy, parse_plan
from duebill.deployment._access import abi, send
from duebill.deployment._create2 import DETERMINISTIC_DEPLOYER, create2_address
from duebill.model import Address, Money, Terms, address, nonce_at
from duebill.node import LOCAL_CHAIN_ID
from duebill.node_accounts import ADDRESSES, NodeAccount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.deployment import AddressBook, Plan
    from duebill.signing import Signer

START = date(2030, 1, 1)
NOON = time(12, tzinfo=UTC)
OPTIONS = (
    "--hardfork",
    "osaka",
    "--timestamp",
    str(int(datetime.combine(START, NOON).timestamp())),
)
# Time passes by days, for what only a day can bring about; this is long after all of them.
DUE_DATE = date(2030, 12, 31)
DEADLINE = datetime(2030, 12, 31, tzinfo=UTC)
GRACE_DAYS = 5
FOREVER = 2**40 - 1
UNLIMITED = 2**256 - 1
FACE = 1_248_300_000_000  # a million and a quarter, in units
PART = 250_000_000_000
EMPTY_GATE = bytes.fromhex("6001600c60003960016000f300")  # makes a contract that only stops

# Makers have set their floor here, and number their orders from it on.
NUMBERS = nonce_at(DEADLINE) + (0xBEE5ED << 8)
NUMBERS_PER_WORD = 128

# The programmes with rules beyond the ledger's.
INVOICED = "invoiced"
ATTESTED = "attested"

WHOLE = "transferFrom(address,address,uint256)"


class Bench:
    """A chain with a ledger, an exchange and both books in steady state."""

    def __init__(self, chain: Chain, book: AddressBook, url: str) -> None:
        self.chain = chain
        self.book = book
        self.url = url
        self.today = START
        self.salt = 0
        self.numbers = iter(range(NUMBERS, NUMBERS + NUMBERS_PER_WORD))
        self.token = Address(str(book.currencies["eur"].token))
        self.office, self.obligor, self.creditor, self.holder, self.buyer, self.guarantor = (
            NodeAccount(index) for index in range(6)
        )
        self.recipients = [address(f"0x{number:02x}{'ab' * 19}") for number in range(0x11, 0x1B)]

    # -- acting -----------------------------------------------------------------------------

    def act(self, who: Signer, function: str, *arguments: Any) -> int:
        """Call the ledger; give back the gas."""
        return self._send(who, self.book.ledger, "IReceivableLedger", function, *arguments)

    def on(self, contract: str, who: Signer, function: str, *arguments: Any) -> int:
        """Call another contract of the deployment; give back the gas."""
        where = self.book.contracts[contract].address
        return self._send(who, where, contract, function, *arguments)

    def on_token(self, who: Signer, function: str, *arguments: Any) -> int:
        """Call the currency's token; give back the gas."""
        return self._send(who, self.token, "TestCurrency", function, *arguments)

    def _send(self, who: Signer, to: Address, artifact: str, function: str, *arguments: Any) -> int:
        data = abi(artifact).encode(function, *arguments)
        return send(self.chain, who, to, data).gas_used

    def pass_days(self, days: int) -> None:
        """Let days pass, up to noon."""
        self.today += timedelta(days=days)
        playground.pass_time(self.url, until=datetime.combine(self.today, NOON))

    def fresh(self, name: str) -> int:
        """A number of 256 bits that is no other's, and the same in every run."""
        return int.from_bytes(keccak(f"{name} {self.salt}".encode()))

    # -- receivables ------------------------------------------------------------------------

    def terms(
        self, programme: str = "standard", currency: str = "eur", due: date = DUE_DATE
    ) -> Terms:
        """Terms that no receivable had before."""
        self.salt += 1
        return Terms(
            obligor=self.obligor.address,
            creditor=self.creditor.address,
            currency=self.book.currencies[currency].number,
            face=Money(FACE, "EUR"),
            due_date=due,
            programme=self.book.programmes[programme],
            documents_root=f"0x{self.fresh('root'):064x}",
            reference_hash=f"0x{self.fresh('reference'):064x}",
            salt=self.fresh("salt"),
        )

    def issued(self, programme: str = "standard", currency: str = "eur") -> int:
        """A receivable that waits for its obligor."""
        terms = self.terms(programme, currency)
        self.act(self.creditor, "issue", terms.as_abi())
        return terms.id.number

    def accepted(
        self, programme: str = "standard", currency: str = "eur", due: date = DUE_DATE
    ) -> int:
        """A receivable whose first voucher the creditor holds."""
        terms = self.terms(programme, currency, due)
        self.act(self.obligor, "issue", terms.as_abi())
        return terms.id.number

    def held(self, programme: str = "standard", due: date = DUE_DATE) -> int:
        """A voucher of a whole receivable, in the hands of a second holder."""
        voucher = self.accepted(programme, due=due) << 64 | 1
        self.act(self.creditor, WHOLE, self.creditor.address, self.holder.address, voucher)
        return voucher

    def paid(self, amount: int = FACE) -> int:
        """A voucher as `held`, after the obligor paid."""
        voucher = self.held()
        self.act(self.obligor, "pay", voucher >> 64, amount)
        return voucher

    # -- steady state -----------------------------------------------------------------------

    def settle_in(self) -> None:
        """Verify everyone, give everyone vouchers and money, let the contracts act for them."""
        people = (self.obligor, self.creditor, self.holder, self.buyer, self.guarantor)
        for number, who in enumerate([*(p.address for p in people), *self.recipients]):
            self.act(self.office, "verifyParty", who, FOREVER, bytes([number + 1]) * 32)
            self.on_token(self.office, "mint", who, FACE * 1_000)
        # As if margins of other avals were there.
        self.on_token(self.office, "mint", self.book.guarantee_book, FACE)
        self._allow_contracts(people)
        for maker in (self.holder, self.buyer):
            self.on("Exchange", maker, "cancelNoncesBelow", NUMBERS)
        self._give_vouchers([*(p.address for p in people[1:]), *self.recipients])
        self.act(self.obligor, "pay", self.accepted(), FACE)
        for recipient in (self.creditor, self.holder, self.buyer):
            for sender in (self.obligor, self.creditor, self.holder):
                self.act(recipient, "setConsent", sender.address, True)

    def _allow_contracts(self, people: tuple[Signer, ...]) -> None:
        book = self.book
        for who in people:
            for payee in (book.ledger, book.exchange, book.guarantee_book, book.pledge_book):
                self.on_token(who, "approve", payee, UNLIMITED)
            for operator in (book.exchange, book.pledge_book):
                self.act(who, "setApprovalForAll", operator, True)

    def _give_vouchers(self, holders: list[Address]) -> None:
        for _ in range(2):
            voucher = self.accepted() << 64 | 1
            parts = [(holder, FACE // 100) for holder in holders]
            self.act(self.creditor, "split", voucher, parts)


def plan() -> Plan:
    """A plan with one programme for each feature."""
    rules = {
        "max_tenor_days": 365,
        "acceptance_days": 30,
        "grace_days": GRACE_DAYS,
        "max_hops": 16,
        "max_splits": 10_000,
        "smallest_voucher": "1.00",
    }
    requirement = {
        "kind": "invoice",
        "before": "acceptance",
        "needed": 1,
        "verifiers": [ADDRESSES[0]],
    }
    gate = create2_address(DETERMINISTIC_DEPLOYER, bytes(32), EMPTY_GATE)
    roles = ("admins", "registrars", "supervisors", "enforcers", "administrators", "consortium")
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
                INVOICED: {**rules, "invoices_required": True},
                ATTESTED: {**rules, "requirements": [requirement]},
            },
            "registry": {"registrants": ["deployer"]},
            "exchange": {"fee_cap": "1.00"},
        }
    )


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """A chain in steady state, for the length of the block."""
    with tempfile.TemporaryDirectory() as folder, node.running(options=OPTIONS) as url:
        # Every run's chain begins with the same block: its journal ends with it.
        journal = Path(folder) / "journal.sqlite"
        chain = Chain(url, chain_id=LOCAL_CHAIN_ID, abi=ledger_abi(), journal=journal)
        signer = NodeAccount(0)
        send(chain, signer, DETERMINISTIC_DEPLOYER, bytes(32) + EMPTY_GATE)
        book = deploy(plan(), signer=signer, connection=chain, folder=Path(folder))
        ready = Bench(chain, book, url)
        ready.settle_in()
        yield ready
