// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {TestCurrency} from "./TestCurrency.sol";

/// @title FalseReturningToken
/// @notice Test only. Cash that answers `false` instead of reverting, and moves nothing, while `failing`.
contract FalseReturningToken is TestCurrency {
    bool public failing;

    constructor() TestCurrency("False Returning", "FALSE", 6) {}

    function setFailing(bool newFailing) external {
        failing = newFailing;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        return !failing && super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        return !failing && super.transferFrom(from, to, value);
    }
}
