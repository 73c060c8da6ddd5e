"""What each party may do, and nothing else.

A facade comes from the ledger and binds it to a signer: `ledger.supplier(signer)`. Every write
returns a `Transaction`; its `wait()` gives the `Outcome`, or raises the contract's refusal as a
`ContractError`. Refusals that the node foresees are raised at once, before anything is signed.

Every write can be tried out first: `supplier.simulate` is the same facade on a dry run. Its
methods have the same types, sign nothing and send nothing, and their transactions are done at
once: `supplier.simulate.redeem(id).wait().value` is what redeeming would pay.

Ids are accepted whole or by their first characters, as with git. Amounts are `Money`, or plain
decimals in the currency at hand; never floats.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from duebill import _answers
from duebill._actions import NOTHING, always
from duebill.errors import DeadlineOver, NotTheObligor, SigningDeclined
from duebill.model import (
    FOREVER,
    ZERO_ADDRESS,
    ZERO_HASH,
    Money,
    Terms,
    address,
    hash_bytes,
    seconds_of,
    units_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from duebill._actions import Action, Answer
    from duebill._desk import Desk
    from duebill.chain import Transaction
    from duebill.ledger import Ledger
    from duebill.model import (
        Address,
        Advance,
        Amount,
        Invoice,
        Part,
        ReceivableId,
        Rules,
        VoucherId,
    )
    from duebill.signing import Acceptance, SignedAcceptance, Signer

__all__ = [
    "Administrator",
    "Enforcer",
    "Financier",
    "Guarantor",
    "Holder",
    "Issuer",
    "Obligor",
    "PayingAgent",
    "Registrar",
    "Role",
    "Supervisor",
    "Supplier",
]

T = TypeVar("T")

_ACCEPTANCE_SPAN = timedelta(days=7)


class Role:
    """A ledger seen by one account.

    Attributes:
        ledger: The ledger.
        signer: Who signs.
    """

    def __init__(
        self, ledger: Ledger, signer: Signer, *, desk: Desk, simulated: bool = False
    ) -> None:
        self.ledger = ledger
        self.signer = signer
        self._desk = desk
        self._simulated = simulated

    @property
    def address(self) -> Address:
        """The account that acts."""
        return self.signer.address

    @property
    def simulate(self) -> Self:
        """The same facade on a dry run: nothing is signed, nothing is sent."""
        return type(self)(self.ledger, self.signer, desk=self._desk, simulated=True)

    def __repr__(self) -> str:
        mode = ", dry run" if self._simulated else ""
        return f"<{type(self).__name__} {self.address}{mode}>"

    def _do(self, answer: Answer[T], function: str, *args: Any) -> Transaction[T]:
        return self._send(self._desk.action(answer, function, *args))

    def _send(self, *actions: Action[Any]) -> Transaction[Any]:
        chain = self._desk.chain
        if self._simulated:
            return chain.simulate(actions, sender=self.address)
        *first, last = actions
        for action in first:
            chain.submit(action, signer=self.signer).wait()
        return chain.submit(last, signer=self.signer)


class Party(Role):
    """What every account may do for itself."""

    def publish_encryption_key(self, key: str) -> Transaction[None]:
        """Publish the X25519 key that documents for this party are sealed to.

        Args:
            key: 0x and 64 hex digits.
        """
        return self._do(NOTHING, "publishEncryptionKey", hash_bytes(key))

    def set_consent(self, sender: str, *, given: bool = True) -> Transaction[None]:
        """Give, or withdraw, standing consent to receive from a sender."""
        return self._do(NOTHING, "setConsent", address(sender), given)

    def declare_default(self, receivable: str) -> Transaction[None]:
        """Put an overdue receivable on its obligor's record; anyone may."""
        return self._do(NOTHING, "declareDefault", self._desk.receivable_id(receivable).number)

    def submit_acceptance(self, acceptance: SignedAcceptance) -> Transaction[None]:
        """Bring an obligor's signed acceptance; anyone may.

        Raises:
            AcceptanceForeign: It was signed for another chain or ledger.
        """
        acceptance.require_for(chain_id=self.ledger.chain_id, ledger=self.ledger.address)
        terms = acceptance.terms.as_abi()
        deadline = seconds_of(acceptance.deadline)
        signature = bytes.fromhex(acceptance.signature[2:])
        return self._do(NOTHING, "acceptWithSignature", terms, deadline, signature)

    def send_money(self, to: str, amount: Money) -> Transaction[Money]:
        """Send tokens of a currency to someone: the price of a voucher, for example.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        currency = self.ledger.currency(amount.currency)
        return self._send(self._desk.token_transfer(address(to), amount, currency))


class Issuer(Party):
    """Issues receivables: as the creditor, to be accepted; as the obligor, accepted at once."""

    def issue(self, terms: Terms) -> Transaction[ReceivableId]:
        """Issue a receivable. `Ledger.draft` and `Ledger.draft_invoice` make terms.

        Raises:
            CurrencyMismatch: The currency's number and the code of the face do not fit.
        """
        self._desk.require_code(terms)
        return self._do(_answers.ISSUED, "issue", terms.as_abi())


class Holder(Party):
    """Holds vouchers."""

    def transfer(
        self, voucher: str, to: str, *, value: Amount | None = None
    ) -> Transaction[VoucherId]:
        """Give a voucher to someone, whole, or a part of its value as a new voucher.

        Args:
            voucher: The voucher.
            to: Who gets it.
            value: How much; all of it when not given.

        Returns:
            What the recipient gets: the voucher itself, or the new one.
        """
        id_ = self._desk.voucher_id(voucher)
        recipient = address(to)
        if value is None:
            # An operator sends what its principal holds.
            holder = self.ledger.voucher(id_).holder
            function = "safeTransferFrom(address,address,uint256)"
            return self._do(always(id_), function, holder, recipient, id_.number)
        units = units_in(value, self._desk.code_of(id_.receivable))
        function = "transferFrom(uint256,address,uint256)"
        return self._do(_answers.BRANCHED, function, id_.number, recipient, units)

    def split(
        self, voucher: str, parts: Iterable[Part] | Mapping[str, Amount]
    ) -> Transaction[tuple[VoucherId, ...]]:
        """Split parts off a voucher, each into a new voucher for its recipient.

        What is left stays; if nothing is left, the voucher is no more.

        Args:
            voucher: The voucher.
            parts: The pieces, in order; or recipients with what each gets. The holder may be one.

        Returns:
            The new vouchers, in the order of the parts.
        """
        id_ = self._desk.voucher_id(voucher)
        currency = self._desk.code_of(id_.receivable)
        pairs = parts.items() if hasattr(parts, "items") else ((p.to, p.value) for p in parts)
        wanted = [(address(to), units_in(value, currency)) for to, value in pairs]
        return self._do(_answers.split_into(len(wanted)), "split", id_.number, wanted)

    def merge(self, vouchers: Iterable[str], *, into: str) -> Transaction[VoucherId]:
        """Put the whole value of vouchers into another one of the same receivable and holder."""
        target = self._desk.voucher_id(into)
        numbers = [self._desk.voucher_id(voucher).number for voucher in vouchers]
        return self._do(always(target), "merge", numbers, target.number)

    def redeem(self, voucher: str) -> Transaction[Money]:
        """Take out what the voucher's share of the coverage allows.

        Returns:
            What is paid to the holder, or to the payee that the supervisor named.
        """
        id_ = self._desk.voucher_id(voucher)
        currency = self._desk.code_of(id_.receivable)
        return self._do(_answers.money("Redeemed", "payout", currency), "redeem", id_.number)

    def approve(self, voucher: str, operator: str) -> Transaction[None]:
        """Let someone act on one voucher; the zero address ends it."""
        id_ = self._desk.voucher_id(voucher)
        return self._do(NOTHING, "approve(address,uint256)", address(operator), id_.number)

    def approve_value(self, voucher: str, operator: str, *, value: Amount) -> Transaction[None]:
        """Let someone move value out of one voucher, up to an amount."""
        id_ = self._desk.voucher_id(voucher)
        units = units_in(value, self._desk.code_of(id_.receivable))
        function = "approve(uint256,address,uint256)"
        return self._do(NOTHING, function, id_.number, address(operator), units)

    def approve_all(self, operator: str, *, approved: bool = True) -> Transaction[None]:
        """Let someone act on all vouchers of this holder, or end it."""
        return self._do(NOTHING, "setApprovalForAll", address(operator), approved)


class Supplier(Holder, Issuer):
    """Invoices, holds what it is owed, and passes it on."""

    def issue_invoice(
        self,
        invoice: Invoice,
        *,
        obligor: str,
        programme: int,
        key: bytes,
        due_date: date | None = None,
    ) -> Transaction[ReceivableId]:
        """Issue a receivable from an invoice, to be accepted by the obligor.

        Args:
            invoice: The invoice.
            obligor: The buyer's account.
            programme: The number of the programme.
            key: The parties' secret; see `duebill.documents`.
            due_date: Needed when the invoice names none.

        Raises:
            DueDateMissing: Neither the invoice nor the call names a due date.
        """
        terms = self.ledger.draft_invoice(
            invoice,
            obligor=obligor,
            creditor=self.address,
            programme=programme,
            key=key,
            due_date=due_date,
        )
        return self.issue(terms)

    def cancel(self, receivable: str) -> Transaction[None]:
        """Withdraw a receivable that is not accepted; once it has lapsed, anyone may clear it."""
        return self._do(NOTHING, "cancel", self._desk.receivable_id(receivable).number)


class Financier(Holder):
    """Buys vouchers, or lends against them. Holds, passes on and redeems like any holder."""


class Obligor(Issuer):
    """Owes."""

    def accept(self, receivable: str) -> Transaction[None]:
        """Bind this obligor to a receivable."""
        return self._do(NOTHING, "accept", self._desk.receivable_id(receivable).number)

    def sign_acceptance(
        self,
        receivable: str | Terms,
        *,
        deadline: datetime | None = None,
        review: Callable[[str], bool] | None = None,
    ) -> SignedAcceptance:
        """Sign an acceptance that anyone can bring; nothing is sent.

        The terms are read from the ledger, or given; what is signed is derived from them here.

        Args:
            receivable: The receivable's id, or its terms.
            deadline: The last second in which it counts; a week after the chain's time when not
                given.
            review: Is shown in words what will be signed, and says whether to sign.

        Raises:
            NotTheObligor: The terms bind another account.
            CurrencyMismatch: The currency's number and the code of the face do not fit.
            DeadlineOver: The deadline is in the chain's past.
            SigningDeclined: `review` said no.
        """
        draft = self._draft_acceptance(receivable, deadline)
        if review is not None and not review(draft.summary()):
            raise SigningDeclined
        self.ledger.require_chain()
        return draft.sign(self.signer)

    def reject(self, receivable: str, *, reason: str = ZERO_HASH) -> Transaction[None]:
        """Refuse a receivable that is not accepted.

        Args:
            receivable: The receivable.
            reason: Hash of the reason; `duebill.documents.text_hash` makes one.
        """
        number = self._desk.receivable_id(receivable).number
        return self._do(NOTHING, "reject", number, hash_bytes(reason))

    def pay(self, receivable: str, amount: Amount | None = None) -> Transaction[Money]:
        """Pay on what is owed; more than is owed is cut to it.

        When the ledger may not take enough of the currency's token yet, it is first allowed
        exactly this amount, in a transaction of its own that is waited for.

        Args:
            receivable: The receivable.
            amount: How much; all that is owed when not given.

        Returns:
            What was paid.
        """
        id_ = self._desk.receivable_id(receivable)
        found = self.ledger.receivable(id_)
        units = found.owed.units if amount is None else units_in(amount, found.face.currency)
        allowing = self._desk.allowing(
            found.currency, min(units, found.owed.units), owner=self.address
        )
        answer = _answers.money("Paid", "amount", found.face.currency)
        return self._send(*allowing, self._desk.action(answer, "pay", id_.number, units))

    def extinguish(self, voucher: str) -> Transaction[None]:
        """End a voucher that the obligor itself holds: the debt is less by its value."""
        return self._do(NOTHING, "extinguish", self._desk.voucher_id(voucher).number)

    def _draft_acceptance(self, receivable: str | Terms, deadline: datetime | None) -> Acceptance:
        # Reads files and encrypts: not before something is signed.
        from duebill.signing import Acceptance  # noqa: PLC0415

        terms = receivable if isinstance(receivable, Terms) else self.ledger.terms(receivable)
        if terms.obligor != self.address:
            raise NotTheObligor(self.address, obligor=terms.obligor)
        # What the reader is shown has to be what the ledger will make of it.
        self._desk.require_code(terms)
        now = self.ledger.time()
        if deadline is not None and deadline < now:
            raise DeadlineOver(deadline, now=now)
        return Acceptance(
            terms=terms,
            deadline=deadline or now + _ACCEPTANCE_SPAN,
            chain_id=self.ledger.chain_id,
            ledger=self.ledger.address,
        )


class Guarantor(Party):
    """Pays when the obligor does not, and is paid back from what comes in later."""

    def advance(self, receivable: str, amount: Amount | None = None) -> Transaction[Advance]:
        """Pay in what holders still lack; approval of the token as in `Obligor.pay`.

        Args:
            receivable: The receivable.
            amount: How much; all that holders lack when not given.
        """
        id_ = self._desk.receivable_id(receivable)
        found = self.ledger.receivable(id_)
        lacking = found.face - found.coverage
        units = lacking.units if amount is None else units_in(amount, found.face.currency)
        allowing = self._desk.allowing(
            found.currency, min(units, lacking.units), owner=self.address
        )
        answer = _answers.advance(id_, self.address, found.face.currency)
        action = self._desk.action(answer, "advance", id_.number, self.address, units)
        return self._send(*allowing, action)

    def reimburse(self, receivable: str, *, start: int) -> Transaction[Money]:
        """Take out what later payments give back.

        Args:
            receivable: The receivable.
            start: The advance's key, as `Advance.start` says.
        """
        id_ = self._desk.receivable_id(receivable)
        answer = _answers.money("Reimbursed", "amount", self._desk.code_of(id_))
        return self._do(answer, "reimburse", id_.number, start)


class Registrar(Role):
    """Verifies parties."""

    def verify(
        self, party: str, *, until: datetime = FOREVER, identifier: str = ZERO_HASH
    ) -> Transaction[None]:
        """Verify a party up to and including a moment.

        Args:
            party: The account.
            until: The last second of the verification.
            identifier: Keyed hash of its legal identifier; see `documents.reference_hash`.
        """
        seconds = seconds_of(until)
        return self._do(NOTHING, "verifyParty", address(party), seconds, hash_bytes(identifier))

    def revoke(self, party: str, *, identifier: str = ZERO_HASH) -> Transaction[None]:
        """End a party's verification. It keeps what it holds and can redeem it."""
        return self._do(NOTHING, "verifyParty", address(party), 0, hash_bytes(identifier))


class Supervisor(Role):
    """Oversees: freezes and pauses. It can neither mint nor take."""

    def freeze_party(
        self, party: str, *, until: datetime = FOREVER, reason: str = ZERO_HASH
    ) -> Transaction[None]:
        """Freeze a party up to and including a moment.

        Args:
            party: The account.
            until: The last second of the freeze.
            reason: Hash of the order or decision.
        """
        seconds = seconds_of(until)
        return self._do(NOTHING, "freezeParty", address(party), seconds, hash_bytes(reason))

    def unfreeze_party(self, party: str, *, reason: str = ZERO_HASH) -> Transaction[None]:
        """End a party's freeze."""
        return self._do(NOTHING, "freezeParty", address(party), 0, hash_bytes(reason))

    def freeze_voucher(
        self,
        voucher: str,
        *,
        account: str | None = None,
        until: datetime = FOREVER,
        reason: str = ZERO_HASH,
    ) -> Transaction[None]:
        """Freeze an account's right to a voucher up to and including a moment.

        Args:
            voucher: The voucher.
            account: Whose right; its holder's when not given.
            until: The last second of the freeze.
            reason: Hash of the order or decision.
        """
        return self._freeze_voucher(voucher, account, seconds_of(until), reason)

    def unfreeze_voucher(
        self, voucher: str, *, account: str | None = None, reason: str = ZERO_HASH
    ) -> Transaction[None]:
        """Restore an account's right to a voucher; its holder's when no account is given."""
        return self._freeze_voucher(voucher, account, 0, reason)

    def pause(self, *, until: datetime, reason: str = ZERO_HASH) -> Transaction[None]:
        """Pause issue, acceptance, transfer and split, for at most 7 days; it ends by itself."""
        return self._do(NOTHING, "pause", seconds_of(until), hash_bytes(reason))

    def unpause(self) -> Transaction[None]:
        """End a pause early."""
        return self._do(NOTHING, "unpause")

    def _freeze_voucher(
        self, voucher: str, account: str | None, until: int, reason: str
    ) -> Transaction[None]:
        id_ = self._desk.voucher_id(voucher)
        whose = self.ledger.voucher(id_).holder if account is None else address(account)
        return self._do(NOTHING, "freezeVoucher", id_.number, whose, until, hash_bytes(reason))


class Enforcer(Role):
    """Carries out orders of a court. Where the role has a delay, each act is announced first."""

    def seize(
        self, voucher: str, *, to: str, reason: str, announce: bool = False
    ) -> Transaction[None]:
        """Take a voucher from its holder and give it to a verified party.

        Args:
            voucher: The voucher.
            to: Who gets it.
            reason: Hash of the order.
            announce: Announce it only; call again without this once the role's delay is over.
        """
        id_ = self._desk.voucher_id(voucher)
        holder = self.ledger.voucher(id_).holder
        order = ("seizeVoucher", id_.number, holder, address(to), hash_bytes(reason))
        return self._carry_out(*order, announce=announce)

    def set_payee(
        self, holder: str, *, payee: str | None, reason: str, announce: bool = False
    ) -> Transaction[None]:
        """Name another payee for a holder's redemptions; None restores the holder.

        Args:
            holder: Whose redemptions.
            payee: A verified party.
            reason: Hash of the order.
            announce: Announce it only; call again without this once the role's delay is over.
        """
        where = ZERO_ADDRESS if payee is None else address(payee)
        order = ("setPayee", address(holder), where, hash_bytes(reason))
        return self._carry_out(*order, announce=announce)

    def _carry_out(self, function: str, *args: Any, announce: bool) -> Transaction[None]:
        action = self._desk.action(NOTHING, function, *args)
        return self._send(self._desk.announcement(action) if announce else action)


class PayingAgent(Role):
    """Attests payments that were made outside the chain, in the currencies entrusted to it."""

    def attest_payment(
        self, receivable: str, amount: Amount, *, evidence: str
    ) -> Transaction[Money]:
        """Attest that the obligor paid; more than is owed is cut to it.

        Args:
            receivable: The receivable.
            amount: What was paid.
            evidence: Hash of the proof.
        """
        id_ = self._desk.receivable_id(receivable)
        currency = self._desk.code_of(id_)
        args = (id_.number, units_in(amount, currency), hash_bytes(evidence))
        return self._do(_answers.money("Paid", "amount", currency), "attestPayment", *args)

    def attest_advance(
        self, receivable: str, amount: Amount, *, guarantor: str, evidence: str
    ) -> Transaction[Advance]:
        """Attest that a guarantor paid.

        Args:
            receivable: The receivable.
            amount: What was paid.
            guarantor: Who paid.
            evidence: Hash of the proof.
        """
        id_ = self._desk.receivable_id(receivable)
        currency = self._desk.code_of(id_)
        payer = address(guarantor)
        args = (id_.number, payer, units_in(amount, currency), hash_bytes(evidence))
        return self._do(_answers.advance(id_, payer, currency), "attestAdvance", *args)


class Administrator(Role):
    """Keeps the tables of programmes, currencies and custodians."""

    def create_programme(self, rules: Rules) -> Transaction[int]:
        """Create a programme; its rules never change. Gives its number."""
        return self._do(_answers.PROGRAMME, "createProgramme", rules.as_abi())

    def set_programme_open(self, programme: int, *, open_: bool) -> Transaction[None]:
        """Close a programme for new issues, or open it again."""
        return self._do(NOTHING, "setProgrammeOpen", programme, open_)

    def add_currency(
        self,
        code: str,
        *,
        decimals: int,
        token: str | None = None,
        paying_agent: str | None = None,
    ) -> Transaction[int]:
        """Add a currency; gives its number.

        Args:
            code: ISO 4217.
            decimals: Of the token, or of the currency's minor unit.
            token: The ERC-20 that pays; or
            paying_agent: Who attests payments outside the chain. Exactly one of the two.
        """
        tables = [ZERO_ADDRESS if who is None else address(who) for who in (token, paying_agent)]
        units = Money(0, code)
        args = (units.currency.encode(), *tables, decimals)
        return self._do(_answers.CURRENCY, "addCurrency", *args)

    def set_currency_open(self, currency: int, *, open_: bool) -> Transaction[None]:
        """Close a currency for new issues, or open it again."""
        return self._do(NOTHING, "setCurrencyOpen", currency, open_)

    def set_paying_agent(self, currency: int, *, paying_agent: str) -> Transaction[None]:
        """Hand a currency outside the chain to another paying agent."""
        return self._do(NOTHING, "setPayingAgent", currency, address(paying_agent))

    def set_custodian(self, party: str, *, custodian: bool = True) -> Transaction[None]:
        """Say whether a contract keeps vouchers for others, so that its moves are no hops."""
        return self._do(NOTHING, "setCustodian", address(party), custodian)

    def sweep(self, token: str, *, to: str) -> Transaction[int]:
        """Send out what came of a token that is no currency's; gives the amount in its own units."""
        return self._do(_answers.swept(address(token)), "sweep", address(token), address(to))
