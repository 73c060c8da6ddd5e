"""Orders, avals, loans and attestations as they are signed, and as they travel.

A draft is what somebody is about to sign: terms, on one contract of one chain. Its `summary` is
derived from the very message that is signed. What was signed travels as JSON (`to_text`) or as one
line of a mail (`to_line`), and is read back with `from_text`. Nothing here talks to a chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from duebill import _deal_words, _letters
from duebill._eip712 import Signable, message, signature_text
from duebill.errors import (
    BadSignedTerms,
    CurrencyMismatch,
    DuebillError,
    SignedForElsewhere,
    SignerNotNamed,
)
from duebill.model import Attestation, Aval, Loan, Order, address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill.model import Address
    from duebill.signing import Signer

__all__ = [
    "AttestationDraft",
    "AvalDraft",
    "LoanDraft",
    "OrderDraft",
    "SignedAttestation",
    "SignedAval",
    "SignedLoan",
    "SignedOrder",
]

TermsT = TypeVar("TermsT", Order, Aval, Loan, Attestation)

_CHAIN_BITS = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft(Signable, Generic[TermsT]):
    """Terms on one contract of one chain.

    Attributes:
        terms: The terms.
        chain_id: The chain.
        contract: The contract.
    """

    terms: TermsT
    chain_id: int
    contract: Address

    WHAT: ClassVar[str]
    DOMAIN: ClassVar[str]
    KIND: ClassVar[type[Order | Aval | Loan | Attestation]]
    SIGNERS: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "contract", address(self.contract))
        if type(self.chain_id) is not int or not 0 < self.chain_id < 1 << _CHAIN_BITS:
            raise BadSignedTerms(self.WHAT, "its chain is no whole number from 1 to 2^53")
        if not isinstance(self.terms, self.KIND):
            raise BadSignedTerms(self.WHAT, f"its terms are no {self.KIND.__name__}")

    @property
    def signers(self) -> tuple[Address, ...]:
        """Whose signature counts, any of them."""
        return tuple(getattr(self.terms, name) for name in self.SIGNERS)

    def typed_data(self) -> dict[str, Any]:
        """The EIP-712 message: the terms as the contract has them, in its domain."""
        members = self.KIND.struct_type()
        names = (member["name"] for member in members)
        return message(
            {self.KIND.__name__: members},
            self.KIND.__name__,
            dict(zip(names, self.terms.as_abi(), strict=True)),
            domain=(self.DOMAIN, self.chain_id, self.contract),
        )

    def summary(self) -> str:
        """What a signature binds to, in words; derived from the very terms that are signed."""
        # Pairs each class with its words: mypy cannot see that they fit.
        words: Callable[[Any], tuple[str, ...]] = _deal_words.WORDS[self.KIND]
        place = f"{_deal_words.PLACES[self.KIND]} {self.contract} on chain {self.chain_id}."
        return "\n".join((*words(self.terms), place))

    def _signed(self, signer: Signer, party: Address | None) -> dict[str, Any]:
        """The fields of the signed terms."""
        bound = address(signer.address if party is None else party)
        if bound not in self.signers:
            raise SignerNotNamed(bound, named=self.signers)
        return {
            "terms": self.terms,
            "chain_id": self.chain_id,
            "contract": self.contract,
            "signature": "0x" + signer.sign_typed_data(self.typed_data()).hex(),
        }


class _Signed(_Draft[TermsT]):
    """What was signed, and how it travels; a signature is 0x and hex."""

    __slots__ = ()
    signature: str

    def __post_init__(self) -> None:
        _Draft.__post_init__(self)
        try:
            object.__setattr__(self, "signature", signature_text(self.signature))
        except (AttributeError, TypeError, ValueError) as error:
            raise BadSignedTerms(self.WHAT, "its signature is no hex") from error

    def signed_by(self) -> Address | None:
        """Whose own account made the signature: one of `signers`, or None.

        None does not speak against a signer that is a contract: the chain asks it (ERC-1271).
        """
        return self.made_by(self.signature)

    def require_for(self, *, chain_id: int, contract: Address, code: str = "") -> None:
        """Check that it was signed for this contract, and says its currency rightly.

        Args:
            chain_id: The chain at hand.
            contract: The contract at hand.
            code: What the ledger says is the code of `terms.currency`: the signature covers the
                number only. Nothing for terms without amounts.

        Raises:
            SignedForElsewhere: It was signed for another.
            CurrencyMismatch: Its amounts are shown in another currency.
        """
        if (self.chain_id, self.contract) != (chain_id, contract):
            raise SignedForElsewhere(self.WHAT, chain_id=self.chain_id, contract=self.contract)
        if self.terms.code != code:
            raise CurrencyMismatch(self.terms.code, expected=code)

    def verify(self, *, chain_id: int, contract: Address, code: str = "") -> bool:
        """Whether it is for this contract, and signed by an own account of one of its signers.

        Args:
            chain_id: The chain at hand.
            contract: The contract at hand.
            code: What the ledger says is the code of `terms.currency`; nothing without amounts.

        Returns:
            False also for a signer that is a contract, which only the chain can ask.

        Raises:
            SignedForElsewhere: It was signed for another.
            CurrencyMismatch: Its amounts are shown in another currency.
        """
        self.require_for(chain_id=chain_id, contract=contract, code=code)
        return self.signed_by() is not None

    @classmethod
    def format_name(cls) -> str:
        """What its texts call themselves."""
        return f"duebill-{cls.WHAT}-1"

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {
            "format": self.format_name(),
            "chain_id": self.chain_id,
            "contract": self.contract,
            "terms": self.terms.to_json(),
            "signature": self.signature,
        }

    def to_text(self) -> str:
        """As canonical JSON (RFC 8785): keys sorted, no spaces, ASCII."""
        return _letters.canonical(self.to_json())

    def to_line(self) -> str:
        """As one line of text that mail programs leave as it is."""
        return _letters.as_line(self.to_json())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` or `to_line` gave, wherever its lines were broken.

        Raises:
            BadSignedTerms: It is anything else, and the error says what; the signature is not
                looked at, see `verify`.
        """
        return cls.from_json(_letters.read(text, format_=cls.format_name(), what=cls.WHAT))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave.

        Raises:
            BadSignedTerms: It is anything else, and the error says what.
        """
        known = {"format", "chain_id", "contract", "terms", "signature"}
        for name in sorted(data.keys() ^ known):
            state = "missing" if name in known else "unknown"
            raise BadSignedTerms(cls.WHAT, f"the field {name[:40]!a} is {state}")
        try:
            return cls._from_fields(data)
        except BadSignedTerms:
            raise
        except (DuebillError, TypeError, AttributeError, ValueError) as error:
            reason = getattr(error, "message", "a field is of the wrong type").rstrip(".")
            raise BadSignedTerms(cls.WHAT, reason) from error

    @classmethod
    def _from_fields(cls, data: Mapping[str, Any]) -> Self:
        # The constructor is the dataclass's, which this class leaves to those below it.
        make: Callable[..., Self] = cls
        made = make(
            terms=cls.KIND.from_json(data["terms"]),
            chain_id=data["chain_id"],
            contract=data["contract"],
            signature=data["signature"],
        )
        for name, value in made.to_json().items():
            if name != "terms" and data[name] != value:
                raise BadSignedTerms(cls.WHAT, f"the {name} has to be written as {value!r:.90}")
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft(_Draft[Order]):
    """An order on one exchange of one chain, for its maker to sign.

    Attributes:
        terms: The order.
        chain_id: The chain.
        contract: The exchange.
    """

    WHAT: ClassVar = "order"
    DOMAIN: ClassVar = "Duebill Exchange"
    KIND: ClassVar = Order
    SIGNERS: ClassVar = ("maker",)

    def sign(self, signer: Signer, *, party: Address | None = None) -> SignedOrder:
        """Sign it.

        Args:
            signer: The maker's account, or an owner of the contract wallet that is the maker.
            party: The contract wallet that is signed for; the signer's own account when not given.

        Raises:
            SignerNotNamed: The order names another maker.
            SignerError: The signer refuses.
        """
        return SignedOrder(**self._signed(signer, party))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOrder(_Signed[Order], OrderDraft):
    """A signed order: whoever has it can fill it, as far as it admits them.

    Attributes:
        signature: 0x and hex: an account's 65 bytes, or whatever a contract (ERC-1271) asks for.
    """

    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AvalDraft(_Draft[Aval]):
    """An aval in one guarantee book of one chain, for its guarantor to sign.

    Attributes:
        terms: The aval.
        chain_id: The chain.
        contract: The guarantee book.
    """

    WHAT: ClassVar = "aval"
    DOMAIN: ClassVar = "Duebill GuaranteeBook"
    KIND: ClassVar = Aval
    SIGNERS: ClassVar = ("guarantor",)

    def sign(self, signer: Signer, *, party: Address | None = None) -> SignedAval:
        """Sign it.

        Args:
            signer: The guarantor's account, or an owner of the contract wallet that guarantees.
            party: The contract wallet that is signed for; the signer's own account when not given.

        Raises:
            SignerNotNamed: The aval names another guarantor.
            SignerError: The signer refuses.
        """
        return SignedAval(**self._signed(signer, party))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAval(_Signed[Aval], AvalDraft):
    """A signed aval: its applicant can have it given, and pays its fee then.

    Attributes:
        signature: 0x and hex: an account's 65 bytes, or whatever a contract (ERC-1271) asks for.
    """

    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanDraft(_Draft[Loan]):
    """A loan in one pledge book of one chain, for its lender or its borrower to sign.

    Attributes:
        terms: The loan.
        chain_id: The chain.
        contract: The pledge book.
    """

    WHAT: ClassVar = "loan"
    DOMAIN: ClassVar = "Duebill PledgeBook"
    KIND: ClassVar = Loan
    SIGNERS: ClassVar = ("lender", "borrower")

    def sign(self, signer: Signer, *, party: Address | None = None) -> SignedLoan:
        """Sign it.

        Args:
            signer: The account of lender or borrower, or an owner of its contract wallet.
            party: The contract wallet that is signed for; the signer's own account when not given.

        Raises:
            SignerNotNamed: The loan names others.
            SignerError: The signer refuses.
        """
        return SignedLoan(**self._signed(signer, party))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLoan(_Signed[Loan], LoanDraft):
    """A loan that lender or borrower signed: the other one can open it.

    Attributes:
        signature: 0x and hex: an account's 65 bytes, or whatever a contract (ERC-1271) asks for.
    """

    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationDraft(_Draft[Attestation]):
    """An attestation in one document book of one chain, for its verifier to sign.

    Attributes:
        terms: The attestation.
        chain_id: The chain.
        contract: The document book.
    """

    WHAT: ClassVar = "attestation"
    DOMAIN: ClassVar = "Duebill DocumentBook"
    KIND: ClassVar = Attestation
    SIGNERS: ClassVar = ("verifier",)

    def sign(self, signer: Signer, *, party: Address | None = None) -> SignedAttestation:
        """Sign it.

        Args:
            signer: The verifier's account, or an owner of the contract wallet that verifies.
            party: The contract wallet that is signed for; the signer's own account when not given.

        Raises:
            SignerNotNamed: The attestation names another verifier.
            SignerError: The signer refuses.
        """
        return SignedAttestation(**self._signed(signer, party))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAttestation(_Signed[Attestation], AttestationDraft):
    """A signed attestation: anyone can bring it to the document book.

    Attributes:
        signature: 0x and hex: an account's 65 bytes, or whatever a contract (ERC-1271) asks for.
    """

    signature: str
