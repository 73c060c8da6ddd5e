// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Terms} from "contracts/types/DataTypes.sol";
import {DayCount, Loan, LoanState, LoanStatus} from "contracts/types/FinanceTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice A pledge book, and a loan that could be opened: 600,000 at 5 % and 9 % late, for 90 days and 5
/// of grace, against a voucher of 1,000,000 at an advance rate of 80 %.
abstract contract PledgeTest is LedgerTest {
    uint80 internal constant PRINCIPAL = 600_000e6;

    IPledgeBook internal book;
    address internal lender;
    uint256 internal lenderKey;
    address internal borrower;
    uint256 internal borrowerKey;
    /// @dev The receivable and the voucher that are pledged.
    ReceivableId internal debt;
    VoucherId internal pledge;
    Loan internal loan;
    uint256 private _loanSalt;

    function setUp() public virtual override {
        super.setUp();
        (lender, lenderKey) = makeAddrAndKey("lender");
        (borrower, borrowerKey) = makeAddrAndKey("creditor");
        book = _newBook();
        _verify(lender);
        _enable(cash);
        (debt, pledge) = _accepted();
        _prepare();
    }

    function _newBook() internal returns (IPledgeBook made) {
        made = IPledgeBook(deployCode("PledgeBook.sol:PledgeBook", abi.encode(ledger)));
        _verify(address(made));
        ledger.setCustodian(address(made), true);
        vm.prank(borrower);
        ledger.setApprovalForAll(address(made), true);
    }

    /// @dev Cash for everybody, and allowances to the book.
    function _enable(TestCurrency token) internal {
        address[4] memory payers = [lender, borrower, alice, stranger];
        for (uint256 i = 0; i < payers.length; ++i) {
            _enable(token, payers[i]);
        }
    }

    function _enable(TestCurrency token, address payer) internal {
        token.mint(payer, 10 * uint256(FACE) * 10 ** token.decimals() / 1e6);
        vm.prank(payer);
        // Not every token answers.
        (bool done,) =
            address(token).call(abi.encodeCall(token.approve, (address(book), type(uint256).max)));
        assertTrue(done);
    }

    /* LOANS */

    /// @dev `loan` is one against `pledge`, in its currency.
    function _prepare() internal {
        (,, uint8 currency,) = ledger.outlineOf(debt);
        loan = Loan({
            lender: lender,
            borrower: borrower,
            voucher: pledge,
            currency: currency,
            principal: PRINCIPAL,
            advanceRate: 800_000,
            rate: 50_000,
            lateRate: 90_000,
            dayCount: DayCount.Act360,
            maturityDay: uint16(block.timestamp / 1 days + 90),
            graceDays: 5,
            signedUntil: uint40(block.timestamp + 1 hours),
            salt: ++_loanSalt
        });
    }

    /// @dev Another receivable, paid by this token, is what is pledged.
    function _use(TestCurrency token) internal {
        _enable(token);
        (debt, pledge) = _accepted(_termsIn(_addToken(token)));
        _prepare();
    }

    /// @dev Another receivable of this face.
    function _pledgeOf(uint80 face) internal {
        (debt, pledge) = _accepted(_termsOf(face));
        _prepare();
    }

    function _newDebt(uint80 face, uint8 currency) internal returns (ReceivableId, VoucherId) {
        Terms memory terms = _termsIn(currency);
        terms.face = face;
        return _accepted(terms);
    }

    /// @dev The borrower opens it with the lender's signature.
    function _open() internal returns (bytes32 id) {
        bytes memory signature = _signed(lenderKey);
        vm.prank(borrower);
        return book.open(loan, signature);
    }

    function _signed(uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, book.loanIdOf(loan));
        return abi.encodePacked(r, s, v);
    }

    function _repay(address payer, uint80 amount) internal returns (uint80) {
        vm.prank(payer);
        return book.repay(loan, amount);
    }

    function _release(uint80 value) internal returns (VoucherId) {
        vm.prank(borrower);
        return book.release(loan, value);
    }

    function _foreclose() internal returns (VoucherId) {
        vm.prank(lender);
        return book.foreclose(loan);
    }

    /* TIME */

    function _after(uint256 numberOfDays) internal {
        vm.warp(block.timestamp + numberOfDays * 1 days);
    }

    /// @dev 00:00 UTC on the first day on which the lender may foreclose.
    function _warpToDefault() internal {
        vm.warp((uint256(loan.maturityDay) + loan.graceDays + 1) * 1 days);
    }

    /* WHAT MUST HOLD */

    function _id() internal view returns (bytes32) {
        return book.loanIdOf(loan);
    }

    function _state() internal view returns (LoanState memory) {
        return book.stateOf(_id());
    }

    /// @dev Interest and principal, as they can be paid today.
    function _owed() internal view returns (uint80) {
        (uint80 interest, uint80 principal) = book.owedOn(loan);
        return interest + principal;
    }

    function _assertLoan(LoanStatus status, uint256 principal) internal view {
        assertEq(uint8(_state().status), uint8(status), "loan's status");
        assertEq(_state().principal, principal, "principal");
    }

    function _expectNotIn(LoanStatus status, LoanStatus needed) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IPledgeBook.LoanNotIn.selector, _id(), status, needed)
        );
    }

    function _expectMissing() internal {
        vm.expectRevert(
            abi.encodeWithSelector(IPledgeBook.PledgeMissing.selector, _id(), loan.voucher)
        );
    }

    function _expectTooSmall(uint256 secured, uint256 owed) internal {
        vm.expectRevert(abi.encodeWithSelector(IPledgeBook.PledgeTooSmall.selector, secured, owed));
    }

    function _expectLoanInvalid(bytes32 rule) internal {
        vm.expectRevert(abi.encodeWithSelector(IPledgeBook.LoanInvalid.selector, rule));
    }

    /// @dev What a party has of the loan's token.
    function _balance(address party) internal view returns (uint256) {
        return IERC20(ledger.currencyOf(loan.currency).token).balanceOf(party);
    }
}
