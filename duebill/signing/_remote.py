"""Signers over HTTP: Web3Signer's interface, and Ethereum's own JSON-RPC."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from duebill._eip712 import hashes
from duebill._secp256k1 import account_of_point, pair_of_words
from duebill._transactions import SignedTransaction
from duebill.errors import KeyUnsuitable, SignerCannotDelegate, SignerRefused
from duebill.model import address
from duebill.signing._elsewhere import KeptElsewhere
from duebill.signing._http import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from duebill._secp256k1 import Pair
    from duebill._transactions import Authorization, UnsignedTransaction
    from duebill.errors import SignerError
    from duebill.model import Address
    from duebill.signing._signer import Password

_KEYS = "/api/v1/eth1/publicKeys"
_SIGN = "/api/v1/eth1/sign/"
_POINT_BYTES = 65


class RemoteSigner(KeptElsewhere):
    """A key behind Web3Signer's interface: `/api/v1/eth1/publicKeys`, `/api/v1/eth1/sign/{key}`.

    The bytes of a transaction go there, so that its owner can look into them and apply rules, and
    the two hashes of a message. Only a signature comes back: the transaction is put together here.

    Args:
        url: Where it listens, `https://signer.example:9000`.
        account: The account to sign for; may be left out where there is only one.
        token: A bearer token, or what gives it; only over TLS, or inside this machine.
        ca: A file of certificates to trust instead of the system's.
        certificate: A file with the client's own certificate and key, in PEM.
        timeout: Seconds to wait for an answer.

    Raises:
        BadSignerName: The address is malformed, holds a secret, or would show the token on the way.
    """

    def __init__(  # noqa: PLR0913 - one for each option
        self,
        url: str,
        *,
        account: Address | None = None,
        token: Password | None = None,
        ca: str | Path | None = None,
        certificate: str | Path | None = None,
        timeout: float = 10,
    ) -> None:
        self._endpoint = Endpoint(url, token=token, ca=ca, certificate=certificate, timeout=timeout)
        super().__init__(self._endpoint.name)
        self._wanted = None if account is None else address(account)
        self._key = ""

    def _public_account(self) -> Address:
        found = _strings(self._endpoint.ask("GET", _KEYS))
        keys = {_account_of_key(key): key for key in found}
        chosen = self._chosen(keys)
        self._key = keys[chosen]
        return chosen

    def _sign_transaction(self, unsigned: UnsignedTransaction) -> Pair:
        return self._signed(unsigned.payload())

    def _sign_message(self, message: dict[str, Any]) -> Pair:
        return self._signed(b"\x19\x01" + b"".join(hashes(message)))

    def _sign_authorization(self, wanted: Authorization) -> Pair:
        return self._signed(wanted.payload())

    def _signed(self, data: bytes) -> Pair:
        content = {"data": "0x" + data.hex()}
        answer = self._endpoint.ask("POST", _SIGN + self._key, content=content)
        return _pair(answer.strip().strip('"'))

    def _chosen(self, accounts: Mapping[Address, str]) -> Address:
        if self._wanted is not None:
            if self._wanted not in accounts:
                raise KeyUnsuitable(self.name, reason=f"it has no key of {self._wanted}")
            return self._wanted
        if len(accounts) != 1:
            reason = f"it has {len(accounts)} keys; name the account"
            raise KeyUnsuitable(self.name, reason=reason)
        return next(iter(accounts))

    def _failure(self, error: Exception) -> SignerError | None:
        return self._endpoint.failure(error)


class RpcSigner(RemoteSigner):
    """An account of what speaks Ethereum's JSON-RPC: Web3Signer, Clef, or a node.

    `eth_accounts`, `eth_signTransaction` and `eth_signTypedData_v4` are asked for. The transaction
    that comes back is read again, and has to be the one that was sent there, field by field.

    Args and errors are those of `RemoteSigner`.
    """

    def _public_account(self) -> Address:
        found = self._request("eth_accounts", [])
        return self._chosen({address(it): it for it in _strings(json.dumps(found))})

    def _sign_transaction(self, unsigned: UnsignedTransaction) -> Pair:
        fields = {"from": self.address, **unsigned.fields()}
        answer = self._request("eth_signTransaction", [_plain(fields, hex)])
        # geth and Clef wrap the bytes, others do not.
        raw = answer.get("raw") if isinstance(answer, dict) else answer
        found = SignedTransaction.of(_bytes(raw))
        if found.unsigned != unsigned:
            raise ValueError("it is another transaction than was asked for")
        return found.signature.pair

    def _sign_message(self, message: dict[str, Any]) -> Pair:
        params = [self.address, _plain(message, str)]
        return _pair(self._request("eth_signTypedData_v4", params))

    def _sign_authorization(self, wanted: Authorization) -> Pair:
        del wanted
        raise SignerCannotDelegate(
            self.address, reason="Ethereum's JSON-RPC has no question for it"
        )

    def _request(self, method: str, params: list[Any]) -> Any:
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = _json(self._endpoint.ask("POST", content=question))
        if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
            raise ValueError("it is no JSON-RPC")
        if answer.get("error") is not None:
            error = answer["error"]
            code = error.get("code") if isinstance(error, dict) else None
            raise SignerRefused(self.name, reason=f"error {code} to {method}")
        return answer["result"]


def _pair(text: Any) -> Pair:
    # The recovery byte is not needed: whose signature it is, is found out here.
    return pair_of_words(_bytes(text)[:-1])


def _account_of_key(text: str) -> Address:
    key = _bytes(text)
    return account_of_point(key if len(key) == _POINT_BYTES else b"\x04" + key)


def _strings(text: str) -> list[str]:
    found = _json(text)
    if not isinstance(found, list) or not all(isinstance(it, str) for it in found):
        raise ValueError("it is no list of texts")
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        # The parser's error quotes the answer.
        raise ValueError("it is no JSON") from None


def _bytes(text: Any) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except (AttributeError, ValueError):
        raise ValueError("it is no hex") from None


def _plain(value: Any, number: Callable[[int], str]) -> Any:
    """Fields as JSON, with numbers that no reader rounds."""
    if isinstance(value, dict):
        return {name: _plain(part, number) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, number) for part in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return number(value) if type(value) is int else value
