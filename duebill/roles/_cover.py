"""Giving avals, taking them, calling them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from duebill._actions import NOTHING, always, logged
from duebill._answers import money
from duebill._book_calls import allowing_more, together
from duebill._standings import AvalCall
from duebill.errors import (
    BadTerms,
    CurrencyIsOffChain,
    DeadlineOver,
    NotFound,
    RevertError,
    SignerNotNamed,
    SigningDeclined,
)
from duebill.model import Aval, Money, address, hash_bytes, hash_text, units_in
from duebill.roles._role import Party

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from duebill._actions import Action, Approval
    from duebill._standings import AvalCover, StandingAval
    from duebill.chain import Transaction
    from duebill.deals import AvalDraft, SignedAval
    from duebill.model import Amount, Event, ReceivableId

_BOOK = "guarantee_book"
_SIGNATURE_SPAN = timedelta(days=7)
_GIVEN = logged("AvalGiven", "aval", hash_text)
# One transaction has to fit into a block; each call may move a token three times.
_MOST_CALLS = 20


class Promise(TypedDict, total=False):
    """What an aval is about, beside its receivable; all of it by keyword.

    For a line, instead of a receivable:
        obligor: Whose payment is guaranteed, ...
        programme: ... under all its receivables of this programme, in the currency of the cap.

    Always:
        cap: The most that can be called in all; `Money` for a line whose programme admits several
            currencies.
        until: The last second in which it can be called. It should leave time after the due date
            and the grace days.

    And:
        margin: How much of the cap is laid up in cash; nothing when not given.
    """

    obligor: str
    programme: int
    cap: Amount
    until: datetime
    margin: Amount


class Claimant(Party):
    """What anyone may do about an aval."""

    def call_guarantee(
        self, receivable: str, *, aval: str | None = None
    ) -> Transaction[tuple[AvalCall, ...]]:
        """Call the avals of an overdue receivable, in one transaction; anyone may.

        What is called is paid into the ledger, where every holder can redeem its share. A guarantor
        that does not pay is put on record; it is no error.

        Args:
            receivable: The receivable.
            aval: Only this one; when not given, all that are worth calling, those first that have
                most laid up in cash, at most twenty.

        Raises:
            NotFound: It has no aval that could be called.
            GuaranteeRefusal: The book refuses, and the error says why.
        """
        id_ = self._desk.receivable_id(receivable)
        if aval is not None:
            return self._send(self._calling(id_, [self.ledger.guarantees.aval(aval)]))
        return self._send(self._calling(id_, self._worth_calling(id_)))

    def clear_dishonour(self, aval: str, *, receivable: str) -> Transaction[Money]:
        """Take off the record what was not paid on call, as far as others paid it; anyone may.

        Args:
            aval: The aval.
            receivable: The receivable that it was called for.

        Returns:
            What stays on record.
        """
        found, id_ = self.ledger.guarantees.aval(aval), self._desk.receivable_id(receivable)
        answer = money("DishonourCleared", "left", found.terms.code)
        call = (hash_bytes(found.id), id_.number)
        return self._send(self._desk.action_of(_BOOK, answer, "clear", *call))

    def release_margin(self, aval: str) -> Transaction[Money]:
        """Give what is left of a margin back to its guarantor, once it is not needed; anyone may.

        What others paid meanwhile is taken off the record first.

        Returns:
            What went back.
        """
        found = self.ledger.guarantees.aval(aval)
        code = found.terms.code
        clears = [
            ("clear", (hash_bytes(found.id), id_.number))
            for id_, unpaid in found.unpaid.items()
            if self._lacking(id_) < unpaid
        ]
        released = money("MarginReleased", "amount", code)
        action = together(
            self._desk,
            _BOOK,
            [*clears, ("release", (found.raw,))],
            from_results=lambda results: released.from_result(results[-1]),
            from_events=released.from_events,
        )
        return self._send(action)

    # -- inside -----------------------------------------------------------------------------

    def _lacking(self, receivable: ReceivableId) -> Money:
        found = self.ledger.receivable(receivable)
        return found.face - found.coverage

    def _calling(
        self, receivable: ReceivableId, avals: Sequence[StandingAval], *, adding: Sequence[int] = ()
    ) -> Action[tuple[AvalCall, ...]]:
        """Call avals one after the other; `adding` is what goes to each margin before, in units."""
        calls: list[tuple[str, Sequence[Any]]] = []
        for place, aval in enumerate(avals):
            if adding and adding[place]:
                calls.append(("addMargin", (aval.raw, adding[place])))
            calls.append(("call", (aval.raw, receivable.number)))

        def from_results(results: list[Any]) -> tuple[AvalCall, ...]:
            answers = [result for result in results if result is not None]
            return tuple(
                _called(aval, receivable, *answer)
                for aval, answer in zip(avals, answers, strict=True)
            )

        def from_events(events: Sequence[Event]) -> tuple[AvalCall, ...]:
            told = [event.args for event in events if event.name == "AvalCalled"]
            return tuple(
                _called(aval, receivable, a["fromMargin"] + a["fromAllowance"], a["dishonoured"])
                for aval, a in zip(avals, told, strict=True)
            )

        return together(
            self._desk, _BOOK, calls, from_results=from_results, from_events=from_events
        )

    def _worth_calling(self, receivable: ReceivableId) -> list[StandingAval]:
        """The avals that can be called one after the other, as it stands now."""
        parts = self._parts(receivable)
        chosen: list[StandingAval] = []
        for part in parts:
            trial = [*chosen, self.ledger.guarantees.aval(part.aval)]
            action = self._calling(receivable, trial)
            try:
                self._desk.chain.call(action.to, action.data, sender=self.address)
            except RevertError:
                # Those before it may pay all that is lacking.
                continue
            chosen = trial
            if len(chosen) == _MOST_CALLS:
                break
        # If none can be called, the refusal of the first says why.
        return chosen or [self.ledger.guarantees.aval(parts[0].aval)]

    def _parts(self, receivable: ReceivableId, *, guarantor: str | None = None) -> list[AvalCover]:
        cover = self.ledger.guarantees.cover_of(receivable)
        found = [p for p in cover.avals if p.callable and guarantor in {None, p.guarantor}]
        if not found:
            raise NotFound("aval that can be called for receivable", receivable)
        return found


class Applicant(Claimant):
    """Has avals given for what it owes, or is owed."""

    def take_cover(
        self, aval: SignedAval, *, review: Callable[[str], bool] | None = None
    ) -> Transaction[str]:
        """Have a signed aval given, and pay the guarantor its fee.

        When the book may not take the fee yet, it is allowed exactly this amount: by a permit in
        the same transaction, or, if the token knows none, in one before.

        Args:
            aval: The aval.
            review: Is shown the permit in words before it is signed, and says whether to sign.

        Returns:
            The aval's id.

        Raises:
            SignedForElsewhere: It was signed for another book.
            CurrencyMismatch: Its amounts are shown in another currency than they are in.
            SignerNotNamed: It names another applicant.
            SigningDeclined: `review` said no.
        """
        guarantees, terms = self.ledger.guarantees, aval.terms
        guarantees.require_own(aval)
        if terms.applicant != self.address:
            raise SignerNotNamed(self.address, named=(terms.applicant or terms.guarantor,))
        allowing = self._desk.allowing(
            terms.currency, terms.price.units, owner=self.address, spender=guarantees.address
        )
        call = (terms.as_abi(), bytes.fromhex(aval.signature[2:]))
        action = self._desk.action_of(_BOOK, _GIVEN, "give", *call)
        return self._pay(action, allowing, currency=terms.currency, review=review)


class Underwriter(Claimant):
    """Gives avals, and pays what is called."""

    def cover(
        self,
        receivable: str | None = None,
        *,
        review: Callable[[str], bool] | None = None,
        **promise: Unpack[Promise],
    ) -> Transaction[str]:
        """Guarantee a receivable, or an obligor's under a programme, at once and free.

        The book is allowed to take the margin, on top of what it is allowed already: by a permit in
        the same transaction, or, if the token knows none, in one before.

        Args:
            receivable: The receivable; None for a line.
            review: Is shown the permit in words before it is signed, and says whether to sign.
            promise: See `Promise`: `cap=`, `until=`, ...

        Returns:
            The aval's id.

        Raises:
            BadTerms: The promise contradicts itself.
            SigningDeclined: `review` said no.
        """
        terms = self._aval(receivable, promise, signed_until=promise.get("until"))
        call = (terms.as_abi(), b"")
        allowing = self._allowing_more(terms.currency, terms.secured.units)
        action = self._desk.action_of(_BOOK, _GIVEN, "give", *call)
        return self._pay(action, allowing, currency=terms.currency, review=review)

    def draft_aval(
        self,
        receivable: str | None = None,
        *,
        applicant: str,
        fee: Amount | None = None,
        signed_until: datetime | None = None,
        **promise: Unpack[Promise],
    ) -> AvalDraft:
        """An aval for an applicant, ready to be signed; as `sign_aval`, which signs it.

        Raises:
            BadTerms: The promise contradicts itself.
            DeadlineOver: The signature would count for nothing.
        """
        now = self.ledger.time()
        terms = self._aval(
            receivable,
            promise,
            applicant=address(applicant),
            fee=fee,
            signed_until=signed_until or now + _SIGNATURE_SPAN,
        )
        if terms.signed_until < now:
            raise DeadlineOver(terms.signed_until, now=now)
        return self.ledger.guarantees.draft(terms)

    def sign_aval(
        self,
        receivable: str | None = None,
        *,
        applicant: str,
        fee: Amount | None = None,
        signed_until: datetime | None = None,
        review: Callable[[str], bool] | None = None,
        **promise: Unpack[Promise],
    ) -> SignedAval:
        """Sign an aval that its applicant can have given; it travels as text.

        The book is allowed to take the margin, on top of what it is allowed already. On a dry run
        nothing is signed: the words are shown to `review`, and that is all.

        Args:
            receivable: The receivable; None for a line.
            applicant: Who may have it given, and pays the fee then.
            fee: What it costs; nothing when not given.
            signed_until: The last second in which the signature can be used; a week after the
                chain's time when not given.
            review: Is shown in words what will be signed, and says whether to sign.
            promise: See `Promise`: `cap=`, `until=`, ...

        Raises:
            BadTerms: The promise contradicts itself.
            DeadlineOver: The signature would count for nothing.
            SigningDeclined: `review` said no, or it is a dry run.
        """
        draft = self.draft_aval(
            receivable, applicant=applicant, fee=fee, signed_until=signed_until, **promise
        )
        if (review is not None and not review(draft.summary())) or self._simulated:
            raise SigningDeclined
        self.ledger.require_chain()
        signed = draft.sign(self.signer)
        for action in self._allowing_more(draft.terms.currency, draft.terms.secured.units):
            self._send(action).wait()
        return signed

    def withdraw_aval(self, aval: SignedAval) -> Transaction[None]:
        """Withdraw a signature that was not used."""
        self.ledger.guarantees.require_own(aval)
        return self._send(self._desk.action_of(_BOOK, NOTHING, "withdraw", aval.terms.as_abi()))

    def add_margin(
        self, aval: str, amount: Amount, *, review: Callable[[str], bool] | None = None
    ) -> Transaction[Money]:
        """Lay up more of an aval's cap in cash; allowance and `review` as in `cover`."""
        found = self.ledger.guarantees.aval(aval)
        terms = found.terms
        units = units_in(amount, terms.code)
        answer = always(Money(units, terms.code))
        call = (found.raw, units)
        allowing = self._allowing_more(terms.currency, units)
        action = self._desk.action_of(_BOOK, answer, "addMargin", *call)
        return self._pay(action, allowing, currency=terms.currency, review=review)

    def allow_calls(self, amount: Money) -> Transaction[None]:
        """Let the book take exactly this much when avals are called.

        All avals share the one allowance, and so do margins that applicants have yet to bring in;
        who is called beyond margin and allowance, or beyond its cash, is on record as not paying.

        Args:
            amount: How much; it replaces what was allowed before. Nothing at all ends it.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        row = self.ledger.currency(amount.currency)
        if row.token is None:
            raise CurrencyIsOffChain(currency=row.number)
        book = self.ledger.guarantees.address
        allowing = self._desk.allowing(
            row.number, amount.units, owner=self.address, spender=book, exactly=True
        )
        return self._send(*allowing)

    def honour(
        self, receivable: str, *, review: Callable[[str], bool] | None = None
    ) -> Transaction[tuple[AvalCall, ...]]:
        """Pay what this guarantor's own avals are called for, or could be: margin first, then cash.

        When the book may not take enough yet, it is allowed exactly what is needed, as in `cover`.
        What was advanced comes back from the obligor's later payments: see `Guarantor.reimburse`.

        Args:
            receivable: An overdue receivable.
            review: Is shown the permit in words before it is signed, and says whether to sign.

        Raises:
            NotFound: None of this guarantor's avals can be called for it.
            SigningDeclined: `review` said no.
        """
        id_, guarantees = self._desk.receivable_id(receivable), self.ledger.guarantees
        parts = self._parts(id_, guarantor=self.address)[:_MOST_CALLS]
        rest, avals, adding = self._lacking(id_).units, [], []
        for part in parts:
            amount = min(part.callable.units, rest)
            if amount:
                avals.append(guarantees.aval(part.aval))
                adding.append(max(0, amount - part.margin.units))
                rest -= amount
        currency = avals[0].terms.currency
        allowing = self._desk.allowing(
            currency, sum(adding), owner=self.address, spender=guarantees.address
        )
        action = self._calling(id_, avals, adding=adding)
        return self._pay(action, allowing, currency=currency, review=review)

    # -- inside -----------------------------------------------------------------------------

    def _allowing_more(self, currency: int, units: int) -> list[Approval]:
        book = self.ledger.guarantees.address
        return allowing_more(self._desk, currency, units, owner=self.address, spender=book)

    def _aval(
        self, receivable: str | None, promise: Promise, *, fee: Amount | None = None, **more: Any
    ) -> Aval:
        if "cap" not in promise or "until" not in promise:
            raise BadTerms("cap" if "cap" not in promise else "until", "it is missing")
        subject = self._subject(receivable, promise)
        code = self._desk.code(subject["currency"])
        margin = promise.get("margin")
        return Aval(
            guarantor=self.address,
            expiry=promise["until"],
            cap=Money(units_in(promise["cap"], code), code),
            margin=None if margin is None else Money(units_in(margin, code), code),
            fee=None if fee is None else Money(units_in(fee, code), code),
            **subject,
            **more,
        )

    def _subject(self, receivable: str | None, promise: Promise) -> dict[str, Any]:
        """What is covered: one receivable, or an obligor under a programme."""
        obligor, programme = promise.get("obligor"), promise.get("programme")
        if receivable is not None:
            if obligor is not None or programme is not None:
                raise BadTerms("receivable", "a line covers an obligor's; give one or the other")
            found = self.ledger.receivable(receivable)
            names = ("obligor", "programme", "currency")
            return {"receivable": found.id, **{name: getattr(found, name) for name in names}}
        if obligor is None or programme is None:
            raise BadTerms("receivable", "give it, or obligor and programme for a line")
        currency = self._line_currency(programme, promise["cap"])
        return {"obligor": address(obligor), "programme": programme, "currency": currency}

    def _line_currency(self, programme: int, cap: Amount) -> int:
        admitted = self.ledger.programme(programme).rules.currency
        if admitted is not None:
            return admitted
        if not isinstance(cap, Money):
            raise BadTerms("cap", "for a line its currency has to be said: give Money")
        return self.ledger.currency(cap.currency).number


def _called(aval: StandingAval, receivable: ReceivableId, paid: int, dishonoured: int) -> AvalCall:
    code = aval.terms.code
    return AvalCall(
        aval=aval.id,
        receivable=receivable,
        guarantor=aval.terms.guarantor,
        paid=Money(paid, code),
        dishonoured=Money(dishonoured, code),
    )
