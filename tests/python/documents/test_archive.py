"""Sealed documents in a store: who reads what, and what becomes of damage."""

from __future__ import annotations

import hashlib
import os
import sys
import traceback
from pathlib import Path

import pytest
from document_vectors import FILES, KEY, files, invoice_set

from duebill.documents import (
    DocumentSet,
    DocumentStore,
    Field,
    Finding,
    Identity,
    _archive,
    _store,
    grant,
    open_documents,
    pack,
)
from duebill.documents._manifest import Manifest
from duebill.documents._sealing import seal
from duebill.errors import (
    BadDocument,
    BadEncryptionKey,
    DocumentsUnreadable,
    DocumentUnknown,
    ExtraMissing,
    StoreRefused,
)

DOCUMENTS = invoice_set()
ROOT = DOCUMENTS.root


@pytest.fixture
def identity():
    return Identity.new()


@pytest.fixture
def store(tmp_path):
    return DocumentStore(tmp_path / "sealed")


@pytest.fixture
def packed(store, identity):
    pack(DOCUMENTS, store=store, readers=[identity.encryption_key])
    return store


def opened(store, identity, root=ROOT):
    return open_documents(root, store=store, identity=identity)


def objects(tmp_path, folder):
    return sorted((tmp_path / "sealed" / folder).rglob("*.age"))


def findings(found):
    return {it.file.name: it.finding for it in found.files}


@pytest.mark.parametrize("place", ["{tmp}/sealed", "file://{tmp}/sealed", "memory://sealed{tmp}"])
def test_what_is_sealed_comes_back_from_any_store(place, tmp_path, identity):
    store = DocumentStore(place.format(tmp=tmp_path))
    pack(DOCUMENTS, store=store, readers=[Identity.new().encryption_key, identity.encryption_key])
    found = opened(DocumentStore(place.format(tmp=tmp_path)), identity)
    assert found.finding is Finding.PRESENT
    assert found.sound
    assert not found.withheld
    assert {it.file.name: it.content for it in found.files} == FILES
    assert set(found.facts) | {it.file for it in found.files} == set(DOCUMENTS.entries)
    for label in found.labels:
        found.prove(label).verify(ROOT)


@pytest.mark.usefixtures("packed")
def test_the_store_learns_nothing(tmp_path):
    """Names are hashes, and no name, value or content of a document stands in any object."""
    for path in (tmp_path / "sealed").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert path.name == f"{hashlib.sha256(content).hexdigest()}.age"
            for secret in (b"contract", b"Lieferschein", b"RE-2027", KEY):
                assert secret not in content


def test_a_stranger_learns_that_there_is_something_and_no_more(packed):
    found = opened(packed, Identity.new())
    assert (found.finding, found.reason) == (Finding.UNREADABLE, "it is sealed for other readers")
    assert (found.facts, found.files, found.labels, found.withheld) == ((), (), (), 0)


def test_documents_that_were_never_packed_are_missing(store, identity):
    assert opened(store, identity).finding is Finding.MISSING


# -- damage -----------------------------------------------------------------------------------


def test_a_missing_file_hides_no_other(packed, tmp_path, identity):
    objects(tmp_path, "files")[0].unlink()
    found = findings(opened(packed, identity))
    assert sorted(found.values()) == [Finding.MISSING, Finding.PRESENT, Finding.PRESENT]


@pytest.mark.parametrize("damage", [b"", b"x", b"age-encryption.org/v1\n"])
def test_an_altered_file_hides_no_other(packed, tmp_path, identity, damage):
    objects(tmp_path, "files")[1].write_bytes(damage)
    found = opened(packed, identity)
    assert sorted(findings(found).values()) == [Finding.ALTERED, Finding.PRESENT, Finding.PRESENT]
    assert not found.sound
    assert [it.content is None for it in found.files].count(True) == 1


def test_threat_64_links_and_pipes_in_a_store_are_not_read(packed, tmp_path, identity):
    first, second, _ = objects(tmp_path, "files")
    secret = tmp_path / "elsewhere"
    secret.write_bytes(first.read_bytes())
    first.unlink()
    first.symlink_to(secret)
    second.unlink()
    os.mkfifo(second)
    found = sorted(findings(opened(packed, identity)).values())
    assert found == [Finding.ALTERED, Finding.ALTERED, Finding.PRESENT]


def test_threat_65_an_object_that_is_too_large_is_not_read(packed, identity, monkeypatch):
    monkeypatch.setattr(_archive, "_LARGEST_SEALED", 300)
    reasons = {it.reason for it in opened(packed, identity).files}
    assert reasons <= {"it is too large", ""}
    assert "it is too large" in reasons
    monkeypatch.setattr(_archive, "LARGEST_MANIFEST", 300)
    assert opened(packed, identity).finding is Finding.ALTERED


def test_an_altered_list_is_no_list(packed, tmp_path, identity):
    objects(tmp_path, "manifests")[0].write_bytes(b"x")
    found = opened(packed, identity)
    assert (found.finding, found.reason) == (Finding.ALTERED, "it is not what was stored")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format": "duebill-manifest-1", "leaves": [], "shown": []}']
)
def test_a_sealed_list_that_is_none_is_found_out(store, identity, content):
    store.put(_store.manifests_of(ROOT), seal(content, [identity.encryption_key]))
    found = opened(store, identity)
    assert (found.finding, found.reason) == (Finding.ALTERED, "it is no list of documents")


def test_a_list_of_other_documents_is_found_out(store, identity):
    """Whoever can write into the store, and knows root and reader, still cannot change a word."""
    others = DocumentSet([Field("invoice.number", "forged")], key=KEY)
    shown = tuple(_archive.Shown(it) for it in others.salted)
    for leaves, reason in (
        (tuple(others.leaves), "its leaves do not give the root"),
        (tuple(DOCUMENTS.leaves), "it shows something that is not under the root"),
    ):
        forged = Manifest(leaves=leaves, shown=shown).to_bytes()
        name = store.put(_store.manifests_of(ROOT), seal(forged, [identity.encryption_key]))
        assert opened(store, identity).reason == reason
        (store_path(store) / "manifests" / ROOT[2:] / f"{name}.age").unlink()


def store_path(store):
    return Path(store._base)


def test_a_forged_list_does_not_hide_the_right_one(packed, identity):
    """A list that names wrong places is read beside the one that names the right ones."""
    shown = tuple(
        _archive.Shown(it, _archive.Sealed("00" * 32, Identity.new()))
        if hasattr(it.entry, "hash")
        else _archive.Shown(it)
        for it in DOCUMENTS.salted
    )
    forged = Manifest(leaves=tuple(DOCUMENTS.leaves), shown=shown).to_bytes()
    packed.put(_store.manifests_of(ROOT), seal(forged, [identity.encryption_key]))
    assert opened(packed, identity).sound
    grant(ROOT, store=packed, identity=identity, readers=[(other := Identity.new()).encryption_key])
    assert opened(packed, other).sound


def test_a_list_cannot_pass_one_document_off_as_another(packed, identity, tmp_path):
    """Every object is sound and opens, but it is that of the other file."""
    sealed = _archive._lists(ROOT, packed, identity)[2][0].shown
    first, second, *_ = (it for it in sealed if it.sealed)
    swapped = [
        _archive.Shown(first.salted, second.sealed),
        _archive.Shown(second.salted, first.sealed),
    ]
    forged = Manifest(leaves=tuple(DOCUMENTS.leaves), shown=tuple(swapped)).to_bytes()
    objects(tmp_path, "manifests")[0].unlink()
    packed.put(_store.manifests_of(ROOT), seal(forged, [identity.encryption_key]))
    found = opened(packed, identity)
    assert {it.finding for it in found.files} == {Finding.ALTERED}
    assert {it.reason for it in found.files} == {"its content is not what the root commits to"}
    assert {it.content for it in found.files} == {None}


def test_threat_64_a_list_cannot_name_a_path(store, identity, tmp_path):
    (tmp_path / "outside.age").write_bytes(b"x")
    shown = tuple(
        _archive.Shown(it, _archive.Sealed("../../outside", identity)) for it in DOCUMENTS.salted
    )
    forged = Manifest(leaves=tuple(DOCUMENTS.leaves), shown=shown).to_bytes()
    store.put(_store.manifests_of(ROOT), seal(forged, [identity.encryption_key]))
    found = opened(store, identity)
    assert {it.reason for it in found.files} == {"its name is none that this store gives"}


def test_files_of_other_names_in_the_store_are_passed_over(packed, tmp_path, identity):
    folder = objects(tmp_path, "manifests")[0].parent
    (folder / "readme.txt").write_text("x")
    (folder / f"{'zz' * 32}.age").write_text("x")
    assert opened(packed, identity).sound


# -- packing ----------------------------------------------------------------------------------


def test_nothing_is_stored_for_a_reader_without_a_key(store, tmp_path):
    zero = "0x" + "00" * 32
    with pytest.raises(BadEncryptionKey):
        pack(DOCUMENTS, store=store, readers=[Identity.new().encryption_key, zero])
    with pytest.raises(TypeError):
        pack(DOCUMENTS, store=store, readers=[])
    assert not (tmp_path / "sealed").exists()


def test_all_contents_have_to_be_at_hand(store, identity):
    listed = DocumentSet.from_json(DOCUMENTS.to_json(), key=KEY, files=files()[:1])
    with pytest.raises(BadDocument, match="not at hand"):
        pack(listed, store=store, readers=[identity.encryption_key])
    assert opened(store, identity).finding is Finding.MISSING


# -- grants -----------------------------------------------------------------------------------


def test_a_grant_lets_a_reader_in_without_sealing_files_again(packed, tmp_path, identity):
    before, bank = objects(tmp_path, "files"), Identity.new()
    grant(ROOT, store=packed, identity=identity, readers=[bank.encryption_key])
    assert objects(tmp_path, "files") == before
    assert opened(packed, bank).sound
    assert not opened(packed, bank).withheld


def test_a_grant_can_show_some_and_keep_the_rest(packed, identity):
    bank = Identity.new()
    shown = ["contract.pdf", "invoice.due_date"]
    grant(ROOT, store=packed, identity=identity, readers=[bank.encryption_key], only=shown)
    found = opened(packed, bank)
    assert found.labels == tuple(shown)
    assert found.withheld == len(DOCUMENTS.entries) - 2
    found.prove("invoice.due_date").verify(ROOT)
    with pytest.raises(DocumentUnknown):
        found.prove("invoice.number")


def test_grants_add_up(packed, identity):
    bank = Identity.new()
    for label in ("contract.pdf", "photo.xyz"):
        grant(ROOT, store=packed, identity=identity, readers=[bank.encryption_key], only=[label])
    assert opened(packed, bank).labels == ("contract.pdf", "photo.xyz")


def test_only_who_can_read_can_let_in(packed, identity):
    stranger = Identity.new()
    with pytest.raises(DocumentsUnreadable, match="other readers"):
        grant(ROOT, store=packed, identity=stranger, readers=[stranger.encryption_key])
    with pytest.raises(DocumentUnknown):
        grant(
            ROOT, store=packed, identity=identity, readers=[stranger.encryption_key], only=["none"]
        )


def test_who_was_shown_some_cannot_pass_on_the_rest(packed, identity):
    bank, friend = Identity.new(), Identity.new()
    key = bank.encryption_key
    grant(ROOT, store=packed, identity=identity, readers=[key], only=["contract.pdf"])
    grant(ROOT, store=packed, identity=bank, readers=[friend.encryption_key])
    assert opened(packed, friend).labels == ("contract.pdf",)


def test_threat_68_who_opens_what_is_what_was_granted(packed, identity):
    """Every reader against every document: exactly the ones that it was let in to."""
    names = sorted(FILES)
    let_in = {
        "supplier": list(FILES),
        "bank": names[:2],
        "insurer": names[1:],
        "auditor": names[:1],
        "stranger": [],
    }
    readers = {who: Identity.new() for who in let_in} | {"supplier": identity}
    for who in ("bank", "insurer", "auditor"):
        keys = [readers[who].encryption_key]
        grant(ROOT, store=packed, identity=identity, readers=keys, only=let_in[who])
    for who, reader in readers.items():
        found = {it.file.name: it.content for it in opened(packed, reader).files}
        assert found == {name: FILES[name] for name in let_in[who]}, who


# -- stores -----------------------------------------------------------------------------------


def test_a_store_that_fails_is_a_finding(packed, identity, monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise PermissionError("https://user:hunter2@example.org")

    monkeypatch.setattr(packed._files, "ls", fails)
    found = opened(packed, identity)
    assert (found.finding, found.reason) == (
        Finding.UNREADABLE,
        "the store cannot be used (PermissionError)",
    )


def test_threat_54_a_store_says_nothing_of_its_address(tmp_path):
    """Addresses may hold credentials, and the errors of plugins quote addresses."""
    password = "hunter" + "2"
    with pytest.raises(StoreRefused) as caught:
        DocumentStore(f"nonsense://user:{password}@example.org/bucket")
    assert password not in "".join(traceback.format_exception(caught.value))
    (tmp_path / password).write_text("x")
    blocked = DocumentStore(tmp_path / password)
    with pytest.raises(StoreRefused) as caught:
        blocked.put("files", b"x")
    assert password not in "".join(traceback.format_exception(caught.value)) + repr(blocked)


def test_without_the_extra_a_store_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'duebill\[documents\]'"):
        DocumentStore("sealed")


def test_threat_54_nothing_that_is_shown_of_documents_holds_a_secret(packed, identity):
    """A canary in every content, value, salt and key: no repr has it."""
    found = opened(packed, identity)
    shown = repr((DOCUMENTS, DOCUMENTS.salted, files(), found, packed, identity))
    for it in DOCUMENTS.salted:
        assert it.salt.hex() not in shown
        assert repr(it.salt) not in shown
        assert not isinstance(it.entry, Field) or it.entry.value not in shown
    for secret in ("Lieferschein 17", "%PDF", identity.secret_text(), KEY.hex()):
        assert secret not in shown
