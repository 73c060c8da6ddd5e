// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {IParties} from "contracts/interfaces/IParties.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Vm} from "forge-std/Vm.sol";

import {Status} from "contracts/types/DataTypes.sol";
import {Aval, AvalState} from "contracts/types/FinanceTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {Trading} from "./Trading.sol";

/// @notice Avals, as they are foretold and as the guarantee book's events tell them.
abstract contract Guaranteeing is Trading {
    using SafeCast for uint256;

    struct AvalShadow {
        bool given;
        bool withdrawn;
        uint256 called;
        uint256 margin;
        uint256 dishonoured;
    }

    /// @dev A call that is being foretold.
    struct Draw {
        uint256 receivable;
        uint256 amount;
        uint256 fromMargin;
        uint256 paid;
    }

    /// @dev What was called and not paid, once.
    struct Record {
        bytes32 aval;
        uint256 receivable;
    }

    Aval[] private _avals;
    Record[] private _records;
    bytes32[] private _avalIds;
    mapping(bytes32 aval => uint256 index) private _avalAt;
    uint256 private _avalSalt;

    // What the events say.
    mapping(bytes32 aval => AvalShadow) private _states;
    mapping(bytes32 aval => mapping(uint256 receivable => uint256)) private _recorded;
    mapping(uint8 currency => uint256 units) private _margins;

    bytes32[] private _touchedAvals;
    uint256 private _touchedDebt;

    /* GIVE */

    function giveAval(uint256 seed, uint256 toSeed, uint256 amount) public {
        (seed, toSeed) = (_mix(seed, 1), _mix(toSeed, 2));
        uint256 rid = _receivable(seed);
        if (rid == 0) return;
        Aval memory a = _draftedAval(rid, seed >> 8, toSeed, _mix(amount, 3));
        if ((seed >> 16) % 16 == 0 && _avals.length != 0) a = _avals[(seed >> 24) % _avals.length];
        bool applied = a.applicant != address(0) && a.applicant != a.guarantor;
        address by = _mostly(applied ? a.applicant : a.guarantor, seed >> 32);
        address signer = _mostly(a.guarantor, seed >> 64);
        bytes32 id = guarantees.avalIdOf(a);
        bytes4 refusal = _refusalOfAval(a, id, by, signer);
        if (refusal == 0 && !_canLayUp(a)) refusal = REFUSED;
        if (refusal == 0) {
            if (a.fee != 0) _fund(a.applicant, a.currency, a.fee);
            _fund(a.guarantor, a.currency, a.margin);
        }
        if (_avalAt[id] == 0 && (refusal == 0 || seed % 8 == 0)) {
            _avals.push(a);
            _avalIds.push(id);
            _avalAt[id] = _avals.length;
        }
        bytes memory data = abi.encodeCall(guarantees.give, (a, _sign(signer, id)));
        _at(address(guarantees), by, 0, address(0), data, refusal);
    }

    function _draftedAval(uint256 rid, uint256 seed, uint256 toSeed, uint256 amount)
        private
        returns (Aval memory a)
    {
        ReceivableShadow storage r = receivables[rid];
        a.guarantor = _person(toSeed);
        a.applicant = (seed >> 8) % 2 == 0 ? address(0) : _person(toSeed >> 8);
        if ((seed >> 16) % 2 == 0) a.receivable = _rid(rid);
        a.obligor = r.obligor;
        a.programme = r.programme;
        a.currency = (seed >> 24) % 8 == 0 ? uint8(1 + (toSeed >> 64) % currencies) : r.currency;
        uint256 granule = _granule(a.currency);
        a.cap = uint80(_part(r.face, granule, amount));
        a.margin = uint80((amount >> 88) % 3 == 0 ? 0 : _part(a.cap, granule, amount >> 90));
        if (a.applicant != address(0)) a.fee = ((amount >> 176) % 50 * granule).toUint80();
        a.expiry = uint40(block.timestamp + (seed >> 32) % 120 days);
        a.signedUntil = uint40(block.timestamp + (seed >> 96) % 16);
        if ((seed >> 128) % 16 == 0) a.signedUntil -= 16;
        if ((seed >> 136) % 32 == 0) a.margin = type(uint80).max;
        if ((seed >> 144) % 32 == 0) a.obligor = address(0);
        a.salt = ++_avalSalt;
    }

    function _refusalOfAval(Aval memory a, bytes32 id, address by, address signer)
        private
        view
        returns (bytes4)
    {
        if (_states[id].given || _states[id].withdrawn) {
            return IGuaranteeBook.AvalUsed.selector;
        }
        if (a.applicant == address(0) || a.applicant == a.guarantor) {
            if (by != a.guarantor) return IParties.CallerNotEntitled.selector;
            if (a.fee != 0) return IGuaranteeBook.AvalInvalid.selector;
        } else {
            if (by != a.applicant) return IParties.CallerNotEntitled.selector;
            if (block.timestamp > a.signedUntil) {
                return IGuaranteeBook.AvalSignatureExpired.selector;
            }
            if (signer != a.guarantor || keys[signer] == 0) {
                return IGuaranteeBook.AvalSignatureInvalid.selector;
            }
        }
        if (a.guarantor == a.obligor) return IGuaranteeBook.AvalInvalid.selector;
        if (_isFrozen(by) || _isFrozen(a.guarantor)) return IParties.PartyIsFrozen.selector;
        if (!_isActive(a.guarantor)) return IParties.PartyNotVerified.selector;
        return _refusalOfTerms(a);
    }

    function _refusalOfTerms(Aval memory a) private view returns (bytes4) {
        if (a.cap == 0 || a.margin > a.cap || a.expiry <= block.timestamp) {
            return IGuaranteeBook.AvalInvalid.selector;
        }
        if (tokenOf[a.currency] == address(0)) return ICurrencies.CurrencyIsOffChain.selector;
        uint256 granule = _granule(a.currency);
        if (a.cap % granule != 0 || a.margin % granule != 0) {
            return ICurrencies.AmountNotExpressible.selector;
        }
        uint256 rid = _numberOf(a);
        if (rid == 0) {
            if (a.obligor == address(0)) return IGuaranteeBook.AvalInvalid.selector;
            uint8 only = rules[a.programme].currency;
            bool other = only != 0 && only != a.currency;
            return other ? IProgrammes.CurrencyNotAdmitted.selector : bytes4(0);
        }
        Status status = _statusOf(receivables[rid]);
        bool isOpen =
            status == Status.Issued || status == Status.Accepted || status == Status.Overdue;
        return isOpen && _matches(a, rid) ? bytes4(0) : IGuaranteeBook.AvalInvalid.selector;
    }

    function _canLayUp(Aval memory a) private view returns (bool) {
        address desk = address(guarantees);
        if (a.fee != 0 && !_passes(desk, a.currency, a.applicant, a.guarantor, a.fee)) {
            return false;
        }
        return a.margin == 0 || _passes(desk, a.currency, a.guarantor, desk, a.margin);
    }

    function withdrawAval(uint256 seed) public {
        seed = _mix(seed, 1);
        if (_avals.length == 0 || seed % 4 != 0) return;
        (Aval memory a, bytes32 id) = _anyAval(seed >> 8);
        address by = _mostly(a.guarantor, seed >> 64);
        bytes4 refusal = 0;
        if (by != a.guarantor) {
            refusal = IParties.CallerNotEntitled.selector;
        } else if (_states[id].given || _states[id].withdrawn) {
            refusal = IGuaranteeBook.AvalUsed.selector;
        }
        bytes memory data = abi.encodeCall(guarantees.withdraw, (a));
        _at(address(guarantees), by, 0, address(0), data, refusal);
    }

    function addMargin(uint256 seed, uint256 amount) public {
        seed = _mix(seed, 1);
        if (_avals.length == 0) return;
        (Aval memory a, bytes32 id) = _anyAval(seed >> 8);
        AvalShadow storage s = _states[id];
        uint256 granule = _granule(a.currency);
        uint256 room = s.given ? a.cap - s.called - s.margin : granule;
        uint256 units = _part(room, granule, _mix(amount, 2));
        if ((seed >> 16) % 16 == 0 && room < type(uint64).max) units = room + granule;
        address by = _mostly(a.guarantor, seed >> 64);
        bytes4 refusal = 0;
        if (by != a.guarantor) {
            refusal = IParties.CallerNotEntitled.selector;
        } else if (_isFrozen(by)) {
            refusal = IParties.PartyIsFrozen.selector;
        } else if (!s.given) {
            refusal = IGuaranteeBook.AvalUnknown.selector;
        } else if (units == 0 || units > room) {
            refusal = IGuaranteeBook.AvalInvalid.selector;
        } else if (!_passes(address(guarantees), a.currency, by, address(guarantees), units)) {
            refusal = REFUSED;
        }
        if (refusal == 0) _fund(by, a.currency, units);
        bytes memory data = abi.encodeCall(guarantees.addMargin, (a, units.toUint80()));
        _at(address(guarantees), by, 0, address(0), data, refusal);
    }

    /* CALL */

    function callAval(uint256 seed, uint256 toSeed) public {
        seed = _mix(seed, 1);
        if (_avals.length == 0) return;
        (Aval memory a, bytes32 id) = _anyAval(seed >> 8);
        Draw memory d;
        d.receivable = _covered(a, _mix(toSeed, 2));
        ReceivableShadow storage r = receivables[d.receivable];
        if (seed % 16 == 0 && _statusOf(r) == Status.Accepted) {
            _warp((uint256(r.dueDay) + rules[r.programme].graceDays + 1) * 1 days);
        }
        if ((seed >> 200) % 4 < 2) {
            _allow(address(guarantees), a.currency, a.guarantor, (seed >> 200) % 4 == 0);
        }
        bytes4 refusal = _foretellDraw(a, id, d);
        if (d.amount > d.fromMargin) _fund(a.guarantor, a.currency, d.amount - d.fromMargin);
        uint256 lacking = _lacking(d.receivable);
        bytes memory data = abi.encodeCall(guarantees.call, (a, _rid(d.receivable)));
        bytes memory answer = _at(address(guarantees), stranger, 0, address(0), data, refusal);
        if (refusal != 0) return;
        (uint256 paid, uint256 dishonoured) = abi.decode(answer, (uint256, uint256));
        assertEq(paid, d.paid, "paid for the obligor");
        assertEq(dishonoured, d.amount - d.paid, "called and not paid");
        assertEq(_lacking(d.receivable), lacking - paid, "what is lacking");
        if (paid != 0) _judgeAdvance(a, d);
    }

    /// @dev 9: what a guarantor paid is its claim against later payments.
    function _judgeAdvance(Aval memory a, Draw memory d) private {
        uint256[] storage starts = startsOf[d.receivable];
        AdvanceShadow storage latest = advances[d.receivable][starts[starts.length - 1]];
        if (latest.guarantor != a.guarantor || latest.amount != d.paid) ++violations[9];
        if (latest.reimbursed != 0) ++violations[9];
    }

    function _foretellDraw(Aval memory a, bytes32 id, Draw memory d) private view returns (bytes4) {
        AvalShadow storage s = _states[id];
        if (!s.given) return IGuaranteeBook.AvalUnknown.selector;
        uint256 rid = _numberOf(a);
        if ((rid != 0 && rid != d.receivable) || !_matches(a, d.receivable)) {
            return IGuaranteeBook.NotCovered.selector;
        }
        if (_statusOf(receivables[d.receivable]) != Status.Overdue) {
            return IReceivables.WrongStatus.selector;
        }
        uint256 recorded = _recorded[id][d.receivable];
        bool over = block.timestamp > a.expiry;
        if (over && recorded == 0) return IGuaranteeBook.AvalExpired.selector;
        uint256 promised = over ? recorded : a.cap - s.called - (s.dishonoured - recorded);
        d.amount = _lesser(promised, _lacking(d.receivable));
        if (d.amount == 0) return IGuaranteeBook.NothingToCall.selector;
        if (_isFrozen(a.guarantor)) return 0;
        d.fromMargin = _lesser(d.amount, s.margin);
        d.paid = d.fromMargin;
        uint256 rest = d.amount - d.fromMargin;
        address desk = address(guarantees);
        if (rest != 0 && _isGiven(desk, a.currency, a.guarantor, desk)) {
            if (!_isWhole(a.currency, rest)) return REFUSED;
            d.paid = d.amount;
        }
        bool goesIn = d.paid == 0 || (_canMove(a.currency, desk) && _isWhole(a.currency, d.paid));
        return goesIn ? bytes4(0) : REFUSED;
    }

    function clearDishonour(uint256 seed, uint256 toSeed) public {
        seed = _mix(seed, 1);
        if (_avals.length == 0) return;
        (Aval memory a, bytes32 id) = _anyAval(seed >> 8);
        uint256 rid = _covered(a, _mix(toSeed, 2));
        if (_records.length != 0 && (seed >> 64) % 8 != 0) {
            Record memory latest =
                _records[_records.length - 1 - (seed >> 72) % _lesser(_records.length, 6)];
            (id, rid) = (latest.aval, latest.receivable);
        }
        if (seed % 2 == 0 && _recorded[id][rid] != 0) _pay(rid, seed, toSeed);
        uint256 lacking = _lacking(rid);
        bool stands = lacking >= _recorded[id][rid];
        bytes memory data = abi.encodeCall(guarantees.clear, (id, _rid(rid)));
        bytes4 refusal = stands ? IGuaranteeBook.DishonourStands.selector : bytes4(0);
        bytes memory answer = _at(address(guarantees), stranger, 0, address(0), data, refusal);
        if (refusal == 0) assertEq(abi.decode(answer, (uint256)), lacking, "stays on record");
    }

    /* RELEASE */

    function releaseMargin(uint256 seed) public {
        seed = _mix(seed, 1);
        if (_avals.length == 0) return;
        (Aval memory a, bytes32 id) = _anyAval(seed >> 8);
        AvalShadow storage s = _states[id];
        if (seed % 16 == 0) _warp(uint256(a.expiry) + (seed >> 128) % 2);
        bytes4 refusal = 0;
        if (!s.given) refusal = IGuaranteeBook.AvalUnknown.selector;
        else if (s.margin == 0) refusal = IGuaranteeBook.NothingToRelease.selector;
        else if (_isNeeded(a, s.dishonoured)) refusal = IGuaranteeBook.MarginStillNeeded.selector;
        else if (_isFrozen(a.guarantor)) refusal = IParties.PartyIsFrozen.selector;
        else if (!_canMove(a.currency, a.guarantor)) refusal = REFUSED;
        (uint256 margin, uint256 purse) = (s.margin, _has(a.guarantor, a.currency));
        bytes memory data = abi.encodeCall(guarantees.release, (a));
        _at(address(guarantees), stranger, 0, address(0), data, refusal);
        if (refusal != 0 || a.currency == feeCurrency) return;
        uint256 got = _has(a.guarantor, a.currency) - purse;
        assertEq(got, _inToken(a.currency, margin), "margin given back");
    }

    function _isNeeded(Aval memory a, uint256 dishonoured) private view returns (bool) {
        if (block.timestamp > a.expiry && dishonoured == 0) return false;
        uint256 rid = _numberOf(a);
        if (rid == 0) return true;
        Status status = _statusOf(receivables[rid]);
        if (status == Status.Cancelled || status == Status.Lapsed) return false;
        return _lacking(rid) != 0;
    }

    /* PICKING */

    function _anyAval(uint256 seed) private view returns (Aval memory a, bytes32 id) {
        uint256 range = _avals.length < 10 ? _avals.length : 10;
        uint256 index = _avals.length - 1 - seed % range;
        return (_avals[index], _avalIds[index]);
    }

    /// @dev Mostly one that an aval is for; of a line, if a few tries find one.
    function _covered(Aval memory a, uint256 seed) private view returns (uint256 rid) {
        rid = _numberOf(a);
        if (rid != 0 && seed % 16 != 0) return rid;
        for (uint256 i = 0; i < 6; ++i) {
            rid = _receivable(_mix(seed, i));
            if (_matches(a, rid)) return rid;
        }
    }

    function _numberOf(Aval memory a) private pure returns (uint256) {
        return ReceivableId.unwrap(a.receivable);
    }

    function _matches(Aval memory a, uint256 rid) private view returns (bool) {
        ReceivableShadow storage r = receivables[rid];
        return r.obligor == a.obligor && r.programme == a.programme && r.currency == a.currency;
    }

    function _lesser(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /* WHAT THE EVENTS SAY */

    function _foldElsewhere(Vm.Log memory log) internal virtual override returns (bool) {
        if (log.emitter != address(guarantees)) return super._foldElsewhere(log);
        bytes32 topic = log.topics[0];
        bytes32 id = log.topics[1];
        AvalShadow storage s = _states[id];
        uint8 currency = _avals[_avalAt[id] - 1].currency;
        if (topic == IGuaranteeBook.AvalGiven.selector) {
            Aval memory a = abi.decode(log.data, (Aval));
            (s.given, s.margin) = (true, a.margin);
            _margins[currency] += a.margin;
        } else if (topic == IGuaranteeBook.AvalWithdrawn.selector) {
            s.withdrawn = true;
        } else if (topic == IGuaranteeBook.MarginAdded.selector) {
            uint256 more = abi.decode(log.data, (uint256));
            s.margin += more;
            _margins[currency] += more;
        } else if (topic == IGuaranteeBook.MarginReleased.selector) {
            uint256 less = abi.decode(log.data, (uint256));
            s.margin -= less;
            _margins[currency] -= less;
        } else if (topic == IGuaranteeBook.DishonourCleared.selector) {
            _record(id, uint256(log.topics[2]), abi.decode(log.data, (uint256)));
        } else {
            assertEq(
                topic, IGuaranteeBook.AvalCalled.selector, "an unknown event of the guarantee book"
            );
            _onCalled(id, uint256(log.topics[2]), log.data, currency);
        }
        _touchedAvals.push(id);
        return true;
    }

    function _onCalled(bytes32 id, uint256 rid, bytes memory data, uint8 currency) private {
        (uint256 fromMargin, uint256 fromAllowance, uint256 dishonoured) =
            abi.decode(data, (uint256, uint256, uint256));
        AvalShadow storage s = _states[id];
        s.called += fromMargin + fromAllowance;
        s.margin -= fromMargin;
        _margins[currency] -= fromMargin;
        _record(id, rid, dishonoured);
    }

    function _record(bytes32 id, uint256 rid, uint256 dishonoured) private {
        _states[id].dishonoured += dishonoured;
        _states[id].dishonoured -= _recorded[id][rid];
        _recorded[id][rid] = dishonoured;
        _touchedDebt = rid;
        if (dishonoured != 0) _records.push(Record(id, rid));
    }

    /* WHAT MUST HOLD */

    function _forgetTouched() internal virtual override {
        super._forgetTouched();
        delete _touchedAvals;
    }

    /// @dev 9 and 12: what was called is within the cap, and the book says of itself what its events said.
    function checkGuarantees(bool all) public view {
        uint256 count = all ? _avals.length : _touchedAvals.length;
        for (uint256 i = 0; i < count; ++i) {
            _compareAval(all ? _avalIds[i] : _touchedAvals[i]);
        }
        for (uint8 i = 1; all && i <= currencies; ++i) {
            _checkHolds(address(guarantees), i, _margins[i]);
        }
    }

    function _compareAval(bytes32 id) private view {
        Aval memory a = _avals[_avalAt[id] - 1];
        AvalShadow storage s = _states[id];
        AvalState memory state = guarantees.stateOf(id);
        assertEq(state.given, s.given, "given");
        assertEq(state.called, s.called, "called");
        assertEq(state.margin, s.margin, "margin");
        assertEq(state.dishonoured, s.dishonoured, "dishonoured");
        assertEq(
            guarantees.dishonouredOn(id, _rid(_touchedDebt)), _recorded[id][_touchedDebt], "record"
        );
        assertLe(s.called + s.dishonoured, a.cap, "called and dishonoured within the cap");
        assertLe(s.called + s.margin, a.cap, "called and margin within the cap");
        _checkHolds(address(guarantees), a.currency, _margins[a.currency]);
    }
}
