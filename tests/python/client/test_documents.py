"""Commitments tell strangers nothing, and the parties everything."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

from duebill import documents
from duebill.errors import BadHash, BadKey

KEY = bytes(range(32))
HASH = "0x" + "ab" * 32


def test_the_root_is_a_leaf_of_salt_and_hash():
    """keccak256(0x00 ‖ salt ‖ hash), as a verifier in any language computes it."""
    expected = keccak(b"\x00" + KEY + b"\xab" * 32)
    assert documents.documents_root(HASH, salt=KEY) == "0x" + expected.hex()


def test_whoever_guesses_the_document_learns_nothing_without_the_salt():
    roots = {documents.documents_root(HASH, salt=documents.new_key()) for _ in range(10)}
    assert len(roots) == 10


def test_salt_and_reference_follow_from_the_key_alone():
    """The parties keep one key: the salt of every document follows from it."""
    again = documents.document_salt(HASH, key=KEY)
    assert again == documents.document_salt(HASH, key=KEY)
    assert again != documents.document_salt("0x" + "ac" * 32, key=KEY)
    assert again != documents.document_salt(HASH, key=documents.new_key())
    assert len(again) == 32


def test_a_reference_hides_behind_the_key_and_its_spelling_does_not_matter():
    plain = documents.reference_hash("RE-2027/Ä17", key=KEY)
    assert plain == documents.reference_hash("  RE-2027/A\u030817 ", key=KEY)
    assert plain != documents.reference_hash("RE-2027/Ä18", key=KEY)
    assert plain != documents.reference_hash("RE-2027/Ä17", key=documents.new_key())
    assert len(plain) == 66


@pytest.mark.parametrize("key", [b"", b"x" * 31, b"x" * 33, "x" * 32, 32])
def test_a_key_is_32_bytes(key):
    """A short key can be guessed; a number or text must not pass for one."""
    for act in (
        lambda: documents.documents_root(HASH, salt=key),
        lambda: documents.document_salt(HASH, key=key),
        lambda: documents.reference_hash("1", key=key),
    ):
        with pytest.raises(BadKey):
            act()


def test_a_documents_hash_is_32_bytes():
    with pytest.raises(BadHash):
        documents.documents_root("0x12", salt=KEY)
