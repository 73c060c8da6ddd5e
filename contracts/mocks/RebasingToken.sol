// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {TestCurrency} from "./TestCurrency.sol";

/// @title RebasingToken
/// @notice Test only. Cash whose balances all grow or shrink overnight.
/// @dev The books hold shares; a balance is shares times `percent`. Everybody can rebase.
contract RebasingToken is TestCurrency {
    uint256 public percent = 100;

    constructor() TestCurrency("Rebasing", "REB", 6) {}

    /// @notice Every balance becomes `newPercent` of what was minted.
    function rebase(uint256 newPercent) external {
        percent = newPercent;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * percent) / 100;
    }

    function totalSupply() public view override returns (uint256) {
        return (super.totalSupply() * percent) / 100;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, (value * 100) / percent);
    }
}
