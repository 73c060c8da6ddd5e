// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {IParties} from "contracts/interfaces/IParties.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {IRecoveries} from "contracts/interfaces/IRecoveries.sol";
import {IRefusals} from "contracts/interfaces/IRefusals.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {ISupervision} from "contracts/interfaces/ISupervision.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {Test} from "forge-std/Test.sol";
import {Vm} from "forge-std/Vm.sol";

import {Programme, Status} from "contracts/types/DataTypes.sol";

/// @notice The ledger as its events tell it, and nothing else (invariant 12), with a judge who looks at
/// each event in the light of what came before it (invariants 4, 5, 6 and 11). Ids are plain numbers here.
abstract contract Shadow is Test {
    struct ReceivableShadow {
        address obligor;
        uint8 currency;
        uint16 programme;
        uint16 dueDay;
        uint16 acceptBy;
        Status stored;
        bool defaulted;
        uint32 vouchers;
        uint256 face;
        uint256 paid;
        uint256 advanced;
        // Taken out on the vouchers that are on the books, or were redeemed.
        uint256 claimed;
        uint256 paidOut;
        uint256 reimbursed;
        // Sum of the values of its vouchers, and of those that were redeemed at full coverage.
        uint256 value;
        uint256 redeemed;
    }

    struct VoucherShadow {
        uint256 receivable;
        address holder;
        uint256 value;
        uint8 hops;
        uint256 claimed;
        uint256 parent;
        address approved;
        uint256 epoch;
    }

    struct PartyShadow {
        uint40 verifiedUntil;
        uint40 frozenUntil;
        uint64 vouchers;
        uint16 defaults;
        bool custodian;
        address payee;
    }

    struct AdvanceShadow {
        address guarantor;
        uint256 amount;
        uint256 reimbursed;
    }

    address internal book;
    // Whose call the events come from, and whether the obligor's own signature came with it.
    address internal actor;
    address internal supervisor;
    bool internal signed;
    // Whether several calls are made before anything is checked.
    bool internal several;

    mapping(uint256 receivable => ReceivableShadow) internal receivables;
    mapping(uint256 voucher => VoucherShadow) internal vouchers;
    mapping(address party => PartyShadow) internal parties;
    mapping(uint16 programme => Programme) internal rules;
    mapping(uint8 currency => uint8) internal decimalsOf;
    mapping(uint256 receivable => mapping(uint256 start => AdvanceShadow)) internal advances;
    mapping(address holder => mapping(address operator => bool)) internal operators;
    mapping(uint256 voucher => mapping(uint256 epoch => mapping(address operator => uint256)))
        internal allowances;
    mapping(uint256 voucher => mapping(address account => uint40)) internal frozen;
    mapping(address recipient => mapping(address sender => bool)) internal consents;
    mapping(uint16 programme => mapping(address obligor => uint256)) internal outstanding;
    mapping(uint8 currency => uint256 units) internal cashOf;
    uint40 internal pausedUntil;

    uint256[] internal issuedIds;
    uint256[] internal liveVouchers;
    mapping(uint256 voucher => uint256 position) private _positions;
    mapping(uint256 receivable => uint256[]) internal startsOf;

    // What the last call touched: what it left alone was compared before.
    uint256[] internal touchedVouchers;
    uint256[] internal touchedReceivables;
    address[] internal touchedParties;

    // How often an invariant was violated, by its number.
    mapping(uint256 invariantNumber => uint256) internal violations;

    // Within one call: what was taken by order, and what was drawn from an allowance.
    mapping(uint256 voucher => uint256 call) private _seizedIn;
    mapping(uint256 voucher => uint256 call) private _drawnIn;
    mapping(uint256 voucher => uint256) private _drawn;
    mapping(uint256 voucher => uint256 call) private _mintedIn;
    uint256 private _call;

    /* FOLD */

    /// @dev Takes in what the last call said.
    function _absorb() internal {
        ++_call;
        if (!several) _forgetTouched();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != book) continue;
            if (logs[i].topics[0] == IERC7943NonFungible.ForcedTransfer.selector) {
                _seizedIn[uint256(logs[i].topics[3])] = _call;
            }
        }
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == book) _fold(logs[i]);
            else _foldElsewhere(logs[i]);
        }
    }

    /// @dev What other contracts say; tokens, for instance, mean nothing here.
    function _foldElsewhere(Vm.Log memory) internal virtual returns (bool) {
        return false;
    }

    function _fold(Vm.Log memory log) private {
        bool known = _foldToken(log) || _foldReceivable(log) || _foldMoney(log) || _foldParty(log)
            || _foldRules(log);
        // Everything that is said must mean something, or be said elsewhere as well.
        require(known, "an event that the fold does not know");
    }

    function _foldToken(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IERC721.Transfer.selector) {
            _onTransfer(_address(log, 1), _address(log, 2), uint256(log.topics[3]));
        } else if (topic == IERC3525.TransferValue.selector) {
            uint256 value = abi.decode(log.data, (uint256));
            _onValue(uint256(log.topics[1]), uint256(log.topics[2]), value);
        } else if (topic == IERC3525.SlotChanged.selector) {
            vouchers[uint256(log.topics[1])].receivable = uint256(log.topics[3]);
            ++receivables[uint256(log.topics[3])].vouchers;
        } else if (topic == IERC3525.ApprovalValue.selector) {
            uint256 id = uint256(log.topics[1]);
            _onAllowance(id, _address(log, 2), abi.decode(log.data, (uint256)));
        } else if (topic == IERC721.Approval.selector) {
            vouchers[uint256(log.topics[3])].approved = _address(log, 2);
        } else if (topic == IERC721.ApprovalForAll.selector) {
            operators[_address(log, 1)][_address(log, 2)] = abi.decode(log.data, (bool));
        } else if (topic == ISupervision.VoucherFrozen.selector) {
            (uint40 until,,) = abi.decode(log.data, (uint40, bytes32, address));
            frozen[uint256(log.topics[1])][_address(log, 2)] = until;
        } else if (topic == IERC7943NonFungible.Frozen.selector) {
            if (log.topics[3] == 0) frozen[uint256(log.topics[2])][_address(log, 1)] = 0;
        } else {
            return topic == IERC7943NonFungible.ForcedTransfer.selector
                || topic == ISupervision.VoucherSeized.selector;
        }
        return true;
    }

    function _foldReceivable(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        uint256 id = log.topics.length > 1 ? uint256(log.topics[1]) : 0;
        ReceivableShadow storage r = receivables[id];
        if (topic == IReceivables.ReceivableIssued.selector) {
            _onIssued(id, _address(log, 2), log.data);
        } else if (topic == IReceivables.ReceivableAccepted.selector) {
            if (actor != r.obligor && !signed) ++violations[5];
            if (_isPaused() || !_isActive(r.obligor)) ++violations[11];
            r.stored = Status.Accepted;
            if (_isLimited(r)) outstanding[r.programme][r.obligor] += r.face;
        } else if (
            topic == IRefusals.ReceivableRejected.selector
                || topic == IRefusals.ReceivableCancelled.selector
        ) {
            r.stored = Status.Cancelled;
        } else if (topic == IRefusals.DefaultDeclared.selector) {
            r.defaulted = true;
            ++parties[r.obligor].defaults;
        } else if (topic == IRefusals.DefaultCured.selector) {
            r.defaulted = false;
            --parties[r.obligor].defaults;
        } else {
            return false;
        }
        touchedReceivables.push(id);
        return true;
    }

    function _foldMoney(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        uint256 id = log.topics.length > 1 ? uint256(log.topics[1]) : 0;
        if (topic == ISettlement.Paid.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, bytes32));
            receivables[id].paid += amount;
            _lessOwed(receivables[id], amount);
            cashOf[receivables[id].currency] += amount;
        } else if (topic == ISettlement.Redeemed.selector) {
            _onRedeemed(id, log.data);
            id >>= 64;
        } else if (topic == IRecoveries.Advanced.selector) {
            (uint256 start, uint256 amount,) = abi.decode(log.data, (uint256, uint256, bytes32));
            receivables[id].advanced += amount;
            advances[id][start] = AdvanceShadow(_address(log, 2), amount, 0);
            startsOf[id].push(start);
            cashOf[receivables[id].currency] += amount;
        } else if (topic == IRecoveries.Reimbursed.selector) {
            (uint256 start, uint256 amount) = abi.decode(log.data, (uint256, uint256));
            advances[id][start].reimbursed += amount;
            if (advances[id][start].reimbursed > _dueTo(id, start)) ++violations[3];
            receivables[id].reimbursed += amount;
            cashOf[receivables[id].currency] -= amount;
        } else if (topic == IRecoveries.Extinguished.selector) {
            (uint256 value, uint256 claimed) = abi.decode(log.data, (uint256, uint256));
            _onExtinguished(receivables[id >> 64], id, value, claimed);
            id >>= 64;
        } else {
            return false;
        }
        touchedReceivables.push(id);
        return true;
    }

    function _foldParty(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == ISupervision.Paused.selector) {
            (pausedUntil,,) = abi.decode(log.data, (uint40, bytes32, address));
            return true;
        }
        if (topic == ISupervision.Unpaused.selector) {
            pausedUntil = uint40(block.timestamp - 1);
            return true;
        }
        address party = log.topics.length > 1 ? _address(log, 1) : address(0);
        if (topic == IParties.PartyVerified.selector) {
            (parties[party].verifiedUntil,) = abi.decode(log.data, (uint40, address));
        } else if (topic == IParties.PartyFrozen.selector) {
            (parties[party].frozenUntil,,) = abi.decode(log.data, (uint40, bytes32, address));
        } else if (topic == IParties.CustodianSet.selector) {
            parties[party].custodian = abi.decode(log.data, (bool));
        } else if (topic == IParties.PayeeSet.selector) {
            parties[party].payee = _address(log, 2);
        } else if (topic == IParties.ConsentSet.selector) {
            consents[party][_address(log, 2)] = abi.decode(log.data, (bool));
        } else {
            return false;
        }
        touchedParties.push(party);
        return true;
    }

    function _foldRules(Vm.Log memory log) private returns (bool) {
        if (log.topics[0] == IProgrammes.ProgrammeCreated.selector) {
            // A number of 16 bits by its type.
            rules[uint16(uint256(log.topics[1]))] = abi.decode(log.data, (Programme));
        } else if (log.topics[0] == ICurrencies.CurrencyAdded.selector) {
            (uint8 decimals,) = abi.decode(log.data, (uint8, address));
            decimalsOf[uint8(uint256(log.topics[1]))] = decimals;
        } else {
            return false;
        }
        return true;
    }

    /* WHAT EACH MEANS */

    function _onIssued(uint256 id, address obligor, bytes memory data) private {
        if (_isPaused() || !_isActive(obligor)) ++violations[11];
        ReceivableShadow storage r = receivables[id];
        r.obligor = obligor;
        r.stored = Status.Issued;
        (r.currency, r.face, r.dueDay, r.programme,,,, r.acceptBy) =
            abi.decode(data, (uint8, uint256, uint16, uint16, bytes32, bytes32, uint256, uint16));
        issuedIds.push(id);
    }

    function _onTransfer(address from, address to, uint256 id) private {
        VoucherShadow storage v = vouchers[id];
        touchedVouchers.push(id);
        touchedParties.push(from);
        touchedParties.push(to);
        if (from == address(0)) {
            _mintedIn[id] = _call;
            _positions[id] = liveVouchers.length;
            liveVouchers.push(id);
        } else {
            --parties[from].vouchers;
        }
        if (to == address(0)) {
            _drop(id);
        } else {
            ++parties[to].vouchers;
        }
        if (from != address(0) && to != address(0)) _judgeMove(v, id, to);
        v.holder = to;
        v.approved = address(0);
        ++v.epoch;
    }

    /// @dev A voucher that changes hands whole.
    function _judgeMove(VoucherShadow storage v, uint256 id, address to) private {
        bool byOrder = _seizedIn[id] == _call;
        if (byOrder) {
            if (actor != supervisor) ++violations[4];
            if (!_isActive(to)) ++violations[11];
            return;
        }
        if (!_isEntitled(id)) ++violations[4];
        _judgeGiver(v, id);
        if (to == v.holder) return;
        _judgeRecipient(to);
        if (!_isCustody(v.holder, to)) ++v.hops;
        if (v.hops > rules[receivables[v.receivable].programme].maxHops) ++violations[6];
    }

    function _judgeGiver(VoucherShadow storage v, uint256 id) private {
        if (_isPaused() || _isFrozen(v.holder) || frozen[id][v.holder] >= block.timestamp) {
            ++violations[11];
        }
    }

    function _judgeRecipient(address to) private {
        if (!_isActive(to)) ++violations[11];
    }

    function _onValue(uint256 fromId, uint256 toId, uint256 value) private {
        VoucherShadow storage from = vouchers[fromId];
        VoucherShadow storage to = vouchers[toId];
        touchedVouchers.push(fromId == 0 ? toId : fromId);
        if (fromId == 0) {
            // The first voucher: it descends from nothing, and bears its receivable's number.
            if (toId >> 64 != to.receivable || _mintedIn[toId] != _call) ++violations[6];
            if (!_isActive(to.holder)) ++violations[11];
            to.value = value;
            receivables[to.receivable].value += value;
            return;
        }
        touchedReceivables.push(from.receivable);
        if (toId == 0) {
            _onValueGone(from, fromId, value);
            return;
        }
        touchedVouchers.push(toId);
        _judgeGiver(from, fromId);
        if (!_isEntitled(fromId) && !(_drawnIn[fromId] == _call && _drawn[fromId] >= value)) {
            ++violations[4];
        }
        if (from.receivable != to.receivable || fromId >> 64 != toId >> 64) ++violations[6];
        if (from.holder != to.holder) _judgeRecipient(to.holder);
        _moveValue(from, to, fromId, toId, value);
    }

    /// @dev The rules of lineage, hops and claims, as IVouchers and Shares word them.
    function _moveValue(
        VoucherShadow storage from,
        VoucherShadow storage to,
        uint256 fromId,
        uint256 toId,
        uint256 value
    ) private {
        uint8 hops = from.hops;
        if (from.holder != to.holder && !_isCustody(from.holder, to.holder)) ++hops;
        if (_mintedIn[toId] == _call && to.parent == 0) {
            // A parent that itself descends from the first one: so does the child.
            if (from.parent == 0 && fromId & type(uint64).max != 1) ++violations[6];
            to.parent = fromId;
            to.hops = hops;
        } else if (hops > to.hops) {
            if (from.holder != to.holder) ++violations[6];
            to.hops = hops;
        }
        if (to.hops > rules[receivables[to.receivable].programme].maxHops) ++violations[6];
        uint256 carried = from.claimed;
        if (value != from.value) {
            carried = (from.claimed * value) / from.value;
            carried -= carried % _granule(receivables[from.receivable].currency);
        }
        from.claimed -= carried;
        to.claimed += carried;
        from.value -= value;
        to.value += value;
    }

    /// @dev Value that is burned: by its holder's redemption, or before the obligor was ever bound.
    function _onValueGone(VoucherShadow storage from, uint256 fromId, uint256 value) private {
        ReceivableShadow storage r = receivables[from.receivable];
        if (value == 0) return;
        if (r.stored == Status.Accepted) {
            if (!_isEntitled(fromId)) ++violations[4];
            if (_isFrozen(from.holder)) ++violations[11];
        }
        from.value -= value;
        r.value -= value;
    }

    function _onAllowance(uint256 id, address operator, uint256 value) private {
        uint256 epoch = vouchers[id].epoch;
        uint256 before = allowances[id][epoch][operator];
        if (operator == actor && value < before) {
            _drawnIn[id] = _call;
            _drawn[id] = before - value;
        }
        allowances[id][epoch][operator] = value;
    }

    function _onRedeemed(uint256 id, bytes memory data) private {
        (uint256 value, uint256 payout) = _tail(data);
        VoucherShadow storage v = vouchers[id];
        ReceivableShadow storage r = receivables[v.receivable];
        if (value == 0) {
            // A claim before full coverage: within the voucher's share, and a part of what came in.
            v.claimed += payout;
            r.claimed += payout;
            if (v.claimed > _covered(r, v.value) || r.claimed > _coverage(r)) ++violations[3];
        } else {
            // The voucher is gone by now; what it had claimed is remembered.
            r.redeemed += value;
            if (payout + v.claimed != value) ++violations[3];
        }
        r.paidOut += payout;
        cashOf[r.currency] -= payout;
        touchedVouchers.push(id);
    }

    function _onExtinguished(ReceivableShadow storage r, uint256 id, uint256 value, uint256 claimed)
        private
    {
        if (vouchers[id].value != value || vouchers[id].claimed != claimed) ++violations[12];
        r.face -= value;
        r.paid -= claimed;
        r.claimed -= claimed;
        r.paidOut -= claimed;
        _lessOwed(r, value - claimed);
    }

    function _lessOwed(ReceivableShadow storage r, uint256 amount) private {
        if (_isLimited(r)) outstanding[r.programme][r.obligor] -= amount;
    }

    /* WHAT FOLLOWS */

    function _isPaused() internal view returns (bool) {
        return pausedUntil >= block.timestamp;
    }

    function _isFrozen(address party) internal view returns (bool) {
        return parties[party].frozenUntil >= block.timestamp;
    }

    function _isActive(address party) internal view returns (bool) {
        return !_isFrozen(party) && parties[party].verifiedUntil >= block.timestamp;
    }

    function _isCustody(address from, address to) internal view returns (bool) {
        return parties[from].custodian || parties[to].custodian;
    }

    function _isOperator(uint256 id, address account) internal view returns (bool) {
        address holder = vouchers[id].holder;
        return account == holder || operators[holder][account]
            || (account != address(0) && vouchers[id].approved == account);
    }

    /// @dev Whether the caller may move a voucher.
    function _isEntitled(uint256 id) internal view virtual returns (bool) {
        return _isOperator(id, actor);
    }

    function _isLimited(ReceivableShadow storage r) internal view returns (bool) {
        return rules[r.programme].obligorLimit != 0;
    }

    function _granule(uint8 currency) internal view returns (uint256) {
        return decimalsOf[currency] < 6 ? 10 ** (6 - decimalsOf[currency]) : 1;
    }

    function _owed(ReceivableShadow storage r) internal view returns (uint256) {
        return r.face - r.paid;
    }

    function _coverage(ReceivableShadow storage r) internal view returns (uint256) {
        uint256 total = r.paid + r.advanced;
        return total < r.face ? total : r.face;
    }

    /// @dev What later payments owe to an advance by now: the surplus, after those who advanced before.
    function _dueTo(uint256 id, uint256 start) internal view returns (uint256 due) {
        ReceivableShadow storage r = receivables[id];
        uint256 surplus = r.paid + r.advanced - _coverage(r);
        due = surplus > start ? surplus - start : 0;
        if (due > advances[id][start].amount) due = advances[id][start].amount;
    }

    function _covered(ReceivableShadow storage r, uint256 value) internal view returns (uint256) {
        uint256 share = (value * _coverage(r)) / r.face;
        return share - (share % _granule(r.currency));
    }

    function _statusOf(ReceivableShadow storage r) internal view returns (Status) {
        uint256 today = block.timestamp / 1 days;
        if (r.stored == Status.Issued && today > r.acceptBy) return Status.Lapsed;
        if (r.stored != Status.Accepted) return r.stored;
        if (_owed(r) == 0) return Status.Settled;
        if (today > uint256(r.dueDay) + rules[r.programme].graceDays) return Status.Overdue;
        return Status.Accepted;
    }

    /* INTERNAL */

    function _forgetTouched() internal virtual {
        delete touchedVouchers;
        delete touchedReceivables;
        delete touchedParties;
    }

    function _drop(uint256 id) private {
        uint256 last = liveVouchers[liveVouchers.length - 1];
        liveVouchers[_positions[id]] = last;
        _positions[last] = _positions[id];
        liveVouchers.pop();
    }

    /// @dev The two numbers at the end of `Redeemed`.
    function _tail(bytes memory data) private pure returns (uint256 value, uint256 payout) {
        // `payee` stands first when it is not indexed.
        (, value, payout) = abi.decode(data, (address, uint256, uint256));
    }

    function _address(Vm.Log memory log, uint256 topic) private pure returns (address) {
        return address(uint160(uint256(log.topics[topic])));
    }
}
