// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IParties} from "../interfaces/IParties.sol";
import {IReceivables} from "../interfaces/IReceivables.sol";
import {IRecourses} from "../interfaces/IRecourses.sol";

import {Shares} from "../libraries/Shares.sol";
import {Status} from "../types/DataTypes.sol";
import {Recourse} from "../types/FinanceTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {Cash} from "./Cash.sol";

/// @title Recourses
/// @notice The stack of sellers behind each voucher. Its depth is bounded by the programme's hops: a sale
/// takes one, and what goes back to a seller leaves the stack.
abstract contract Recourses is IRecourses, Cash {
    mapping(VoucherId voucher => Recourse[] stack) private _stacks;

    /* EXERCISE */

    /// @inheritdoc IRecourses
    // The guard is closed while the token and the ledger run.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function exerciseRecourse(VoucherId voucher)
        external
        nonReentrant
        returns (bool honoured, uint80 amount)
    {
        (uint80 value, uint80 claimed) = _requireHolder(voucher);
        uint8 currency = _requireOverdue(voucher.receivableOf());
        // What can be redeemed in full is not asked for, even if the obligor still owes its guarantors.
        require(ledger.claimableOf(voucher) < value - claimed, NoRecourse(voucher));
        Recourse memory last = _lastBesides(voucher, msg.sender);
        uint256 granule = _granuleOf(currency);
        uint80 part = last.amount < value ? last.amount : value;
        // What was claimed on a part is what the ledger would leave on it. Something is left: not all was
        // claimed, and rounding down leaves the more.
        amount = part - Shares.carried(claimed, part, value, granule);
        // Through this contract, so that a holder whom the token does not pay cannot blame the seller.
        honoured = ledger.canReceive(last.seller)
            && _tryMove(currency, last.seller, address(this), amount);
        if (!honoured) {
            _dishonour(voucher, last.seller, amount);
            return (false, amount);
        }
        _takeBack(voucher, last.seller, part, value, amount, granule);
        _payOut(currency, msg.sender, amount);
    }

    /// @inheritdoc IRecourses
    function waiveRecourse(VoucherId voucher) external nonReentrant {
        _requireHolder(voucher);
        uint256 place = _stacks[voucher].length;
        require(place != 0, NoRecourse(voucher));
        _waive(voucher, _stacks[voucher][place - 1].seller, place);
    }

    /* VIEWS */

    /// @inheritdoc IRecourses
    function recourseCount(VoucherId voucher) external view returns (uint256) {
        return _stacks[voucher].length;
    }

    /// @inheritdoc IRecourses
    function recourseOf(VoucherId voucher, uint256 place)
        external
        view
        returns (Recourse memory r)
    {
        if (place != 0 && place <= _stacks[voucher].length) {
            r = _stacks[voucher][place - 1];
        }
    }

    /* INTERNAL */

    /// @dev Puts a seller on a voucher's stack.
    function _pushRecourse(VoucherId voucher, Recourse memory recourse) internal {
        _stacks[voucher].push(recourse);
        emit RecourseGiven(
            voucher, recourse.seller, _stacks[voucher].length, recourse.amount, recourse.dishonoured
        );
    }

    /// @dev Gives `child`, a new voucher of `part` of the `value` that `parent` had, its share of the
    /// stack, in whole granules. What is rounded off stays with the parent: no promise grows.
    function _divideStack(VoucherId parent, VoucherId child, uint80 part, uint80 value) internal {
        uint256 depth = _stacks[parent].length;
        if (depth == 0) return;
        // The currency is all that is asked for.
        // slither-disable-next-line unused-return
        (,, uint8 currency,) = ledger.outlineOf(parent.receivableOf());
        _divideStack(parent, child, part, value, _granuleOf(currency));
    }

    /* PRIVATE */

    function _divideStack(
        VoucherId parent,
        VoucherId child,
        uint80 part,
        uint80 value,
        uint256 granule
    ) private {
        uint256 depth = _stacks[parent].length;
        for (uint256 i = 0; i < depth; ++i) {
            Recourse memory recourse = _stacks[parent][i];
            // part < value: something stays.
            uint80 share = Shares.carried(recourse.amount, part, value, granule);
            if (share == 0) continue;
            recourse.amount -= share;
            _stacks[parent][i] = recourse;
            emit RecourseGiven(
                parent, recourse.seller, i + 1, recourse.amount, recourse.dishonoured
            );
            recourse.amount = share;
            _pushRecourse(child, recourse);
        }
    }

    /// @dev Gives the seller what it has paid for, and takes it off the stack.
    // It gives what is its own by then; the guard is closed, and a part's id is the ledger's answer.
    // slither-disable-next-line arbitrary-send-erc20,reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function _takeBack(
        VoucherId voucher,
        address seller,
        uint80 part,
        uint80 value,
        uint80 amount,
        uint256 granule
    ) private {
        uint256 place = _stacks[voucher].length;
        _stacks[voucher].pop();
        VoucherId returned = voucher;
        uint256 raw = VoucherId.unwrap(voucher);
        // By way of this custodian it is no hop, and no receiver is asked, who could refuse.
        if (part == value) {
            ledger.transferFrom(msg.sender, address(this), raw);
        } else {
            returned = VoucherId.wrap(ledger.transferFrom(raw, address(this), uint256(part)));
            _divideStack(voucher, returned, part, value, granule);
        }
        ledger.transferFrom(address(this), seller, VoucherId.unwrap(returned));
        emit RecourseHonoured(voucher, seller, msg.sender, place, returned, amount);
    }

    function _dishonour(VoucherId voucher, address seller, uint80 amount) private {
        uint256 place = _stacks[voucher].length;
        _stacks[voucher][place - 1].dishonoured = true;
        emit RecourseDishonoured(voucher, seller, msg.sender, place, amount);
    }

    /// @dev The last seller who is not the holder itself: who has a voucher back asks those before it.
    function _lastBesides(VoucherId voucher, address holder)
        private
        returns (Recourse memory last)
    {
        Recourse[] storage stack = _stacks[voucher];
        while (stack.length != 0) {
            last = stack[stack.length - 1];
            if (last.seller != holder) return last;
            _waive(voucher, holder, stack.length);
        }
        revert NoRecourse(voucher);
    }

    function _waive(VoucherId voucher, address seller, uint256 place) private {
        _stacks[voucher].pop();
        emit RecourseWaived(voucher, seller, place);
    }

    function _requireHolder(VoucherId voucher) private view returns (uint80 value, uint80 claimed) {
        address holder;
        (holder, value, claimed) = ledger.positionOf(voucher);
        require(msg.sender == holder, IParties.CallerNotEntitled(msg.sender, holder));
    }

    function _requireOverdue(ReceivableId id) private view returns (uint8 currency) {
        address obligor;
        // The rest is not asked for.
        // slither-disable-next-line unused-return
        (obligor,, currency,) = ledger.outlineOf(id);
        require(msg.sender != obligor, ObligorHasNoRecourse(obligor));
        Status status = ledger.statusOf(id);
        require(status == Status.Overdue, IReceivables.WrongStatus(id, status, Status.Overdue));
    }
}
