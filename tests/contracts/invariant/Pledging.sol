// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IParties} from "contracts/interfaces/IParties.sol";
import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {IVouchers} from "contracts/interfaces/IVouchers.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Vm} from "forge-std/Vm.sol";

import {Status} from "contracts/types/DataTypes.sol";
import {DayCount, Loan, LoanState, LoanStatus} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {Guaranteeing} from "./Guaranteeing.sol";

/// @notice Loans against vouchers, as they are foretold and as the pledge book's events tell them.
abstract contract Pledging is Guaranteeing {
    using SafeCast for uint256;

    struct LoanShadow {
        LoanStatus status;
        uint256 principal;
        uint256 interest;
        uint256 since;
    }

    /// @dev A loan as an act finds it.
    struct Case {
        Loan terms;
        bytes32 id;
        uint256 voucher;
        LoanStatus status;
        uint256 principal;
        // To the unit, up to today; and what of it and the principal can be paid.
        uint256 interest;
        uint256 owed;
        bool held;
        uint256 value;
        uint256 worth;
    }

    uint256 private constant _MILLION = 1_000_000;

    Loan[] private _loans;
    bytes32[] private _loanIds;
    mapping(bytes32 loan => uint256 index) private _loanAt;
    uint256 private _loanSalt;
    // What was owed when the call began that the events tell of.
    uint256 private _owedBefore;

    // What the events say.
    mapping(bytes32 loan => LoanShadow) private _states;
    mapping(uint256 voucher => bytes32 loan) private _pledgedTo;
    mapping(address party => mapping(uint8 currency => uint256)) private _kept;
    mapping(uint8 currency => uint256 units) private _keptInAll;
    address[] private _keepers;

    bytes32[] private _touchedLoans;

    /* OPEN */

    function openLoan(uint256 seed, uint256 toSeed, uint256 amount) public {
        (seed, toSeed) = (_mix(seed, 1), _mix(toSeed, 2));
        uint256 voucher = _lively(seed);
        if (voucher == 0) return;
        Loan memory loan = _draftedLoan(voucher, seed >> 8, toSeed, _mix(amount, 3));
        if ((seed >> 16) % 16 == 0 && _loans.length != 0) {
            loan = _loans[(seed >> 24) % _loans.length];
        }
        bytes32 id = pledges.loanIdOf(loan);
        bool byLender = (seed >> 32) % 2 == 0;
        address by = _mostly(byLender ? loan.lender : loan.borrower, seed >> 40);
        address signer = _mostly(by == loan.lender ? loan.borrower : loan.lender, seed >> 104);
        bytes4 refusal = _refusalOfLoan(loan, id, by, signer);
        if (refusal == 0) refusal = _refusalOfPledge(loan);
        if (refusal == 0) _fund(loan.lender, loan.currency, loan.principal);
        if (_loanAt[id] == 0 && (refusal == 0 || seed % 8 == 0)) {
            _loans.push(loan);
            _loanIds.push(id);
            _loanAt[id] = _loans.length;
        }
        bytes memory data = abi.encodeCall(pledges.open, (loan, _sign(signer, id)));
        _at(address(pledges), by, VoucherId.unwrap(loan.voucher), loan.borrower, data, refusal);
    }

    function _draftedLoan(uint256 voucher, uint256 seed, uint256 toSeed, uint256 amount)
        private
        returns (Loan memory loan)
    {
        ReceivableShadow storage r = receivables[voucher >> 64];
        loan.lender = people[toSeed % 7];
        loan.borrower = vouchers[voucher].holder;
        loan.voucher = VoucherId.wrap(voucher);
        loan.currency = (seed >> 8) % 32 == 0 ? uint8(1 + (seed >> 16) % currencies) : r.currency;
        loan.advanceRate = uint32((seed >> 24) % 32 == 0 ? 0 : 500_000 + (seed >> 32) % 500_001);
        uint256 most = _worth(voucher) * loan.advanceRate / _MILLION;
        uint256 granule = (seed >> 64) % 32 == 0 ? 1 : _granuleOf(voucher);
        most -= most % granule;
        loan.principal = uint80(_part(most, granule, amount));
        if ((amount >> 96) % 32 == 0) loan.principal += 1;
        loan.rate = uint32((seed >> 72) % 300_000);
        if ((seed >> 104) % 2 == 0) loan.lateRate = loan.rate + uint32((seed >> 112) % 9_000_000);
        if ((seed >> 136) % 32 == 0) loan.lateRate = loan.rate / 2;
        loan.dayCount = DayCount((seed >> 144) % 2);
        loan.maturityDay = uint16(_dayNow() + (seed >> 152) % 30);
        if ((seed >> 168) % 32 == 0) loan.maturityDay = uint16(_dayNow() - 1);
        loan.graceDays = uint16((seed >> 176) % 4);
        loan.signedUntil = uint40(block.timestamp + (seed >> 184) % 4);
        if ((seed >> 192) % 16 == 0) loan.signedUntil -= 4;
        loan.salt = ++_loanSalt;
    }

    function _refusalOfLoan(Loan memory loan, bytes32 id, address by, address signer)
        private
        view
        returns (bytes4)
    {
        if (_states[id].status != LoanStatus.None) return IPledgeBook.LoanNotIn.selector;
        if (block.timestamp > loan.signedUntil) return IPledgeBook.LoanSignatureExpired.selector;
        if (by != loan.lender && by != loan.borrower) return IParties.CallerNotEntitled.selector;
        address other = by == loan.lender ? loan.borrower : loan.lender;
        if (signer != other || keys[other] == 0) return IPledgeBook.LoanSignatureInvalid.selector;
        bool sound = loan.lender != loan.borrower && loan.principal != 0
            && loan.principal <= 1 << 69 && loan.advanceRate != 0
            && (loan.lateRate == 0 || loan.lateRate >= loan.rate) && loan.maturityDay >= _dayNow();
        if (!sound) return IPledgeBook.LoanInvalid.selector;
        bytes4 refusal = _refusalOfParty(loan.lender);
        return refusal != 0 ? refusal : _refusalOfParty(loan.borrower);
    }

    function _refusalOfParty(address party) private view returns (bytes4) {
        if (_isActive(party)) return 0;
        bool verified = parties[party].verifiedUntil >= block.timestamp;
        return verified ? IParties.PartyIsFrozen.selector : IParties.PartyNotVerified.selector;
    }

    function _refusalOfPledge(Loan memory loan) private view returns (bytes4) {
        uint256 voucher = VoucherId.unwrap(loan.voucher);
        ReceivableShadow storage r = receivables[voucher >> 64];
        if (_statusOf(r) != Status.Accepted) return IReceivables.WrongStatus.selector;
        if (loan.borrower == r.obligor || loan.currency != r.currency) {
            return IPledgeBook.LoanInvalid.selector;
        }
        if (vouchers[voucher].holder == address(0)) return REFUSED;
        if (loan.principal > _worth(voucher) * loan.advanceRate / _MILLION) {
            return IPledgeBook.PledgeTooSmall.selector;
        }
        address desk = address(pledges);
        if (vouchers[voucher].holder != loan.borrower || !_canHandOver(voucher, desk, desk)) {
            return REFUSED;
        }
        if (tokenOf[loan.currency] == address(0)) return ICurrencies.CurrencyIsOffChain.selector;
        if (loan.principal % _granule(loan.currency) != 0) {
            return ICurrencies.AmountNotExpressible.selector;
        }
        bool paid = _passes(desk, loan.currency, loan.lender, loan.borrower, loan.principal);
        return paid ? bytes4(0) : REFUSED;
    }

    function withdrawLoan(uint256 seed) public {
        seed = _mix(seed, 1);
        if (_loans.length == 0 || seed % 4 != 0) return;
        Case memory c = _case(seed >> 8);
        address by = _mostly(c.terms.borrower, seed >> 64);
        bytes4 refusal = 0;
        if (by != c.terms.borrower && by != c.terms.lender) {
            refusal = IParties.CallerNotEntitled.selector;
        } else if (c.status != LoanStatus.None) {
            refusal = IPledgeBook.LoanNotIn.selector;
        }
        bytes memory data = abi.encodeCall(pledges.withdraw, (c.terms));
        _at(address(pledges), by, 0, address(0), data, refusal);
    }

    /* PAY */

    function repay(uint256 seed, uint256 amount) public {
        (seed, amount) = (_mix(seed, 1), _mix(amount, 2));
        if (_loans.length == 0) return;
        Case memory c = _case(seed >> 8);
        if ((amount >> 200) % 8 == 0) _freezeForAnHour(c.terms.lender);
        address by = seed % 8 == 0 ? _person(seed >> 64) : c.terms.borrower;
        uint256 units = _part(c.owed, _granule(c.terms.currency), amount);
        if ((amount >> 128) % 8 == 0) units = type(uint80).max;
        if ((amount >> 136) % 16 == 0) units = _part(c.owed, 1, amount >> 144);
        uint256 taken = _lesser(units, c.owed);
        bytes4 refusal = _refusalOfPayment(c, by, units, taken);
        bool keeps = !_isPaidOut(c.terms.lender, c.terms.currency);
        if (
            refusal == 0
                && !_passes(
                    address(pledges),
                    c.terms.currency,
                    by,
                    keeps ? address(pledges) : c.terms.lender,
                    taken
                )
        ) {
            refusal = REFUSED;
        }
        if (refusal == 0) _fund(by, c.terms.currency, taken);
        bool returns_ = taken == c.owed && _canGiveBack(c);
        uint256 kept = _kept[c.terms.lender][c.terms.currency];
        bytes memory data = abi.encodeCall(pledges.repay, (c.terms, units.toUint80()));
        bytes memory answer = _atLoan(c, by, data, refusal);
        if (refusal != 0) return;
        assertEq(abi.decode(answer, (uint256)), taken, "paid on a loan");
        uint256 more = _kept[c.terms.lender][c.terms.currency] - kept;
        assertEq(more, keeps ? taken : 0, "kept for the lender");
        if (taken == c.owed) _assertReturned(c, returns_);
    }

    function _refusalOfPayment(Case memory c, address by, uint256 units, uint256 taken)
        private
        view
        returns (bytes4)
    {
        if (_isFrozen(by)) return IParties.PartyIsFrozen.selector;
        if (units == 0) return ISettlement.AmountIsZero.selector;
        if (c.principal == 0) return IPledgeBook.LoanNotIn.selector;
        bool whole = taken % _granule(c.terms.currency) == 0;
        return whole ? bytes4(0) : ICurrencies.AmountNotExpressible.selector;
    }

    function collect(uint256 seed) public {
        seed = _mix(seed, 1);
        if (_loans.length == 0) return;
        Case memory c = _case(seed >> 8);
        if (c.held && seed % 2 == 0) _pay(c.voucher >> 64, seed >> 128, seed >> 64);
        if ((seed >> 200) % 8 == 0) _freezeForAnHour(c.terms.lender);
        uint256 payout = c.held ? _claimable(c.voucher) : 0;
        bytes4 refusal = _refusalOfCollection(c, payout);
        uint256 toLender = _lesser(payout, c.owed);
        bool over = toLender == c.owed && payout != c.worth;
        bool returns_ = over && _canGiveBack(c);
        address lender = c.terms.lender;
        uint8 currency = c.terms.currency;
        uint256 purse = _has(lender, currency) + _inToken(currency, _kept[lender][currency]);
        bytes memory answer =
            _atLoan(c, stranger, abi.encodeCall(pledges.collect, (c.terms)), refusal);
        if (refusal != 0) return;
        (uint256 first, uint256 rest) = abi.decode(answer, (uint256, uint256));
        assertEq(first, toLender, "the lender first");
        assertEq(rest, payout - toLender, "the rest to the borrower");
        uint256 got = _has(lender, currency) + _inToken(currency, _kept[lender][currency]) - purse;
        assertEq(got, _inToken(currency, toLender), "paid out to the lender, or kept for it");
        if (over && c.status != LoanStatus.Closed) _assertReturned(c, returns_);
        if (payout == c.worth) assertEq(vouchers[c.voucher].holder, address(0), "redeemed");
    }

    function _freezeForAnHour(address party) private {
        uint40 until = uint40(block.timestamp + 1 hours);
        _act(supervisor, abi.encodeCall(ledger.freezeParty, (party, until, "why")), true);
    }

    function _refusalOfCollection(Case memory c, uint256 payout) private view returns (bytes4) {
        if (!c.held) return IPledgeBook.PledgeMissing.selector;
        ReceivableShadow storage r = receivables[c.voucher >> 64];
        address desk = address(pledges);
        bool redeems = frozen[c.voucher][desk] < block.timestamp && r.stored == Status.Accepted
            && (payout != 0 || _coverage(r) == r.face) && _canMove(r.currency, desk)
            && _isWhole(r.currency, payout);
        return redeems ? bytes4(0) : REFUSED;
    }

    /* RELEASE */

    function releasePledge(uint256 seed, uint256 amount) public {
        (seed, amount) = (_mix(seed, 1), _mix(amount, 2));
        if (_loans.length == 0) return;
        Case memory c = _case(seed >> 8);
        uint256 value = _valueToRelease(c, amount);
        address by = _mostly(c.terms.borrower, seed >> 64);
        bytes4 refusal = _refusalOfRelease(c, value, by);
        bytes memory data = abi.encodeCall(pledges.release, (c.terms, value.toUint80()));
        bytes memory answer = _atLoan(c, by, data, refusal);
        if (refusal != 0) return;
        uint256 voucher = abi.decode(answer, (uint256));
        assertEq(vouchers[voucher].holder, c.terms.borrower, "released to the borrower");
        assertEq(vouchers[voucher].value, value, "released value");
    }

    /// @dev Often the most that the book says can be released, or a granule more.
    function _valueToRelease(Case memory c, uint256 seed) private view returns (uint256) {
        if (seed % 4 == 0 || !c.held) return c.value + (seed % 32 == 0 && c.held ? 1 : 0);
        uint256 granule = _granule(c.terms.currency);
        uint256 most = pledges.releasable(c.terms);
        if (seed % 4 == 1) return most;
        if (seed % 4 == 2) return most > c.value / 2 ? most : most + granule;
        return _part(most, granule, seed >> 8);
    }

    function _refusalOfRelease(Case memory c, uint256 value, address by)
        private
        view
        returns (bytes4)
    {
        if (!c.held) return IPledgeBook.PledgeMissing.selector;
        bool whole = value == c.value;
        if (by != c.terms.borrower && !(whole && c.status == LoanStatus.Repaid)) {
            return IParties.CallerNotEntitled.selector;
        }
        if (value > c.value) return IVouchers.InsufficientValue.selector;
        uint256 stays = (c.value - value) * c.worth / c.value;
        stays -= stays % _granule(c.terms.currency);
        if (stays * c.terms.advanceRate / _MILLION < c.owed) {
            return IPledgeBook.PledgeTooSmall.selector;
        }
        return _canGive(c, c.terms.borrower, value) ? bytes4(0) : REFUSED;
    }

    function foreclose(uint256 seed) public {
        seed = _mix(seed, 1);
        if (_loans.length == 0) return;
        Case memory c = _case(seed >> 8);
        uint256 lastDay = uint256(c.terms.maturityDay) + c.terms.graceDays;
        // To the last second before, or the first after, the day from which it may.
        if (seed % 16 == 0 && c.status == LoanStatus.Open) {
            _warp((lastDay + 1) * 1 days - 1 + (seed >> 200) % 2);
            c = _case(seed >> 8);
        }
        address by = _mostly(c.terms.lender, seed >> 64);
        uint256 settled = _lesser(c.worth, c.owed);
        bool whole = settled == c.worth;
        uint256 taken = c.value;
        if (c.held && !whole) {
            taken = c.value * c.owed / c.worth;
            taken -= taken % _granule(c.terms.currency);
        }
        bytes4 refusal = _refusalOfForeclosure(c, by, taken, lastDay);
        bool returns_ = refusal == 0 && !whole && _admitsBack(c);
        bytes memory answer = _atLoan(c, by, abi.encodeCall(pledges.foreclose, (c.terms)), refusal);
        if (refusal != 0) return;
        uint256 voucher = abi.decode(answer, (uint256));
        assertEq(vouchers[voucher].holder, by, "foreclosed by the lender");
        assertEq(_worth(voucher), settled, "worth what is settled, exactly");
        if (!whole) _assertReturned(c, returns_);
    }

    function _refusalOfForeclosure(Case memory c, address by, uint256 taken, uint256 lastDay)
        private
        view
        returns (bytes4)
    {
        if (by != c.terms.lender) return IParties.CallerNotEntitled.selector;
        if (!c.held) return IPledgeBook.PledgeMissing.selector;
        if (c.status != LoanStatus.Open) return IPledgeBook.LoanNotIn.selector;
        if (_dayNow() <= lastDay) return IPledgeBook.NotInDefault.selector;
        return _canGive(c, by, taken) ? bytes4(0) : REFUSED;
    }

    function takeKept(uint256 seed, uint256 toSeed) public {
        (seed, toSeed) = (_mix(seed, 1), _mix(toSeed, 2));
        address by = _keepers.length == 0 || seed % 8 == 0
            ? _person(seed >> 8)
            : _keepers[(seed >> 8) % _keepers.length];
        uint8 currency = uint8(1 + (seed >> 64) % currencies);
        for (uint8 i = 1; i <= currencies && _kept[by][currency] == 0; ++i) {
            currency = i;
        }
        address to = toSeed % 4 == 0 ? _person(toSeed >> 8) : by;
        if (toSeed % 32 == 0) to = address(pledges);
        bytes4 refusal = 0;
        if (_isFrozen(by)) refusal = IParties.PartyIsFrozen.selector;
        else if (to != by) refusal = _refusalOfParty(to);
        if (refusal == 0 && to == address(pledges)) refusal = IVouchers.ValueRefused.selector;
        if (refusal == 0 && _kept[by][currency] == 0) refusal = IPledgeBook.NothingKept.selector;
        if (refusal == 0 && !_canMove(currency, to)) refusal = REFUSED;
        bytes memory data = abi.encodeCall(pledges.takeKept, (currency, to));
        _at(address(pledges), by, 0, address(0), data, refusal);
        if (refusal == 0) assertEq(_kept[by][currency], 0, "nothing is kept any more");
    }

    /// @dev 10: neither the borrower nor anybody else gets at a pledge but through the book.
    function forbidden_10_nobody_moves_a_pledge(uint256 seed, uint256 toSeed) external {
        (seed, toSeed) = (_mix(seed, 1), _mix(toSeed, 2));
        if (_loans.length == 0) return;
        Case memory c = _case(seed >> 8);
        if (!c.held) return;
        address by = seed % 2 == 0 ? c.terms.borrower : _person(seed >> 64);
        if (seed % 4 == 1) by = c.terms.lender;
        address desk = address(pledges);
        bytes[4] memory acts = [
            abi.encodeWithSignature("transferFrom(address,address,uint256)", desk, by, c.voucher),
            abi.encodeWithSignature(
                "transferFrom(uint256,address,uint256)", c.voucher, by, c.value
            ),
            abi.encodeWithSignature("redeem(uint256)", c.voucher),
            abi.encodeWithSignature("approve(address,uint256)", by, c.voucher)
        ];
        for (uint256 i = 0; i < 4; ++i) {
            _act(by, acts[i], false);
        }
    }

    /* FORETELLING */

    function _case(uint256 seed) private view returns (Case memory c) {
        uint256 range = _loans.length < 10 ? _loans.length : 10;
        uint256 index = _loans.length - 1 - seed % range;
        (c.terms, c.id) = (_loans[index], _loanIds[index]);
        LoanShadow storage s = _states[c.id];
        (c.status, c.principal) = (s.status, s.principal);
        c.voucher = VoucherId.unwrap(c.terms.voucher);
        c.interest = s.principal == 0 ? 0 : s.interest + _sinceThen(c.terms, s);
        c.owed = c.principal + c.interest - c.interest % _granule(c.terms.currency);
        VoucherShadow storage v = vouchers[c.voucher];
        c.held = _pledgedTo[c.voucher] == c.id && v.holder == address(pledges);
        if (c.held) (c.value, c.worth) = (v.value, _worth(c.voucher));
    }

    /// @dev Simple interest, the normal rate up to the end of the grace days and the late rate after them.
    function _sinceThen(Loan memory loan, LoanShadow storage s) private view returns (uint256) {
        uint256 lastDay = uint256(loan.maturityDay) + loan.graceDays;
        uint256 all = _dayNow() - s.since;
        uint256 late = _dayNow() <= lastDay ? 0 : _lesser(_dayNow() - lastDay, all);
        uint256 lateRate = loan.lateRate == 0 ? loan.rate : loan.lateRate;
        uint256 year = loan.dayCount == DayCount.Act360 ? 360 : 365;
        return s.principal * (loan.rate * (all - late) + lateRate * late) / (year * _MILLION);
    }

    /// @dev Whether the token, and the ledger, let somebody be paid.
    function _isPaidOut(address party, uint8 currency) private view returns (bool) {
        return !_isFrozen(party) && _canMove(currency, party);
    }

    function _canGive(Case memory c, address to, uint256 value) private view returns (bool) {
        return value == c.value
            ? _canHandOver(c.voucher, to, address(pledges))
            : _canSplitOff(c.voucher, to, address(pledges), value);
    }

    function _canGiveBack(Case memory c) private view returns (bool) {
        return c.held && _admitsBack(c);
    }

    function _admitsBack(Case memory c) private view returns (bool) {
        return _isMovable(c.voucher) && _isActive(c.terms.borrower);
    }

    /// @dev Whether the pledge went back at once, as foretold.
    function _assertReturned(Case memory c, bool returned) private view {
        address holder = vouchers[c.voucher].holder;
        assertEq(c.held && holder == c.terms.borrower, returned, "the pledge went back");
        if (c.held && !returned) assertEq(holder, address(pledges), "the pledge waits");
    }

    function _atLoan(Case memory c, address by, bytes memory data, bytes4 refusal)
        private
        returns (bytes memory)
    {
        _owedBefore = c.owed;
        return _at(address(pledges), by, c.voucher, address(0), data, refusal);
    }

    /* WHAT THE EVENTS SAY */

    function _foldElsewhere(Vm.Log memory log) internal virtual override returns (bool) {
        if (log.emitter != address(pledges)) return super._foldElsewhere(log);
        require(
            _foldKept(log) || _foldLoan(log) || _foldPledge(log),
            "an event of the pledge book that the fold does not know"
        );
        return true;
    }

    function _foldKept(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        bool taken = topic == IPledgeBook.MoneyTaken.selector;
        if (!taken && topic != IPledgeBook.MoneyKept.selector) return false;
        address party = address(uint160(uint256(log.topics[1])));
        uint8 currency = uint8(uint256(log.topics[2]));
        if (taken) {
            (, uint256 amount) = abi.decode(log.data, (address, uint256));
            _kept[party][currency] -= amount;
            _keptInAll[currency] -= amount;
        } else {
            uint256 amount = abi.decode(log.data, (uint256));
            if (_kept[party][currency] == 0) _keepers.push(party);
            _kept[party][currency] += amount;
            _keptInAll[currency] += amount;
        }
        return true;
    }

    function _foldLoan(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        LoanShadow storage s = _states[log.topics[1]];
        if (topic == IPledgeBook.LoanOpened.selector) {
            s.status = LoanStatus.Open;
            uint256 voucher = VoucherId.unwrap(abi.decode(log.data, (Loan)).voucher);
            _pledgedTo[voucher] = log.topics[1];
        } else if (topic == IPledgeBook.LoanReckoned.selector) {
            (s.principal, s.interest, s.since) = abi.decode(log.data, (uint256, uint256, uint256));
            if (s.principal == 0 && s.status == LoanStatus.Open) s.status = LoanStatus.Repaid;
        } else if (topic == IPledgeBook.LoanWithdrawn.selector) {
            s.status = LoanStatus.Withdrawn;
        } else if (topic != IPledgeBook.LoanPaid.selector) {
            return false;
        }
        _touchedLoans.push(log.topics[1]);
        return true;
    }

    /// @dev 10: what leaves a pledge leaves enough behind, or settles what it is worth, or pays the lender.
    function _foldPledge(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        bytes32 id = log.topics[1];
        uint256 pledge = VoucherId.unwrap(_loans[_loanAt[id] - 1].voucher);
        uint256 voucher = uint256(log.topics[2]);
        if (topic == IPledgeBook.PledgeReleased.selector) {
            if (voucher != pledge) _judgeRest(id, pledge);
            else if (_states[id].principal != 0) ++violations[10];
            else _close(id, pledge);
        } else if (topic == IPledgeBook.PledgeRedeemed.selector) {
            (uint256 payout, uint256 toLender) = abi.decode(log.data, (uint256, uint256));
            if (toLender != _lesser(payout, _owedBefore)) ++violations[10];
            if (payout == _worth(pledge)) _close(id, pledge);
        } else if (topic == IPledgeBook.PledgeForeclosed.selector) {
            (uint256 settled, uint256 unpaid) = abi.decode(log.data, (uint256, uint256));
            if (settled + unpaid != _owedBefore || _worth(voucher) != settled) ++violations[10];
            if (voucher == pledge) _close(id, pledge);
        } else {
            return false;
        }
        _touchedLoans.push(id);
        return true;
    }

    function _close(bytes32 id, uint256 pledge) private {
        _states[id].status = LoanStatus.Closed;
        delete _pledgedTo[pledge];
    }

    /// @dev What stays pledged, at the advance rate, secures what is owed.
    function _judgeRest(bytes32 id, uint256 pledge) private {
        Loan memory loan = _loans[_loanAt[id] - 1];
        if (_worth(pledge) * loan.advanceRate / _MILLION < _owedBefore) ++violations[10];
    }

    /* WHAT MUST HOLD */

    function _forgetTouched() internal virtual override {
        super._forgetTouched();
        delete _touchedLoans;
    }

    /// @dev 10 and 12: the book says of itself what its events said, and holds what it keeps.
    function checkPledges(bool all) public view {
        uint256 count = all ? _loans.length : _touchedLoans.length;
        for (uint256 i = 0; i < count; ++i) {
            _compareLoan(all ? _loanIds[i] : _touchedLoans[i]);
        }
        if (all) _checkHeld();
        for (uint8 i = 1; all && i <= currencies; ++i) {
            _checkHolds(address(pledges), i, _keptInAll[i]);
            for (uint256 k = 0; k < people.length; ++k) {
                assertEq(pledges.keptFor(people[k], i), _kept[people[k]][i], "kept");
            }
        }
    }

    /// @dev 10: whatever the book holds is pledged for a loan that says so.
    function _checkHeld() private view {
        for (uint256 i = 0; i < liveVouchers.length; ++i) {
            if (vouchers[liveVouchers[i]].holder != address(pledges)) continue;
            LoanStatus status = _states[_pledgedTo[liveVouchers[i]]].status;
            assertTrue(status == LoanStatus.Open || status == LoanStatus.Repaid, "a pledge");
        }
    }

    function _compareLoan(bytes32 id) private view {
        LoanShadow storage s = _states[id];
        LoanState memory state = pledges.stateOf(id);
        assertEq(uint8(state.status), uint8(s.status), "status of a loan");
        assertEq(state.principal, s.principal, "principal");
        assertEq(state.interest, s.interest, "interest");
        assertEq(state.since, s.since, "since");
        Loan memory loan = _loans[_loanAt[id] - 1];
        _checkHolds(address(pledges), loan.currency, _keptInAll[loan.currency]);
        if (s.principal == 0) return;
        uint256 interest = s.interest + _sinceThen(loan, s);
        (uint256 payable_, uint256 principal) = pledges.owedOn(loan);
        assertEq(payable_, interest - interest % _granule(loan.currency), "interest owed today");
        assertEq(principal, s.principal, "principal owed today");
    }
}
