"""Who brings what accounts without ether have signed, and pays for it within a budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill._abi import Abi
from duebill._actions import NOTHING, Action, Answer
from duebill.errors import (
    BadSignedTerms,
    BroughtByAnother,
    BudgetExceeded,
    DelegationNotTaken,
    IntentNotTaken,
    NotDelegated,
    NotSponsored,
    ReferenceTaken,
    SignedForElsewhere,
)
from duebill.journal import Ceiling, Exceeded
from duebill.model import address, seconds_of
from duebill.sponsorship._delegation import delegated_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duebill.chain import Transaction
    from duebill.ledger import Ledger
    from duebill.model import Address, Event
    from duebill.signing import Signer
    from duebill.sponsorship._delegation import Delegation
    from duebill.sponsorship._intent import SignedIntent

# EIP-7702: what one authorization adds to a transaction; estimates do not know of it.
_GAS_OF_DELEGATION = 25_000
_SET_CODE = 4
_PREFIX = "sponsor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a sponsor pays for one party.

    Attributes:
        wei: The most in fees, paid and still possible.
        days: Within so many days, reckoned back from now.
    """

    wei: int
    days: int = 30


class Sponsor:
    """An account with ether that pays for others.

    What it has paid for whom is read from the journal, where every transaction of its stands under
    a reference of the party's; an open one counts with the most that it may cost. The budget is
    checked as that is written down, so any number of processes with one journal keep to it together.

    Args:
        ledger: The ledger; its deployment has the code for accounts.
        signer: The account that pays.
        budget: For each party.
        budgets: For single parties, in place of it.
    """

    def __init__(
        self,
        ledger: Ledger,
        signer: Signer,
        *,
        budget: Budget,
        budgets: Mapping[str, Budget] | None = None,
    ) -> None:
        self.ledger = ledger
        self.signer = signer
        self._budget = budget
        self._budgets = {address(who): each for who, each in (budgets or {}).items()}
        self._chain = ledger._desk.chain  # noqa: SLF001 - of one package

    def __repr__(self) -> str:
        return f"<sponsor {self.signer.address}>"

    @property
    def code(self) -> Address:
        """The contract whose code sponsored accounts have.

        Raises:
            NotDeployed: The deployment has none.
        """
        return self.ledger.contracts.need("sponsored_account")

    def is_delegated(self, account: str) -> bool:
        """Whether an account has that code."""
        return delegated_to(self._chain.code(address(account))) == self.code

    def delegate(self, delegation: Delegation) -> None:
        """Bring an account's delegation, and wait until the account has the code.

        Doing it again does nothing.

        Raises:
            SignedForElsewhere: It is for another chain, or for other code.
            BadSignedTerms: The account did not sign it.
            NotSponsored: The account is no verified party.
            BudgetExceeded: The party's budget does not allow it.
            DelegationNotTaken: The account's nonce is another by now, or the chain passed over it.
        """
        if (delegation.chain_id, delegation.code) != (self.ledger.chain_id, self.code):
            raise SignedForElsewhere(
                "delegation", chain_id=delegation.chain_id, contract=delegation.code
            )
        if not delegation.is_sound():
            raise BadSignedTerms("delegation", f"{delegation.account} did not sign it")
        if self.is_delegated(delegation.account):
            return
        self._require_party(delegation.account)
        reference = self._reference(delegation.account, f"delegation {delegation.nonce}")
        if self._chain.nonce(delegation.account) != delegation.nonce:
            raise DelegationNotTaken(delegation.account, nonce=delegation.nonce)
        # What it calls does not matter: the delegation is beside the call.
        action = Action(
            to=self.signer.address,
            data=b"",
            decode=lambda _: None,
            answer=NOTHING,
            intent=delegation.to_text().encode(),
            gas_beyond=_GAS_OF_DELEGATION,
            ceiling=self._ceiling(delegation.account),
        )
        carrier = _Carrier(self.signer, delegation)
        self._submit(delegation.account, action, reference, signer=carrier).wait()
        if not self.is_delegated(delegation.account):
            raise DelegationNotTaken(delegation.account, nonce=delegation.nonce)

    def relay(self, intent: SignedIntent) -> Transaction[None]:
        """Bring an intent, once; bringing it again gives the same transaction.

        Waiting for it raises `IntentNotTaken` if the account gave up the code in between: a call
        of an account without code succeeds, and does nothing.

        Raises:
            SignedForElsewhere: It is for another chain.
            BadSignedTerms: The account did not sign it.
            NotDelegated: The account does not have the code; bring its delegation first.
            NotSponsored: The account is no verified party.
            BroughtByAnother: Another account has, by the same journal.
            BudgetExceeded: The party's budget does not allow it.
            RevertError: A call in it is refused; nothing was sent.
        """
        if intent.chain_id != self.ledger.chain_id:
            raise SignedForElsewhere("intent", chain_id=intent.chain_id, contract=intent.account)
        if not intent.is_sound():
            raise BadSignedTerms("intent", f"{intent.account} did not sign it")
        if not self.is_delegated(intent.account):
            raise NotDelegated(intent.account, code=self.code)
        self._require_party(intent.account)
        action = Action(
            to=intent.account,
            data=_abi().encode("execute", *intent.as_abi()),
            decode=lambda _: None,
            answer=_carried_out(intent),
            ceiling=self._ceiling(intent.account),
        )
        reference = self._reference(intent.account, intent.digest()[2:34])
        return self._submit(intent.account, action, reference, signer=self.signer)

    def spent_on(self, party: str) -> int:
        """What was paid for a party within its budget's days, in wei, and what may still be."""
        ceiling = self._ceiling(address(party))
        journal = self._chain.dispatch.journal
        entries = journal.entries(sender=self.signer.address, beginning=ceiling.beginning)
        return sum(it.cost for it in entries if seconds_of(it.created) >= ceiling.since)

    def left_for(self, party: str) -> int:
        """What a party's budget still allows, in wei; at least 0."""
        return max(0, self._budget_of(address(party)).wei - self.spent_on(party))

    # -- inside -----------------------------------------------------------------------------

    def _budget_of(self, party: Address) -> Budget:
        return self._budgets.get(party, self._budget)

    def _reference(self, party: Address, what: str) -> str:
        return f"{_PREFIX}/{party}/{what}"

    def _ceiling(self, party: Address) -> Ceiling:
        budget = self._budget_of(party)
        since = datetime.now(UTC) - timedelta(days=budget.days)
        beginning = self._reference(party, "")
        return Ceiling(beginning=beginning, since=int(since.timestamp()), wei=budget.wei)

    def _require_party(self, account: Address) -> None:
        if not self.ledger.party(account).is_verified(self.ledger.time()):
            raise NotSponsored(account)

    def _submit(
        self, party: Address, action: Action[None], reference: str, *, signer: Signer
    ) -> Transaction[None]:
        try:
            return self._chain.submit(action, signer=signer, reference=reference)
        except ReferenceTaken:
            known = self._chain.dispatch.journal.find(reference)
            if known is None or known.draft.sender == signer.address:
                raise
            raise BroughtByAnother(party, sponsor=known.draft.sender) from None
        except Exceeded as error:
            raise BudgetExceeded(party, needed=error.needed, left=error.left) from None


class _Carrier:
    """Signs the sponsor's transaction, with a delegation in it."""

    def __init__(self, signer: Signer, delegation: Delegation) -> None:
        self._signer = signer
        self._delegation = delegation

    @property
    def address(self) -> Address:
        return self._signer.address

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        carried = {"type": _SET_CODE, "authorizationList": [self._delegation.as_field()]}
        return self._signer.sign_transaction({**transaction, **carried})

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        return self._signer.sign_typed_data(message)


@cache
def _abi() -> Abi:
    return Abi(artifacts.load("SponsoredAccount").abi)


def _carried_out(intent: SignedIntent) -> Answer[None]:
    """Nothing, if the account says in the log that it did what it signed."""

    def from_events(events: Sequence[Event]) -> None:
        if not any(_tells(event, intent) for event in events):
            raise IntentNotTaken(intent.account)

    return Answer(from_result=lambda _: None, from_events=from_events)


def _tells(event: Event, intent: SignedIntent) -> bool:
    return (
        event.name == "IntentExecuted"
        and event.contract == intent.account
        and event.args["intent"].hex() == intent.digest()[2:]
    )
