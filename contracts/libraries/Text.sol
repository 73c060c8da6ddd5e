// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {ReceivableId} from "../types/Ids.sol";

/// @title Text
/// @notice Days, amounts and ids as people read them. Everything that comes out of here is made of
/// digits, letters, `-`, `.`, `,`, `?` and the ellipsis: it can stand in JSON and in XML as it is.
library Text {
    using Strings for uint256;

    // The ledger's values are units of 10^-6.
    uint256 private constant _DECIMALS = 6;
    uint256 private constant _UNIT = 10 ** _DECIMALS;

    bytes1 private constant _NO_LETTER = "?";

    /* DATES */

    /// @notice A day as ISO 8601 writes it: 0 is 1970-01-01.
    function isoDate(uint256 day) internal pure returns (string memory) {
        (uint256 year, uint256 month, uint256 dayOfMonth) = civil(day);
        return string.concat(padded(year, 4), "-", padded(month, 2), "-", padded(dayOfMonth, 2));
    }

    /// @notice Year, month and day of a day since 1970-01-01 in the Gregorian calendar.
    /// @dev Years are taken to begin on 1 March, so that the leap day is the last of its year and months
    /// have the lengths 31, 30, 31, 30, 31 over and over: month m begins on day (153 m + 2) / 5.
    // The remainders that the divisions leave are what the formula is about.
    // slither-disable-next-line divide-before-multiply
    function civil(uint256 day)
        internal
        pure
        returns (uint256 year, uint256 month, uint256 dayOfMonth)
    {
        // Days since 1 March of the year 0; 400 years have 146,097 days.
        uint256 sinceMarch0 = day + 719_468;
        uint256 era = sinceMarch0 / 146_097;
        uint256 dayOfEra = sinceMarch0 % 146_097;
        // Takes the leap days out: one in 4 years (1,460), none in 100 (36,524), one in 400 (146,096).
        uint256 yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        uint256 monthFromMarch = (5 * dayOfYear + 2) / 153;
        dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        year = era * 400 + yearOfEra + (month < 3 ? 1 : 0);
    }

    /// @notice A number with zeros before it, up to `width` digits.
    function padded(uint256 number, uint256 width) internal pure returns (string memory text) {
        text = number.toString();
        while (bytes(text).length < width) text = string.concat("0", text);
    }

    /* AMOUNTS */

    /// @notice An amount in units, exactly: as many decimals as the currency's money has, and more (up to
    /// 6) only where there is something to show. For programs: no separators.
    /// @param decimals Of the currency. More than 4 are a token's precision, not money's: shown as 2.
    function amount(uint256 units, uint8 decimals) internal pure returns (string memory) {
        return string.concat((units / _UNIT).toString(), fraction(units, decimals));
    }

    /// @notice The same for people: thousands are set apart by commas.
    function groupedAmount(uint256 units, uint8 decimals) internal pure returns (string memory) {
        return string.concat(grouped(units / _UNIT), fraction(units, decimals));
    }

    /// @notice A number with its thousands set apart by commas.
    function grouped(uint256 number) internal pure returns (string memory text) {
        while (number >= 1000) {
            text = string.concat(",", padded(number % 1000, 3), text);
            number /= 1000;
        }
        text = string.concat(number.toString(), text);
    }

    /// @notice The decimals of an amount with the point before them; nothing if there are none to show.
    function fraction(uint256 units, uint8 decimals) internal pure returns (string memory) {
        uint256 places = decimals > 4 ? 2 : decimals;
        uint256 rest = units % _UNIT;
        while (places < _DECIMALS && rest % 10 ** (_DECIMALS - places) != 0) ++places;
        if (places == 0) return "";
        return string.concat(".", padded(rest / 10 ** (_DECIMALS - places), places));
    }

    /// @notice `part` of `whole` in per cent with two decimals, rounded down: 100.00 only when it is all.
    function percent(uint256 part, uint256 whole) internal pure returns (string memory) {
        uint256 hundredths = whole == 0 ? 0 : (part * 10_000) / whole;
        return string.concat((hundredths / 100).toString(), ".", padded(hundredths % 100, 2));
    }

    /* NAMES */

    /// @notice The first six of a receivable's 48 hexadecimal digits, as people type them.
    function shortId(ReceivableId id) internal pure returns (string memory) {
        return string.concat(_slice(idDigits(id), 0, 6), unicode"…");
    }

    /// @notice A receivable's 48 hexadecimal digits.
    function idDigits(ReceivableId id) internal pure returns (string memory) {
        return _slice(uint256(ReceivableId.unwrap(id)).toHexString(24), 2, 50);
    }

    /// @notice The beginning and the end of an address, in its checksummed spelling.
    function shortAddress(address account) internal pure returns (string memory) {
        string memory full = Strings.toChecksumHexString(account);
        return string.concat(_slice(full, 0, 8), unicode"…", _slice(full, 36, 42));
    }

    /// @notice A currency's three capital letters; anything else becomes a question mark.
    function code(bytes3 letters) internal pure returns (string memory) {
        bytes memory text = new bytes(3);
        for (uint256 i = 0; i < 3; ++i) {
            bool isCapital = letters[i] >= "A" && letters[i] <= "Z";
            text[i] = isCapital ? letters[i] : _NO_LETTER;
        }
        return string(text);
    }

    function _slice(string memory text, uint256 start, uint256 end)
        private
        pure
        returns (string memory)
    {
        return string(Bytes.slice(bytes(text), start, end));
    }
}
