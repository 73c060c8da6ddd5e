// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {TestCurrency} from "./TestCurrency.sol";

/// @title PausableToken
/// @notice Test only. Cash that its issuer (here: anyone) can stop altogether.
contract PausableToken is TestCurrency {
    bool public paused;

    /// @notice Thrown when anything moves while the token is paused.
    error TokenIsPaused();

    constructor() TestCurrency("Pausable", "PAUSE", 6) {}

    function setPaused(bool newPaused) external {
        paused = newPaused;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!paused, TokenIsPaused());
        super._update(from, to, value);
    }
}
