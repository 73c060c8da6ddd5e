"""What every account has in common: a ledger, a signer, dry runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from duebill._actions import NOTHING, Action, Answer, always
from duebill._enclosing import enclosed
from duebill._wallet import ContractWallet
from duebill.chain import Held
from duebill.documents import recipient_of
from duebill.errors import SigningDeclined
from duebill.journal import checked_reference
from duebill.model import ZERO_HASH, Call, address, hash_bytes, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from duebill._actions import Approval
    from duebill._desk import Desk
    from duebill._permits import Permit
    from duebill.bulk import Batch
    from duebill.bulk._begin import Options
    from duebill.bulk._forms import Form
    from duebill.bulk._sources import Table
    from duebill.chain import Transaction
    from duebill.deals import SignedAttestation
    from duebill.ledger import Ledger
    from duebill.model import Address, Attestation, Event, Money
    from duebill.signing import SignedAcceptance, Signer

T = TypeVar("T")


class Role:
    """A ledger seen by one account.

    Attributes:
        ledger: The ledger.
        signer: Who signs.
        reference: What its next write is called in the journal; None for a name that is made up.
    """

    def __init__(  # noqa: PLR0913 - one for each way to use it
        self,
        ledger: Ledger,
        signer: Signer,
        *,
        desk: Desk,
        simulated: bool = False,
        prepared: bool = False,
        reference: str | None = None,
    ) -> None:
        self.ledger = ledger
        self.signer = signer
        self.reference = reference
        self._desk = desk
        self._simulated = simulated
        self._prepared = prepared
        self._tried: list[Call] = []

    @property
    def address(self) -> Address:
        """The account that acts."""
        return self.signer.address

    @property
    def simulate(self) -> Self:
        """The same facade on a dry run: nothing is signed, nothing is sent."""
        return type(self)(self.ledger, self.signer, desk=self._desk, simulated=True)

    @property
    def prepare(self) -> Self:
        """The same facade for writes that are signed elsewhere: each gives a `Held`.

        Its nonce is held, nothing is signed or sent. What needs an allowance first prepares that
        alone: prepare the write again once it is in a block.
        """
        return type(self)(
            self.ledger, self.signer, desk=self._desk, prepared=True, reference=self.reference
        )

    def once(self, reference: str) -> Self:
        """The same facade for one write, which is done once under this reference.

        The same write under the same reference again, after a crash or by another process, gives the
        first one's transaction, or goes on with it.

        Args:
            reference: The client's own name for the write: an order's number, a job's id and row.

        Raises:
            BadReference: It cannot be one.
        """
        return type(self)(
            self.ledger, self.signer, desk=self._desk, reference=checked_reference(reference)
        )

    @property
    def calls(self) -> tuple[Call, ...]:
        """What a dry run has tried out so far, in order: to be proposed in a wallet's own tool."""
        return tuple(self._tried)

    def __repr__(self) -> str:
        mode = ", dry run" if self._simulated else ""
        once = f", once as {self.reference}" if self.reference else ""
        return f"<{type(self).__name__} {self.address}{mode}{once}>"

    def _do(self, answer: Answer[T], function: str, *args: Any) -> Transaction[T]:
        return self._send(self._desk.action(answer, function, *args))

    def _send(self, *actions: Action[Any]) -> Transaction[Any]:
        chain = self._desk.chain
        if self._simulated:
            self._note(actions)
            return chain.simulate(actions, sender=self.address)
        if self._prepared:
            return self._held(*actions)
        first, last = () if self._is_recorded() else actions[:-1], actions[-1]
        if isinstance(self.signer, ContractWallet):
            action = enclosed(chain, self.address, (*first, last))
            return chain.submit(action, signer=self.signer.owner, reference=self.reference)
        for action in first:
            if self.reference:
                chain.submit_step(action, signer=self.signer, reference=self.reference).wait()
            else:
                chain.submit(action, signer=self.signer).wait()
        return chain.submit(last, signer=self.signer, reference=self.reference)

    def _begun(
        self, intent: bytes, from_events: Callable[[Sequence[Event]], T]
    ) -> Transaction[T] | None:
        """The write that the reference stands for, in the words that it was sent with.

        For calls whose words come from what is on the chain: once one is done, it could not be said
        again.

        Args:
            intent: What is wanted, as for `Action`.
            from_events: How its value is read.

        Returns:
            None when it was not sent yet.

        Raises:
            ReferenceTaken: The reference stands for another intent.
        """
        chain, signer = self._desk.chain, self.signer
        if self.reference is None or self._simulated or self._prepared:
            return None
        if (said := chain.begun(self.reference)) is None:
            return None
        if isinstance(signer, ContractWallet):
            intent, signer = bytes.fromhex(self.address[2:]) + intent, signer.owner
        action = Action(
            to=said.to,
            data=said.data,
            decode=lambda _: None,
            answer=Answer(from_result=from_events, from_events=from_events),
            intent=intent,
        )
        return chain.submit(action, signer=signer, reference=self.reference)

    def _note(self, actions: Iterable[Action[Any]]) -> None:
        self._tried += [Call(to=action.to, data=action.data) for action in actions]

    def _held(self, *actions: Action[Any]) -> Transaction[Any]:
        chain, account = self._desk.chain, self.signer
        if isinstance(account, ContractWallet):
            actions, account = (enclosed(chain, self.address, actions),), account.owner
        next_, *later = actions
        reference = f"{self.reference}/1" if later and self.reference else self.reference
        return Held(chain.prepare(next_, sender=account.address, reference=reference))

    def _is_recorded(self) -> bool:
        """Whether the write was begun before: what goes before it is done then."""
        return self.reference is not None and self._desk.chain.is_recorded(self.reference)

    def _many(self, table: Table, form: Form, options: Options) -> Batch:
        """A checked table, ready to be carried out."""
        # Reads tables: not before there is one.
        from duebill.bulk._begin import batch_of  # noqa: PLC0415

        desk, simulated = self._desk, self._simulated
        named: Options = {"reference": self.reference, **options}
        return batch_of(table, form, desk=desk, signer=self.signer, simulated=simulated, **named)

    def _pay(
        self,
        action: Action[T],
        approvals: Sequence[Approval],
        *,
        currency: int,
        review: Callable[[str], bool] | None,
    ) -> Transaction[T]:
        """Send a call that takes cash, in one transaction if the token knows permits.

        Otherwise, and on a dry run, the approvals go before it.

        Args:
            action: The call.
            approvals: What it needs; from `Desk.allowing`.
            currency: What it is paid in.
            review: Is shown the permit in words, and says whether to sign.
        """
        if self._is_recorded() and not self._prepared:
            return self._send(action)
        # Contracts cannot sign permits, and need none: they do both in one transaction anyway.
        signs = not (self._simulated or self._prepared) and not isinstance(
            self.signer, ContractWallet
        )
        if approvals and signs and (permit := self._permit(approvals, currency)):
            if review is not None and not review(permit.summary()):
                raise SigningDeclined
            self.ledger.require_chain()
            signed = permit.sign(self.signer)
            if self._desk.permits.takes(signed):
                return self._send(signed.with_call(action))
        return self._send(*approvals, action)

    def _permit(self, approvals: Sequence[Approval], currency: int) -> Permit | None:
        row = self._desk.currency(currency)
        # The last of them says how much; one before it only sets to zero.
        return self._desk.permits.draft(approvals[-1], owner=self.address, currency=row)


class Party(Role):
    """What every account may do for itself."""

    def publish_encryption_key(self, key: str) -> Transaction[None]:
        """Publish the X25519 key that documents for this party are sealed to.

        Args:
            key: 0x and 64 hex digits; zeros withdraw it.

        Raises:
            BadEncryptionKey: What is sealed to it anyone could open.
        """
        if key != ZERO_HASH:
            recipient_of(key)
        return self._do(NOTHING, "publishEncryptionKey", hash_bytes(key))

    def append_documents(self, receivable: str, root: str) -> Transaction[None]:
        """Add later documents to a receivable, for good.

        Its obligor and its creditor may, and whoever holds one of its vouchers.

        Args:
            receivable: The receivable.
            root: Their root; `duebill.documents.DocumentSet` has it.
        """
        terms = self.ledger.terms(receivable)
        added = hash_bytes(root, field="documents root")
        held = self.ledger.vouchers(holder=self.address, receivable=terms.id)
        if self.address in {terms.obligor, terms.creditor} or not held:
            return self._at_documents(NOTHING, "append", terms.as_abi(), added)
        return self._at_documents(NOTHING, "appendAsHolder", held[0].id.number, added)

    def submit_attestation(self, attestation: SignedAttestation) -> Transaction[Attestation]:
        """Bring a verifier's signed attestation; anyone may.

        Raises:
            SignedForElsewhere: It was signed for another chain or document book.
        """
        place = self._desk.contracts.need("document_book")
        attestation.require_for(chain_id=self.ledger.chain_id, contract=place)
        signature = bytes.fromhex(attestation.signature[2:])
        terms = attestation.terms
        return self._at_documents(always(terms), "attest", terms.as_abi(), signature)

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

    def _at_documents(self, answer: Answer[T], function: str, *args: Any) -> Transaction[T]:
        return self._send(self._desk.action_of("document_book", answer, function, *args))
