// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {TestCurrency} from "./TestCurrency.sol";

/// @title ITokenHooks
/// @notice Test only. What an account is told of its cash.
interface ITokenHooks {
    /// @notice Called before cash leaves the account.
    function tokensToSend(address from, address to, uint256 value) external;

    /// @notice Called after cash has reached the account.
    function tokensReceived(address from, address to, uint256 value) external;
}

/// @title HookedToken
/// @notice Test only. Cash in the manner of ERC-777: it calls sender and recipient in the middle of a
/// transfer. Each account registers its own hook, as it would in ERC-1820.
contract HookedToken is TestCurrency {
    mapping(address account => ITokenHooks) public hookOf;

    constructor() TestCurrency("Hooked", "HOOK", 6) {}

    /// @notice Names who is called about the caller's cash; zero: nobody.
    function setHook(ITokenHooks hook) external {
        hookOf[msg.sender] = hook;
    }

    function _update(address from, address to, uint256 value) internal override {
        ITokenHooks sender = hookOf[from];
        ITokenHooks recipient = hookOf[to];
        if (address(sender) != address(0)) sender.tokensToSend(from, to, value);
        super._update(from, to, value);
        if (address(recipient) != address(0)) recipient.tokensReceived(from, to, value);
    }
}
