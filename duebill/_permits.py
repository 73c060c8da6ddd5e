"""Permits: an allowance that is signed, and used in the transaction that needs it (ERC-2612)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duebill._abi import abi_of, permit_abi
from duebill._eip712 import Signable, domain_hash, message
from duebill.errors import NodeRefused, RevertError
from duebill.model import seconds_of, time_of

if TYPE_CHECKING:
    from datetime import datetime
    from typing import TypeVar

    from duebill._actions import Action, Approval
    from duebill.chain import Chain
    from duebill.model import Address, Currency
    from duebill.signing import Signer

    T = TypeVar("T")

_SPAN = timedelta(minutes=30)
"""How long a permit counts: enough to confirm on a device and to get into a block."""
_FIELDS = {
    "owner": "address",
    "spender": "address",
    "value": "uint256",
    "nonce": "uint256",
    "deadline": "uint256",
}
_TYPES = {"Permit": [{"name": name, "type": kind} for name, kind in _FIELDS.items()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What a token calls itself when something is signed for it.

    Attributes:
        name: Its name.
        version: Its version.
        separator: The hash of its domain, as it says itself.
    """

    name: str
    version: str
    separator: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit(Signable):
    """Leave for a contract to take some of a token.

    Attributes:
        currency: The currency whose token it is.
        token: The token.
        domain: What the token calls itself.
        chain_id: The chain.
        owner: Whose token.
        spender: The contract.
        value: How much, as the token counts.
        nonce: Its number; the token takes them one after the other.
        deadline: The last second in which it can be used.
        signature: The owner's 65 bytes; none yet in a draft.
    """

    currency: Currency
    token: Address
    domain: Domain
    chain_id: int
    owner: Address
    spender: Address
    value: int
    nonce: int
    deadline: datetime
    signature: bytes = b""

    @property
    def signers(self) -> tuple[Address, ...]:
        """The owner."""
        return (self.owner,)

    def typed_data(self) -> dict[str, Any]:
        """The EIP-712 message of ERC-2612."""
        values = (self.owner, self.spender, self.value, self.nonce, seconds_of(self.deadline))
        return message(
            _TYPES,
            "Permit",
            dict(zip(_FIELDS, values, strict=True)),
            domain=(self.domain.name, self.chain_id, self.token),
            version=self.domain.version,
        )

    def summary(self) -> str:
        """What a signature binds to, in words; derived from the very message that is signed."""
        whole, rest = divmod(self.value, 10**self.currency.decimals)
        part = f"{rest:0{self.currency.decimals}d}".rstrip("0")
        amount = f"{whole:,}{'.' if part else ''}{part} {self.currency.code}"
        return "\n".join(
            (
                f"I, {self.owner}, let {self.spender}",
                f"take {amount} of mine; it replaces what it may take so far.",
                f"Token {self.token} on chain {self.chain_id}. Number {self.nonce}.",
                f"The signature counts until {self.deadline:%Y-%m-%d %H:%M:%S} UTC.",
            )
        )

    def sign(self, signer: Signer) -> Permit:
        """Sign it.

        Raises:
            SignerError: The signer refuses.
        """
        return replace(self, signature=signer.sign_typed_data(self.typed_data()))

    def for_token(self) -> bytes:
        """The call of the token that uses it."""
        return permit_abi().encode("permit", self.owner, self.spender, *self._rest())

    def with_call(self, action: Action[T]) -> Action[T]:
        """Use it and do what needs it, in one transaction.

        Args:
            action: A call of the spender, which is one of the contracts that take cash (`ICash`).
        """
        # All of them have the same two functions.
        abi = abi_of("exchange")
        permit = abi.encode("permit", self.currency.number, self.owner, *self._rest())
        return replace(
            action,
            data=abi.encode("multicall", [permit, action.data]),
            decode=lambda data: action.decode(abi.decode("multicall", data)[1]),
            intent=action.meaning,
        )

    def _rest(self) -> tuple[int | bytes, ...]:
        r, s, v = self.signature[:32], self.signature[32:64], self.signature[64]
        return self.value, seconds_of(self.deadline), v, r, s


class Permits:
    """Which tokens know permits; each is asked once."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._domains: dict[Address, Domain | None] = {}

    def draft(self, approval: Approval, *, owner: Address, currency: Currency) -> Permit | None:
        """The permit that says what an approval would, for its owner to sign.

        Args:
            approval: The approval.
            owner: Whose token.
            currency: The currency whose token it is.

        Returns:
            None where the token knows no permits, or its domain is not what it ought to be on this
            chain: what was signed could be meant for something else.
        """
        token = approval.to
        if token not in self._domains:
            self._domains[token] = self._domain_of(token)
        domain, nonce = self._domains[token], None
        if domain is not None:
            nonce = self._told(token, "nonces", owner)
        if domain is None or nonce is None:
            return None
        made = Permit(
            currency=currency,
            token=token,
            domain=domain,
            chain_id=self._chain.expected,
            owner=owner,
            spender=approval.spender,
            value=approval.amount,
            nonce=nonce,
            deadline=time_of(self._chain.block().time) + _SPAN,
        )
        return made if domain_hash(made.typed_data()) == domain.separator else None

    def takes(self, permit: Permit) -> bool:
        """Whether the token takes a signed permit now; if it does not, it is not asked again.

        There are tokens with another permit under the same domain (DAI), and such as ask the code of
        their owner's account (ERC-1271). The contracts pass over a permit that fails.
        """
        try:
            self._chain.estimate(permit.token, permit.for_token(), sender=permit.owner)
        except (RevertError, NodeRefused):
            self._domains[permit.token] = None
            return False
        return True

    def _domain_of(self, token: Address) -> Domain | None:
        separator = self._told(token, "DOMAIN_SEPARATOR")
        if separator is None:
            return None
        if told := self._told(token, "eip712Domain"):
            _, name, version, *_ = told
        else:
            name, version = self._told(token, "name"), self._told(token, "version") or "1"
        if name is None:
            return None
        return Domain(name=name, version=version, separator=separator)

    def _told(self, token: Address, function: str, *args: Any) -> Any:
        """What a token says; None if it has no such function."""
        abi = permit_abi()
        try:
            return abi.decode(function, self._chain.call(token, abi.encode(function, *args)))
        except (RevertError, NodeRefused, ValueError):
            # Old tokens stop with an invalid instruction, or have texts of another type.
            return None
