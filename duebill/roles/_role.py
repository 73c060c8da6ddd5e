"""What every account has in common: a ledger, a signer, dry runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from duebill._actions import NOTHING
from duebill._enclosing import enclosed
from duebill._wallet import ContractWallet
from duebill.errors import SigningDeclined
from duebill.model import Call, address, hash_bytes, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from duebill._actions import Action, Answer, Approval
    from duebill._desk import Desk
    from duebill._permits import Permit
    from duebill.chain import Transaction
    from duebill.ledger import Ledger
    from duebill.model import Address, Money
    from duebill.signing import SignedAcceptance, Signer

T = TypeVar("T")


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
    def calls(self) -> tuple[Call, ...]:
        """What a dry run has tried out so far, in order: to be proposed in a wallet's own tool."""
        return tuple(self._tried)

    def __repr__(self) -> str:
        mode = ", dry run" if self._simulated else ""
        return f"<{type(self).__name__} {self.address}{mode}>"

    def _do(self, answer: Answer[T], function: str, *args: Any) -> Transaction[T]:
        return self._send(self._desk.action(answer, function, *args))

    def _send(self, *actions: Action[Any]) -> Transaction[Any]:
        chain = self._desk.chain
        if self._simulated:
            self._note(actions)
            return chain.simulate(actions, sender=self.address)
        if isinstance(self.signer, ContractWallet):
            action = enclosed(chain, self.address, actions)
            return chain.submit(action, signer=self.signer.owner)
        *first, last = actions
        for action in first:
            chain.submit(action, signer=self.signer).wait()
        return chain.submit(last, signer=self.signer)

    def _note(self, actions: Iterable[Action[Any]]) -> None:
        self._tried += [Call(to=action.to, data=action.data) for action in actions]

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
        # Contracts cannot sign permits, and need none: they do both in one transaction anyway.
        signs = not self._simulated and not isinstance(self.signer, ContractWallet)
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
