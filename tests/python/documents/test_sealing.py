"""What is sealed is opened by who is named, and by nobody else."""

from __future__ import annotations

import json
import pickle
import sys

import pytest
from document_vectors import PATH
from hypothesis import given
from hypothesis import strategies as st

from duebill.documents import Identity, _bech32, encryption_key_of, recipient_of
from duebill.documents._sealing import CannotOpenError, seal
from duebill.errors import BadEncryptionKey, BadHash, ExtraMissing, IdentityRefused

(TOLD,) = json.loads(PATH.read_text("utf-8"))["recipients"]
P = (1 << 255) - 19
SMALL = [
    0,
    1,
    P - 1,
    P,
    P + 1,
    int.from_bytes(
        bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"), "little"
    ),
    int.from_bytes(
        bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"), "little"
    ),
]


def test_a_key_of_the_ledger_is_a_recipient_of_age():
    identity = Identity(TOLD["identity"])
    assert (identity.recipient, identity.encryption_key) == (
        TOLD["recipient"],
        TOLD["encryption_key"],
    )
    assert recipient_of(TOLD["encryption_key"]) == TOLD["recipient"]
    assert encryption_key_of(TOLD["recipient"].upper()) == TOLD["encryption_key"]


def test_each_named_reader_opens_it_and_no_other():
    readers = [Identity.new() for _ in range(3)]
    sealed = seal(b"content", [it.encryption_key for it in readers])
    assert {it.open(sealed) for it in readers} == {b"content"}
    with pytest.raises(CannotOpenError):
        Identity.new().open(sealed)


@pytest.mark.parametrize("cut", [0, 5, 100, -1])
def test_what_was_damaged_is_not_opened(cut):
    identity = Identity.new()
    with pytest.raises(CannotOpenError):
        identity.open(seal(b"content", [identity.encryption_key])[:cut])


@pytest.mark.parametrize("number", [*SMALL, *(n + (1 << 255) for n in SMALL[:5])])
def test_a_key_that_keeps_no_secret_is_refused(number):
    """Somebody could publish a point of small order: age gives up with a crash on such a key."""
    key = "0x" + number.to_bytes(32, "little").hex()
    with pytest.raises(BadEncryptionKey, match="keeps a secret"):
        recipient_of(key)
    with pytest.raises(BadEncryptionKey):
        encryption_key_of(_bech32.encode("age", bytes.fromhex(key[2:])))


@given(st.binary(min_size=32, max_size=32), st.integers(4, 61), st.sampled_from("qpzry9x8"))
def test_bech32_comes_back_and_a_wrong_character_is_noticed(content, place, character):
    text = _bech32.encode("age", content)
    assert _bech32.decode(text, prefix="age", size=32) == content
    if text[place] != character:
        with pytest.raises(ValueError, match="wrong or missing"):
            _bech32.decode(text[:place] + character + text[place + 1 :], prefix="age", size=32)


@pytest.mark.parametrize("text", ["", "age1", "age1x", "AGE1q", "bc1qqqq", TOLD["recipient"][:-1]])
def test_what_is_no_recipient_is_refused(text):
    with pytest.raises(BadEncryptionKey):
        encryption_key_of(text)
    with pytest.raises(BadHash):
        recipient_of(text)


def test_another_length_is_refused():
    for size in (31, 33):
        text = _bech32.encode("age", bytes(size))
        with pytest.raises(ValueError, match="length"):
            _bech32.decode(text, prefix="age", size=32)


# -- files ------------------------------------------------------------------------------------


def test_an_identity_is_kept_for_its_owner_alone(tmp_path):
    path = tmp_path / "inner" / "identity.txt"
    identity = Identity.new()
    identity.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Identity.read(path).encryption_key == identity.encryption_key
    with pytest.raises(IdentityRefused, match="already"):
        identity.write(path)
    path.chmod(0o640)
    with pytest.raises(IdentityRefused, match="others can read it"):
        Identity.read(path)


def test_a_file_of_age_keygen_is_read(tmp_path):
    path = tmp_path / "key.txt"
    path.write_text(f"# created: 2027-02-14\n# public key: x\n{TOLD['identity']}\n")
    path.chmod(0o600)
    assert Identity.read(path).recipient == TOLD["recipient"]


@pytest.mark.parametrize(
    "text", ["", "# only this\n", "AGE-SECRET-KEY-1X\n", f"{TOLD['identity']}\n" * 2, "ä"]
)
def test_threat_54_a_refused_identity_is_not_quoted(tmp_path, text):
    path = tmp_path / "key.txt"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(IdentityRefused) as caught:
        Identity.read(path)
    assert "AGE-SECRET-KEY" not in str(caught.value)
    assert caught.value.__cause__ is None
    with pytest.raises(IdentityRefused):
        Identity.read(tmp_path)
    with pytest.raises(IdentityRefused):
        Identity.read(tmp_path / "none")


def test_threat_54_an_identity_shows_nothing_of_itself():
    identity = Identity(TOLD["identity"])
    identity.open(seal(b"x", [identity.encryption_key]))
    assert repr(identity) == "<Identity>"
    with pytest.raises(TypeError):
        pickle.dumps(identity)


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'duebill\[documents\]'"):
        Identity.new()
