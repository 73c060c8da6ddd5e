// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IVouchers} from "../interfaces/IVouchers.sol";
import {IParties} from "../interfaces/IParties.sol";
import {IRecoveries} from "../interfaces/IRecoveries.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";

import {Till} from "../ledger/Till.sol";
import {Shares} from "../libraries/Shares.sol";
import {Advance} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {
    MoneyWord,
    MoneyWords,
    PartyWord,
    PartyWords,
    ReceivableWord,
    VoucherWord,
    VoucherWords
} from "../types/Words.sol";

/// @title Recoveries
/// @notice Advances and their reimbursement, payments outside the chain, vouchers back in the obligor's hands.
abstract contract Recoveries is Till, IRecoveries {
    /* MONEY IN */

    /// @inheritdoc IRecoveries
    function advance(ReceivableId id, address guarantor, uint256 amount)
        external
        nonReentrant
        returns (uint256 start, uint256 taken)
    {
        _requireNotFrozen(msg.sender);
        ReceivableWord receivable = _requireAccepted(id);
        MoneyWord money = _money[id];
        taken = _payable(id, receivable, amount, money.face() - money.coverage());
        _collect(money.currency(), taken);
        start = _bookAdvance(id, money, guarantor, taken, 0);
    }

    /// @inheritdoc IRecoveries
    function attestPayment(ReceivableId id, uint256 amount, bytes32 evidence)
        external
        nonReentrant
        returns (uint256 taken)
    {
        ReceivableWord receivable = _requireAccepted(id);
        MoneyWord money = _money[id];
        _requirePayingAgent(money.currency());
        taken = _payable(id, receivable, amount, money.owed());
        _bookPayment(id, receivable, money, taken, evidence);
    }

    /// @inheritdoc IRecoveries
    function attestAdvance(ReceivableId id, address guarantor, uint256 amount, bytes32 evidence)
        external
        nonReentrant
        returns (uint256 start, uint256 taken)
    {
        ReceivableWord receivable = _requireAccepted(id);
        MoneyWord money = _money[id];
        _requirePayingAgent(money.currency());
        taken = _payable(id, receivable, amount, money.face() - money.coverage());
        start = _bookAdvance(id, money, guarantor, taken, evidence);
    }

    /* MONEY OUT */

    /// @inheritdoc IRecoveries
    function reimburse(ReceivableId id, uint256 start)
        external
        nonReentrant
        returns (uint256 amount)
    {
        Advance storage claim = _advances[id][start];
        address guarantor = claim.guarantor;
        address payee = _payeeOf(guarantor, _requireNotFrozen(guarantor));
        amount = reimbursableOf(id, start);
        require(amount != 0, IRecoveries.NothingToReimburse(id, start));
        // At most what was advanced, which has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        claim.reimbursed += uint80(amount);
        emit IRecoveries.Reimbursed(id, guarantor, start, amount);
        _payOut(_money[id].currency(), payee, amount);
    }

    /// @inheritdoc IRecoveries
    function extinguish(VoucherId id) external nonReentrant {
        VoucherWord voucher = _requireVoucher(id);
        ReceivableId receivableId = id.receivableOf();
        ReceivableWord receivable = _requireAccepted(receivableId);
        address obligor = receivable.obligor();
        require(msg.sender == obligor, IParties.CallerNotEntitled(msg.sender, obligor));
        require(
            voucher.owner() == obligor,
            ERC721IncorrectOwner(obligor, VoucherId.unwrap(id), voucher.owner())
        );
        _requireUnfrozen(id, voucher);
        PartyWord holder = _requireNotFrozen(obligor);
        uint80 payout = _claim(id, receivableId, receivable, voucher);
        address payee = _payeeOf(obligor, holder);
        if (payout != 0) emit ISettlement.Redeemed(id, obligor, payee, 0, payout);
        _strike(id, receivableId, receivable, voucher, holder);
        if (payout != 0) _payOut(_money[receivableId].currency(), payee, payout);
    }

    /* VIEWS */

    /// @inheritdoc IRecoveries
    function advanceOf(ReceivableId id, uint256 start) external view returns (Advance memory) {
        return _advances[id][start];
    }

    /// @inheritdoc IRecoveries
    function reimbursableOf(ReceivableId id, uint256 start) public view returns (uint256) {
        Advance storage claim = _advances[id][start];
        uint256 surplus = _money[id].surplus();
        if (surplus <= start) return 0;
        return Shares.min(surplus - start, claim.amount) - claim.reimbursed;
    }

    /* INTERNAL */

    function _bookAdvance(
        ReceivableId id,
        MoneyWord money,
        address guarantor,
        uint256 taken,
        bytes32 evidence
    ) private returns (uint256 start) {
        // Who gave security to a custodian was verified then; that it no longer is must not keep it from
        // holders.
        if (_parties[msg.sender].has(PartyWords.CUSTODIAN)) _requireNotFrozen(guarantor);
        else _requireActive(guarantor);
        start = money.advanced();
        // taken <= face - coverage: everything that was advanced is at most the face, which has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint80 amount = uint80(taken);
        _money[id] = MoneyWords.pack(
            money.face(), money.paid(), money.advanced() + amount, money.currency()
        );
        _advances[id][start] = Advance(guarantor, amount, 0);
        emit IRecoveries.Advanced(id, guarantor, start, taken, evidence);
    }

    /// @dev Takes the obligor's own voucher, and what was claimed on it, off the receivable's books. What
    /// the others share in, per unit of value, does not shrink: the claim was rounded down.
    function _strike(
        VoucherId id,
        ReceivableId receivableId,
        ReceivableWord receivable,
        VoucherWord voucher,
        PartyWord holder
    ) private {
        MoneyWord money = _money[receivableId];
        require(money.owed() != 0, ISettlement.NothingOwed(receivableId));
        require(
            money.advanced() == 0, IRecoveries.AdvancesOutstanding(receivableId, money.advanced())
        );
        uint80 claimed = _claimed[id];
        uint80 face = money.face() - voucher.value();
        uint80 paid = money.paid() - claimed;
        // Claims that splits had divided unevenly can be a unit short of this: then paying the rest is the way.
        require(paid <= face, IVouchers.InsufficientValue(id, face, paid));
        _money[receivableId] = MoneyWords.pack(face, paid, 0, money.currency());
        _claimedTotal[receivableId] -= claimed;
        emit IRecoveries.Extinguished(id, voucher.owner(), voucher.value(), claimed);
        _burn(id, voucher.withFlag(VoucherWords.CLAIMED), holder, voucher.value());
        _afterLessOwed(receivableId, receivable, voucher.value() - claimed, paid == face);
    }
}
