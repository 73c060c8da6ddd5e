// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "../interfaces/IProgrammeRules.sol";
import {Heap} from "@openzeppelin/contracts/utils/structs/Heap.sol";

import {Calendar} from "../libraries/Calendar.sol";
import {Programme, Status} from "../types/DataTypes.sol";
import {ReceivableId} from "../types/Ids.sol";
import {Guarding} from "./Guarding.sol";

/// @title OverdueRule
/// @notice An obligor who is overdue beyond grace accepts nothing new; no transaction has to say so.
/// @dev Of each obligor a heap keeps the receivables that it accepted, the one whose grace ends first on top. Only
/// while the top's grace is over is it asked whether it is settled, and dropped if so; so most acceptances ask
/// nothing, and none has to go through all.
abstract contract OverdueRule is Guarding {
    using Heap for Heap.Uint256Heap;

    /// @dev How many settled receivables one acceptance drops; for more, `prune` comes first.
    uint256 private constant _MOST_DROPPED = 8;

    bool internal immutable _stopOnOverdue;

    // Last day of grace above, the receivable's id in the lower 192 bits.
    mapping(address obligor => Heap.Uint256Heap heap) private _watched;

    constructor(bool stopOnOverdue) {
        _stopOnOverdue = stopOnOverdue;
    }

    /* INTERNAL */

    /// @dev Refuses an obligor who is overdue; otherwise watches what it is about to accept.
    function _admitObligor(ReceivableId id, Outline memory outline) internal {
        Heap.Uint256Heap storage heap = _watched[outline.obligor];
        _requireNotOverdue(outline.obligor, heap);
        // Whether it is open is no matter.
        // slither-disable-next-line unused-return
        (Programme memory programme,) = _ledger.programmeOf(outline.programme);
        uint256 lastDay = uint256(outline.dueDay) + programme.graceDays;
        heap.insert((lastDay << 192) | ReceivableId.unwrap(id));
        emit IProgrammeRules.ReceivableWatched(id, outline.obligor, lastDay);
    }

    function _prune(address obligor, uint256 most) internal returns (uint256 dropped) {
        Heap.Uint256Heap storage heap = _watched[obligor];
        for (; dropped < most && heap.length() != 0; ++dropped) {
            (ReceivableId earliest,) = _split(heap.peek());
            if (!_isSettled(earliest)) return dropped;
            _drop(heap, earliest, obligor);
        }
    }

    function _watchOf(address obligor)
        internal
        view
        returns (uint256 count, ReceivableId earliest, uint256 lastDay)
    {
        Heap.Uint256Heap storage heap = _watched[obligor];
        count = heap.length();
        if (count != 0) (earliest, lastDay) = _split(heap.peek());
    }

    /* PRIVATE */

    /// @dev When the grace of the top is not over, nobody's below it is.
    function _requireNotOverdue(address obligor, Heap.Uint256Heap storage heap) private {
        for (uint256 dropped = 0; heap.length() != 0; ++dropped) {
            (ReceivableId earliest, uint256 lastDay) = _split(heap.peek());
            if (Calendar.today() <= lastDay) return;
            require(
                _isSettled(earliest), IProgrammeRules.ObligorOverdue(obligor, earliest, lastDay)
            );
            require(dropped < _MOST_DROPPED, IProgrammeRules.PruneFirst(obligor, _MOST_DROPPED));
            _drop(heap, earliest, obligor);
        }
    }

    function _drop(Heap.Uint256Heap storage heap, ReceivableId earliest, address obligor) private {
        // What is popped is what was peeked at.
        // slither-disable-next-line unused-return
        heap.pop();
        emit IProgrammeRules.ReceivableUnwatched(earliest, obligor);
    }

    // The ledger is asked, and how often is capped.
    // slither-disable-next-line calls-loop
    function _isSettled(ReceivableId id) private view returns (bool) {
        return _ledger.statusOf(id) == Status.Settled;
    }

    function _split(uint256 entry) private pure returns (ReceivableId, uint256 lastDay) {
        // The id is the lower 192 bits: the truncation is meant.
        // forge-lint: disable-next-line(unsafe-typecast)
        return (ReceivableId.wrap(uint192(entry)), entry >> 192);
    }
}
