"""PDFs made to measure, small and with whatever attached."""

from __future__ import annotations

import io
import struct
import zlib

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)


def pdf(*attached: tuple[str, bytes], password: str | None = None) -> bytes:
    """A one-page PDF with files attached, each compressed, in the tree of names and in /AF."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    names = ArrayObject()
    for name, content in attached:
        file = specification(name, content)
        stream = writer._add_object(file["/EF"]["/F"])
        file["/EF"].update({NameObject("/F"): stream, NameObject("/UF"): stream})
        names.extend((TextStringObject(name), writer._add_object(file)))
    writer.root_object[NameObject("/AF")] = ArrayObject(names[1::2])
    put_tree(writer, DictionaryObject({NameObject("/Names"): names}))
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    return written(writer)


def specification(name: str, content: bytes) -> DictionaryObject:
    """A file specification with its stream inside."""
    stream = DecodedStreamObject()
    stream.set_data(content)
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Filespec"),
            NameObject("/F"): TextStringObject(name),
            NameObject("/UF"): TextStringObject(name),
            NameObject("/EF"): DictionaryObject({NameObject("/F"): stream.flate_encode()}),
        }
    )


def put_tree(writer: PdfWriter, tree: DictionaryObject) -> None:
    """Make `tree` the tree of names of the attached files."""
    writer.root_object[NameObject("/Names")] = DictionaryObject(
        {NameObject("/EmbeddedFiles"): tree}
    )


def written(writer: PdfWriter) -> bytes:
    """The bytes of the PDF."""
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def packed(*attached: tuple[str, bytes], padding: int) -> bytes:
    """A PDF whose file specifications are each in an object stream that unpacks to `padding` more.

    Written by hand, with a cross-reference stream, for no writer makes such a thing.
    """
    count = len(attached)
    holders, files = range(2, 2 + count), range(2 + count, 2 + 2 * count)
    contents = range(2 + 2 * count, 2 + 3 * count)
    references = " ".join(f"{file} 0 R" for file in files)
    parts = {1: f"<</Type/Catalog/AF[{references}]>>".encode()}
    for holder, file, number, (name, content) in zip(
        holders, files, contents, attached, strict=True
    ):
        inside = f"<</Type/Filespec/F({name})/EF<</F {number} 0 R>>>>".encode()
        lead = f"{file} 0 ".encode()
        body = zlib.compress(lead + inside + b" " * padding)
        heads = f"/Type/ObjStm/N 1/First {len(lead)}/Filter/FlateDecode"
        parts[holder] = _stream(heads, body)
        parts[number] = _stream("", content)
    return _with_table(parts, dict(zip(files, holders, strict=True)))


def _stream(heads: str, body: bytes) -> bytes:
    return f"<<{heads}/Length {len(body)}>>stream\n".encode() + body + b"\nendstream"


def _with_table(parts: dict[int, bytes], inside: dict[int, int]) -> bytes:
    table = 1 + max(*parts, *inside)
    made, places = bytearray(b"%PDF-1.7\n"), {}
    for number, part in parts.items():
        places[number] = len(made)
        made += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    places[table] = len(made)
    rows = b"".join(
        struct.pack(">BIH", 2, inside[number], 0)
        if number in inside
        else struct.pack(">BIH", number in places, places.get(number, 0), 0)
        for number in range(table + 1)
    )
    heads = f"/Type/XRef/W[1 4 2]/Root 1 0 R/Size {table + 1}"
    made += f"{table} 0 obj\n".encode() + _stream(heads, rows) + b"\nendobj\n"
    return bytes(made) + f"startxref\n{places[table]}\n%%EOF\n".encode()
