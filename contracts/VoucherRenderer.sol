// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";
import {IReceivables} from "./interfaces/IReceivables.sol";
import {IVoucherRenderer} from "./interfaces/IVoucherRenderer.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {Text} from "./libraries/Text.sol";
import {VoucherFacts, VoucherPicture} from "./libraries/VoucherPicture.sol";
import {Receivable, Status, Voucher} from "./types/DataTypes.sol";
import {ReceivableId, VoucherId} from "./types/Ids.sol";

/// @title VoucherRenderer
/// @notice What wallets and explorers show, written on chain.
/// @dev Nothing needs escaping, in JSON or in SVG: no party's text gets in. What is not written here is a
/// number, a hexadecimal id or address, a date, or a currency code, of which anything but A to Z becomes `?`.
/// Amounts are strings, exact and in the currency; `balance` is ERC-3525's, in units.
contract VoucherRenderer is IVoucherRenderer {
    using Strings for uint256;

    /* URIS */

    /// @inheritdoc IVoucherRenderer
    function contractURI(IReceivableLedger ledger) external view returns (string memory) {
        return _json(
            string.concat(
                "{\"name\":\"Duebill\",\"description\":\"Receivables that their holders can split, pass on, "
                "finance, pledge and redeem. A slot is a receivable, a token is a voucher for a part of it.\","
                "\"valueDecimals\":",
                uint256(ledger.valueDecimals()).toString(),
                "}"
            )
        );
    }

    /// @inheritdoc IVoucherRenderer
    function slotURI(IReceivableLedger ledger, ReceivableId id)
        external
        view
        returns (string memory)
    {
        VoucherFacts memory f;
        f.receivable = ledger.receivableOf(id);
        require(
            f.receivable.status != Status.None,
            IReceivables.WrongStatus(id, Status.None, Status.Issued)
        );
        f.currency = ledger.currencyOf(f.receivable.currency);
        return _json(
            string.concat(
                "{\"name\":\"Duebill ",
                Text.shortId(id),
                "\",\"description\":\"",
                _slotDescription(f, id),
                "\",\"properties\":[",
                _terms(f),
                ",",
                _state(f),
                "]}"
            )
        );
    }

    /// @inheritdoc IVoucherRenderer
    function tokenURI(IReceivableLedger ledger, VoucherId id)
        external
        view
        returns (string memory)
    {
        VoucherFacts memory f;
        f.id = id;
        f.voucher = ledger.voucherOf(id);
        f.receivable = ledger.receivableOf(id.receivableOf());
        f.currency = ledger.currencyOf(f.receivable.currency);
        return _json(
            string.concat(
                "{\"name\":\"Duebill ",
                Text.shortId(id.receivableOf()),
                " /",
                uint256(id.serialOf()).toString(),
                "\",\"description\":\"",
                _tokenDescription(f),
                _numbers(f),
                _attributes(f),
                "],\"image\":\"data:image/svg+xml;base64,",
                Base64.encode(bytes(VoucherPicture.draw(f))),
                "\"}"
            )
        );
    }

    /* VOUCHER */

    function _tokenDescription(VoucherFacts memory f) private pure returns (string memory) {
        return string.concat(
            "A voucher for ",
            _money(f, f.voucher.value),
            " of receivable ",
            Text.idDigits(f.id.receivableOf()),
            ", due ",
            Text.isoDate(f.receivable.dueDay),
            "; ",
            _statusWord(f.receivable.status),
            ".\""
        );
    }

    /// @dev ERC-3525's own fields.
    function _numbers(VoucherFacts memory f) private pure returns (string memory) {
        return string.concat(
            ",\"balance\":",
            uint256(f.voucher.value).toString(),
            ",\"slot\":",
            f.id.receivableOf().toSlot().toString(),
            ",\"attributes\":["
        );
    }

    function _attributes(VoucherFacts memory f) private pure returns (string memory) {
        Receivable memory r = f.receivable;
        Voucher memory v = f.voucher;
        string memory money = string.concat(
            _attribute("Value", Text.amount(v.value, f.currency.decimals)),
            _attribute("Claimed", Text.amount(v.claimed, f.currency.decimals)),
            _attribute("Claimable", Text.amount(v.claimable, f.currency.decimals)),
            _attribute("Currency", Text.code(f.currency.code))
        );
        string memory parties = string.concat(
            _attribute("Due date", Text.isoDate(r.dueDay)),
            _attribute("Status", _statusWord(r.status)),
            _attribute("Obligor", Strings.toChecksumHexString(r.obligor)),
            _attribute("Holder", Strings.toChecksumHexString(v.holder)),
            _attribute("Frozen", v.frozen ? "yes" : "no")
        );
        return string.concat(
            money,
            parties,
            _count("Hops", v.hops),
            ",",
            _count("Max hops", r.maxHops),
            ",",
            _count("Programme", r.programme)
        );
    }

    function _attribute(string memory trait, string memory value)
        private
        pure
        returns (string memory)
    {
        return string.concat("{\"trait_type\":\"", trait, "\",\"value\":\"", value, "\"},");
    }

    function _count(string memory trait, uint256 value) private pure returns (string memory) {
        return string.concat("{\"trait_type\":\"", trait, "\",\"value\":", value.toString(), "}");
    }

    /* RECEIVABLE */

    function _slotDescription(VoucherFacts memory f, ReceivableId id)
        private
        pure
        returns (string memory)
    {
        return string.concat(
            "Receivable ",
            Text.idDigits(id),
            ", ",
            _money(f, f.receivable.face),
            " due ",
            Text.isoDate(f.receivable.dueDay),
            "; ",
            _statusWord(f.receivable.status),
            ". Its id is the hash of its terms, in which the intrinsic properties have the order given; "
            "the ReceivableIssued event has the terms in full."
        );
    }

    /// @dev The terms that the ledger keeps; what else the id is the hash of is in the event only.
    function _terms(VoucherFacts memory f) private pure returns (string memory) {
        Receivable memory r = f.receivable;
        return string.concat(
            _term("obligor", "Who owes", _quoted(Strings.toChecksumHexString(r.obligor)), 1),
            ",",
            _term("currency", "Number in the currency table", uint256(r.currency).toString(), 3),
            ",",
            _term("dueDay", "Days since 1970-01-01 UTC", uint256(r.dueDay).toString(), 5),
            ",",
            _term("programme", "Rules it is under", uint256(r.programme).toString(), 6)
        );
    }

    function _state(VoucherFacts memory f) private pure returns (string memory) {
        Receivable memory r = f.receivable;
        uint8 decimals = f.currency.decimals;
        string memory money = string.concat(
            _fact("face", "What is not extinguished of the face", Text.amount(r.face, decimals)),
            ",",
            _fact("paid", "Paid by, or for, the obligor", Text.amount(r.paid, decimals)),
            ",",
            _fact("advanced", "Paid by guarantors", Text.amount(r.advanced, decimals)),
            ","
        );
        return string.concat(
            money,
            _fact("code", "ISO 4217 code of the currency", Text.code(f.currency.code)),
            ",",
            _fact("dueDate", "The last day to pay, UTC", Text.isoDate(r.dueDay)),
            ",",
            _fact("status", "Where it stands", _statusWord(r.status))
        );
    }

    function _term(string memory key, string memory description, string memory value, uint256 order)
        private
        pure
        returns (string memory)
    {
        return
            string.concat(
                _property(key, description, value), "true,\"order\":", order.toString(), "}"
            );
    }

    function _fact(string memory key, string memory description, string memory value)
        private
        pure
        returns (string memory)
    {
        return string.concat(_property(key, description, _quoted(value)), "false}");
    }

    function _property(string memory key, string memory description, string memory value)
        private
        pure
        returns (string memory)
    {
        return string.concat(
            "{\"name\":\"",
            key,
            "\",\"description\":\"",
            description,
            "\",\"value\":",
            value,
            ",\"is_intrinsic\":"
        );
    }

    /* WORDS */

    function _statusWord(Status status) private pure returns (string memory) {
        if (status == Status.Issued) return "issued";
        if (status == Status.Accepted) return "accepted";
        if (status == Status.Cancelled) return "cancelled";
        if (status == Status.Lapsed) return "lapsed";
        if (status == Status.Overdue) return "overdue";
        return "settled";
    }

    function _money(VoucherFacts memory f, uint256 units) private pure returns (string memory) {
        return
            string.concat(Text.amount(units, f.currency.decimals), " ", Text.code(f.currency.code));
    }

    function _quoted(string memory value) private pure returns (string memory) {
        return string.concat("\"", value, "\"");
    }

    function _json(string memory text) private pure returns (string memory) {
        return string.concat("data:application/json;base64,", Base64.encode(bytes(text)));
    }
}
