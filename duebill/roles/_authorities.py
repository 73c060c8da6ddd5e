"""Those who watch over a ledger: supervisor, enforcer, paying agent, administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill import _answers
from duebill._actions import NOTHING
from duebill.model import (
    FOREVER,
    ZERO_ADDRESS,
    ZERO_HASH,
    Money,
    address,
    hash_bytes,
    seconds_of,
    units_in,
)
from duebill.parties._rotation import MovedVoucher, require_same
from duebill.parties._ties import is_movable
from duebill.roles._official import Official
from duebill.roles._role import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from duebill.chain import Transaction
    from duebill.model import Advance, Amount, Rules
    from duebill.pricing import Share


class Supervisor(Official):
    """Oversees: freezes and pauses. It can neither mint nor take.

    Where the role has a delay, each act but `cancel` is announced first. What is announced gives from
    when on it can be carried out; what is done gives None.
    """

    def freeze_party(
        self,
        party: str,
        *,
        until: datetime = FOREVER,
        reason: str = ZERO_HASH,
        announce: bool = False,
    ) -> Transaction[datetime | None]:
        """Freeze a party up to and including a moment.

        Args:
            party: The account.
            until: The last second of the freeze.
            reason: Hash of the order or decision.
            announce: Announce it only; call again without this once the role's delay is over.

        Raises:
            EndInPast: The freeze would be over already.
            NothingToAnnounce: The role has no delay.
        """
        act = ("freezeParty", address(party), self._end(until), hash_bytes(reason))
        return self._carry_out(*act, announce=announce)

    def unfreeze_party(
        self, party: str, *, reason: str = ZERO_HASH, announce: bool = False
    ) -> Transaction[datetime | None]:
        """End a party's freeze; `announce` as in `freeze_party`."""
        act = ("freezeParty", address(party), 0, hash_bytes(reason))
        return self._carry_out(*act, announce=announce)

    def freeze_voucher(
        self,
        voucher: str,
        *,
        account: str | None = None,
        until: datetime = FOREVER,
        reason: str = ZERO_HASH,
        announce: bool = False,
    ) -> Transaction[datetime | None]:
        """Freeze an account's right to a voucher up to and including a moment.

        Args:
            voucher: The voucher.
            account: Whose right; its holder's when not given.
            until: The last second of the freeze.
            reason: Hash of the order or decision.
            announce: Announce it only; call again without this once the role's delay is over.

        Raises:
            EndInPast: The freeze would be over already.
            NothingToAnnounce: The role has no delay.
        """
        act = self._voucher_freeze(voucher, account, self._end(until), reason)
        return self._carry_out(*act, announce=announce)

    def unfreeze_voucher(
        self,
        voucher: str,
        *,
        account: str | None = None,
        reason: str = ZERO_HASH,
        announce: bool = False,
    ) -> Transaction[datetime | None]:
        """Restore an account's right to a voucher; its holder's when no account is given.

        `announce` as in `freeze_voucher`.
        """
        act = self._voucher_freeze(voucher, account, 0, reason)
        return self._carry_out(*act, announce=announce)

    def pause(
        self, *, until: datetime, reason: str = ZERO_HASH, announce: bool = False
    ) -> Transaction[datetime | None]:
        """Pause issue, acceptance, transfer and split, for at most 7 days; it ends by itself.

        `announce` as in `freeze_party`.
        """
        act = ("pause", seconds_of(until), hash_bytes(reason))
        return self._carry_out(*act, announce=announce)

    def unpause(self, *, announce: bool = False) -> Transaction[datetime | None]:
        """End a pause early; `announce` as in `freeze_party`."""
        return self._carry_out("unpause", announce=announce)

    def cancel(self, announcement: str) -> Transaction[None]:
        """Cancel what was announced, by an enforcer or a supervisor, before it is carried out.

        Args:
            announcement: The hash of the transaction that announced it.

        Raises:
            NotFound: That transaction announced nothing.
        """
        return self._send(self._desk.cancellation(announcement))

    def _voucher_freeze(
        self, voucher: str, account: str | None, until: int, reason: str
    ) -> tuple[Any, ...]:
        id_ = self._desk.voucher_id(voucher)
        whose = self.ledger.voucher(id_).holder if account is None else address(account)
        return "freezeVoucher", id_.number, whose, until, hash_bytes(reason)


class Enforcer(Official):
    """Carries out orders of a court.

    Where the role has a delay, each act is announced first. What is announced gives from when on it
    can be carried out; what is done gives None.
    """

    def seize(
        self, voucher: str, *, to: str, reason: str, announce: bool = False
    ) -> Transaction[datetime | None]:
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

    def move_vouchers(
        self,
        old: str,
        new: str,
        *,
        reason: str,
        on_progress: Callable[[int], None] | None = None,
    ) -> tuple[MovedVoucher, ...]:
        """Take a party's vouchers from its old address and give them to its new one.

        A registrar has said that both are one party: `Registrar.rotate`. Where the role has a delay,
        this announces first; called again when it is over, it moves. Called again after a break, or
        when more vouchers came to the old address, it goes on with what is there.

        Args:
            old: The address whose key is given up.
            new: The party's new address.
            reason: Hash of the order or decision; the same in every call.
            on_progress: Called after each transaction with the number of vouchers it brought on.

        Returns:
            The vouchers that the old address held, each with how far it has come. Those of
            receivables that are not accepted cannot be moved, and are left out.

        Raises:
            RotationRefused: The new address is not the verified address of the same party.
        """
        source, target = self.ledger.party(old), self.ledger.party(new)
        require_same(source, target, now=self.ledger.time())
        with self._desk.history.books() as (books, _):
            vouchers = [
                record.id
                for record in books.vouchers.values()
                if record.alive and record.holder == source.address and is_movable(books, record.id)
            ]
        why = hash_bytes(reason)
        orders = [(id_.number, source.address, target.address, why) for id_ in vouchers]
        steps = self._carry_on("seizeVoucher", orders, on_progress=on_progress)
        pairs = zip(vouchers, steps, strict=True)
        return tuple(MovedVoucher(voucher=id_, step=step) for id_, step in pairs)

    def set_payee(
        self, holder: str, *, payee: str | None, reason: str, announce: bool = False
    ) -> Transaction[datetime | None]:
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

    def set_fee(self, share: Share, *, recipient: str | None) -> Transaction[None]:
        """Set what the exchange takes of the price of each fill from then on.

        Args:
            share: At most the cap that was fixed when the exchange was deployed.
            recipient: Who gets it; may be None when it is nothing.
        """
        where = ZERO_ADDRESS if recipient is None else address(recipient)
        call = ("setFee", share.millionths, where)
        return self._send(self._desk.action_of("exchange", NOTHING, *call))

    def sweep(self, token: str, *, to: str) -> Transaction[int]:
        """Send out what came of a token that is no currency's; gives the amount in its own units."""
        return self._do(_answers.swept(address(token)), "sweep", address(token), address(to))
