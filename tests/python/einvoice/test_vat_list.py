"""Lists of Chinese VAT invoices: what is read, what is refused and why, and lists that attack."""

from __future__ import annotations

import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st
from vat_maker import HEADS, row, sheet

from duebill.einvoice import Refused, read_vat_list, safe_cell
from duebill.errors import (
    BadAmount,
    BadDate,
    BadEncoding,
    BadField,
    BadRow,
    BrokenList,
    CreditNote,
    InvoiceTooLarge,
    MissingField,
    NotAnInvoice,
    NothingToPay,
    RepeatedField,
    RepeatedInvoice,
    UnreadableInvoice,
    VoidInvoice,
)
from duebill.model import InvoiceKind, InvoiceParty, InvoiceReference

# What the tax bureau's platform exports, with what spreadsheets do to it.
PLATFORM = (
    "序号,发票代码,发票号码,数电票号码,销方识别号,销方名称,购方识别号,购买方名称,开票日期,"
    "金额(元),税额(元),价税合计(元),发票状态,备注"
)


def one(*rows, **options):
    (read,) = read_vat_list(sheet(*rows, **options))
    return read


def refusal(*rows, **options):
    read = one(*rows, **options)
    assert isinstance(read, Refused), read
    return read


def platform(**cells):
    found = {
        "code": "031001900111",
        "number": "00084768",
        "digital": "",
        "seller_id": "91310115MA8QW2L76X",
        "seller": "曙光汽车（中国）有限公司",  # noqa: RUF001 - as Chinese is written
        "buyer_id": "91320594MA7KX5T926",
        "buyer": "苏州明湖精密机械有限公司",
        "day": "2026-07-18 10:22:33",
        "net": "100",
        "tax": "13",
        "gross": "113.00",
        "status": "正常",
        "remark": "",
        **cells,
    }
    return f"1,{','.join(found.values())}"


def test_a_row_of_sales_is_an_invoice():
    """Each cell has its place; the firm whose list it is, is the seller."""
    read = one(row())
    assert (read.kind, read.number, read.code) == (InvoiceKind.INVOICE, "3390939", None)
    assert (read.issue_date, read.due_date) == (date(2026, 7, 18), None)
    amounts = (read.payable_amount, read.net_amount, read.tax_amount, read.currency)
    assert amounts == (Decimal(1000), Decimal("943.4"), Decimal("56.6"), "CNY")
    assert (read.seller, read.buyer) == (InvoiceParty("E7", "E7"), InvoiceParty("B03711", "B03711"))
    assert read.syntax == "VAT list"
    assert read.payable_units == 1_000_000_000


def test_a_row_of_purchases_turns_the_parties_around():
    """The list's head says who the counterparty is."""
    read = one(row(), heads=HEADS.replace("购方", "销方"))
    assert (read.seller.id, read.buyer.id) == ("B03711", "E7")


def test_a_row_of_the_platform_names_both_parties():
    """Names, identifiers and the invoice code; units in the heads do not matter."""
    read = one(platform(), heads=PLATFORM)
    assert (read.code, read.number) == ("031001900111", "00084768")
    assert read.seller.id == "91310115MA8QW2L76X"
    assert read.buyer == InvoiceParty("苏州明湖精密机械有限公司", "91320594MA7KX5T926")


def test_a_digital_invoice_has_twenty_digits():
    """数电票 have no code; their number stands in a column of its own."""
    number = "24312000000000000017"
    read = one(platform(code="", number="", digital=number), heads=PLATFORM)
    assert (read.number, read.code) == (number, None)
    heads = PLATFORM.replace("发票号码,", "", 1)
    rest = platform(digital=number).replace("00084768,", "", 1)
    assert one(rest, heads=heads).number == number


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators(encoding, separator):
    """Spreadsheets write them all; the invoice and its hash are the same."""
    lines = [line.replace(",", separator) for line in (HEADS, row())]
    assert one(lines[1], heads=lines[0], encoding=encoding) == one(row())


@pytest.mark.parametrize(
    "day",
    [
        *("2026/7/18", "2026/07/18", "2026-07-18", "2026-7-18", "2026.7.18", "2026年7月18日"),
        *("20260718", "46221", "46221.0", "46221.4326", "2026/7/18 0:00", "2026-07-18 10:22:33"),
        *("2026-07-18T10:22:33", " 2026/7/18 ", "2026/7/18\t", "'2026/7/18", "２０２６/7/18"),  # noqa: RUF001 - full width
    ],
)
def test_days_as_spreadsheets_write_them(day):
    """Also as the number of days since 1899-12-30, which is how a spreadsheet counts."""
    if day.startswith("２"):  # noqa: RUF001 - digits of another width are no digits
        assert isinstance(refusal(row(day=day)).error, BadDate)
    else:
        assert one(row(day=day)).issue_date == date(2026, 7, 18)


@pytest.mark.parametrize(
    "day", ["2026/2/30", "2026/13/1", "18/7/2026", "7/18", "0", "4.6E4", "2026-07/18", "226/7/18"]
)
def test_what_is_no_day_is_refused(day):
    """Nothing is guessed."""
    assert isinstance(refusal(row(day=day)).error, BadDate)


@pytest.mark.parametrize(
    "status",
    ["作废发票", " 作废发票", "作废发票 ", "\u3000作废发票\u00a0", "已作废", "已红冲-部分"],
)
def test_a_void_row_is_refused_whatever_stands_around_the_word(status):
    """Stray spaces make no void invoice good."""
    found = refusal(row(status=status))
    assert isinstance(found.error, VoidInvoice)
    assert (found.row, found.error.number, found.error.status) == (2, "3390939", status.strip())


@pytest.mark.parametrize("status", ["有效发票", " 有效发票", "正常"])
def test_a_good_row_may_have_stray_spaces(status):
    assert one(row(status=status)).number == "3390939"


@pytest.mark.parametrize(("status", "error"), [("异常", BadField), ("", MissingField)])
def test_an_unknown_status_is_no_good_one(status, error):
    """What the list does not call good is not taken for it."""
    assert isinstance(refusal(row(status=status)).error, error)


def test_a_red_letter_row_takes_back():
    """Negative in the list, positive here, and never a claim."""
    read = one(row(net="-943.4", tax="-56.6", gross="-1000.0"))
    assert (read.kind, read.type_code) == (InvoiceKind.RED_LETTER, "381")
    amounts = (read.payable_amount, read.net_amount, read.tax_amount)
    assert amounts == (Decimal(1000), Decimal("943.4"), Decimal("56.6"))
    assert read.corrects == ()
    with pytest.raises(CreditNote):
        read.payable_units  # noqa: B018 - the look-up is the test


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("对应正数发票代码:3100194130号码:00084768", ("00084768", "3100194130")),
        ("销项负数 对应正数发票代码：031001900111 号码：00084768。", ("00084768", "031001900111")),  # noqa: RUF001
        ("被红冲蓝字数电票号码：24312000000000000017", ("24312000000000000017", None)),  # noqa: RUF001
    ],
)
def test_a_red_letter_row_names_its_invoice_in_the_remark(remark, expected):
    """In the words that the tax bureau prescribes, in either width."""
    read = one(platform(net="-100", tax="-13", gross="-113", remark=remark), heads=PLATFORM)
    number, code = expected
    assert read.corrects == (InvoiceReference(number, code=code),)


def test_a_red_letter_row_names_its_invoice_in_columns():
    heads = PLATFORM.replace("备注", "原发票号码")
    read = one(platform(net="-100", tax="-13", gross="-113", remark="84768"), heads=heads)
    assert read.corrects == (InvoiceReference("84768"),)


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"gross": "0.0", "net": "0", "tax": "0"}, NothingToPay),
        ({"gross": "1000.01"}, BadAmount),
        ({"gross": "-1000.0"}, BadAmount),
        ({"gross": "1e3"}, BadAmount),
        ({"gross": "NaN"}, BadAmount),
        ({"gross": '"1,000.0"'}, BadAmount),
        ({"gross": "１０００"}, BadAmount),  # noqa: RUF001 - full width
        ({"gross": "1000.0000001"}, BadAmount),
        ({"gross": "9" * 20, "net": "", "tax": ""}, BadAmount),
        ({"gross": ""}, MissingField),
        ({"number": ""}, MissingField),
        ({"number": "4.41E+19"}, BadField),
        ({"number": "12A4"}, BadField),
        ({"day": ""}, MissingField),
        ({"buyer": ""}, MissingField),
        ({"status": "有效发票,1"}, BadRow),
        ({"buyer": "B" * 1_001}, InvoiceTooLarge),
    ],
)
def test_threat_56_a_row_that_is_written_wrongly_is_refused(cells, error):
    """Exact decimals only; each refusal has its row, its cells and its reason."""
    sound = row(number="3390940")
    found, other = read_vat_list(sheet(row(**cells), sound))
    assert isinstance(found, Refused)
    assert type(found.error) is error
    assert found.row == 2
    assert found.cells[1] == "E7"
    assert other.number == "3390940"


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    """Titles, blank rows and cells of several lines included."""
    data = sheet("发票明细", "", HEADS, "", row(buyer='"A\r\nB"'), row(gross="x"), heads="标题")
    named, found = read_vat_list(data)
    assert named.buyer.name == "A B"
    assert found.row == 7


def test_the_same_invoice_twice_is_refused_the_second_time():
    """It says where it stood first."""
    _, _, found = read_vat_list(sheet(row(), row(number="1"), row(number="03390939")))
    assert isinstance(found.error, RepeatedInvoice)
    assert (found.row, found.error.first) == (4, "row 2")


@pytest.mark.parametrize(
    "other",
    [
        {"buyer": "B1"},
        {"day": "2026/7/19"},
        {"gross": "1000.01", "net": "943.41"},
        {"gross": "-1000", "net": "-943.4", "tax": "-56.6"},
    ],
)
def test_a_number_repeats_where_the_code_is_left_out(other):
    """Paper invoices have eight digits under each code: another day or amount is another one."""
    assert all(not isinstance(each, Refused) for each in read_vat_list(sheet(row(), row(**other))))


def test_code_and_number_name_one_invoice():
    """With the code, other data are a contradiction and no other invoice."""
    rows = (platform(), platform(code="031001900112"), platform(gross="114", tax="14"))
    first, second, found = read_vat_list(sheet(*rows, heads=PLATFORM))
    assert first.code != second.code
    assert isinstance(found.error, RepeatedInvoice)


@pytest.mark.parametrize("number", ['="00084768"', "'00084768", "00084768\t", "\t00084768"])
def test_numbers_that_a_list_protects_from_spreadsheets(number):
    """The digits are taken, nothing is calculated."""
    cell = number if number[0] != "=" else '"=""00084768"""'
    assert one(row(number=cell)).number == "00084768"


def test_the_hash_is_of_what_the_row_says():
    """How it is written changes nothing, what it says changes everything."""
    plain = one(row())
    same = one(row(day="46221", gross="1000", net="943.40", status=" 有效发票"))
    assert same.documents_hash == plain.documents_hash
    cells = {"number": "3390938", "day": "2026/7/19", "buyer": "B03712", "gross": "1001"}
    hashes = {one(row(net="", tax="", **{k: v})).documents_hash for k, v in cells.items()}
    assert len(hashes | {plain.documents_hash}) == 5


def test_the_hash_is_what_the_specification_says():
    """docs/invoices.md, followed by hand."""

    def form(*fields):
        tokens = (f"{len(field.encode())}:{field}" for field in ("duebill-vat-1", *fields))
        return "0x" + keccak("".join(tokens).encode()).hex()

    parties = ("E7", "E7", "B03711", "B03711")
    expected = form(
        *("invoice", "", "3390939", "2026-07-18", "CNY", *parties, "943.4", "56.6", "1000")
    )
    assert one(row()).documents_hash == expected
    red = one(
        platform(net="-100", tax="-13.00", gross="-113.00", remark="84768"),
        heads=PLATFORM.replace("备注", "原发票号码"),
    )
    parties = ("曙光汽车（中国）有限公司", "91310115MA8QW2L76X")  # noqa: RUF001 - as Chinese is written
    parties += ("苏州明湖精密机械有限公司", "91320594MA7KX5T926")
    assert red.documents_hash == form(
        *("red_letter", "031001900111", "00084768", "2026-07-18", "CNY", *parties),
        *("100", "13", "113", "", "84768"),
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotAnInvoice),
        (b"a,b\n1,2\n", NotAnInvoice),
        (sheet(row(), heads=HEADS.replace("价税合计", "x")), MissingField),
        (sheet(row(), heads=HEADS.replace("开票日期", "x")), MissingField),
        (sheet(row(), heads=HEADS.replace("税额", "金额")), RepeatedField),
        (sheet(row()) + b"\x81", BadEncoding),
        (sheet(row()) + b"\x00", BadEncoding),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(data, error):
    with pytest.raises(error):
        list(read_vat_list(data))


def test_no_such_file():
    with pytest.raises(UnreadableInvoice):
        list(read_vat_list("none.csv"))


@pytest.mark.parametrize("broken", ['"open', '"shut"open'])
def test_a_quotation_mark_out_of_place_ends_the_list(broken):
    """No row after it is swallowed in silence; those before it are read."""
    rows = read_vat_list(sheet(row(), row(number="2", buyer=broken), row(number="3")))
    assert next(rows).number == "3390939"
    with pytest.raises(BrokenList, match="row 3"):
        next(rows)


def test_threat_65_lists_that_go_on_and_on_are_refused():
    """A limit for the file, a line and a row, each in bounded memory."""
    with pytest.raises(InvoiceTooLarge, match="bytes"):
        list(read_vat_list(sheet(row()), max_bytes=100))
    with pytest.raises(BrokenList, match="100 lines"):
        list(read_vat_list(sheet(row(buyer='"' + "\n" * 200 + '"'))))
    endless = sheet("x" * 30_000_000)
    tracemalloc.start()
    with pytest.raises(InvoiceTooLarge, match="one line"):
        list(read_vat_list(endless))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t=", " =", "\r=", "＝", "＠"])  # noqa: RUF001
def test_threat_66_a_formula_is_data_and_leaves_as_text(lead):
    """It is never calculated, and never written raw into another spreadsheet."""
    text = f'{lead}cmd|"/c calc"!A1'
    assert safe_cell(text) == f"'{text}"
    quoted = '"' + text.replace('"', '""') + '"'
    assert one(row(buyer=quoted)).buyer.name.endswith('cmd|"/c calc"!A1')


def test_threat_66_a_formula_is_no_amount_and_no_number():
    for cells in ({"gross": "=1000"}, {"number": "=1+1"}, {"day": "=46221"}, {"net": "+943.4"}):
        assert isinstance(one(row(**cells)), Refused)


def test_a_safe_cell_is_read_as_what_it_was():
    """A refused row can be mended and imported again."""
    cells = {"gross": safe_cell("-1000"), "net": safe_cell("-943.4"), "tax": safe_cell("-56.6")}
    assert one(row(**cells)).kind is InvoiceKind.RED_LETTER
    assert safe_cell("1000") == "1000"


@given(st.binary(max_size=300))
def test_threat_62_no_bytes_bring_the_reader_down(data):
    """Whatever stands in the rows is an invoice or a refusal, or ends the list with a reason."""
    try:
        for read in read_vat_list(sheet() + data):
            assert read
    except (BadEncoding, BrokenList):
        pass


def test_a_list_is_read_in_flat_memory(tmp_path):
    """A row leaves nothing behind."""
    path = tmp_path / "list.csv"
    path.write_bytes(sheet(*(row(number=str(number)) for number in range(1, 6_001))))
    peaks, found = [], 0
    tracemalloc.start()
    for number, read in enumerate(read_vat_list(path), 1):
        found += not isinstance(read, Refused)
        if number % 2_000 == 0:
            peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert found == 6_000
    assert peaks[2] - peaks[0] < 20_000
