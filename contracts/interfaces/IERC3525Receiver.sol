// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IERC3525Receiver
/// @notice A contract that wants to know, and to be able to refuse, when value reaches it; 0x009ce20b.
interface IERC3525Receiver {
    /// @notice Called after value has moved to a token of this contract.
    /// @return This function's selector, or the transfer is refused.
    function onERC3525Received(
        address operator,
        uint256 fromTokenId,
        uint256 toTokenId,
        uint256 value,
        bytes calldata data
    ) external returns (bytes4);
}
