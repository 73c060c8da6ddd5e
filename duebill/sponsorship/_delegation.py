"""An account's leave to have the code of the shipped contract (EIP-7702)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

from duebill import _letters
from duebill._abi import checked_address
from duebill._secp256k1 import Signature, recovered
from duebill._transactions import Authorization
from duebill.errors import BadSignedTerms, DuebillError, SignerCannotDelegate
from duebill.model import address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill.model import Address
    from duebill.signing import Signer

# What the code of a delegated account begins with.
_DESIGNATOR = bytes.fromhex("ef0100")
_FORMAT = "duebill-delegation-1"
_WHAT = "delegation"


class Delegator(Protocol):
    """A signer that signs delegations; most do (see docs/sponsorship.md)."""

    @property
    def address(self) -> Address:
        """The account."""

    def sign_authorization(self, authorization: Mapping[str, Any]) -> bytes:
        """The 65 bytes of the signature of an EIP-7702 authorization.

        Args:
            authorization: chainId, address and nonce.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """An account's signed leave; whoever has it can bring it, as long as the nonce fits.

    Attributes:
        account: Whose it is.
        code: The contract whose code the account is to have.
        chain_id: The chain; never 0, which would be all chains.
        nonce: The account's nonce: every transaction of its own makes this void.
        signature: 0x and the hex of 65 bytes: r, s, and 27 or 28.
    """

    account: Address
    code: Address
    chain_id: int
    nonce: int
    signature: str

    @classmethod
    def signed(
        cls,
        signer: Signer,
        *,
        code: str,
        chain_id: int,
        nonce: int,
        review: Callable[[str], bool] | None = None,
    ) -> Self:
        """Sign it; nothing is sent.

        Args:
            signer: The account.
            code: The contract whose code it is to have; the deployment's `sponsored_account`.
            chain_id: The chain.
            nonce: The account's nonce now.
            review: Is shown in words what will be signed, and says whether to sign.

        Raises:
            SignerCannotDelegate: This kind of signer does not sign delegations.
            SigningDeclined: `review` said no.
        """
        from duebill.errors import SigningDeclined  # noqa: PLC0415 - only when something is signed

        sign = getattr(signer, "sign_authorization", None)
        if sign is None:
            raise SignerCannotDelegate(signer.address)
        words = (
            f"I, {signer.address}, take the code of {code} on chain {chain_id}: from then on what "
            "I sign for it is done in my name, whoever brings it. My key stays my master, and a "
            "transaction of mine can take another code, or none."
        )
        if review is not None and not review(words):
            raise SigningDeclined
        made: bytes = sign({"chainId": chain_id, "address": address(code), "nonce": nonce})
        return cls(
            account=signer.address,
            code=address(code),
            chain_id=chain_id,
            nonce=nonce,
            signature="0x" + made.hex(),
        )

    def is_sound(self) -> bool:
        """Whether the account itself signed it, in the form that chains take."""
        try:
            signature = Signature.of_bytes(bytes.fromhex(self.signature[2:]))
        except ValueError:
            return False
        digest = Authorization.of(self._authorization()).digest()
        return recovered(signature, digest) == self.account

    def as_field(self) -> dict[str, Any]:
        """As a transaction of type 4 carries it."""
        parity, r, s = Signature.of_bytes(bytes.fromhex(self.signature[2:]))
        return {**self._authorization(), "yParity": parity, "r": r, "s": s}

    def digest(self) -> str:
        """What the account signed, as 0x and hex."""
        return "0x" + Authorization.of(self._authorization()).digest().hex()

    def _authorization(self) -> dict[str, Any]:
        return {"chainId": self.chain_id, "address": self.code, "nonce": self.nonce}

    def to_text(self) -> str:
        """As canonical JSON."""
        return _letters.canonical(self._content())

    def to_line(self) -> str:
        """As one line of a mail."""
        return _letters.as_line(self._content())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` or `to_line` gave.

        Raises:
            BadSignedTerms: It is damaged, or no delegation, or not signed by its account.
        """
        content = _letters.read(text, format_=_FORMAT, what=_WHAT)
        try:
            found = cls(
                account=address(content["account"]),
                code=address(content["code"]),
                chain_id=int(content["chain_id"]),
                nonce=int(content["nonce"]),
                signature="0x" + bytes.fromhex(content["signature"].removeprefix("0x")).hex(),
            )
        except (KeyError, TypeError, ValueError, AttributeError, DuebillError) as error:
            raise BadSignedTerms(_WHAT, f"{type(error).__name__}: {error}") from error
        if not found.is_sound():
            raise BadSignedTerms(_WHAT, f"{found.account} did not sign it")
        return found

    def _content(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "account": self.account,
            "code": self.code,
            "chain_id": self.chain_id,
            "nonce": self.nonce,
            "signature": self.signature,
        }


def delegated_to(code: bytes) -> Address | None:
    """Whose code an account has taken; None if it has taken none."""
    if len(code) != len(_DESIGNATOR) + 20 or not code.startswith(_DESIGNATOR):
        return None
    return checked_address("0x" + code[len(_DESIGNATOR) :].hex())
