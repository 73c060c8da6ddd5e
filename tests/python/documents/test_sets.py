"""What can be among a receivable's documents, and what identifies it."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from document_vectors import FILES, INVOICE, KEY, files, invoice_set
from hypothesis import given
from hypothesis import strategies as st

from duebill.documents import (
    DocumentFile,
    DocumentKind,
    DocumentSet,
    Field,
    File,
    WholeInvoice,
    document_salt,
    documents_root,
    invoice_fields,
    new_key,
    read_folder,
)
from duebill.documents._entries import LARGEST_FILE
from duebill.errors import BadDocument, BadKey, DocumentsDiffer, DocumentUnknown

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


def test_an_invoice_alone_has_the_root_of_before():
    """What was issued before there were sets is a set of one."""
    alone = DocumentSet([WholeInvoice(INVOICE.documents_hash)], key=KEY)
    salt = document_salt(INVOICE.documents_hash, key=KEY)
    assert alone.root == documents_root(INVOICE.documents_hash, salt=salt)


def test_the_order_makes_no_difference():
    entries = [*invoice_fields(INVOICE), WholeInvoice(INVOICE.documents_hash)]
    turned = DocumentSet(entries[::-1], key=KEY, files=files()[::-1])
    assert turned.root == invoice_set().root


@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), st.data())
def test_any_change_makes_another_root(names, data):
    fields = [Field(name, f"{place}") for place, name in enumerate(names)]
    try:
        made = DocumentSet(fields, key=KEY)
    except BadDocument:
        return
    place = data.draw(st.integers(0, len(fields) - 1))
    changed = [*fields[:place], Field(fields[place].name, "changed"), *fields[place + 1 :]]
    assert DocumentSet(changed, key=KEY).root != made.root
    assert DocumentSet(fields, key=new_key()).root != made.root


def test_fields_are_told_from_files_and_from_each_other():
    """Lengths stand before texts: no two entries share an encoding."""
    hashes = {Field("a", "bc").content_hash, Field("ab", "c").content_hash}
    assert len(hashes) == 2


def test_every_part_of_a_file_counts():
    file = files()[0].file
    changes = [
        {"kind": DocumentKind.OTHER},
        {"name": "other.pdf"},
        {"media_type": "text/plain"},
        {"size": file.size + 1},
        {"hash": "0x" + "00" * 32},
    ]
    found = {replace(file, **change).content_hash for change in changes}
    assert len(found | {file.content_hash}) == len(changes) + 1


def test_an_amount_is_written_in_one_way():
    fields = {it.name: it.value for it in invoice_fields(INVOICE)}
    assert fields["invoice.payable_amount"] == "1190.1"
    assert fields["invoice.net_amount"] == "1000"
    assert "invoice.buyer.id" not in fields


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Contract 2027.pdf", "contract"),
        ("delivery-note_17.txt", "delivery note"),
        ("payment_proof.pdf", "payment proof"),
        ("warehouse receipt.pdf", "warehouse receipt"),
        ("invoice.xml", "invoice"),
        ("photo.jpg", "other"),
    ],
)
def test_a_kind_is_what_a_name_begins_with(name, kind):
    assert DocumentFile.of(b"x", name=name).file.kind == kind


def test_a_list_of_documents_comes_back_and_recognises_its_files():
    made = invoice_set()
    again = DocumentSet.from_json(made.to_json(), key=KEY, files=files())
    assert again.root == made.root
    assert again.content_of(files()[0].file) == FILES["contract.pdf"]
    with pytest.raises(BadDocument, match="not what was listed before"):
        DocumentSet.from_json(
            made.to_json(), key=KEY, files=[DocumentFile.of(b"y", name="contract.pdf")]
        )
    with pytest.raises(BadDocument, match="none of the documents listed"):
        DocumentSet.from_json(made.to_json(), key=KEY, files=[DocumentFile.of(b"y", name="b")])
    with pytest.raises(BadDocument, match="not at hand"):
        DocumentSet.from_json(made.to_json(), key=KEY).content_of(files()[0].file)


@pytest.mark.parametrize("damage", [[{}], [1], [{"type": "file"}], [{"type": "x"}], ["a"]])
def test_a_damaged_list_is_refused(damage):
    with pytest.raises(BadDocument):
        DocumentSet.from_json(damage, key=KEY)


def test_documents_at_hand_are_compared_with_a_root():
    invoice_set().require_root(invoice_set().root)
    with pytest.raises(DocumentsDiffer):
        invoice_set().require_root("0x" + "00" * 32)


def test_a_name_stands_for_one_thing():
    with pytest.raises(BadDocument, match="two of them"):
        DocumentSet([Field("a", "1"), Field("a", "2")], key=KEY)
    with pytest.raises(BadDocument, match="at least one"):
        DocumentSet([], key=KEY)
    with pytest.raises(BadKey):
        DocumentSet([Field("a", "1")], key=b"short")
    with pytest.raises(DocumentUnknown, match=r"contract\.pdf"):
        invoice_set().prove("invoice.none")


# -- hostile files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a\\b", "..", ".", "", "a\0b", "a\nb", "x" * 256]
)
def test_threat_64_a_name_is_a_plain_name(name):
    with pytest.raises(BadDocument):
        DocumentFile.of(b"x", name=name)


def test_threat_64_links_pipes_and_folders_are_not_read(tmp_path):
    """A link in a folder of documents could lead to a file that nobody meant to seal."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "contract.pdf").symlink_to(secret)
    with pytest.raises(BadDocument, match="cannot be read"):
        read_folder(folder)
    (folder / "contract.pdf").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(BadDocument, match="no plain file"):
        read_folder(folder)
    (folder / "pipe").unlink()
    (folder / "inner").mkdir()
    with pytest.raises(BadDocument):
        read_folder(folder)
    with pytest.raises(BadDocument):
        DocumentFile.read(tmp_path / "no\0where")
    with pytest.raises(BadDocument, match="folder cannot be read"):
        read_folder(tmp_path / "nowhere")


def test_what_begins_with_a_dot_is_left_out(tmp_path):
    (tmp_path / ".DS_Store").write_text("x")
    (tmp_path / "contract.pdf").write_text("x")
    assert [it.file.name for it in read_folder(tmp_path)] == ["contract.pdf"]


def test_threat_65_sizes_and_numbers_are_limited(tmp_path):
    with pytest.raises(BadDocument, match="64 MiB"):
        DocumentFile.of(b"", name="empty")
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(BadDocument, match="64 MiB"):
        DocumentFile.read(huge)
    with pytest.raises(BadDocument, match="more than 4,096 bytes"):
        Field("a", "x" * 5000)
    with pytest.raises(BadDocument, match="1,000 at most"):
        DocumentSet([Field(f"{n}", "x") for n in range(1001)], key=KEY)
    large = [
        File(
            kind=DocumentKind.OTHER,
            name=f"{n}",
            media_type="text/plain",
            size=LARGEST_FILE,
            hash="0x" + "00" * 32,
        )
        for n in range(5)
    ]
    with pytest.raises(BadDocument, match="256 MiB"):
        DocumentSet(large, key=KEY)
