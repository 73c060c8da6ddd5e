"""Four eyes: an account that signs only what others have approved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from duebill._eip712 import digest_of
from duebill._transactions import Authorization, UnsignedTransaction
from duebill.errors import ApprovalsMissing, SignerCannotDelegate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duebill.model import Address
    from duebill.signing._approvals import SignedApproval
    from duebill.signing._policy import ApprovalPolicy
    from duebill.signing._signer import Signer


class FourEyes:
    """A signer that asks for the approval of others before it signs.

    An approval is a signature under exactly the digest that is to be signed: another nonce, fee or
    amount needs another one. The account's own approval does not count, whatever the policy says.

    Args:
        signer: The account.
        policy: Whose approvals count, how many are needed, and for what none is.
        approvals: Those that were given.
    """

    def __init__(
        self, signer: Signer, *, policy: ApprovalPolicy, approvals: Iterable[SignedApproval] = ()
    ) -> None:
        self._signer = signer
        self._policy = policy
        self._approvals = tuple(approvals)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._signer!r}>"

    @property
    def address(self) -> Address:
        """The account."""
        return self._signer.address

    def unlock(self) -> None:
        """Ask for the account's password or PIN now, if it has one."""
        if unlock := getattr(self._signer, "unlock", None):
            unlock()

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `Signer`.

        Raises:
            ApprovalsMissing: There are too few approvals of exactly this transaction.
            SignerError: The account cannot sign.
        """
        unsigned = UnsignedTransaction.of(transaction)
        self.require_transaction(unsigned)
        return self._signer.sign_transaction(unsigned.fields())

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `Signer`. A message always needs approval.

        Raises:
            ApprovalsMissing: There are too few approvals of exactly this message.
            SignerError: The account cannot sign.
        """
        self._require(digest_of(dict(message)), is_transaction=False)
        return self._signer.sign_typed_data(message)

    def sign_authorization(self, authorization: Mapping[str, Any]) -> bytes:
        """See `duebill.sponsorship.Delegator`. A delegation always needs approval.

        Raises:
            ApprovalsMissing: There are too few approvals of exactly this delegation.
            SignerCannotDelegate: The account's signer signs none.
            SignerError: The account cannot sign.
        """
        sign = getattr(self._signer, "sign_authorization", None)
        if sign is None:
            raise SignerCannotDelegate(self.address)
        self._require(Authorization.of(authorization).digest(), is_transaction=False)
        return bytes(sign(authorization))

    def require_transaction(self, unsigned: UnsignedTransaction) -> None:
        """Check that a transaction is approved, or needs no approval.

        Raises:
            ApprovalsMissing: It is not.
        """
        if not self._policy.frees(unsigned):
            self._require(unsigned.digest(), is_transaction=True)

    def _require(self, digest: bytes, *, is_transaction: bool) -> None:
        text, now = "0x" + digest.hex(), datetime.now(UTC)
        counted, refused = set(), []
        for approval in self._approvals:
            approver = approval.approver()
            reason = self._reason_against(approval, approver, text, now)
            if reason or approver is None:
                refused.append(f"{approver or 'one of nobody'}: {reason}")
            else:
                counted.add(approver)
        if len(counted) < self._policy.needed:
            raise ApprovalsMissing(
                text,
                needed=self._policy.needed,
                found=len(counted),
                approvers=tuple(sorted(self._policy.approvers - {self.address} - counted)),
                refused=tuple(refused),
                is_transaction=is_transaction,
            )

    def _reason_against(
        self, approval: SignedApproval, approver: Address | None, digest: str, now: datetime
    ) -> str:
        if approver is None:
            return "its signature is not sound"
        if approver == self.address:
            return "nobody approves what they sign themselves"
        if approver not in self._policy.approvers:
            return "not an approver by the policy, or it was altered"
        if (approval.subject, approval.account) != (digest, self.address):
            return "for something else"
        return f"expired on {approval.expiry:%Y-%m-%d %H:%M} UTC" if approval.expiry < now else ""
