// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IERC7943NonFungible
/// @notice ERC-7943 uRWA for tokens with ids: who may send and receive, freezing, forced transfer.
/// @dev The ERC-165 identifier is 0xbf1ef5fe.
interface IERC7943NonFungible {
    /// @notice Emitted when a token is taken from one account and given to another.
    event ForcedTransfer(address indexed from, address indexed to, uint256 indexed tokenId);

    /// @notice Emitted when an account's right to move a token is frozen or restored.
    event Frozen(address indexed account, uint256 indexed tokenId, bool indexed frozenStatus);

    /// @notice Thrown when an account may not send.
    error ERC7943CannotSend(address account);

    /// @notice Thrown when an account may not receive.
    error ERC7943CannotReceive(address account);

    /// @notice Thrown when a rule forbids this transfer.
    error ERC7943CannotTransfer(address from, address to, uint256 tokenId);

    /// @notice Thrown when the token is frozen for the account that holds it.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 tokenId);

    /// @notice Takes a token from one account and gives it to another.
    /// @return result Always true; it reverts otherwise.
    function forcedTransfer(address from, address to, uint256 tokenId)
        external
        returns (bool result);

    /// @notice Freezes or restores an account's right to move a token, held by it now or later.
    /// @return result Always true; it reverts otherwise.
    function setFrozenTokens(address account, uint256 tokenId, bool frozenStatus)
        external
        returns (bool result);

    /// @notice Whether the account may send at all.
    function canSend(address account) external view returns (bool allowed);

    /// @notice Whether the account may receive at all.
    function canReceive(address account) external view returns (bool allowed);

    /// @notice Whether the token is frozen for the account.
    function getFrozenTokens(address account, uint256 tokenId)
        external
        view
        returns (bool frozenStatus);

    /// @notice Whether the rules allow this transfer now. Says nothing of ownership or approval.
    function canTransfer(address from, address to, uint256 tokenId)
        external
        view
        returns (bool allowed);
}
