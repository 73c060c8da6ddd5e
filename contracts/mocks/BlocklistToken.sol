// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {TestCurrency} from "./TestCurrency.sol";

/// @title BlocklistToken
/// @notice Test only. Cash in the manner of USDC: its issuer (here: anyone) blocks accounts, which then
/// neither send nor receive.
contract BlocklistToken is TestCurrency {
    mapping(address account => bool) public isBlocked;

    /// @notice Thrown when a blocked account sends or receives.
    error AccountIsBlocked(address account);

    constructor() TestCurrency("Blocklist", "BLOCK", 6) {}

    function setBlocked(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!isBlocked[from], AccountIsBlocked(from));
        require(!isBlocked[to], AccountIsBlocked(to));
        super._update(from, to, value);
    }
}
