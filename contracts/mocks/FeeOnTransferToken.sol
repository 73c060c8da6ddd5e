// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {TestCurrency} from "./TestCurrency.sol";

/// @title FeeOnTransferToken
/// @notice Test only. Cash that keeps one per cent of every transfer: less arrives than was sent.
contract FeeOnTransferToken is TestCurrency {
    constructor() TestCurrency("Fee On Transfer", "FEE", 6) {}

    function _update(address from, address to, uint256 value) internal override {
        bool isTransfer = from != address(0) && to != address(0);
        uint256 fee = isTransfer ? value / 100 : 0;
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}
