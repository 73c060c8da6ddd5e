// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICash} from "contracts/interfaces/ICash.sol";
import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {ContractWallet} from "contracts/mocks/ContractWallet.sol";
import {FalseReturningToken} from "contracts/mocks/FalseReturningToken.sol";
import {FeeOnTransferToken} from "contracts/mocks/FeeOnTransferToken.sol";
import {NoReturnToken} from "contracts/mocks/NoReturnToken.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {DayCount, Loan, LoanStatus} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {PledgeTest} from "./PledgeTest.sol";

contract OpenTest is PledgeTest {
    /// @dev The order of secp256k1.
    uint256 private constant _ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    string private constant _TYPE =
        "Loan(address lender,address borrower,uint256 voucher,uint8 currency,uint80 principal,uint32 advanceRate,uint32 rate,uint32 lateRate,uint8 dayCount,uint16 maturityDay,uint16 graceDays,uint40 signedUntil,uint256 salt)";

    /* WHAT IT DOES */

    function test_the_borrower_opens_with_the_lenders_signature() external {
        uint256 before = _balance(borrower);
        bytes memory signature = _signed(lenderKey);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanOpened(_id(), lender, borrower, loan);
        vm.prank(borrower);
        assertEq(book.open(loan, signature), _id());
        assertEq(_balance(borrower), before + PRINCIPAL);
        _assertVoucher(pledge, address(book), FACE);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
        assertEq(_state().interest, 0);
        assertEq(_state().since, block.timestamp / 1 days);
    }

    function test_the_lender_opens_with_the_borrowers_signature() external {
        uint256 before = _balance(lender);
        bytes memory signature = _signed(borrowerKey);
        vm.prank(lender);
        book.open(loan, signature);
        assertEq(_balance(lender), before - PRINCIPAL);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
    }

    function test_one_approved_voucher_is_enough() external {
        vm.startPrank(borrower);
        ledger.setApprovalForAll(address(book), false);
        ledger.approve(address(book), _raw(pledge));
        vm.stopPrank();
        _open();
        _assertVoucher(pledge, address(book), FACE);
    }

    function test_a_pledge_is_no_hop_and_needs_no_consent() external {
        Programme memory rules = _programme();
        rules.maxHops = 1;
        rules.consent = true;
        (debt, pledge) = _accepted(_termsUnder(rules));
        _prepare();
        _open();
        assertEq(_hopsOf(pledge), 0);
        _repay(borrower, PRINCIPAL);
        _assertVoucher(pledge, borrower, FACE);
        assertEq(_hopsOf(pledge), 0);
    }

    function test_a_voucher_that_was_claimed_on_is_worth_what_is_left() external {
        _pay(debt, FACE / 2);
        _redeem(pledge);
        loan.principal = FACE / 2 / 10 * 8 + 1;
        bytes memory signature = _signed(lenderKey);
        _expectTooSmall(FACE / 2 / 10 * 8, loan.principal);
        vm.prank(borrower);
        book.open(loan, signature);
        --loan.principal;
        _open();
    }

    function test_threat_32_the_obligor_may_lend_but_not_pledge() external {
        _enable(cash, obligor);
        loan.lender = obligor;
        bytes memory signature = _signed(obligorKey);
        vm.prank(borrower);
        book.open(loan, signature);
        (, pledge) = _accepted();
        _give(pledge, creditor, obligor);
        _prepare();
        (loan.borrower, loan.lender) = (obligor, lender);
        signature = _signed(lenderKey);
        _expectLoanInvalid("borrower");
        vm.prank(obligor);
        book.open(loan, signature);
    }

    function test_digest_is_the_eip_712_one() external view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Duebill PledgeBook"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        bytes32 message = keccak256(abi.encode(keccak256(bytes(_TYPE)), loan));
        assertEq(_id(), keccak256(abi.encodePacked(hex"1901", domain, message)));
    }

    /* THE TERMS */

    function test_reverts_when_one_lends_to_itself() external {
        loan.lender = borrower;
        _refused("lender", borrowerKey);
    }

    function test_reverts_when_the_principal_is_zero() external {
        loan.principal = 0;
        _refused("principal");
    }

    function test_reverts_when_the_advance_rate_is_out_of_range() external {
        loan.advanceRate = 0;
        _refused("advanceRate");
        loan.advanceRate = 1_000_001;
        _refused("advanceRate");
        loan.advanceRate = 1_000_000;
        loan.principal = FACE;
        _open();
    }

    function test_reverts_when_the_rate_is_above_the_highest() external {
        (loan.rate, loan.lateRate) = (10_000_001, 0);
        _refused("rate");
        loan.rate = 10_000_000;
        _open();
    }

    function test_reverts_when_the_late_rate_is_out_of_range() external {
        loan.lateRate = loan.rate - 1;
        _refused("lateRate");
        loan.lateRate = 10_000_001;
        _refused("lateRate");
        loan.lateRate = 10_000_000;
        _open();
    }

    function test_threat_24_reverts_when_the_maturity_is_yesterday() external {
        loan.maturityDay = uint16(block.timestamp / 1 days - 1);
        _refused("maturityDay");
        ++loan.maturityDay;
        _open();
    }

    function test_threat_33_reverts_when_interest_could_pass_80_bits() external {
        _pledgeOf(type(uint80).max);
        loan.principal = uint80(1) << 69;
        ++loan.principal;
        _refused("principal");
        --loan.principal;
        cash.mint(lender, 1 << 70);
        (loan.rate, loan.lateRate) = (10_000_000, 10_000_000);
        _open();
        vm.warp(uint256(type(uint16).max) * 1 days);
        uint256 interest = uint256(loan.principal) * 10_000_000
            * (type(uint16).max - 1_800_000_000 / uint256(1 days)) / 360_000_000;
        assertEq(_owed(), interest + loan.principal);
        vm.warp(uint256(type(uint16).max) * 10 days);
        assertEq(_owed(), interest + loan.principal, "the calendar ends");
        cash.mint(stranger, 1 << 80);
        _repay(stranger, type(uint80).max);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_reverts_when_the_currency_is_another() external {
        loan.currency =
            ledger.addCurrency("USD", address(new TestCurrency("Dollar", "USD", 6)), address(0), 6);
        _refused("currency");
    }

    function test_reverts_when_it_is_paid_outside_the_chain() external {
        (debt, pledge) = _accepted(_termsIn(offChain));
        _prepare();
        bytes memory signature = _signed(lenderKey);
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.CurrencyIsOffChain.selector, offChain));
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_reverts_when_the_token_cannot_express_the_principal() external {
        _use(new TestCurrency("Cents", "C", 2));
        ++loan.principal;
        bytes memory signature = _signed(lenderKey);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICurrencies.AmountNotExpressible.selector, loan.principal, 10_000
            )
        );
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_reverts_when_the_principal_passes_the_advance_rate() external {
        loan.principal = FACE / 10 * 8 + 1;
        bytes memory signature = _signed(lenderKey);
        _expectTooSmall(FACE / 10 * 8, loan.principal);
        vm.prank(borrower);
        book.open(loan, signature);
        --loan.principal;
        _open();
    }

    /* WHO */

    function test_reverts_when_a_third_party_opens() external {
        bytes memory signature = _signed(lenderKey);
        _expectNotEntitled(stranger, lender);
        vm.prank(stranger);
        book.open(loan, signature);
    }

    function test_reverts_given_an_unverified_party() external {
        address[2] memory parties = [lender, borrower];
        bytes memory signature = _signed(lenderKey);
        for (uint256 i = 0; i < parties.length; ++i) {
            _unverify(parties[i]);
            _expectNotVerified(parties[i]);
            vm.prank(borrower);
            book.open(loan, signature);
            _verify(parties[i]);
        }
    }

    function test_reverts_given_a_frozen_party() external {
        address[2] memory parties = [lender, borrower];
        bytes memory signature = _signed(lenderKey);
        for (uint256 i = 0; i < parties.length; ++i) {
            _freezeParty(parties[i]);
            _expectFrozen(parties[i]);
            vm.prank(borrower);
            book.open(loan, signature);
            ledger.freezeParty(parties[i], 0, REASON);
        }
    }

    function test_threat_35_reverts_given_a_pause() external {
        bytes memory signature = _signed(lenderKey);
        _pause();
        _expectPaused();
        vm.prank(borrower);
        book.open(loan, signature);
    }

    /* THE RECEIVABLE */

    function test_threat_26_reverts_given_it_is_not_accepted() external {
        Terms memory terms = _terms();
        debt = _issued(terms);
        pledge = debt.firstVoucher();
        _prepare();
        _refusedIn(Status.Issued);
    }

    function test_threat_26_reverts_given_it_is_overdue() external {
        _warpToOverdue(debt);
        _prepare();
        _refusedIn(Status.Overdue);
    }

    function test_threat_26_reverts_given_it_is_settled() external {
        _pay(debt, FACE);
        _refusedIn(Status.Settled);
    }

    function test_reverts_given_the_borrower_does_not_hold_it() external {
        _give(pledge, borrower, alice);
        bytes memory signature = _signed(lenderKey);
        vm.expectPartialRevert(bytes4(keccak256("ERC721InsufficientApproval(address,uint256)")));
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_reverts_given_the_book_is_no_operator() external {
        vm.prank(borrower);
        ledger.setApprovalForAll(address(book), false);
        bytes memory signature = _signed(lenderKey);
        _expectNotOperator(address(book), pledge);
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_reverts_given_too_little_allowance_and_takes_no_pledge() external {
        vm.prank(lender);
        cash.approve(address(book), PRINCIPAL - 1);
        bytes memory signature = _signed(lenderKey);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        vm.prank(borrower);
        book.open(loan, signature);
        _assertVoucher(pledge, borrower, FACE);
        _assertLoan(LoanStatus.None, 0);
    }

    function test_reverts_when_the_ledger_has_no_code() external {
        vm.expectRevert(abi.encodeWithSelector(ICash.LedgerWithoutCode.selector, stranger));
        deployCode("PledgeBook.sol:PledgeBook", abi.encode(stranger));
    }

    /* ONE VOUCHER, ONE LOAN */

    function test_threat_15_reverts_given_it_is_pledged_already() external {
        _open();
        loan.salt += 1000;
        _refusedAsNotHeld();
    }

    function test_threat_15_reverts_given_a_repaid_pledge_is_not_back_yet() external {
        _open();
        _pause();
        _repay(borrower, PRINCIPAL);
        _assertLoan(LoanStatus.Repaid, 0);
        ledger.unpause();
        Loan memory first = loan;
        loan.salt += 1000;
        _refusedAsNotHeld();
        vm.prank(borrower);
        book.release(first, FACE);
        _open();
    }

    function test_threat_15_pledged_value_cannot_be_moved_or_sold() external {
        _open();
        vm.startPrank(borrower);
        _expectNotOperator(borrower, pledge);
        ledger.transferFrom(address(book), alice, _raw(pledge));
        vm.expectPartialRevert(
            bytes4(keccak256("InsufficientAllowance(uint256,address,uint256,uint256)"))
        );
        ledger.transferFrom(_raw(pledge), alice, 1);
        _expectNotOperator(borrower, pledge);
        ledger.redeem(pledge);
        vm.stopPrank();
    }

    function test_several_loans_of_several_lenders_stand_apart() external {
        VoucherId second = _splitOff(pledge, borrower, borrower, FACE / 2);
        loan.principal = PRINCIPAL / 2;
        _open();
        Loan memory first = loan;
        pledge = second;
        _prepare();
        (, uint256 key) = makeAddrAndKey("alice");
        (loan.lender, loan.principal) = (alice, PRINCIPAL / 3);
        bytes memory signature = _signed(key);
        vm.prank(borrower);
        book.open(loan, signature);
        _pay(debt, FACE);
        (uint80 toLender,) = book.collect(first);
        assertEq(toLender, PRINCIPAL / 2);
        _assertLoan(LoanStatus.Open, PRINCIPAL / 3);
        uint256 before = _balance(alice);
        book.collect(loan);
        assertEq(_balance(alice), before + PRINCIPAL / 3);
    }

    function test_threat_14_a_second_loan_needs_the_first_to_be_over() external {
        _open();
        _repay(borrower, PRINCIPAL);
        Loan memory first = loan;
        _prepare();
        _open();
        _assertLoan(LoanStatus.Open, PRINCIPAL);
        vm.expectRevert(
            abi.encodeWithSelector(IPledgeBook.PledgeMissing.selector, book.loanIdOf(first), pledge)
        );
        book.release(first, FACE);
    }

    /* SIGNATURES */

    function test_threat_22_a_signature_counts_in_its_last_second() external {
        vm.warp(loan.signedUntil);
        _open();
    }

    function test_threat_22_reverts_when_the_signature_is_a_second_too_old() external {
        bytes memory signature = _signed(lenderKey);
        vm.warp(loan.signedUntil + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPledgeBook.LoanSignatureExpired.selector, loan.signedUntil, loan.signedUntil + 1
            )
        );
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_threat_16_a_signature_binds_every_term() external {
        bytes memory signature = _signed(lenderKey);
        Loan memory signed = loan;
        for (uint256 i = 0; i < 11; ++i) {
            loan = signed;
            _alter(i);
            _expectUnsigned(lender);
            vm.prank(borrower);
            book.open(loan, signature);
        }
    }

    function test_threat_18_reverts_on_another_chain_or_book() external {
        bytes memory signature = _signed(lenderKey);
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        _expectUnsigned(lender);
        vm.prank(borrower);
        book.open(loan, signature);
        vm.chainId(chain);
        book = _newBook();
        _expectUnsigned(lender);
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_threat_19_reverts_when_it_is_used_again() external {
        bytes memory signature = _signed(lenderKey);
        _open();
        _repay(borrower, PRINCIPAL);
        _expectNotIn(LoanStatus.Closed, LoanStatus.None);
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_threat_19_reverts_when_it_was_withdrawn() external {
        bytes memory signature = _signed(lenderKey);
        vm.prank(lender);
        book.withdraw(loan);
        _expectNotIn(LoanStatus.Withdrawn, LoanStatus.None);
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_threat_20_reverts_when_the_signature_is_no_signature() external {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(lenderKey, _id());
        bytes[5] memory signatures = [
            abi.encodePacked(r, bytes32(_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, s),
            abi.encodePacked(r, s, v, uint8(0)),
            abi.encodePacked(bytes32(0), bytes32(0), uint8(27)),
            bytes("")
        ];
        for (uint256 i = 0; i < signatures.length; ++i) {
            _expectUnsigned(lender);
            vm.prank(borrower);
            book.open(loan, signatures[i]);
        }
    }

    function test_threat_20_ones_own_signature_is_not_the_others() external {
        bytes memory signature = _signed(borrowerKey);
        _expectUnsigned(lender);
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_threat_20_nobody_signs_for_zero_or_for_the_book() external {
        address[2] memory nobody = [address(0), address(book)];
        for (uint256 i = 0; i < nobody.length; ++i) {
            loan.borrower = nobody[i];
            bytes memory signature = _signed(borrowerKey);
            _expectUnsigned(nobody[i]);
            vm.prank(lender);
            book.open(loan, signature);
        }
    }

    function test_threat_21_a_contract_is_asked_when_it_is_opened() external {
        ContractWallet wallet = new ContractWallet(lender);
        _verify(address(wallet));
        loan.lender = address(wallet);
        cash.mint(address(wallet), PRINCIPAL);
        wallet.act(address(cash), abi.encodeCall(cash.approve, (address(book), PRINCIPAL)));
        bytes memory signature = _signed(lenderKey);
        ContractWallet.Answer[3] memory noes = [
            ContractWallet.Answer.Changing,
            ContractWallet.Answer.Reverting,
            ContractWallet.Answer.GasBurning
        ];
        for (uint256 i = 0; i < noes.length; ++i) {
            wallet.setAnswer(noes[i], block.timestamp);
            _expectUnsigned(address(wallet));
            vm.prank(borrower);
            book.open{gas: 10_000_000}(loan, signature);
        }
        wallet.setAnswer(ContractWallet.Answer.Honest, 0);
        vm.prank(borrower);
        book.open(loan, signature);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
    }

    function test_threat_42_ids_of_shifted_terms_differ() external {
        bytes32 id = _id();
        (loan.maturityDay, loan.graceDays) = (loan.graceDays, loan.maturityDay);
        assertNotEq(_id(), id);
    }

    /* CASH */

    function test_threat_05_reverts_when_less_than_the_principal_arrives() external {
        _use(new FeeOnTransferToken());
        bytes memory signature = _signed(lenderKey);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICurrencies.PaymentNotExact.selector, PRINCIPAL / 100 * 99, PRINCIPAL
            )
        );
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function test_threat_07_reverts_when_the_token_answers_false() external {
        FalseReturningToken token = new FalseReturningToken();
        _use(token);
        token.setFailing(true);
        bytes memory signature = _signed(lenderKey);
        vm.expectPartialRevert(bytes4(keccak256("SafeERC20FailedOperation(address)")));
        vm.prank(borrower);
        book.open(loan, signature);
        _assertVoucher(pledge, borrower, FACE);
    }

    function test_threat_08_a_token_that_returns_nothing_works() external {
        NoReturnToken token = new NoReturnToken();
        _enable(TestCurrency(address(token)));
        token.mint(obligor, FACE);
        vm.prank(obligor);
        token.approve(address(ledger), FACE);
        (debt, pledge) =
            _accepted(_termsIn(ledger.addCurrency("USD", address(token), address(0), 6)));
        _prepare();
        _open();
        assertEq(token.balanceOf(borrower), 10 * uint256(FACE) + PRINCIPAL);
        _after(10);
        _repay(borrower, 1e6);
        _pay(debt, FACE);
        book.collect(loan);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_threat_17_a_permit_in_the_same_transaction_and_a_used_one() external {
        vm.prank(lender);
        cash.approve(address(book), 0);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(lenderKey, _permitDigest());
        bytes memory signature = _signed(lenderKey);
        cash.permit(lender, address(book), PRINCIPAL, type(uint256).max, v, r, s);
        bytes[] memory calls = new bytes[](2);
        calls[0] =
            abi.encodeCall(ICash.permit, (eur, lender, PRINCIPAL, type(uint256).max, v, r, s));
        calls[1] = abi.encodeCall(IPledgeBook.open, (loan, signature));
        vm.prank(borrower);
        Multicall(address(book)).multicall(calls);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
    }

    /* INTERNAL */

    function _refused(bytes32 rule) private {
        _refused(rule, lenderKey);
    }

    function _refused(bytes32 rule, uint256 key) private {
        bytes memory signature = _signed(key);
        _expectLoanInvalid(rule);
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function _refusedIn(Status status) private {
        bytes memory signature = _signed(lenderKey);
        vm.expectRevert(
            abi.encodeWithSelector(IReceivables.WrongStatus.selector, debt, status, Status.Accepted)
        );
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function _refusedAsNotHeld() private {
        bytes memory signature = _signed(lenderKey);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", borrower, _raw(pledge), book
            )
        );
        vm.prank(borrower);
        book.open(loan, signature);
    }

    function _expectUnsigned(address signer) private {
        vm.expectRevert(abi.encodeWithSelector(IPledgeBook.LoanSignatureInvalid.selector, signer));
    }

    function _alter(uint256 term) private {
        if (term == 0) ++loan.currency;
        if (term == 1) --loan.principal;
        if (term == 2) --loan.advanceRate;
        if (term == 3) --loan.rate;
        if (term == 4) ++loan.lateRate;
        if (term == 5) loan.dayCount = DayCount.Act365F;
        if (term == 6) ++loan.maturityDay;
        if (term == 7) ++loan.graceDays;
        if (term == 8) ++loan.signedUntil;
        if (term == 9) ++loan.salt;
        if (term == 10) loan.voucher = VoucherId.wrap(_raw(pledge) + 1);
    }

    function _permitDigest() private view returns (bytes32) {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                lender,
                book,
                PRINCIPAL,
                cash.nonces(lender),
                type(uint256).max
            )
        );
        return keccak256(abi.encodePacked(hex"1901", cash.DOMAIN_SEPARATOR(), message));
    }
}
