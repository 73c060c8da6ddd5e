"""The invoice inside a PDF: Factur-X, ZUGFeRD 2 and XRechnung attach it to a PDF/A-3.

pypdf reads the PDF. Only the objects on the way to the attached invoice are looked at: no page, no
script and no other attachment is opened, and nothing is unpacked beyond the limit.
"""

from __future__ import annotations

import io
import logging
import zlib
from typing import TYPE_CHECKING, Any

from duebill.errors import (
    BrokenPdf,
    DuebillError,
    EncryptedPdf,
    ExtraMissing,
    InvoiceTooLarge,
    NotAnInvoice,
    RepeatedField,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader

# The names of Factur-X, of ZUGFeRD 1 and 2 and of XRechnung, best first, compared without capitals.
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")

_MAX_DEPTH = 16
_MAX_NODES = 100
# What pypdf unpacks on the way are tables and small objects, and it keeps them all.
_MAX_UNPACKED = 1024 * 1024
_MAX_REPAIR = 100_000  # bytes of a damaged stream; pypdf repairs them one by one

_NO_INVOICE = f"it is a PDF without an attached {', '.join(NAMES[:-1])} or {NAMES[-1]}"


def attached_xml(data: bytes, *, max_bytes: int) -> bytes:
    """The XML of the one invoice that is attached to a PDF.

    Raises:
        ExtraMissing: pypdf is not installed.
        EncryptedPdf: The PDF is encrypted, whether or not it opens without a password.
        BrokenPdf: The PDF cannot be read.
        InvoiceTooLarge: The attached file unpacks to more than `max_bytes`, a part on the way to it
            to more than 1 MiB, or there are more than 100 attached files.
        NotAnInvoice: Nothing is attached under a name of `NAMES`.
        RepeatedField: Several are under the best of these names, and they are not the same.
    """
    try:
        from pypdf import apply_configuration, errors  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ExtraMissing("pdf", "read the invoice inside a PDF") from error
    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # it tells what it mends
    try:
        with apply_configuration(**_limits(max_bytes)):
            return _the_one(_candidates(data, max_bytes=max_bytes))
    except DuebillError:
        raise
    except errors.LimitReachedError as error:
        raise InvoiceTooLarge("bytes in a part of the PDF", _MAX_UNPACKED) from error
    except (errors.DependencyError, errors.FileNotDecryptedError) as error:
        raise EncryptedPdf from error
    except Exception as error:  # pypdf: "broken PDF files might cause other Exceptions"
        raise BrokenPdf(str(error) or type(error).__name__) from error


def _limits(max_bytes: int) -> dict[str, Any]:
    return {
        "maximum_declared_stream_length": max_bytes,
        "array_based_stream_maximum_output_length": _MAX_UNPACKED,
        "lzw_maximum_output_length": _MAX_UNPACKED,
        "run_length_maximum_output_length": _MAX_UNPACKED,
        "zlib_maximum_output_length": _MAX_UNPACKED,
        "zlib_maximum_recovery_input_length": _MAX_REPAIR,
        "stream_decoding_work_maximum_length": 2 * _MAX_UNPACKED,
    }


def _the_one(found: dict[str, set[bytes]]) -> bytes:
    """The content under the best name that is there."""
    name = next((name for name in NAMES if name in found), None)
    if name is None:
        raise NotAnInvoice(_NO_INVOICE)
    contents = found[name]
    if len(contents) > 1:
        raise RepeatedField("attached invoice", element=name, count=len(contents))
    return contents.pop()


def _candidates(data: bytes, *, max_bytes: int) -> dict[str, set[bytes]]:
    """The contents that stand under each name; only these are unpacked."""
    from pypdf import PdfReader  # noqa: PLC0415 - as above

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise EncryptedPdf
    found: dict[str, set[bytes]] = {}
    for specification in _specifications(reader):
        names = {str(specification.get(key)).casefold() for key in ("/UF", "/F")}
        for name in names.intersection(NAMES):
            streams = _resolved(specification["/EF"])
            contents = {_unpacked(_resolved(it), max_bytes) for it in streams.values()}
            found.setdefault(name, set()).update(contents)
    return found


def _unpacked(stream: Any, max_bytes: int) -> bytes:
    """The content of an attached file, exactly: pypdf would mend a damaged one by guessing."""
    from pypdf.generic import ArrayObject, NameObject  # noqa: PLC0415 - an optional extra

    stated = stream.get("/Filter", ArrayObject())
    filters = _resolved(stated)
    names = (filters,) if isinstance(filters, str) else tuple(map(_resolved, filters))
    stream[NameObject("/Filter")] = ArrayObject()
    packed: bytes = stream.get_data()
    stream[NameObject("/Filter")] = stated  # for whoever comes here by another way
    if not names:
        return packed
    if names not in {("/FlateDecode",), ("/Fl",)} or stream.get("/DecodeParms"):
        raise BrokenPdf(f"the attached file is packed by {' and '.join(names)}, not by FlateDecode")
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, max_bytes + 1)
    if len(content) > max_bytes:
        raise InvoiceTooLarge("bytes unpacked from the PDF", max_bytes)
    if not unpacker.eof or unpacker.unused_data.strip():
        raise BrokenPdf("the attached file is cut off or has something behind its end")
    return content


def _specifications(reader: PdfReader) -> Iterator[Any]:
    """The files of the document: those in its tree of names, then those associated with it."""
    catalog = reader.root_object
    tree = _resolved(_resolved(catalog.get("/Names", {})).get("/EmbeddedFiles", {}))
    budget = iter(range(_MAX_NODES))
    yield from _leaves(tree, depth=1, budget=budget)
    for each in _resolved(catalog.get("/AF", ())):
        _spend(budget)
        yield _resolved(each)


def _leaves(node: Any, *, depth: int, budget: Iterator[int]) -> Iterator[Any]:
    if depth > _MAX_DEPTH:
        raise InvoiceTooLarge("levels of names in the PDF", _MAX_DEPTH)
    for leaf in _resolved(node.get("/Names", ()))[1::2]:  # a name before each
        _spend(budget)
        yield _resolved(leaf)
    for kid in _resolved(node.get("/Kids", ())):
        _spend(budget)
        yield from _leaves(_resolved(kid), depth=depth + 1, budget=budget)


def _spend(budget: Iterator[int]) -> None:
    if next(budget, None) is None:
        raise InvoiceTooLarge("attached files in the PDF", _MAX_NODES)


def _resolved(item: Any) -> Any:
    """What a reference leads to; anything else is itself."""
    return item.get_object() if hasattr(item, "get_object") else item
