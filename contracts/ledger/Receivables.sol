// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "../interfaces/IProgrammes.sol";
import {IParties} from "../interfaces/IParties.sol";
import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IERC3525} from "../interfaces/IERC3525.sol";
import {IReceivables} from "../interfaces/IReceivables.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Calendar} from "../libraries/Calendar.sol";
import {Digits} from "../libraries/Digits.sol";
import {Status, Terms} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {MoneyWords, ReceivableWord, ReceivableWords, VoucherWords} from "../types/Words.sol";
import {Book} from "./Book.sol";

/// @title Receivables
/// @notice Issue and acceptance.
abstract contract Receivables is Book, EIP712, IReceivables {
    bytes32 private constant _TERMS_TYPEHASH = keccak256(
        "Terms(address obligor,address creditor,uint8 currency,uint80 face,uint16 dueDay,uint16 programme,bytes32 documentsRoot,bytes32 referenceHash,uint256 salt)"
    );
    bytes32 private constant _ACCEPTANCE_TYPEHASH = keccak256(
        "Acceptance(Terms terms,uint256 deadline)Terms(address obligor,address creditor,uint8 currency,uint80 face,uint16 dueDay,uint16 programme,bytes32 documentsRoot,bytes32 referenceHash,uint256 salt)"
    );

    /* ISSUE */

    /// @inheritdoc IReceivables
    // The guard is closed while a gate or a receiver runs.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function issue(Terms memory terms) external whenNotEntered returns (ReceivableId id) {
        bool accepted = msg.sender == terms.obligor;
        require(
            accepted || msg.sender == terms.creditor,
            IParties.CallerNotEntitled(msg.sender, terms.creditor)
        );
        _requireNotPaused();
        id = idOf(terms);
        require(_receivables[id].status() == Status.None, IReceivables.AlreadyIssued(id));
        (ReceivableWord receivable, uint16 acceptBy, uint8 voucherFlags) =
            _checkTerms(terms, accepted);
        if (receivable.has(ReceivableWords.GATED)) _askGateToIssue(receivable, id, terms);
        if (accepted) _bind(id, receivable, terms.face);
        _receivables[id] = receivable;
        _money[id] = MoneyWords.pack(terms.face, 0, 0, terms.currency);
        _emitIssued(id, terms, acceptBy);
        _mintFirst(id, terms, receivable.maxHops(), voucherFlags);
        if (accepted) emit IReceivables.ReceivableAccepted(id, terms.obligor);
    }

    /* ACCEPT */

    /// @inheritdoc IReceivables
    function accept(ReceivableId id) external whenNotEntered {
        ReceivableWord receivable = _requireIssued(id);
        require(
            msg.sender == receivable.obligor(),
            IParties.CallerNotEntitled(msg.sender, receivable.obligor())
        );
        _accept(id, receivable);
    }

    /// @inheritdoc IReceivables
    function acceptWithSignature(Terms memory terms, uint256 deadline, bytes calldata signature)
        external
        whenNotEntered
    {
        require(
            block.timestamp <= deadline, IReceivables.SignatureExpired(deadline, block.timestamp)
        );
        ReceivableId id = idOf(terms);
        ReceivableWord receivable = _requireIssued(id);
        bytes32 digest = acceptanceDigest(terms, deadline);
        require(
            SignatureChecker.isValidSignatureNowCalldata(terms.obligor, digest, signature),
            IReceivables.SignatureInvalid(terms.obligor)
        );
        _accept(id, receivable);
    }

    /* VIEWS */

    /// @inheritdoc IReceivables
    function idOf(Terms memory terms) public pure returns (ReceivableId) {
        // The first 24 of 32 bytes: the shift leaves 192 bits.
        return ReceivableId.wrap(uint192(uint256(_hashTerms(terms)) >> 64));
    }

    /// @inheritdoc IReceivables
    function statusOf(ReceivableId id) external view returns (Status) {
        return _statusOf(id);
    }

    /// @inheritdoc IReceivables
    function outlineOf(ReceivableId id)
        external
        view
        returns (address obligor, uint16 programme, uint8 currency, uint16 dueDay)
    {
        ReceivableWord receivable = _receivables[id];
        return
            (
                receivable.obligor(),
                receivable.programme(),
                _money[id].currency(),
                receivable.dueDay()
            );
    }

    /// @inheritdoc IReceivables
    function acceptanceDigest(Terms memory terms, uint256 deadline) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(abi.encode(_ACCEPTANCE_TYPEHASH, _hashTerms(terms), deadline))
            );
    }

    /* INTERNAL */

    /// @dev The word that these terms give rise to and the flags of its first voucher, if the rules allow
    /// them today.
    function _checkTerms(Terms memory terms, bool accepted)
        private
        view
        returns (ReceivableWord receivable, uint16 acceptBy, uint8 voucherFlags)
    {
        require(terms.obligor != terms.creditor, IReceivables.ObligorIsCreditor(terms.obligor));
        _requireActive(terms.obligor);
        Scope memory scope = _requireOpen(terms.programme);
        require(
            scope.currency == 0 || scope.currency == terms.currency,
            IProgrammes.CurrencyNotAdmitted(terms.currency, scope.currency)
        );
        Rules memory rules = _rulesOf(terms.programme);
        uint8 flags = _granuleExponent(terms.currency);
        require(
            terms.face % 10 ** flags == 0, ICurrencies.AmountNotExpressible(terms.face, 10 ** flags)
        );
        uint256 smallest = Digits.decode(rules.smallestVoucher);
        require(terms.face >= smallest, IProgrammes.BelowSmallestVoucher(terms.face, smallest));
        acceptBy = _checkDays(terms.dueDay, rules, accepted);
        if (accepted) voucherFlags = VoucherWords.LIVE;
        if (scope.consent) voucherFlags |= VoucherWords.CONSENT;
        if (scope.gate != address(0)) {
            flags |= ReceivableWords.GATED;
            voucherFlags |= VoucherWords.GATED;
        }
        if (rules.obligorLimit != 0) flags |= ReceivableWords.LIMITED;
        receivable = ReceivableWords.pack(
            terms.obligor,
            terms.dueDay,
            terms.programme,
            acceptBy,
            _copied(rules),
            accepted ? Status.Accepted : Status.Issued,
            flags
        );
    }

    /// @dev The rules that splits and transfers ask for, as they stand in the receivable's word.
    function _copied(Rules memory rules) private pure returns (uint24) {
        return uint24(rules.maxHops) | (uint24(rules.smallestVoucher) << 8)
            | (uint24(rules.maxSplits) << 16);
    }

    /// @dev Checks the due date; returns the last day to accept, which is never after the due date.
    function _checkDays(uint16 dueDay, Rules memory rules, bool accepted)
        private
        view
        returns (uint16)
    {
        uint16 today = Calendar.today();
        require(dueDay >= today, IReceivables.DueDateInPast(dueDay, today));
        uint256 tenor = dueDay - today;
        require(tenor <= rules.maxTenorDays, IProgrammes.TenorTooLong(tenor, rules.maxTenorDays));
        if (accepted) return today;
        return tenor < rules.acceptanceDays ? dueDay : today + rules.acceptanceDays;
    }

    function _mintFirst(ReceivableId id, Terms memory terms, uint8 maxHops, uint8 flags) private {
        VoucherId first = id.firstVoucher();
        _gainVouchers(terms.creditor, _requireActive(terms.creditor), 1);
        _vouchers[first] = VoucherWords.pack(terms.creditor, terms.face, maxHops, flags);
        emit IERC721.Transfer(address(0), terms.creditor, VoucherId.unwrap(first));
        emit IERC3525.SlotChanged(VoucherId.unwrap(first), 0, id.toSlot());
        emit IERC3525.TransferValue(0, VoucherId.unwrap(first), terms.face);
    }

    // The guard is closed while a gate or a receiver runs.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function _accept(ReceivableId id, ReceivableWord receivable) private {
        _requireNotPaused();
        _requireActive(receivable.obligor());
        require(
            !Calendar.isOver(receivable.acceptBy(), 0),
            IReceivables.AcceptancePeriodOver(receivable.acceptBy(), Calendar.today())
        );
        // Only a limit asks for the face.
        uint80 face = receivable.has(ReceivableWords.LIMITED) ? _money[id].face() : 0;
        _bind(id, receivable, face);
        _receivables[id] = receivable.withStatus(Status.Accepted);
        emit IReceivables.ReceivableAccepted(id, receivable.obligor());
    }

    /// @dev What has to hold before an obligor is bound, beyond its being active.
    // The guard is closed while a gate or a receiver runs.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function _bind(ReceivableId id, ReceivableWord receivable, uint80 face) private {
        address obligor = receivable.obligor();
        uint16 programme = receivable.programme();
        if (_parties[obligor].defaults() != 0) {
            require(!_scopeOf(programme).stopOnDefault, IProgrammes.ObligorInDefault(obligor));
        }
        if (receivable.has(ReceivableWords.GATED)) _askGateToAccept(receivable, id);
        if (receivable.has(ReceivableWords.LIMITED)) {
            _raiseOutstanding(programme, obligor, face, _rulesOf(programme).obligorLimit);
        }
    }

    function _askGateToIssue(ReceivableWord receivable, ReceivableId id, Terms memory terms)
        private
        nonReentrant
    {
        _gateOf(receivable).beforeIssue(id, terms);
    }

    function _askGateToAccept(ReceivableWord receivable, ReceivableId id) private nonReentrant {
        _gateOf(receivable).beforeAccept(id);
    }

    function _emitIssued(ReceivableId id, Terms memory terms, uint16 acceptBy) private {
        emit IReceivables.ReceivableIssued(
            id,
            terms.obligor,
            terms.creditor,
            terms.currency,
            terms.face,
            terms.dueDay,
            terms.programme,
            terms.documentsRoot,
            terms.referenceHash,
            terms.salt,
            acceptBy
        );
    }

    function _hashTerms(Terms memory terms) private pure returns (bytes32) {
        return keccak256(abi.encode(_TERMS_TYPEHASH, terms));
    }
}
