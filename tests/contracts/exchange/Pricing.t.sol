// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Test} from "forge-std/Test.sol";

import {Pricing} from "contracts/libraries/Pricing.sol";
import {DayCount, Quotation} from "contracts/types/FinanceTypes.sol";

/// @notice The library against the table that the client's pricing is held against too.
contract PricingTest is Test {
    string private constant _TABLE = "tests/vectors/pricing.json";

    struct Row {
        uint80 value;
        Quotation quotation;
        DayCount dayCount;
        uint256 rate;
        uint256 daysLeft;
        uint256 granule;
        bool roundUp;
        uint80 price;
    }

    function test_threat_25_every_row_of_the_table() external view {
        string memory table = vm.readFile(_TABLE);
        uint256 count;
        for (; vm.keyExistsJson(table, _at(count, "")); ++count) {
            Row memory row = _row(table, count);
            assertEq(_price(row), row.price, vm.toString(count));
        }
        assertGt(count, 500);
    }

    function test_reverts_when_the_rate_is_above_1000_percent() external {
        Row memory row = Row(1e6, Quotation.Yield, DayCount.Act360, 10_000_001, 1, 1, true, 0);
        vm.expectRevert(
            abi.encodeWithSelector(Pricing.RateTooHigh.selector, 10_000_001, 10_000_000)
        );
        this.priceOf(row);
    }

    function testFuzz_threat_25_prices_lie_between_nothing_and_the_value(
        uint80 value,
        bool isYield,
        uint256 rate,
        uint16 count,
        uint256 decimals
    ) external pure {
        Row memory row = _rowOf(value, isYield, rate, count, decimals);
        uint256 down = _price(row);
        row.roundUp = true;
        uint256 up = _price(row);
        assertLe(down, up);
        assertLe(up, row.value);
        assertLe(up - down, row.granule);
        assertEq(up % row.granule + down % row.granule, 0);
    }

    function testFuzz_later_is_cheaper(
        uint80 value,
        bool isYield,
        uint256 rate,
        uint16 count,
        uint16 later
    ) external pure {
        Row memory row = _rowOf(value, isYield, rate, count, 0);
        uint256 sooner = _price(row);
        row.daysLeft += later;
        assertLe(_price(row), sooner);
    }

    function testFuzz_threat_33_interest_does_not_overflow(
        uint80 principal,
        uint24 rate,
        uint16 count
    ) external pure {
        uint256 owed = Pricing.interest(principal, rate, count, DayCount.Act360);
        assertEq(owed, uint256(principal) * rate * count / 360e6);
    }

    /// @dev For `expectRevert`, which takes external calls only.
    function priceOf(Row memory row) external pure returns (uint80) {
        return _price(row);
    }

    function _price(Row memory row) private pure returns (uint80) {
        return Pricing.atRate(
            row.value, row.quotation, row.dayCount, row.rate, row.daysLeft, row.granule, row.roundUp
        );
    }

    function _rowOf(uint80 value, bool isYield, uint256 rate, uint16 count, uint256 decimals)
        private
        pure
        returns (Row memory row)
    {
        row.granule = 10 ** bound(decimals, 0, 6);
        row.value = uint80(value - value % row.granule);
        row.quotation = isYield ? Quotation.Yield : Quotation.Discount;
        row.rate = bound(rate, 0, Pricing.HIGHEST_RATE);
        row.daysLeft = count;
    }

    function _row(string memory table, uint256 i) private pure returns (Row memory) {
        return Row({
            value: uint80(vm.parseJsonUint(table, _at(i, ".value"))),
            quotation: Quotation(vm.parseJsonUint(table, _at(i, ".quotation"))),
            dayCount: DayCount(vm.parseJsonUint(table, _at(i, ".day_count"))),
            rate: vm.parseJsonUint(table, _at(i, ".rate")),
            daysLeft: vm.parseJsonUint(table, _at(i, ".days")),
            granule: vm.parseJsonUint(table, _at(i, ".granule")),
            roundUp: vm.parseJsonBool(table, _at(i, ".round_up")),
            price: uint80(vm.parseJsonUint(table, _at(i, ".price")))
        });
    }

    function _at(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".rows[", vm.toString(i), "]", field);
    }
}
