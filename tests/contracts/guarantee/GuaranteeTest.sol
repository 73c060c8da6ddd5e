// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Aval, AvalState} from "contracts/types/FinanceTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice A ledger with a guarantee book, and a guarantor who has cash and lets the book take it.
abstract contract GuaranteeTest is LedgerTest {
    uint80 internal constant CAP = 600_000e6;
    uint80 internal constant MARGIN = 200_000e6;
    uint80 internal constant FEE = 3000e6;
    uint256 internal constant PURSE = 100 * uint256(FACE);
    ReceivableId internal constant LINE = ReceivableId.wrap(0);

    IGuaranteeBook internal book;
    address internal guarantor;
    uint256 internal guarantorKey;
    address internal applicant = makeAddr("applicant");

    ReceivableId internal receivable;
    VoucherId internal voucher;
    uint256 private _avals;

    function setUp() public virtual override {
        super.setUp();
        (guarantor, guarantorKey) = makeAddrAndKey("guarantor");
        book = _newBook(ledger);
        _verify(guarantor);
        _fundFor(guarantor, cash);
        _fundFor(applicant, cash);
        (receivable, voucher) = _accepted();
    }

    function _newBook(IReceivableLedger itsLedger) internal returns (IGuaranteeBook newBook) {
        newBook =
            IGuaranteeBook(deployCode("GuaranteeBook.sol:GuaranteeBook", abi.encode(itsLedger)));
        itsLedger.verifyParty(address(newBook), FOREVER, "book");
        itsLedger.setCustodian(address(newBook), true);
    }

    /// @dev Cash for somebody, and the allowance to the book.
    function _fundFor(address payer, TestCurrency token) internal {
        token.mint(payer, PURSE);
        _allow(payer, token, type(uint256).max);
    }

    function _allow(address payer, TestCurrency token, uint256 amount) internal {
        vm.prank(payer);
        token.approve(address(book), amount);
    }

    /* AVALS */

    /// @dev Free, for the receivable, with a margin.
    function _aval() internal returns (Aval memory) {
        return _avalFor(receivable);
    }

    function _avalFor(ReceivableId id) internal returns (Aval memory) {
        return Aval({
            guarantor: guarantor,
            applicant: address(0),
            receivable: id,
            obligor: obligor,
            programme: programme,
            currency: eur,
            cap: CAP,
            margin: MARGIN,
            fee: 0,
            expiry: uint40(block.timestamp + 300 days),
            signedUntil: uint40(block.timestamp + 1 hours),
            salt: ++_avals
        });
    }

    /// @dev Over all of the obligor's receivables under the programme.
    function _line() internal returns (Aval memory) {
        return _avalFor(LINE);
    }

    /// @dev For a fee.
    function _applied() internal returns (Aval memory terms) {
        terms = _aval();
        (terms.applicant, terms.fee) = (applicant, FEE);
    }

    /// @dev Given by the guarantor itself.
    function _given(Aval memory terms) internal returns (bytes32) {
        vm.prank(terms.guarantor);
        return book.give(terms, "");
    }

    function _bring(Aval memory terms, bytes memory signature) internal returns (bytes32) {
        vm.prank(terms.applicant);
        return book.give(terms, signature);
    }

    function _signed(Aval memory terms) internal view returns (bytes memory) {
        return _signedWith(guarantorKey, terms);
    }

    function _signedWith(uint256 key, Aval memory terms) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, book.avalIdOf(terms));
        return abi.encodePacked(r, s, v);
    }

    /// @dev Anyone calls it.
    function _call(Aval memory terms, ReceivableId id)
        internal
        returns (uint80 paid, uint80 dishonoured)
    {
        vm.prank(stranger);
        return book.call(terms, id);
    }

    function _warpPast(Aval memory terms) internal {
        vm.warp(uint256(terms.expiry) + 1);
    }

    /* WHAT MUST HOLD */

    function _assertState(bytes32 aval, uint80 called, uint80 margin, uint80 dishonoured)
        internal
        view
    {
        AvalState memory state = book.stateOf(aval);
        assertTrue(state.given, "given");
        assertEq(state.called, called, "called");
        assertEq(state.margin, margin, "margin");
        assertEq(state.dishonoured, dishonoured, "dishonoured");
    }

    function _assertHolds(IERC20 token, uint256 margins) internal view {
        assertEq(token.balanceOf(address(book)), margins, "the book holds nothing but margins");
        assertEq(token.allowance(address(book), address(ledger)), 0, "allowance");
    }

    function _expectInvalid(bytes32 rule) internal {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.AvalInvalid.selector, rule));
    }

    function _expectUsed(bytes32 aval) internal {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.AvalUsed.selector, aval));
    }

    function _expectUnknown(bytes32 aval) internal {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.AvalUnknown.selector, aval));
    }

    function _expectNothingToCall(bytes32 aval, ReceivableId id) internal {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NothingToCall.selector, aval, id));
    }

    function _expectNotCovered(bytes32 aval, ReceivableId id) internal {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotCovered.selector, aval, id));
    }
}
