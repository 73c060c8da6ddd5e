// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Party} from "../types/DataTypes.sol";

/// @title IParties
/// @notice Who may act. Registrars verify, the supervisor freezes; `isVerified` answers as ERC-3643's
/// identity registry does.
/// @dev An unverified party receives nothing, but can redeem and sell out. A frozen one neither gives
/// nor receives. All times are inclusive: a verification until t still holds at t.
interface IParties {
    /* EVENTS */

    /// @notice Emitted when a party is verified, or (`until` in the past) no longer is.
    event PartyVerified(
        address indexed party, uint40 until, bytes32 indexed identifier, address by
    );

    /// @notice Emitted when a party is frozen, or (`until` 0) no longer is.
    event PartyFrozen(address indexed party, uint40 until, bytes32 reason, address by);

    /// @notice Emitted when a contract is made a custodian, or no longer is one.
    event CustodianSet(address indexed party, bool custodian);

    /// @notice Emitted when another payee is named for what a party takes out.
    event PayeeSet(address indexed holder, address indexed payee, bytes32 reason, address by);

    /// @notice Emitted when a party publishes the key that documents for it are sealed to.
    event EncryptionKeyPublished(address indexed party, bytes32 key);

    /// @notice Emitted when a recipient gives, or withdraws, standing consent to a sender.
    event ConsentSet(address indexed recipient, address indexed sender, bool given);

    /* ERRORS */

    /// @notice Thrown when a party that has to be verified is not.
    error PartyNotVerified(address party);

    /// @notice Thrown when a frozen party acts or receives.
    error PartyIsFrozen(address party, uint40 until);

    /// @notice Thrown when the zero address is named as a party.
    error PartyIsZero();

    /// @notice Thrown when the caller is not the party whose own act the call needs.
    error CallerNotEntitled(address caller, address entitled);

    /// @notice Thrown when the recipient has not consented to receive from the sender.
    error ConsentMissing(address recipient, address sender);

    /* REGISTRAR AND SUPERVISOR */

    /// @notice Verifies a party up to and including `until`; a time in the past ends its verification.
    /// @param identifier Keyed hash of its legal identifier; never the identifier itself.
    function verifyParty(address party, uint40 until, bytes32 identifier) external;

    /// @notice Freezes a party up to and including `until`; 0 ends it.
    /// @param reason Hash of the order or decision.
    function freezeParty(address party, uint40 until, bytes32 reason) external;

    /// @notice Says whether a contract keeps vouchers for others, so that its moves are no hops.
    function setCustodian(address party, bool custodian) external;

    /// @notice Names a verified payee for a holder's redemptions and a guarantor's reimbursements, because
    /// the currency's issuer blocks its address; zero restores it. Only its own call pays.
    function setPayee(address holder, address payee, bytes32 reason) external;

    /* PARTIES */

    /// @notice Publishes the X25519 key that documents for the caller are sealed to.
    function publishEncryptionKey(bytes32 key) external;

    /// @notice Gives, or withdraws, the caller's standing consent to receive from `sender`.
    function setConsent(address sender, bool given) external;

    /* VIEWS */

    /// @notice Whether the party is verified now. (ERC-3643)
    function isVerified(address party) external view returns (bool);

    /// @notice All that the ledger knows of a party.
    function partyOf(address party) external view returns (Party memory);

    /// @notice Whether `recipient` has standing consent for what comes from `sender`.
    function hasConsented(address recipient, address sender) external view returns (bool);
}
