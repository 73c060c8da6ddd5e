// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";

import {Shares} from "../libraries/Shares.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {
    MoneyWord,
    MoneyWords,
    ReceivableWord,
    ReceivableWords,
    VoucherWord,
    VoucherWords
} from "../types/Words.sol";
import {Book} from "./Book.sol";

/// @title Till
/// @notice How payments and claims are booked, whoever makes them.
abstract contract Till is Book {
    /// @dev What can be taken of `amount`, in whole granules: at most `most`, which has 80 bits.
    function _payable(ReceivableId id, ReceivableWord receivable, uint256 amount, uint80 most)
        internal
        pure
        returns (uint256 taken)
    {
        require(amount != 0, ISettlement.AmountIsZero());
        require(most != 0, ISettlement.NothingOwed(id));
        taken = Shares.min(amount, most);
        require(
            taken % receivable.granule() == 0,
            ICurrencies.AmountNotExpressible(taken, receivable.granule())
        );
    }

    function _bookPayment(
        ReceivableId id,
        ReceivableWord receivable,
        MoneyWord money,
        uint256 taken,
        bytes32 evidence
    ) internal {
        // taken <= owed = face - paid: the sum has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint80 paid = money.paid() + uint80(taken);
        _money[id] = MoneyWords.pack(money.face(), paid, money.advanced(), money.currency());
        emit ISettlement.Paid(id, msg.sender, taken, evidence);
        _afterLessOwed(id, receivable, taken, paid == money.face());
    }

    /// @dev The obligor's record follows what it owes.
    function _afterLessOwed(ReceivableId id, ReceivableWord receivable, uint256 less, bool settled)
        internal
    {
        address obligor = receivable.obligor();
        if (receivable.has(ReceivableWords.LIMITED)) {
            _lowerOutstanding(receivable.programme(), obligor, less);
        }
        if (!settled || !receivable.has(ReceivableWords.DEFAULTED)) return;
        _receivables[id] = receivable.withoutFlag(ReceivableWords.DEFAULTED);
        _parties[obligor] = _parties[obligor].withDefaults(_parties[obligor].defaults() - 1);
        emit IRefusals.DefaultCured(id, obligor);
    }

    /// @dev Books a claim before full coverage and returns what is to be paid for it.
    function _claim(
        VoucherId id,
        ReceivableId receivableId,
        ReceivableWord receivable,
        VoucherWord voucher
    ) internal returns (uint80 payout) {
        uint80 claimed = _claimedOn(id, voucher);
        payout = _claimable(receivableId, receivable, voucher, claimed);
        if (payout == 0) return 0;
        _claimed[id] = claimed + payout;
        _claimedTotal[receivableId] += payout;
        _vouchers[id] = voucher.withFlag(VoucherWords.CLAIMED);
    }
}
