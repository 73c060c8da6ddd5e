// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC7943NonFungible} from "../interfaces/IERC7943NonFungible.sol";
import {IProgrammeGate} from "../interfaces/IProgrammeGate.sol";
import {ISupervision} from "../interfaces/ISupervision.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {Book} from "../ledger/Book.sol";
import {Status} from "../types/DataTypes.sol";
import {VoucherId} from "../types/Ids.sol";
import {PartyWord, ReceivableWord, VoucherWord, VoucherWords} from "../types/Words.sol";

/// @title Supervision
/// @notice Pausing, and freezing and taking vouchers: in ERC-7943's form, and in one that says who, why and
/// until when.
abstract contract Supervision is Book, ISupervision {
    uint256 private constant _LONGEST_PAUSE = 7 days;
    uint256 private constant _REST_BETWEEN_PAUSES = 1 days;

    /* PAUSE */

    /// @inheritdoc ISupervision
    function pause(uint40 until, bytes32 reason) external restricted {
        uint256 earliest = uint256(_pausedUntil) + _REST_BETWEEN_PAUSES;
        require(block.timestamp > earliest, ISupervision.PauseTooSoon(earliest));
        uint256 longest = block.timestamp + _LONGEST_PAUSE;
        require(
            until >= block.timestamp && until <= longest,
            ISupervision.PauseOutOfRange(until, longest)
        );
        _pausedUntil = until;
        emit ISupervision.Paused(until, reason, msg.sender);
    }

    /// @inheritdoc ISupervision
    function unpause() external restricted {
        require(_pausedUntil >= block.timestamp, ISupervision.LedgerNotPaused());
        // Block times fit in 40 bits for another 34,000 years.
        _pausedUntil = uint40(block.timestamp - 1);
        emit ISupervision.Unpaused(msg.sender);
    }

    /* ENFORCE */

    /// @inheritdoc ISupervision
    function freezeVoucher(VoucherId id, address account, uint40 until, bytes32 reason)
        external
        restricted
        nonReentrant
    {
        _freeze(id, account, until, reason);
    }

    /// @inheritdoc IERC7943NonFungible
    function setFrozenTokens(address account, uint256 tokenId, bool frozenStatus)
        external
        restricted
        nonReentrant
        returns (bool)
    {
        _freeze(VoucherId.wrap(tokenId), account, frozenStatus ? type(uint40).max : 0, 0);
        return true;
    }

    /// @inheritdoc ISupervision
    function seizeVoucher(VoucherId id, address from, address to, bytes32 reason)
        external
        restricted
        nonReentrant
    {
        _seize(id, from, to, reason);
    }

    /// @inheritdoc IERC7943NonFungible
    function forcedTransfer(address from, address to, uint256 tokenId)
        external
        restricted
        nonReentrant
        returns (bool)
    {
        _seize(VoucherId.wrap(tokenId), from, to, 0);
        return true;
    }

    /* VIEWS */

    /// @inheritdoc ISupervision
    function pausedUntil() external view returns (uint40) {
        return _pausedUntil;
    }

    /// @inheritdoc ISupervision
    function frozenUntil(VoucherId id, address account) external view returns (uint40) {
        return _frozen[id][account];
    }

    /// @inheritdoc IERC7943NonFungible
    function canSend(address account) public view returns (bool) {
        return !_isFrozen(_parties[account]);
    }

    /// @inheritdoc IERC7943NonFungible
    function canReceive(address account) public view returns (bool) {
        PartyWord word = _parties[account];
        return !_isFrozen(word) && word.verifiedUntil() >= block.timestamp;
    }

    /// @inheritdoc IERC7943NonFungible
    function getFrozenTokens(address account, uint256 tokenId) public view returns (bool) {
        return _frozen[VoucherId.wrap(tokenId)][account] >= block.timestamp;
    }

    /// @inheritdoc IERC7943NonFungible
    function canTransfer(address from, address to, uint256 tokenId) external view returns (bool) {
        VoucherId id = VoucherId.wrap(tokenId);
        ReceivableWord receivable = _receivables[id.receivableOf()];
        if (_pausedUntil >= block.timestamp || receivable.status() != Status.Accepted) {
            return false;
        }
        if (!canSend(from) || !canReceive(to) || getFrozenTokens(from, tokenId)) return false;
        VoucherWord voucher = _vouchers[id];
        bool hop = from != to && !_isCustody(_parties[from], _parties[to]);
        if (hop && voucher.hopsLeft() == 0) return false;
        if (voucher.has(VoucherWords.CONSENT) && from != to) {
            if (!_hasConsent(_parties[from], _parties[to], from, to)) return false;
        }
        return !voucher.has(VoucherWords.GATED) || _gateAllows(receivable, id, from, to);
    }

    /* INTERNAL */

    function _freeze(VoucherId id, address account, uint40 until, bytes32 reason) private {
        VoucherWord voucher = _requireVoucher(id);
        _frozen[id][account] = until;
        _vouchers[id] = voucher.withFlag(VoucherWords.FREEZABLE);
        emit IERC7943NonFungible.Frozen(account, VoucherId.unwrap(id), until >= block.timestamp);
        emit ISupervision.VoucherFrozen(id, account, until, reason, msg.sender);
    }

    /// @dev Freezes, consent, gate, hops and pause do not stand in the way of an order; verification does.
    function _seize(VoucherId id, address from, address to, bytes32 reason) private {
        VoucherWord voucher = _requireVoucher(id);
        require(
            voucher.owner() == from,
            ERC721IncorrectOwner(from, VoucherId.unwrap(id), voucher.owner())
        );
        require(from != to, ERC721InvalidReceiver(to));
        _requireAccepted(id.receivableOf());
        _gainVouchers(to, _requireActive(to), 1);
        _loseVouchers(from, _parties[from], 1);
        if (_isFrozenFor(id, voucher, from)) {
            _frozen[id][from] = 0;
            emit IERC7943NonFungible.Frozen(from, VoucherId.unwrap(id), false);
        }
        _give(id, voucher, to, voucher.hopsLeft());
        emit IERC7943NonFungible.ForcedTransfer(from, to, VoucherId.unwrap(id));
        emit ISupervision.VoucherSeized(id, reason, msg.sender);
    }

    /// @dev A forecast does not revert, whatever the gate answers: all but a plain yes is a no.
    // One word is the answer; a second one says nothing.
    // slither-disable-next-line unused-return
    function _gateAllows(ReceivableWord receivable, VoucherId id, address from, address to)
        private
        view
        returns (bool)
    {
        bytes memory call = abi.encodeCall(IProgrammeGate.canTransfer, (id, from, to));
        (bool success, bytes32 answer,) =
            LowLevelCall.staticcallReturn64Bytes(address(_gateOf(receivable)), call);
        return success && LowLevelCall.returnDataSize() >= 32 && uint256(answer) == 1;
    }
}
