// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivables} from "../interfaces/IReceivables.sol";
import {IParties} from "../interfaces/IParties.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";

import {Book} from "../ledger/Book.sol";
import {Calendar} from "../libraries/Calendar.sol";
import {Status} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {PartyWord, ReceivableWord, ReceivableWords, VoucherWord} from "../types/Words.sol";

/// @title Refusals
/// @notice Rejection, withdrawal, and default on record.
abstract contract Refusals is Book, IRefusals {
    /* REFUSE */

    /// @inheritdoc IRefusals
    function reject(ReceivableId id, bytes32 reason) external nonReentrant {
        ReceivableWord receivable = _requireIssued(id);
        require(
            msg.sender == receivable.obligor(),
            IParties.CallerNotEntitled(msg.sender, receivable.obligor())
        );
        _cancel(id, receivable);
        emit IRefusals.ReceivableRejected(id, msg.sender, reason);
    }

    /// @inheritdoc IRefusals
    function cancel(ReceivableId id) external nonReentrant {
        ReceivableWord receivable = _requireIssued(id);
        if (!Calendar.isOver(receivable.acceptBy(), 0)) {
            // Nothing moves before acceptance: the first voucher's holder is the creditor.
            address creditor = _vouchers[id.firstVoucher()].owner();
            require(msg.sender == creditor, IParties.CallerNotEntitled(msg.sender, creditor));
        }
        _cancel(id, receivable);
        emit IRefusals.ReceivableCancelled(id, msg.sender);
    }

    /* DEFAULT */

    /// @inheritdoc IRefusals
    function declareDefault(ReceivableId id) external nonReentrant {
        Status status = _statusOf(id);
        require(status == Status.Overdue, IReceivables.WrongStatus(id, status, Status.Overdue));
        ReceivableWord receivable = _receivables[id];
        require(!receivable.has(ReceivableWords.DEFAULTED), IRefusals.DefaultAlreadyDeclared(id));
        PartyWord obligor = _parties[receivable.obligor()];
        _receivables[id] = receivable.withFlag(ReceivableWords.DEFAULTED);
        _parties[receivable.obligor()] = obligor.withDefaults(obligor.defaults() + 1);
        emit IRefusals.DefaultDeclared(id, receivable.obligor(), msg.sender);
    }

    /* INTERNAL */

    function _cancel(ReceivableId id, ReceivableWord receivable) private {
        _receivables[id] = receivable.withStatus(Status.Cancelled);
        VoucherId first = id.firstVoucher();
        VoucherWord voucher = _vouchers[first];
        _burn(first, voucher, _parties[voucher.owner()], voucher.value());
    }
}
