// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IParties} from "../interfaces/IParties.sol";

import {Book} from "../ledger/Book.sol";
import {Party} from "../types/DataTypes.sol";
import {PartyWord, PartyWords} from "../types/Words.sol";

/// @title PartyOffice
/// @notice Verifying and freezing parties, and what parties say of themselves.
abstract contract PartyOffice is Book, IParties {
    /* REGISTRAR AND SUPERVISOR */

    /// @inheritdoc IParties
    function verifyParty(address party, uint40 until, bytes32 identifier)
        external
        restricted
        nonReentrant
    {
        require(party != address(0), IParties.PartyIsZero());
        _parties[party] = _parties[party].withVerifiedUntil(until)
            .withFlag(PartyWords.CONTRACT, party.code.length != 0);
        _identifiers[party] = identifier;
        emit IParties.PartyVerified(party, until, identifier, msg.sender);
    }

    /// @inheritdoc IParties
    function freezeParty(address party, uint40 until, bytes32 reason)
        external
        restricted
        nonReentrant
    {
        _parties[party] = _parties[party].withFrozenUntil(until);
        emit IParties.PartyFrozen(party, until, reason, msg.sender);
    }

    /// @inheritdoc IParties
    function setCustodian(address party, bool custodian) external restricted nonReentrant {
        _parties[party] = _parties[party].withFlag(PartyWords.CUSTODIAN, custodian);
        emit IParties.CustodianSet(party, custodian);
    }

    /// @inheritdoc IParties
    function setPayee(address holder, address payee, bytes32 reason)
        external
        restricted
        nonReentrant
    {
        if (payee != address(0)) _requireActive(payee);
        _payees[holder] = payee;
        _parties[holder] = _parties[holder].withFlag(PartyWords.PAYEE, payee != address(0));
        emit IParties.PayeeSet(holder, payee, reason, msg.sender);
    }

    /* PARTIES */

    /// @inheritdoc IParties
    function publishEncryptionKey(bytes32 key) external {
        _requireActive(msg.sender);
        _encryptionKeys[msg.sender] = key;
        emit IParties.EncryptionKeyPublished(msg.sender, key);
    }

    /// @inheritdoc IParties
    function setConsent(address sender, bool given) external {
        _consents[msg.sender][sender] = given;
        emit IParties.ConsentSet(msg.sender, sender, given);
    }

    /* VIEWS */

    /// @inheritdoc IParties
    function isVerified(address party) external view returns (bool) {
        return _parties[party].verifiedUntil() >= block.timestamp;
    }

    /// @inheritdoc IParties
    function partyOf(address party) external view returns (Party memory) {
        PartyWord word = _parties[party];
        return Party({
            verifiedUntil: word.verifiedUntil(),
            frozenUntil: word.frozenUntil(),
            vouchers: word.vouchers(),
            defaults: word.defaults(),
            custodian: word.has(PartyWords.CUSTODIAN),
            payee: _payees[party],
            identifier: _identifiers[party],
            encryptionKey: _encryptionKeys[party]
        });
    }

    /// @inheritdoc IParties
    function hasConsented(address recipient, address sender) external view returns (bool) {
        return _hasStandingConsent(recipient, sender);
    }
}
