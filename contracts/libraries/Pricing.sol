// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DayCount, Quotation} from "../types/FinanceTypes.sol";

/// @title Pricing
/// @notice What a claim is worth before it is due, and what money costs. Values have at most 80 bits, rates
/// at most 24, days 16: no product here has more than 144.
library Pricing {
    /// @notice A rate of 100 % a year, and a share of all.
    uint256 internal constant MILLION = 1_000_000;
    /// @notice The highest rate a year: 1,000 %.
    uint256 internal constant HIGHEST_RATE = 10 * MILLION;

    /// @notice Thrown when a rate is above 1,000 % a year.
    error RateTooHigh(uint256 rate, uint256 highest);

    /// @notice What `value`, due in `daysLeft` days, costs at a rate; in whole granules, at most the value.
    /// @param roundUp Against a buyer who fills an ask; down against a seller who fills a bid.
    function atRate(
        uint80 value,
        Quotation quotation,
        DayCount dayCount,
        uint256 rate,
        uint256 daysLeft,
        uint256 granule,
        bool roundUp
    ) internal pure returns (uint80) {
        require(rate <= HIGHEST_RATE, RateTooHigh(rate, HIGHEST_RATE));
        uint256 year = MILLION * yearOf(dayCount);
        uint256 cost = rate * daysLeft;
        if (quotation == Quotation.Yield) {
            return share(value, year, year + cost, granule, roundUp);
        }
        return cost >= year ? 0 : share(value, year - cost, year, granule, roundUp);
    }

    /// @notice `value` x `part` / `whole`, in whole granules. part <= whole, and value in whole granules.
    function share(uint80 value, uint256 part, uint256 whole, uint256 granule, bool roundUp)
        internal
        pure
        returns (uint80)
    {
        uint256 divisor = whole * granule;
        uint256 product = value * part;
        // Whole granules are meant.
        // slither-disable-next-line divide-before-multiply
        uint256 granules = product / divisor;
        if (roundUp && product % divisor != 0) ++granules;
        // At most the value, which has 80 bits and is in whole granules.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint80(granules * granule);
    }

    /// @notice Simple interest on a principal, rounded down.
    function interest(uint80 principal, uint256 rate, uint256 numberOfDays, DayCount dayCount)
        internal
        pure
        returns (uint256)
    {
        return principal * rate * numberOfDays / (MILLION * yearOf(dayCount));
    }

    /// @notice The days of the year that a rate is for.
    function yearOf(DayCount dayCount) internal pure returns (uint256) {
        return dayCount == DayCount.Act360 ? 360 : 365;
    }
}
