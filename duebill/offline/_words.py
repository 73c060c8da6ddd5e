"""What a prepared transaction does, in words that are derived from its very bytes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from duebill import _deal_words
from duebill._calls import MANAGER, TOKEN, VOUCHERS, is_amount, read_call
from duebill._contracts import ARTIFACTS
from duebill.errors import BadPrepared, CallUnreadable, DuebillError
from duebill.model import (
    Aval,
    Loan,
    Money,
    Order,
    ReceivableId,
    Terms,
    VoucherId,
    date_of,
    moment_of,
    plain,
)
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from duebill._calls import DecodedCall
    from duebill.deployment import AddressBook
    from duebill.model import Address
    from duebill.offline._prepared import PreparedTransaction

# ISO 4217's code for no currency: amounts whose currency is not known here.
_UNKNOWN = "XXX"
_KINDS = {artifact: kind for kind, artifact in ARTIFACTS.items()} | {"RoleManager": MANAGER}
_STRUCTS: Mapping[str, type[Any]] = {"Order": Order, "Aval": Aval, "Loan": Loan}
_MOMENTS = {"until", "expiry", "deadline", "signedUntil"}
_DAYS = {"dueDay", "maturityDay", "dueBy"}
_ANY_AMOUNT = (1 << 256) - 1
_GWEI, _ETHER = 9, 18

Fact = tuple[str, str]


class Words:
    """The words of one transaction.

    Nothing is asked of a chain. Addresses of contracts and codes of currencies come from this
    machine's own address book; ids of receivables prove the terms that came along.

    Args:
        prepared: The transaction.
        book: The address book of its chain, if there is one.
        name: How an account is called here.

    Raises:
        BadPrepared: The terms that came along contradict the address book.
    """

    def __init__(
        self,
        prepared: PreparedTransaction,
        *,
        book: AddressBook | None,
        name: Callable[[Address], str],
    ) -> None:
        self._prepared, self._transaction = prepared, prepared.unsigned
        self._name = name
        self._codes = (
            {} if book is None else {it.number: it.code for it in book.currencies.values()}
        )
        self._tokens = (
            {} if book is None else {it.token: it for it in book.currencies.values() if it.token}
        )
        self._contracts = {} if book is None else _contracts(book)
        self._terms = {terms.id: terms for terms in prepared.terms}
        self._met: dict[ReceivableId, Terms] = {}
        for terms in prepared.terms:
            known = self._codes.setdefault(terms.currency, terms.face.currency)
            if known != terms.face.currency:
                reason = f"it calls currency {terms.currency} {terms.face.currency}, not {known}"
                raise BadPrepared(reason)

    @cached_property
    def call(self) -> DecodedCall:
        """What is called.

        Raises:
            CallUnreadable: It cannot be said.
        """
        return self._read(self._transaction.recipient, self._transaction.data)

    def facts(self) -> Iterator[Fact]:
        """Names and values, one fact after the other.

        Raises:
            CallUnreadable: What it does cannot be said.
        """
        it = self._transaction
        yield "Signed by", self._name(self._prepared.sender)
        yield "On chain", str(it.chain_id)
        yield from self._call_facts(self.call, it.recipient)
        yield from self._receivables()
        yield from self.costs()

    def costs(self) -> Iterator[Fact]:
        """What holds whatever is called: ether, fee, nonce, digest."""
        it = self._transaction
        if it.value:
            yield "Sends along", f"{_scaled(it.value, _ETHER)} ether"
        price = f"{it.gas:,} gas at {_scaled(it.price, _GWEI)} gwei"
        yield "Fee", f"at most {_scaled(it.gas * it.price, _ETHER)} ether: {price}"
        yield "Nonce", str(it.nonce)
        yield "Digest", self._prepared.digest

    def _read(self, to: Address | None, data: bytes) -> DecodedCall:
        kind = self._contracts.get(to) if to else None
        if kind is None:
            reason = "no address book here knows it"
            raise CallUnreadable(to or "a new contract", reason=reason)
        try:
            return read_call(kind, data)
        except ValueError as error:
            raise CallUnreadable(str(to), reason=str(error)) from error

    def _call_facts(
        self, call: DecodedCall, to: Address | None, *, depth: int = 0
    ) -> Iterator[Fact]:
        indent = "  " * depth
        place = f" on the {call.contract.replace('_', ' ')} {to}" if to else ""
        yield f"{indent}Calls", f"{call.function}{place}"
        if call.inner:
            for part in call.inner:
                yield from self._call_facts(part, None, depth=depth + 1)
            return
        target: Address | None = None
        for parameter, value in call.named():
            if parameter["name"] == "target":
                target = value
            if call.contract == MANAGER and parameter["name"] == "data":
                yield from self._call_facts(self._read(target, value), target, depth=depth + 1)
            else:
                yield from self._argument(call, parameter, value, to, indent + "  ")

    def _argument(
        self,
        call: DecodedCall,
        parameter: Mapping[str, Any],
        value: Any,
        to: Address | None,
        indent: str,
    ) -> Iterator[Fact]:
        name = f"{indent}{_plain_name(parameter['name'])}"
        if isinstance(value, dict):
            for line in self._struct(parameter, value, self._code_of(call)):
                yield name, line
                name = ""
        elif isinstance(value, tuple):
            for item in value:
                single = {**parameter, "type": parameter["type"][:-2]}
                yield from self._argument(call, single, item, to, indent)
        elif call.contract == TOKEN and parameter["name"] == "amount":
            yield name, self._token_amount(value, to)
        else:
            yield name, self._shown(parameter, value, self._code_of(call))

    def _struct(
        self, parameter: Mapping[str, Any], fields: Mapping[str, Any], code: str
    ) -> Iterator[str]:
        kind = parameter["internalType"].removeprefix("struct ").removesuffix("[]")
        if kind == "Terms":
            yield self._terms_words(_terms(fields, code))
        elif kind in _STRUCTS:
            yield from self._deal(_STRUCTS[kind], fields, code)
        else:
            pairs = ((part, fields[part["name"]]) for part in parameter["components"])
            yield ", ".join(
                f"{_plain_name(part['name'])} {self._shown(part, it, code)}" for part, it in pairs
            )

    def _deal(self, kind: type[Any], fields: Mapping[str, Any], code: str) -> Iterator[str]:
        try:
            yield from _deal_words.WORDS[kind](kind.from_abi(fields, code=code))
        except (DuebillError, ValueError) as error:
            to = self._transaction.recipient
            raise CallUnreadable(str(to), reason=f"it is no {kind.__name__.lower()}") from error

    def _shown(self, parameter: Mapping[str, Any], value: Any, code: str) -> str:  # noqa: PLR0911 - one kind, one form
        name, kind = parameter["name"], parameter.get("internalType", parameter["type"])
        if kind.endswith("ReceivableId"):
            return str(ReceivableId.from_number(value))
        if (kind.endswith("VoucherId") or name in VOUCHERS) and value & ((1 << 64) - 1):
            return str(VoucherId.from_number(value))
        if is_amount(parameter):
            return _amount(value, code)
        if name in _MOMENTS:
            moment = moment_of(value)
            return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "for ever"
        if name in _DAYS:
            return f"{date_of(value):%Y-%m-%d}"
        if name == "currency" and value in self._codes:
            return f"{value} ({self._codes[value]})"
        if parameter["type"] == "address":
            return self._name(value)
        if isinstance(value, bytes):
            return "0x" + value.hex()
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)

    def _token_amount(self, value: int, token: Address | None) -> str:
        if value == _ANY_AMOUNT:
            return "any amount"
        found = self._tokens.get(token) if token else None
        return f"{_scaled(value, found.decimals)} {found.code}" if found else str(value)

    def _code_of(self, call: DecodedCall) -> str:
        """The code of the currency that a call's amounts are in, as far as the call tells."""
        for number in call.receivables():
            return self._code(ReceivableId.from_number(number))
        for parameter, value in call.named():
            if isinstance(value, dict) and "currency" in value:
                return self._codes.get(value["currency"], _UNKNOWN)
            if parameter["name"] == "currency":
                return self._codes.get(value, _UNKNOWN)
        return _UNKNOWN

    def _code(self, receivable: ReceivableId) -> str:
        terms = self._terms.get(receivable)
        if terms is None:
            return _UNKNOWN
        self._met.setdefault(receivable, terms)
        return terms.face.currency

    def _receivables(self) -> Iterator[Fact]:
        """The receivables that the call has named; others that came along are not its matter."""
        for terms in self._met.values():
            yield "Receivable", self._terms_words(terms)

    def _terms_words(self, terms: Terms) -> str:
        parties = f"owed by {self._name(terms.obligor)} to {self._name(terms.creditor)}"
        due = f"due {terms.due_date:%Y-%m-%d}, programme {terms.programme}"
        return f"{terms.id}: {grouped(terms.face)} {parties}, {due}"


def _terms(fields: Mapping[str, Any], code: str) -> Terms:
    return Terms(
        obligor=fields["obligor"],
        creditor=fields["creditor"],
        currency=fields["currency"],
        face=Money(fields["face"], code),
        due_date=date_of(fields["dueDay"]),
        programme=fields["programme"],
        documents_root="0x" + fields["documentsRoot"].hex(),
        reference_hash="0x" + fields["referenceHash"].hex(),
        salt=fields["salt"],
    )


def _contracts(book: AddressBook) -> dict[Address, str]:
    """What kind of contract stands where."""
    found = {
        it.address: _KINDS[it.artifact] for it in book.contracts.values() if it.artifact in _KINDS
    }
    return found | {it.token: TOKEN for it in book.currencies.values() if it.token}


def _amount(units: int, code: str) -> str:
    if units >= 1 << 80:
        return f"{plain(units)} {code}"
    shown = grouped(Money(units, code))
    return f"{shown} (the currency is not known here)" if code == _UNKNOWN else shown


def _scaled(value: int, decimals: int) -> str:
    """A whole number of the smallest parts as a plain decimal."""
    whole, rest = divmod(value, 10**decimals)
    digits = f"{rest:0{decimals}d}".rstrip("0") if decimals else ""
    return f"{whole:,}.{digits}" if digits else f"{whole:,}"


def _plain_name(name: str) -> str:
    """A parameter's name in plain letters: `documentsRoot` is "documents root"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
