"""One field or one file is shown without the rest, and nothing in a proof can be changed."""

from __future__ import annotations

import json

import pytest
from document_vectors import FILES, invoice_set
from hypothesis import given
from hypothesis import strategies as st

from duebill.documents import DocumentProof, Field
from duebill.errors import BadProof

DOCUMENTS = invoice_set()
LABELS = [entry.label for entry in DOCUMENTS.entries]
OTHER = "0x" + "11" * 32
SALT = DOCUMENTS.prove("invoice.number").salt.hex()


@pytest.mark.parametrize("label", LABELS)
def test_everything_can_be_proved_alone(label):
    proof = DocumentProof.from_text(DOCUMENTS.prove(label).to_line())
    proof.verify(DOCUMENTS.root)
    assert proof.entry.label == label


def test_a_proof_tells_nothing_of_the_rest():
    """Neither the values nor the salts of the others are in it."""
    text = DOCUMENTS.prove("invoice.number").to_text()
    for it in DOCUMENTS.salted:
        if it.entry.label != "invoice.number":
            assert it.salt.hex() not in text
            assert it.entry.content_hash.hex() not in text
            assert not isinstance(it.entry, Field) or json.dumps(it.entry.value) not in text


def test_a_proof_goes_through_the_mail():
    proof = DOCUMENTS.prove("contract.pdf")
    assert DocumentProof.from_text(proof.to_text()) == proof
    line = proof.to_line()
    broken = "\n".join(line[i : i + 60] for i in range(0, len(line), 60))
    assert DocumentProof.from_text(broken) == proof


def changed(**changes):
    return {**DOCUMENTS.prove("invoice.number").to_json(), **changes}


ENTRY = {"type": "field", "name": "invoice.number", "value": "RE-2027/18"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (changed(entry=ENTRY), "do not give its leaf"),
        (changed(salt=OTHER), "do not give its leaf"),
        (changed(leaf=OTHER), "do not give its leaf"),
        (changed(salt="0x12"), "not a hash"),
        (changed(path=["0x12"]), "not a hash"),
        (changed(path=[OTHER] * 65), "more than 64"),
        (changed(root="0x"), "not a hash"),
        (changed(entry={"type": "x"}), "not of its form"),
        (changed(entry=[]), "not of its form"),
        (changed(format="duebill-document-proof-2"), "format"),
        (changed(more=1), "'more' is unknown"),
        ({"format": "duebill-document-proof-1"}, "'entry' is missing"),
        (changed(salt="0x" + SALT.upper()), "one form"),
        (changed(leaf="0x" + DOCUMENTS.prove("invoice.number").leaf[2:].upper()), "give its leaf"),
    ],
)
def test_what_was_tampered_with_is_not_read(data, reason):
    with pytest.raises(BadProof, match=reason):
        DocumentProof.from_text(json.dumps(data))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"path": [OTHER]}, "does not lead"),
        ({"path": []}, "does not lead"),
        ({"root": OTHER}, "does not lead"),
    ],
)
def test_a_path_that_leads_elsewhere_does_not_hold(changes, reason):
    proof = DocumentProof.from_json(changed(**changes))
    with pytest.raises(BadProof, match=reason):
        proof.verify(DOCUMENTS.root)


def test_a_sound_proof_of_other_documents_does_not_hold():
    with pytest.raises(BadProof, match="other documents"):
        DOCUMENTS.prove("invoice.number").verify(OTHER)


@given(st.data())
def test_one_changed_character_is_noticed(data):
    """Wherever it is: in the entry, the salt, the leaf, the path or the root."""
    text = DOCUMENTS.prove(data.draw(st.sampled_from(LABELS))).to_text()
    place = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from('0123456789abcdef"{}:,x '))
    if text[place] == character:
        return
    with pytest.raises(BadProof):
        DocumentProof.from_text(text[:place] + character + text[place + 1 :]).verify(DOCUMENTS.root)


def test_the_file_at_hand_is_compared():
    proof = DOCUMENTS.prove("contract.pdf")
    content = FILES["contract.pdf"]
    proof.verify(DOCUMENTS.root, content=content)
    with pytest.raises(BadProof, match="bytes, not"):
        proof.verify(DOCUMENTS.root, content=content + b"x")
    with pytest.raises(BadProof, match="another content"):
        proof.verify(DOCUMENTS.root, content=b"x" * len(content))
    with pytest.raises(BadProof, match="of no file"):
        DOCUMENTS.prove("invoice").verify(DOCUMENTS.root, content=b"x")
