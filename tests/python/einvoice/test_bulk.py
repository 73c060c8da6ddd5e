"""Many files at once: every kind, by what is inside."""

from __future__ import annotations

import codecs
import shutil

import pdf_maker
import pytest
from vat_maker import row, sheet

from duebill import samples
from duebill.einvoice import Imported, Refused, find_files, import_invoices
from duebill.errors import (
    BrokenList,
    NotAnInvoice,
    NothingToPay,
    RepeatedInvoice,
    UnreadableInvoice,
)


@pytest.fixture
def folder(tmp_path):
    """Some of everything, in folders."""
    for name in samples.names():
        (tmp_path / f"{name}.xml").write_bytes(samples.read(name))
    deep = tmp_path / "deep" / "er"
    deep.mkdir(parents=True)
    (deep / "list.CSV").write_bytes(sheet(row(), row(gross="0", net="0", tax="0"), row(number="2")))
    (deep / "invoice.pdf").write_bytes(
        pdf_maker.pdf(("factur-x.xml", samples.read("castings-eur-cii")))
    )
    (deep / "readme.txt").write_text("not read")
    (deep / ".hidden.xml").write_text("not read")
    return tmp_path


def test_a_folder_is_read_through(folder):
    """Each invoice once, in an order that is always the same; what is no invoice is left aside."""
    found = list(import_invoices([folder]))
    assert [type(each).__name__ for each in found] == ["Imported"] * 5 + [
        "Refused",
        "Imported",
        "Refused",
        "Imported",
    ]
    repeated, empty = (each for each in found if isinstance(each, Refused))
    assert isinstance(repeated.error, RepeatedInvoice)
    assert repeated.source.endswith("invoice.pdf")
    assert repeated.error.first.endswith("castings-eur-cii.xml")
    assert isinstance(empty.error, NothingToPay)
    assert (empty.row, found[-1].row) == (3, 4)
    kept = [each for each in found if isinstance(each, Imported)]
    assert kept == [each for each in import_invoices([folder]) if isinstance(each, Imported)]


def test_a_link_to_a_folder_is_not_followed(folder):
    """Nor does a circle of links hold the reading up."""
    (folder / "again").symlink_to(folder, target_is_directory=True)
    assert len(find_files([folder])) == len(samples.names()) + 2


def test_the_content_decides_and_not_the_name(tmp_path):
    """A list called .xml is a list, an invoice called .csv an invoice."""
    for name, data in (
        ("1.xml", sheet(row())),
        ("2.csv", samples.read("castings-eur-cii")),
        ("3.csv", codecs.BOM_UTF8 + samples.read("machining-cny-cii")),
        (
            "4.csv",
            samples.read("machining-cny-cii").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        ),
    ):
        (tmp_path / name).write_bytes(data)
    first, second, third, fourth = import_invoices([tmp_path])
    assert (first.row, first.invoice.syntax) == (2, "VAT list")
    assert (second.row, second.invoice.syntax) == (None, "CII")
    assert third.invoice.syntax == "CII"
    assert isinstance(fourth.error, RepeatedInvoice)


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    """It is refused as a whole, and what was read of it stays read."""
    (tmp_path / "1.csv").write_bytes(b"a,b\n")
    (tmp_path / "2.csv").write_bytes(sheet(row(), row(buyer='"')))
    (tmp_path / "3.csv").write_bytes(sheet(row(number="3")))
    none = tmp_path / "none.csv"
    found = list(import_invoices([tmp_path, none]))
    assert [type(each.error) for each in found if isinstance(each, Refused)] == [
        NotAnInvoice,
        BrokenList,
        UnreadableInvoice,
    ]
    assert [each.invoice.number for each in found if isinstance(each, Imported)] == ["3390939", "3"]


def test_progress_goes_up_to_the_size_of_all_files(folder):
    """The bar ends where it should."""
    steps = []
    shutil.copy(folder / "deep" / "er" / "list.CSV", folder / "copy.csv")
    list(import_invoices([folder], on_progress=steps.append))
    assert steps == sorted(steps)
    assert steps[-1] == sum(path.stat().st_size for path in find_files([folder]))
