// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ISettlement} from "../interfaces/ISettlement.sol";

import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {MoneyWord, PartyWord, ReceivableWord, VoucherWord} from "../types/Words.sol";
import {Till} from "./Till.sol";

/// @title Settlement
/// @notice The obligor pays in, holders take out. The books are closed before money leaves; money that
/// comes in is counted before it is booked.
abstract contract Settlement is Till, ISettlement {
    /* MONEY IN */

    /// @inheritdoc ISettlement
    function pay(ReceivableId id, uint256 amount) external nonReentrant returns (uint256 taken) {
        _requireNotFrozen(msg.sender);
        ReceivableWord receivable = _requireAccepted(id);
        MoneyWord money = _money[id];
        taken = _payable(id, receivable, amount, money.owed());
        _collect(money.currency(), taken);
        _bookPayment(id, receivable, money, taken, 0);
    }

    /* MONEY OUT */

    /// @inheritdoc ISettlement
    function redeem(VoucherId id) external nonReentrant returns (uint256 payout) {
        VoucherWord voucher = _requireVoucher(id);
        _requireOperator(id, voucher);
        PartyWord holder = _requireNotFrozen(voucher.owner());
        _requireUnfrozen(id, voucher);
        _requireLive(id, voucher);
        MoneyWord money = _money[id.receivableOf()];
        bool whole = money.isCovered();
        if (whole) {
            payout = voucher.value() - _claimedOn(id, voucher);
            _burn(id, voucher, holder, voucher.value());
        } else {
            payout = _claim(id, id.receivableOf(), _receivables[id.receivableOf()], voucher);
            require(payout != 0, ISettlement.NothingToClaim(id));
        }
        address payee = _payeeOf(voucher.owner(), holder);
        emit ISettlement.Redeemed(id, voucher.owner(), payee, whole ? voucher.value() : 0, payout);
        if (payout != 0) _payOut(money.currency(), payee, payout);
    }

    /* VIEWS */

    /// @inheritdoc ISettlement
    function claimableOf(VoucherId id) external view returns (uint256) {
        VoucherWord voucher = _requireVoucher(id);
        ReceivableId receivableId = id.receivableOf();
        return
            _claimable(
                receivableId, _requireAccepted(receivableId), voucher, _claimedOn(id, voucher)
            );
    }
}
