"""PDFs made to measure, small and with whatever attached."""

from __future__ import annotations

import io

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
