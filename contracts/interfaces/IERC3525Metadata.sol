// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IERC3525Metadata
/// @notice ERC-3525's optional metadata; the ERC-165 identifier is 0xe1600902.
interface IERC3525Metadata {
    /// @notice The contract's description: JSON as a data URI.
    function contractURI() external view returns (string memory);

    /// @notice A slot's description: JSON as a data URI.
    function slotURI(uint256 slot) external view returns (string memory);
}
