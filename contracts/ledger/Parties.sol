// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IParties} from "../interfaces/IParties.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {PartyWord, PartyWords} from "../types/Words.sol";

/// @title Parties
/// @notice One word a party: verification, freeze, and ERC-721's counter of vouchers, so that checking a
/// party and counting its vouchers costs one slot.
/// @dev Whatever changes a word is guarded: a move that has read it and calls a gate writes it afterwards.
abstract contract Parties is AccessManaged, ReentrancyGuardTransient {
    mapping(address party => PartyWord word) internal _parties;
    mapping(address party => bytes32 identifier) internal _identifiers;
    mapping(address party => bytes32 key) internal _encryptionKeys;
    mapping(address holder => address payee) internal _payees;
    mapping(address recipient => mapping(address sender => bool given)) internal _consents;

    function _hasStandingConsent(address recipient, address sender) internal view returns (bool) {
        return _consents[recipient][sender];
    }

    /// @dev The word of a party that may receive and bind itself.
    function _requireActive(address party) internal view returns (PartyWord word) {
        word = _requireNotFrozen(party);
        require(word.verifiedUntil() >= block.timestamp, IParties.PartyNotVerified(party));
    }

    /// @dev The word of a party that may give.
    function _requireNotFrozen(address party) internal view returns (PartyWord word) {
        word = _parties[party];
        require(!_isFrozen(word), IParties.PartyIsFrozen(party, word.frozenUntil()));
    }

    function _isFrozen(PartyWord word) internal view returns (bool) {
        return word.frozenUntil() >= block.timestamp;
    }

    /// @dev Where a holder's money goes. Only the holder itself can send it to another payee.
    function _payeeOf(address holder, PartyWord word) internal view returns (address payee) {
        if (!word.has(PartyWords.PAYEE)) return holder;
        require(msg.sender == holder, IParties.CallerNotEntitled(msg.sender, holder));
        payee = _payees[holder];
        _requireNotFrozen(payee);
    }

    function _gainVouchers(address party, PartyWord word, uint256 count) internal {
        _parties[party] = word.plusVouchers(count);
    }

    function _loseVouchers(address party, PartyWord word, uint256 count) internal {
        _parties[party] = word.minusVouchers(count);
    }
}
