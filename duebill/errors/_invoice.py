"""What can be wrong with an electronic invoice."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError, quoted

_ASK_SELLER = "Ask the seller for a corrected EN 16931 invoice."
_NOT_OPENED = "Do not use this file; ask the seller for a plain EN 16931 invoice."


class InvoiceError(DuebillError):
    """An invoice was refused."""


class UnreadableInvoice(InvoiceError):
    """The file is missing, is no regular file, or cannot be read.

    Attributes:
        path: The path as given.
        reason: What stood in the way.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"Cannot read {quoted(path)}: {reason}.",
            hint="Give the path of an invoice's file.",
        )


class NotAnInvoice(InvoiceError):
    """The content is something else than an invoice in UBL or CII.

    Attributes:
        found: What it is instead, in words.
    """

    def __init__(
        self, found: str, *, hint: str = "Give an EN 16931 invoice in UBL 2.1 or UN/CEFACT CII."
    ) -> None:
        self.found = found
        super().__init__(f"This is not an invoice: {found}.", hint=hint)


class RulesNotRun(InvoiceError):
    """The rules of EN 16931 came to no result for this document.

    Attributes:
        reason: The library's words.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The rules of EN 16931 could not be checked: {quoted(reason)}.",
            hint="Check the document with the validator of its format, and report this.",
        )


class EncryptedPdf(InvoiceError):
    """A PDF whose content only the holder of a password, or a reader's goodwill, can see."""

    def __init__(self) -> None:
        super().__init__("The PDF is encrypted.", hint="Ask the seller for it without encryption.")


class RepeatedInvoice(InvoiceError):
    """The same invoice was met before.

    Attributes:
        number: The invoice's number.
        first: Where it was met first.
    """

    def __init__(self, number: str, *, first: str) -> None:
        self.number = number
        self.first = first
        super().__init__(
            f"Invoice {quoted(number)} stands here again: it was met before, in {first}.",
            hint="Nothing is lost if both say the same; else ask the seller which one counts.",
        )


class HostileInvoice(InvoiceError):
    """The document carries something that no honest invoice needs and that attacks its readers."""


class ForbiddenXml(HostileInvoice):
    """A document type, an entity declaration or an inclusion.

    Attributes:
        construct: The construct that was met.
    """

    def __init__(self, construct: str) -> None:
        self.construct = construct
        super().__init__(
            f"The XML contains {construct}, which invoices must not.", hint=_NOT_OPENED
        )


class InvoiceTooLarge(HostileInvoice):
    """A limit on size, depth or number was passed.

    Attributes:
        what: What was counted.
        limit: The most that is read.
    """

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(
            f"The invoice has more {what} than the {limit:,} that are read.",
            hint="Ask the seller for the invoice without large attachments.",
        )


class MalformedInvoice(InvoiceError):
    """The invoice breaks the rules of XML or of EN 16931."""


class NotWellFormed(MalformedInvoice):
    """The XML cannot be parsed.

    Attributes:
        reason: The parser's words.
        line: Where, counted from 1.
        column: Where, counted from 1.
    """

    def __init__(self, reason: str, *, line: int, column: int) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        super().__init__(
            f"The XML is broken at line {line}, column {column}: {reason}.",
            hint="Fetch the file again; if it stays broken, ask the seller for a new one.",
        )


class BadEncoding(MalformedInvoice):
    """The characters cannot be read, or the file contradicts itself about how to read them.

    Attributes:
        reason: What is wrong.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The character encoding is refused: {reason}.", hint="Save the file as UTF-8."
        )


class BrokenPdf(MalformedInvoice):
    """The PDF cannot be read as far as its attached invoice.

    Attributes:
        reason: The library's words.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The PDF is broken: {quoted(reason)}.",
            hint="Fetch the file again; if it stays broken, ask the seller for a new one.",
        )


class BrokenList(MalformedInvoice):
    """A list of invoices cannot be taken apart from some row on.

    Attributes:
        row: The row, counted from 1 as a spreadsheet counts.
        reason: What is wrong.
    """

    def __init__(self, row: int, reason: str) -> None:
        self.row = row
        self.reason = reason
        super().__init__(
            f"The list is broken at row {row}: {reason}. Nothing after it was read.",
            hint="Save the list as CSV again, and look at the quotation marks of that row.",
        )


class BadRow(MalformedInvoice):
    """A row of a list that does not fit under its heads.

    Attributes:
        cells: How many cells it has.
        expected: How many the heads have.
    """

    def __init__(self, cells: int, *, expected: int) -> None:
        self.cells = cells
        self.expected = expected
        super().__init__(
            f"The row has {cells} cells under {expected} heads.",
            hint="A cell with a comma in it has to stand in quotation marks.",
        )


class MissingField(MalformedInvoice):
    """A field that every invoice needs is absent or empty.

    Attributes:
        field: The field's name and EN 16931 business term.
    """

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"The invoice has no {field}.", hint=_ASK_SELLER)


class RepeatedField(MalformedInvoice):
    """A field that may stand once stands more often, so that readers could differ.

    Attributes:
        field: The field's name and EN 16931 business term.
        element: The element that is repeated.
        count: How often it stands.
    """

    def __init__(self, field: str, *, element: str, count: int) -> None:
        self.field = field
        self.element = element
        self.count = count
        super().__init__(
            f"The invoice has {count} {element} elements where one {field} is allowed.",
            hint=_ASK_SELLER,
        )


class MixedContent(MalformedInvoice):
    """An element holds other elements where the standard has text.

    Attributes:
        element: The element's name.
    """

    def __init__(self, element: str) -> None:
        self.element = element
        super().__init__(
            f"The element {quoted(element)} contains elements where text is expected.",
            hint=_ASK_SELLER,
        )


class BadField(MalformedInvoice):
    """A field's value is not written as the standard asks.

    Attributes:
        field: The field's name and EN 16931 business term.
        value: The text that was found.
        reason: What is wrong with it.
    """

    def __init__(self, field: str, value: str, reason: str) -> None:
        self.field = field
        self.value = value
        self.reason = reason
        super().__init__(f"The {field} {quoted(value)} is refused: {reason}.", hint=_ASK_SELLER)


class BadAmount(BadField):
    """An amount that is not an exact decimal within the ledger's range."""


class BadDate(BadField):
    """A date that is not in the calendar or not in the standard's format."""


class BadCurrency(BadField):
    """A currency that is no ISO 4217 code, or that contradicts the invoice's currency."""


class NotPayable(InvoiceError):
    """A sound document that obliges nobody to pay, so that no receivable can rest on it."""


class CreditNote(NotPayable):
    """A credit note: the seller owes.

    Attributes:
        number: The credit note's number, or None when it has none.
        type_code: Its UNTDID 1001 code, or None when it has none.
    """

    def __init__(self, *, number: str | None, type_code: str | None) -> None:
        self.number = number
        self.type_code = type_code
        name = f" {quoted(number)}" if number else ""
        code = f" (type code {quoted(type_code)})" if type_code else ""
        super().__init__(
            f"Document{name} is a credit note{code}, under which the seller owes.",
            hint="Give the invoice that it corrects.",
        )


class ProFormaInvoice(NotPayable):
    """A pro forma invoice: nothing is owed yet.

    Attributes:
        number: The document's number.
    """

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            f"Document {quoted(number)} is a pro forma invoice (type code 325): nothing is owed.",
            hint="Give the final invoice.",
        )


class VoidInvoice(NotPayable):
    """An invoice that its list calls void or reversed: no amount of it can be relied on.

    Attributes:
        number: The invoice's number.
        status: What the list says, such as 作废发票.
    """

    def __init__(self, number: str, *, status: str) -> None:
        self.number = number
        self.status = status
        super().__init__(
            f"Invoice {quoted(number)} is marked {quoted(status)}: nothing is owed on it.",
            hint="Give the invoice that replaced it.",
        )


class NothingToPay(NotPayable):
    """The amount due for payment is zero or negative.

    Attributes:
        amount: The amount, as written.
        currency: Its currency.
    """

    def __init__(self, amount: str, currency: str) -> None:
        self.amount = amount
        self.currency = currency
        super().__init__(
            f"The amount due for payment (BT-115) is {amount} {currency}: nothing is left to pay.",
            hint="Give an invoice with a positive amount due.",
        )
