// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

import {IERC3525Receiver} from "./IERC3525Receiver.sol";

/// @notice One call that an account makes.
struct Call {
    // The contract.
    address to;
    // The encoded call.
    bytes data;
}

/// @title ISponsoredAccount
/// @notice What an account without ether can do by signing alone: it delegates its code to this contract
/// once (EIP-7702), and from then on anyone can bring what it has signed, and pay for it.
/// @dev All state is the account's own, at a place of its own (ERC-7201), so that it survives another
/// delegation in between. The account's key stays its master: it can send transactions as before, and
/// delegate elsewhere, or to nothing, at any time. No intent moves ether: an account receives it as
/// it did without code, and uses it itself.
interface ISponsoredAccount is IERC1271, IERC721Receiver, IERC3525Receiver {
    /* EVENTS */

    /// @notice Emitted when what an account signed was carried out, in the account's own name.
    event IntentExecuted(bytes32 indexed intent, uint256 nonce, address indexed by);

    /// @notice Emitted when an account withdraws a number, so that what it signed under it is void.
    event IntentWithdrawn(uint256 nonce);

    /* ERRORS */

    /// @notice Thrown when what was signed is brought too late.
    error IntentExpired(uint256 deadline, uint256 time);

    /// @notice Thrown when the number was used, or withdrawn.
    error IntentNonceUsed(uint256 nonce);

    /// @notice Thrown when the account did not sign this.
    error IntentSignatureInvalid(address account);

    /// @notice Thrown when there is nothing to do.
    error IntentEmpty();

    /* ACT */

    /// @notice Makes the calls that the account signed: all of them, or none. Anyone may bring them.
    /// @dev A call that is refused reverts with its own error, unchanged; one to an address without code with
    /// `AddressEmptyCode`.
    /// @param nonce Any number that was not used before; there is no order.
    /// @param deadline The last second in which it counts.
    /// @param signature The account's own, over `intentDigest`.
    function execute(
        Call[] calldata calls,
        uint256 nonce,
        uint40 deadline,
        bytes calldata signature
    ) external;

    /// @notice Makes what was signed under a number void; only the account itself may.
    function withdraw(uint256 nonce) external;

    /* VIEWS */

    /// @notice What the account signs: EIP-712, in a domain named "Duebill account" at the account's address.
    function intentDigest(Call[] calldata calls, uint256 nonce, uint40 deadline)
        external
        view
        returns (bytes32);

    /// @notice Whether a number was used or withdrawn.
    function isIntentNonceUsed(uint256 nonce) external view returns (bool);
}
