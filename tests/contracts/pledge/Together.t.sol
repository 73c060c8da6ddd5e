// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Advance} from "contracts/types/DataTypes.sol";
import {Aval, DayCount, Loan, LoanStatus, Order} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "../exchange/ExchangeTest.sol";

/// @notice Sales at face, recourse, guarantees, loans without interest, redemption and payment, in any
/// order. All of them swap money for claims of the same amount, so nobody ever gets richer or poorer: who
/// was paid twice, or paid for nothing, would.
contract TogetherTest is ExchangeTest {
    uint256 private constant STEPS = 24;

    IGuaranteeBook private avals;
    IPledgeBook private pledges;
    TestCurrency private token;
    uint256 private granule;
    address[5] private parties;
    Aval private aval;
    Loan[] private loans;
    uint256[] private advances;
    /// @dev How many steps of each kind went through in this run.
    uint256[12] private done;

    function setUp() public override {
        super.setUp();
        avals = IGuaranteeBook(deployCode("GuaranteeBook.sol:GuaranteeBook", abi.encode(ledger)));
        pledges = IPledgeBook(deployCode("PledgeBook.sol:PledgeBook", abi.encode(ledger)));
        _verify(address(avals));
        _verify(address(pledges));
        ledger.setCustodian(address(avals), true);
        ledger.setCustodian(address(pledges), true);
        parties = [alice, bob, carol, creditor, obligor];
    }

    /// forge-config: default.fuzz.runs = 32
    /// forge-config: ci.fuzz.runs = 200
    function testFuzz_threat_30_nobody_is_paid_twice(uint256 seed) external {
        token = cash;
        granule = 1;
        _run(seed);
    }

    /// forge-config: default.fuzz.runs = 32
    /// forge-config: ci.fuzz.runs = 200
    function testFuzz_threat_30_nobody_is_paid_twice_in_cents(uint256 seed) external {
        token = new TestCurrency("Test Dollar", "tUSD", 2);
        granule = 1e4;
        _tradeIn(token);
        _run(seed);
    }

    function test_threat_30_every_step_goes_through_somewhere() external {
        token = cash;
        granule = 1;
        uint256 clean = vm.snapshotState();
        uint256[12] memory all;
        for (uint256 seed = 0; seed < 32; ++seed) {
            _run(seed);
            for (uint256 i = 0; i < all.length; ++i) {
                all[i] += done[i];
            }
            vm.revertToState(clean);
        }
        for (uint256 i = 0; i < all.length; ++i) {
            assertGt(all[i], 0, vm.toString(i));
        }
    }

    /* RUN */

    function _run(uint256 seed) private {
        _prepare();
        _sell(alice, bob, FACE);
        int256[5] memory before = _wealth();
        for (uint256 i = 0; i < STEPS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (i == STEPS / 3) _warpToOverdue(id);
            // Recourse three times as often: it is refused more often too.
            _step(seed % 14 < 12 ? seed % 14 : 0, seed >> 8);
            int256[5] memory now_ = _wealth();
            for (uint256 k = 0; k < parties.length; ++k) {
                assertEq(now_[k], before[k], string.concat(vm.toString(seed % 14), vm.toString(k)));
            }
        }
        assertEq(token.balanceOf(address(exchange)), 0, "the exchange keeps nothing");
    }

    function _prepare() private {
        for (uint256 i = 0; i < parties.length; ++i) {
            _fundFor(parties[i], token);
            vm.startPrank(parties[i]);
            token.approve(address(avals), type(uint256).max);
            token.approve(address(pledges), type(uint256).max);
            ledger.setApprovalForAll(address(pledges), true);
            vm.stopPrank();
        }
        (,, uint8 currency,) = ledger.outlineOf(id);
        aval = Aval({
            guarantor: carol,
            applicant: address(0),
            receivable: id,
            obligor: obligor,
            programme: programme,
            currency: currency,
            cap: FACE / 2,
            margin: FACE / 10,
            fee: 0,
            expiry: uint40(block.timestamp + 300 days),
            signedUntil: 0,
            salt: 0
        });
        vm.prank(carol);
        avals.give(aval, "");
    }

    function _step(uint256 kind, uint256 seed) private {
        VoucherId[] memory all = _vouchers();
        if (all.length == 0) return;
        VoucherId v = all[seed % all.length];
        seed >>= 16;
        address holder = ledger.ownerOf(_raw(v));
        // The book does nothing by itself.
        if (holder == address(pledges)) holder = stranger;
        bool went;
        if (kind == 0) {
            went = _tryAs(holder, address(exchange), abi.encodeCall(exchange.exerciseRecourse, (v)));
        }
        if (kind == 1) {
            went = _tryAs(stranger, address(avals), abi.encodeCall(avals.call, (aval, id)));
        }
        if (kind == 2) {
            went = _tryAs(
                obligor, address(ledger), abi.encodeCall(ledger.pay, (id, _some(seed, FACE / 2)))
            );
        }
        if (kind == 3) went = _tryAs(holder, address(ledger), abi.encodeCall(ledger.redeem, (v)));
        if (kind == 4) went = _advanceSome(seed);
        if (kind == 5) went = _reimburseAny(seed);
        if (kind == 6) went = _sellSome(v, holder, seed);
        if (kind == 7) went = _borrow(v, holder, seed);
        if (kind > 7 && loans.length != 0) went = _onLoan(kind, seed);
        if (went) ++done[kind];
    }

    function _onLoan(uint256 kind, uint256 seed) private returns (bool) {
        Loan memory loan = loans[seed % loans.length];
        seed >>= 16;
        if (kind == 8) {
            return _tryAs(stranger, address(pledges), abi.encodeCall(pledges.collect, (loan)));
        }
        if (kind == 9) {
            return _tryAs(loan.lender, address(pledges), abi.encodeCall(pledges.foreclose, (loan)));
        }
        if (kind == 10) {
            uint80 value = pledges.releasable(loan);
            if (seed % 2 == 0) value = _some(seed, value + 1);
            return
                _tryAs(
                    loan.borrower, address(pledges), abi.encodeCall(pledges.release, (loan, value))
                );
        }
        uint80 amount = _some(seed, FACE / 4);
        return
            _tryAs(loan.borrower, address(pledges), abi.encodeCall(pledges.repay, (loan, amount)));
    }

    function _advanceSome(uint256 seed) private returns (bool) {
        uint80 amount = _some(seed, FACE / 2);
        bytes memory data = abi.encodeCall(ledger.advance, (id, creditor, amount));
        return _tryAs(creditor, address(ledger), data);
    }

    function _reimburseAny(uint256 seed) private returns (bool) {
        uint256[] memory starts = _starts();
        if (starts.length == 0) return false;
        uint256 start = starts[seed % starts.length];
        return _tryAs(stranger, address(ledger), abi.encodeCall(ledger.reimburse, (id, start)));
    }

    /// @dev At face, with recourse or without, all of it or a part.
    function _sellSome(VoucherId v, address seller, uint256 seed) private returns (bool) {
        if (keys[seller] == 0) return false;
        voucher = v;
        Order memory order = _atFace(seller, seed >> 8);
        uint80 amount = seed & 8 == 0 ? order.amount : _some(seed >> 40, order.amount);
        bytes memory signature = _sign(order);
        bytes memory data =
            abi.encodeCall(exchange.fill, (order, signature, v, amount, type(uint256).max));
        return _tryAs(parties[(seed >> 4) % parties.length], address(exchange), data);
    }

    function _atFace(address seller, uint256 seed) private returns (Order memory order) {
        (, uint80 value, uint80 claimed) = ledger.positionOf(voucher);
        order = _ask();
        order.maker = seller;
        order.currency = aval.currency;
        order.amount = value - claimed;
        order.price = order.amount;
        order.least = 1;
        if (seed % 2 == 0) order.recourse = _some(seed >> 1, order.amount);
    }

    /// @dev Without interest, due at once.
    function _borrow(VoucherId v, address borrower, uint256 seed) private returns (bool went) {
        if (keys[borrower] == 0) return false;
        (, uint80 value, uint80 claimed) = ledger.positionOf(v);
        Loan memory loan = Loan({
            lender: parties[seed % 3],
            borrower: borrower,
            voucher: v,
            currency: aval.currency,
            principal: _some(seed >> 8, value - claimed),
            advanceRate: 1_000_000,
            rate: 0,
            lateRate: 0,
            dayCount: DayCount.Act360,
            maturityDay: uint16(block.timestamp / 1 days),
            graceDays: 0,
            signedUntil: uint40(block.timestamp),
            salt: seed
        });
        bytes memory data = abi.encodeCall(pledges.open, (loan, _signLoan(loan)));
        went = _tryAs(loan.lender, address(pledges), data);
        if (went) loans.push(loan);
    }

    function _signLoan(Loan memory loan) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[loan.borrower], pledges.loanIdOf(loan));
        return abi.encodePacked(r, s, v);
    }

    /* WEALTH */

    /// @dev Cash and all claims, less all debts, of each party, in units.
    function _wealth() private view returns (int256[5] memory of_) {
        for (uint256 k = 0; k < parties.length; ++k) {
            of_[k] = int256(_inUnits(token.balanceOf(parties[k])));
            of_[k] += int256(uint256(pledges.keptFor(parties[k], aval.currency)));
            if (parties[k] == carol) {
                of_[k] += int256(uint256(avals.stateOf(avals.avalIdOf(aval)).margin));
            }
            if (parties[k] == obligor) of_[k] -= int256(_owedByObligor());
        }
        _addVouchers(of_);
        _addLoans(of_);
        _addAdvances(of_);
    }

    function _addVouchers(int256[5] memory of_) private view {
        VoucherId[] memory all = _vouchers();
        for (uint256 i = 0; i < all.length; ++i) {
            (address holder, uint80 value, uint80 claimed) = ledger.positionOf(all[i]);
            if (holder == address(pledges)) holder = _borrowerOf(all[i]);
            of_[_indexOf(holder)] += int256(uint256(value - claimed));
        }
    }

    function _addLoans(int256[5] memory of_) private view {
        for (uint256 i = 0; i < loans.length; ++i) {
            int256 owed = int256(uint256(pledges.stateOf(pledges.loanIdOf(loans[i])).principal));
            of_[_indexOf(loans[i].lender)] += owed;
            of_[_indexOf(loans[i].borrower)] -= owed;
        }
    }

    function _addAdvances(int256[5] memory of_) private view {
        uint256[] memory starts = _starts();
        for (uint256 i = 0; i < starts.length; ++i) {
            Advance memory made = ledger.advanceOf(id, starts[i]);
            of_[_indexOf(made.guarantor)] += int256(uint256(made.amount - made.reimbursed));
        }
    }

    /// @dev Each advance begins where the one before ends.
    function _starts() private view returns (uint256[] memory starts) {
        uint256 count;
        uint256[] memory found = new uint256[](STEPS);
        for (uint256 start = 0; ledger.advanceOf(id, start).amount != 0; ++count) {
            found[count] = start;
            start += ledger.advanceOf(id, start).amount;
        }
        starts = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            starts[i] = found[i];
        }
    }

    function _borrowerOf(VoucherId v) private view returns (address) {
        for (uint256 i = loans.length; i != 0; --i) {
            LoanStatus status = pledges.stateOf(pledges.loanIdOf(loans[i - 1])).status;
            bool isOver = status == LoanStatus.Closed;
            if (!isOver && _raw(loans[i - 1].voucher) == _raw(v)) return loans[i - 1].borrower;
        }
        revert("a pledge of nobody");
    }

    function _owedByObligor() private view returns (uint256) {
        return ledger.receivableOf(id).face - ledger.receivableOf(id).paid;
    }

    function _indexOf(address party) private view returns (uint256) {
        for (uint256 k = 0; k < parties.length; ++k) {
            if (parties[k] == party) return k;
        }
        revert("a holder that nobody knows");
    }

    /// @dev Those that live. A step splits off one at most.
    function _vouchers() private view returns (VoucherId[] memory all) {
        VoucherId[] memory found = new VoucherId[](STEPS + 1);
        uint256 count;
        for (uint256 i = 0; i < found.length; ++i) {
            VoucherId v = VoucherId.wrap(_raw(id.firstVoucher()) + i);
            try ledger.positionOf(v) returns (address, uint80, uint80) {
                found[count++] = v;
            } catch {
                continue;
            }
        }
        all = new VoucherId[](count);
        for (uint256 i = 0; i < count; ++i) {
            all[i] = found[i];
        }
    }

    function _inUnits(uint256 balance) private view returns (uint256) {
        return balance * 1e6 / 10 ** token.decimals();
    }

    /// @dev From one granule to `most`, in whole granules.
    function _some(uint256 seed, uint80 most) private view returns (uint80) {
        return uint80(granule * (1 + seed % (most < granule ? 1 : most / granule)));
    }

    function _tryAs(address who, address where, bytes memory data) private returns (bool went) {
        vm.prank(who);
        // What is refused changes nothing; what goes through is counted.
        (went,) = where.call(data);
    }
}
