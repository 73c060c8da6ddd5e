// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {Currency, Receivable, Status, Voucher} from "../types/DataTypes.sol";
import {VoucherId} from "../types/Ids.sol";
import {Guilloche} from "./Guilloche.sol";
import {Text} from "./Text.sol";

/// @notice All that there is to say about a voucher.
struct VoucherFacts {
    VoucherId id;
    Voucher voucher;
    Receivable receivable;
    Currency currency;
}

/// @title VoucherPicture
/// @notice A voucher as a bill that could be printed: SVG, 1000 by 520, with nothing from outside.
/// @dev No text of any party's choice reaches the picture: it is made of the words below and of what `Text`
/// and `Guilloche` return. Vouchers of one receivable have its ink and its lace; the
/// seal's colour is the status.
library VoucherPicture {
    using Strings for uint256;

    // By status: none, issued, accepted, cancelled, lapsed, overdue, settled.
    bytes private constant _SEALS = hex"707070a8731a1f6b4a7070708a7a6aa3261f24507f";

    // More hops than this are written, not dotted.
    uint256 private constant _MOST_DOTS = 16;

    // How long the bar is that shows the coverage, as drawn in `_footer`.
    uint256 private constant _BAR = 536;

    /// @notice The whole picture.
    function draw(VoucherFacts memory f) internal pure returns (string memory) {
        uint256 seed = uint256(keccak256(abi.encode(f.id.receivableOf())));
        string memory ink = Guilloche.ink(seed >> 128);
        string memory front =
            string.concat(_heading(f, ink), _amount(f), _middle(f, ink), _footer(f));
        return string.concat(
            _open(f, seed, ink),
            _paper(ink),
            front,
            _seal(f.receivable.status),
            f.voucher.frozen ? _frozen() : "",
            "</svg>"
        );
    }

    /* PAPER */

    function _open(VoucherFacts memory f, uint256 seed, string memory ink)
        private
        pure
        returns (string memory)
    {
        return string.concat(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000 520' width='1000' "
            "height='520'><title>Duebill ",
            _number(f.id),
            "</title><style>text{font-family:'Times New Roman',Times,serif;fill:#2a2620}"
            ".m{font-family:Menlo,Consolas,'Liberation Mono',monospace;font-size:19px}"
            ".l{font-size:12px;letter-spacing:2.5px;fill:",
            ink,
            "}.i{font-size:15px;font-style:italic}</style><defs>",
            Guilloche.definitions(seed, ink),
            "</defs>"
        );
    }

    function _paper(string memory ink) private pure returns (string memory) {
        return string.concat(
            "<rect width='1000' height='520' rx='14' fill='#fbf8ef'/>"
            "<path d='M48 48h904v424H48z' fill='url(#f)'/>"
            "<path d='M20 20h960v24H20zM20 476h960v24H20z' fill='url(#b)'/>"
            "<path d='M20 20h24v480H20zM956 20h24v480H956z' fill='url(#v)'/>"
            "<g fill='none' stroke='",
            ink,
            "'><path d='M18 18h964v484H18zM46 46h908v428H46z'/>"
            "<path d='M14.5 14.5h971v491h-971z' stroke-width='.5'/></g>"
            "<circle cx='790' cy='300' r='158' fill='",
            ink,
            "' opacity='.07'/><use href='#r' transform='translate(790 300)' opacity='.7'/>"
            "<use href='#r' transform='translate(790 300) rotate(2.5) scale(.74)' opacity='.7'/>"
        );
    }

    /* FACE */

    function _heading(VoucherFacts memory f, string memory ink)
        private
        pure
        returns (string memory)
    {
        return string.concat(
            "<text x='84' y='102' font-size='36' letter-spacing='12' style='fill:",
            ink,
            "'>DUEBILL</text><text x='85' y='124' class='i'>voucher for a receivable</text>",
            "<text x='916' y='100' class='m' text-anchor='end'>",
            _number(f.id),
            "</text><text x='916' y='124' class='i' text-anchor='end'>programme ",
            uint256(f.receivable.programme).toString(),
            "</text><path d='M84 138H916M84 141H916' stroke='",
            ink,
            "' stroke-width='.8'/>"
        );
    }

    /// @dev The longest amount, 32 characters, still ends before the seal.
    function _amount(VoucherFacts memory f) private pure returns (string memory) {
        (,, string memory caption) = _statusWords(f.receivable.status);
        string memory text = Text.groupedAmount(f.voucher.value, f.currency.decimals);
        uint256 fitting = 1000 / bytes(text).length;
        return string.concat(
            _label(84, 174, caption),
            "<text x='84' y='236' font-size='",
            (fitting > 64 ? 64 : fitting).toString(),
            "'><tspan font-size='30'>",
            Text.code(f.currency.code),
            "</tspan><tspan dx='12'>",
            text,
            "</tspan></text>",
            _microprint(f.id)
        );
    }

    /// @dev The whole id, too small to be read on a screen and sharp when enlarged.
    function _microprint(VoucherId id) private pure returns (string memory) {
        string memory line = string.concat(
            Text.idDigits(id.receivableOf()), "/", uint256(id.serialOf()).toString(), " "
        );
        return string.concat(
            "<text x='84' y='252' font-size='4' textLength='536'>",
            line,
            line,
            line,
            line,
            line,
            "</text>"
        );
    }

    function _middle(VoucherFacts memory f, string memory ink)
        private
        pure
        returns (string memory)
    {
        return string.concat(
            _label(84, 284, "DUE"),
            "<text x='84' y='318' font-size='32'>",
            Text.isoDate(f.receivable.dueDay),
            "</text>",
            _hops(f, ink),
            _label(84, 352, "OBLIGOR"),
            _party(84, f.receivable.obligor),
            _label(370, 352, "HOLDER"),
            _party(370, f.voucher.holder)
        );
    }

    function _hops(VoucherFacts memory f, string memory ink)
        private
        pure
        returns (string memory dots)
    {
        uint256 most = f.receivable.maxHops;
        if (most <= _MOST_DOTS) {
            for (uint256 i = 0; i < most; ++i) {
                dots = string.concat(dots, _dot(377 + 18 * i, i < f.voucher.hops ? ink : "none"));
            }
            dots = string.concat("<g stroke='", ink, "' stroke-width='1.2'>", dots, "</g>");
        }
        return string.concat(
            _label(
                370,
                284,
                string.concat("HOPS ", uint256(f.voucher.hops).toString(), " OF ", most.toString())
            ),
            dots
        );
    }

    function _dot(uint256 x, string memory fill) private pure returns (string memory) {
        return string.concat("<circle cx='", x.toString(), "' cy='307' r='6' fill='", fill, "'/>");
    }

    function _party(uint256 x, address account) private pure returns (string memory) {
        return string.concat(
            "<text x='", x.toString(), "' y='378' class='m'>", Text.shortAddress(account), "</text>"
        );
    }

    /* MONEY */

    function _footer(VoucherFacts memory f) private pure returns (string memory) {
        uint256 covered = _coverage(f.receivable);
        uint256 width = f.receivable.face == 0 ? 0 : (_BAR * covered) / f.receivable.face;
        uint8 decimals = f.currency.decimals;
        return string.concat(
            _label(
                84, 412, string.concat("COVERED ", Text.percent(covered, f.receivable.face), " %")
            ),
            "<rect x='84' y='421' width='536' height='9' rx='4.5' fill='#2a2620' opacity='.12'/>"
            "<rect x='84' y='421' width='",
            width.toString(),
            "' height='9' rx='4.5' fill='#1f6b4a'/><text x='84' y='453' class='i'>claimed ",
            Text.groupedAmount(f.voucher.claimed, decimals),
            ", claimable ",
            Text.groupedAmount(f.voucher.claimable, decimals),
            "</text>"
        );
    }

    /// @dev What holders share in: at most the face.
    function _coverage(Receivable memory r) private pure returns (uint256) {
        uint256 total = uint256(r.paid) + r.advanced;
        return total < r.face ? total : r.face;
    }

    /* STATUS */

    function _seal(Status status) private pure returns (string memory) {
        string memory paint = Guilloche.color(_SEALS, uint256(status));
        (string memory word, string memory note,) = _statusWords(status);
        return string.concat(
            "<g transform='translate(790 300) rotate(-9)' text-anchor='middle'>"
            "<circle r='84' fill='",
            paint,
            "' stroke='",
            paint,
            "' stroke-width='9' stroke-linecap='round' stroke-dasharray='0 8.796'/>"
            "<g fill='none' stroke='#fff'><circle r='78'/>"
            "<circle r='73' stroke-width='2' stroke-dasharray='1 3'/>"
            "<path d='M-52-18H52M-52 16H52' opacity='.6'/></g>"
            "<text y='7' font-size='20' letter-spacing='1.5' style='fill:#fff'>",
            word,
            "</text><text y='36' font-size='13' font-style='italic' style='fill:#fff'>",
            note,
            "</text></g>"
        );
    }

    /// @dev The seal's two lines, and what the amount is.
    function _statusWords(Status status)
        private
        pure
        returns (string memory word, string memory note, string memory caption)
    {
        string memory owed = "OWED BY THE OBLIGOR TO THE HOLDER OF THIS VOUCHER";
        if (status == Status.Accepted) return ("ACCEPTED", "by the obligor", owed);
        if (status == Status.Overdue) return ("OVERDUE", "still owed", owed);
        if (status == Status.Settled) {
            return ("SETTLED", "paid in full", "PAID IN FOR THE HOLDER OF THIS VOUCHER");
        }
        if (status == Status.Issued) {
            return ("ISSUED", "not yet accepted", "PRESENTED TO THE OBLIGOR FOR ACCEPTANCE");
        }
        if (status == Status.Lapsed) return ("LAPSED", "never accepted", "OWED BY NOBODY");
        return ("CANCELLED", "void", "OWED BY NOBODY");
    }

    function _frozen() private pure returns (string memory) {
        return "<g transform='translate(570 98) rotate(-5)' opacity='.85'>"
            "<rect x='-112' y='-28' width='224' height='56' rx='8' fill='none' stroke='#2f6f9f' "
            "stroke-width='4'/>"
            "<text x='3' y='13' font-size='38' letter-spacing='6' text-anchor='middle' "
            "style='fill:#2f6f9f'>FROZEN</text></g>";
    }

    /* PARTS */

    function _number(VoucherId id) private pure returns (string memory) {
        return
            string.concat(Text.shortId(id.receivableOf()), " /", uint256(id.serialOf()).toString());
    }

    function _label(uint256 x, uint256 y, string memory text) private pure returns (string memory) {
        return string.concat(
            "<text x='", x.toString(), "' y='", y.toString(), "' class='l'>", text, "</text>"
        );
    }
}
