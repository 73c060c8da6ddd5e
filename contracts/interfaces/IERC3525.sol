// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC721Metadata} from "@openzeppelin/contracts/interfaces/IERC721Metadata.sol";

/// @title IERC3525
/// @notice ERC-3525 Semi-Fungible Token: tokens of one slot have values that can move between them.
/// @dev The ERC-165 identifier of these members alone is 0xd5358140. The standard marks the moving functions
/// payable; like every current ERC-721, this one takes no ether, so that none can be lost.
interface IERC3525 is IERC721Metadata {
    /// @notice Emitted when value moves between two tokens; zero stands for creation or destruction.
    event TransferValue(uint256 indexed fromTokenId, uint256 indexed toTokenId, uint256 value);

    /// @notice Emitted when an operator's allowance on a token is set or changed.
    event ApprovalValue(uint256 indexed tokenId, address indexed operator, uint256 value);

    /// @notice Emitted when the slot of a token is set.
    event SlotChanged(uint256 indexed tokenId, uint256 indexed oldSlot, uint256 indexed newSlot);

    /// @notice How many decimals values have.
    function valueDecimals() external view returns (uint8);

    /// @notice The value of a token.
    function balanceOf(uint256 tokenId) external view returns (uint256);

    /// @notice The slot of a token.
    function slotOf(uint256 tokenId) external view returns (uint256);

    /// @notice Lets `operator` move up to `value` out of a token.
    function approve(uint256 tokenId, address operator, uint256 value) external;

    /// @notice How much `operator` may still move out of a token.
    function allowance(uint256 tokenId, address operator) external view returns (uint256);

    /// @notice Moves value from one token to another of the same slot.
    function transferFrom(uint256 fromTokenId, uint256 toTokenId, uint256 value) external;

    /// @notice Moves value from a token to an address, into a new token of the same slot.
    /// @return toTokenId The token that received the value.
    function transferFrom(uint256 fromTokenId, address to, uint256 value)
        external
        returns (uint256 toTokenId);
}
