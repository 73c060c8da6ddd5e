// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Test} from "forge-std/Test.sol";

import {Text} from "contracts/libraries/Text.sol";
import {ReceivableId} from "contracts/types/Ids.sol";

contract TextTest is Test {
    /* DATES */

    function test_iso_date_of_known_days() external pure {
        assertEq(Text.isoDate(0), "1970-01-01");
        assertEq(Text.isoDate(58), "1970-02-28");
        assertEq(Text.isoDate(59), "1970-03-01");
        assertEq(Text.isoDate(789), "1972-02-29");
        assertEq(Text.isoDate(11_016), "2000-02-29");
        assertEq(Text.isoDate(11_017), "2000-03-01");
        assertEq(Text.isoDate(20_453), "2025-12-31");
        assertEq(Text.isoDate(20_454), "2026-01-01");
        assertEq(Text.isoDate(47_540), "2100-02-28");
        assertEq(Text.isoDate(47_541), "2100-03-01");
        assertEq(Text.isoDate(type(uint16).max), "2149-06-06");
    }

    /// @dev Every day that a receivable can be due, counted one by one.
    function test_civil_follows_the_calendar_day_by_day() external pure {
        uint256 year = 1970;
        uint256 month = 1;
        uint256 dayOfMonth = 1;
        for (uint256 day = 0; day <= type(uint16).max; ++day) {
            (uint256 y, uint256 m, uint256 d) = Text.civil(day);
            require(y == year && m == month && d == dayOfMonth, "not that day");
            if (++dayOfMonth <= _daysIn(year, month)) continue;
            dayOfMonth = 1;
            if (++month <= 12) continue;
            month = 1;
            ++year;
        }
        assertEq(year, 2149);
    }

    function testFuzz_iso_date_has_its_parts_in_place(uint16 day) external pure {
        bytes memory text = bytes(Text.isoDate(day));
        (uint256 year, uint256 month, uint256 dayOfMonth) = Text.civil(day);
        assertEq(text.length, 10);
        assertEq(_number(text, 0, 4), year);
        assertEq(_number(text, 5, 7), month);
        assertEq(_number(text, 8, 10), dayOfMonth);
        assertEq(text[4], "-");
        assertEq(text[7], "-");
    }

    function _daysIn(uint256 year, uint256 month) private pure returns (uint256) {
        if (month == 2) {
            return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /* AMOUNTS */

    function test_amount_shows_the_decimals_of_the_money() external pure {
        assertEq(Text.amount(0, 2), "0.00");
        assertEq(Text.amount(1_000_000, 2), "1.00");
        assertEq(Text.amount(1_000_000, 0), "1");
        assertEq(Text.amount(1_000_000, 3), "1.000");
        assertEq(Text.amount(1_230_000, 2), "1.23");
        assertEq(Text.amount(30_000, 2), "0.03");
    }

    function test_amount_takes_a_tokens_decimals_for_precision_not_for_money() external pure {
        assertEq(Text.amount(1_000_000, 4), "1.0000");
        assertEq(Text.amount(1_000_000, 5), "1.00");
        assertEq(Text.amount(1_000_000, 6), "1.00");
        assertEq(Text.amount(1_000_000, 18), "1.00");
        assertEq(Text.amount(1_000_000, 36), "1.00");
    }

    function test_amount_drops_nothing() external pure {
        assertEq(Text.amount(1, 2), "0.000001");
        assertEq(Text.amount(1, 0), "0.000001");
        assertEq(Text.amount(1_500_000, 0), "1.5");
        assertEq(Text.amount(133_333_333_333, 6), "133333.333333");
        assertEq(Text.amount(1_234_500, 2), "1.2345");
        assertEq(Text.amount(type(uint80).max, 18), "1208925819614629174.706175");
    }

    function test_grouped_amount_sets_thousands_apart() external pure {
        assertEq(Text.groupedAmount(999e6, 2), "999.00");
        assertEq(Text.groupedAmount(1000e6, 2), "1,000.00");
        assertEq(Text.groupedAmount(1_000_007e6, 0), "1,000,007");
        assertEq(Text.groupedAmount(type(uint80).max, 6), "1,208,925,819,614,629,174.706175");
    }

    function testFuzz_amount_reads_back_as_it_was(uint80 units, uint8 decimals) external pure {
        assertEq(_units(Text.amount(units, decimals)), units);
    }

    function testFuzz_grouped_amount_is_the_amount_with_commas(uint80 units, uint8 decimals)
        external
        pure
    {
        string memory text = Text.groupedAmount(units, decimals);
        assertEq(vm.replace(text, ",", ""), Text.amount(units, decimals));
        bytes memory whole = bytes(vm.split(text, ".")[0]);
        for (uint256 i = 0; i < whole.length; ++i) {
            assertEq(whole[i] == ",", (whole.length - i) % 4 == 0);
        }
    }

    function testFuzz_percent_is_rounded_down(uint80 part, uint80 whole) external pure {
        vm.assume(whole != 0);
        part = uint80(bound(part, 0, whole));
        uint256 shown = _units(Text.percent(part, whole)) / 10_000;
        assertLe(shown * whole, uint256(part) * 10_000);
        assertGt((shown + 1) * whole, uint256(part) * 10_000);
    }

    function test_percent_of_nothing_is_nothing() external pure {
        assertEq(Text.percent(0, 0), "0.00");
    }

    /* NAMES */

    function test_ids_and_addresses_are_cut_where_people_cut_them() external pure {
        ReceivableId id = ReceivableId.wrap(0x0fa2c4000000000000000000000000000000000000000001);
        assertEq(Text.shortId(id), unicode"0fa2c4…");
        assertEq(Text.idDigits(id), "0fa2c4000000000000000000000000000000000000000001");
        address account = 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed;
        assertEq(Text.shortAddress(account), unicode"0x5aAeb6…1BeAed");
    }

    function testFuzz_code_lets_capital_letters_through_and_nothing_else(bytes3 letters)
        external
        pure
    {
        bytes memory text = bytes(Text.code(letters));
        assertEq(text.length, 3);
        for (uint256 i = 0; i < 3; ++i) {
            bool isCapital = uint8(letters[i]) >= 65 && uint8(letters[i]) <= 90;
            assertEq(text[i], isCapital ? letters[i] : bytes1("?"));
        }
    }

    function test_code_of_a_currency() external pure {
        assertEq(Text.code("EUR"), "EUR");
        assertEq(Text.code("AZ@"), "AZ?");
        assertEq(Text.code("\"<["), "???");
    }

    /* READING BACK */

    function _number(bytes memory text, uint256 start, uint256 end) private pure returns (uint256) {
        return Strings.parseUint(string(text), start, end);
    }

    /// @dev Units of 10^-6 that a text says, read without the library.
    function _units(string memory text) private pure returns (uint256) {
        string[] memory parts = vm.split(text, ".");
        uint256 whole = Strings.parseUint(parts[0]) * 1e6;
        if (parts.length == 1) return whole;
        uint256 places = bytes(parts[1]).length;
        require(places <= 6, "too many places");
        return whole + Strings.parseUint(parts[1]) * 10 ** (6 - places);
    }
}
