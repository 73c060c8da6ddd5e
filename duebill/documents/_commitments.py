"""Salts and hashes under the parties' one key, so that what can be guessed tells strangers nothing."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from duebill.documents._tree import keccak, leaf_of
from duebill.errors import BadKey
from duebill.model import hash_bytes

_KEY_BYTES = 32


def new_key() -> bytes:
    """A fresh secret of 32 bytes."""
    return secrets.token_bytes(_KEY_BYTES)


def documents_root(documents_hash: str, *, salt: bytes) -> str:
    """The root of a tree of one leaf: keccak256(0x00 ‖ salt ‖ documents hash).

    Args:
        documents_hash: The hash of the documents, such as `Invoice.documents_hash`.
        salt: 32 secret bytes; whoever is shown the document is shown the salt.

    Raises:
        BadKey: The salt has another length.
        BadHash: The hash is not 32 bytes.
    """
    content = hash_bytes(documents_hash, field="documents hash")
    return "0x" + leaf_of(content, salt=_checked(salt)).hex()


def document_salt(documents_hash: str, *, key: bytes) -> bytes:
    """The salt of a document under the parties' key, so that they need to keep the key alone."""
    content = b"duebill document salt" + hash_bytes(documents_hash, field="documents hash")
    return hashlib.blake2b(content, key=_checked(key), digest_size=_KEY_BYTES).digest()


def reference_hash(number: str, *, key: bytes) -> str:
    """The keyed hash of a reference, such as an invoice number or a legal identifier.

    Spaces around it and Unicode's ways to write one character do not count.

    Raises:
        BadKey: The key is not 32 bytes.
    """
    content = b"duebill reference" + unicodedata.normalize("NFC", number).strip().encode()
    return "0x" + hashlib.blake2b(content, key=_checked(key), digest_size=32).hexdigest()


def text_hash(text: str) -> str:
    """The Keccak-256 of a text, for reasons and evidence that are public or hard to guess."""
    return "0x" + keccak(text.encode()).hex()


def _checked(secret: bytes) -> bytes:
    if type(secret) is not bytes or len(secret) != _KEY_BYTES:
        raise BadKey(_KEY_BYTES)
    return secret
