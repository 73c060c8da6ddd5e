// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ContractWallet} from "contracts/mocks/ContractWallet.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Programme} from "contracts/types/DataTypes.sol";
import {Aval} from "contracts/types/FinanceTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice Giving an aval: who may, with whose signature, and for what.
contract GiveTest is GuaranteeTest {
    /// @dev The order of secp256k1.
    uint256 private constant _ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /* WHAT IT DOES */

    function test_a_guarantor_gives_it_free() external {
        Aval memory terms = _aval();
        bytes32 id = book.avalIdOf(terms);
        vm.expectEmit(address(book));
        emit IGuaranteeBook.AvalGiven(id, guarantor, obligor, terms);
        assertEq(_given(terms), id);
        _assertState(id, 0, MARGIN, 0);
        _assertHolds(cash, MARGIN);
        assertEq(cash.balanceOf(guarantor), PURSE - MARGIN);
    }

    function test_a_guarantor_that_is_its_own_applicant_gives_it_free() external {
        Aval memory terms = _aval();
        terms.applicant = guarantor;
        _assertState(_given(terms), 0, MARGIN, 0);
    }

    function test_an_applicant_brings_the_signature_and_pays_the_fee() external {
        Aval memory terms = _applied();
        bytes32 id = _bring(terms, _signed(terms));
        _assertState(id, 0, MARGIN, 0);
        assertEq(cash.balanceOf(applicant), PURSE - FEE);
        assertEq(cash.balanceOf(guarantor), PURSE + FEE - MARGIN);
        _assertHolds(cash, MARGIN);
    }

    function test_the_fee_can_pay_for_the_margin() external {
        Aval memory terms = _applied();
        (terms.cap, terms.margin) = (FEE, FEE);
        bytes memory signature = _signed(terms);
        vm.prank(guarantor);
        cash.transfer(alice, PURSE);
        _assertState(_bring(terms, signature), 0, FEE, 0);
    }

    function test_an_applicant_can_be_asked_for_nothing() external {
        Aval memory terms = _applied();
        (terms.fee, terms.margin) = (0, 0);
        _assertState(_bring(terms, _signed(terms)), 0, 0, 0);
        assertEq(cash.balanceOf(applicant), PURSE);
        assertEq(cash.balanceOf(guarantor), PURSE);
    }

    function test_a_receivable_is_covered_before_it_is_accepted_and_when_it_is_overdue() external {
        Aval memory early = _avalFor(_issued());
        _assertState(_given(early), 0, MARGIN, 0);
        _warpToOverdue(receivable);
        Aval memory late = _aval();
        _assertState(_given(late), 0, MARGIN, 0);
    }

    function test_a_line_covers_what_is_not_issued_yet() external {
        Aval memory terms = _line();
        _given(terms);
        (ReceivableId later,) = _accepted();
        (uint80 amount,) = book.callable(terms, later);
        assertEq(amount, CAP);
    }

    function test_a_line_is_given_under_a_programme_that_is_closed_or_has_its_currency() external {
        Programme memory rules = _programme();
        rules.currency = eur;
        Aval memory terms = _line();
        terms.programme = ledger.createProgramme(rules);
        ledger.setProgrammeOpen(terms.programme, false);
        _assertState(_given(terms), 0, MARGIN, 0);
    }

    /* WHOSE WORD */

    function test_reverts_when_a_stranger_gives_for_a_guarantor() external {
        Aval memory terms = _aval();
        _expectNotEntitled(stranger, guarantor);
        vm.prank(stranger);
        book.give(terms, "");
    }

    function test_reverts_when_another_brings_the_applicants_signature() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        address[2] memory others = [stranger, guarantor];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectNotEntitled(others[i], applicant);
            vm.prank(others[i]);
            book.give(terms, signature);
        }
    }

    function test_reverts_when_a_free_aval_has_a_fee() external {
        Aval memory terms = _aval();
        terms.fee = 1;
        _expectInvalid("fee without applicant");
        _given(terms);
    }

    function test_reverts_when_another_signed() external {
        Aval memory terms = _applied();
        (, uint256 key) = makeAddrAndKey("alice");
        _expectRefused(terms, _signedWith(key, terms));
    }

    function test_reverts_when_the_terms_are_others() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        terms.fee -= 1;
        _expectRefused(terms, signature);
    }

    function test_threat_18_reverts_on_another_chain() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        vm.chainId(block.chainid + 1);
        _expectRefused(terms, signature);
    }

    function test_threat_18_reverts_on_another_book() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        IReceivableLedger same = ledger;
        book = _newBook(same);
        _expectRefused(terms, signature);
    }

    function test_threat_20_reverts_when_s_is_in_the_upper_half() external {
        Aval memory terms = _applied();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(guarantorKey, book.avalIdOf(terms));
        _expectRefused(
            terms,
            abi.encodePacked(r, bytes32(_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27))
        );
    }

    function test_threat_20_reverts_when_the_length_is_wrong(uint256 length) external {
        length = bound(length, 0, 130);
        vm.assume(length != 65);
        Aval memory terms = _applied();
        bytes memory whole = _signed(terms);
        bytes memory signature = new bytes(length);
        for (uint256 i = 0; i < length && i < 65; ++i) {
            signature[i] = whole[i];
        }
        _expectRefused(terms, signature);
    }

    function test_threat_20_nobody_signs_for_the_zero_address() external {
        Aval memory terms = _applied();
        terms.guarantor = address(0);
        _expectRefused(terms, abi.encodePacked(bytes32(0), bytes32(0), uint8(27)));
    }

    function test_fuzz_no_noise_is_a_signature(bytes memory noise) external {
        _expectRefused(_applied(), noise);
    }

    /* CONTRACTS (ERC-1271) */

    function test_a_contracts_own_word_binds_it() external {
        (Aval memory terms,) = _ofWallet();
        _assertState(_bring(terms, _signed(terms)), 0, MARGIN, 0);
    }

    function test_reverts_when_the_contract_says_no() external {
        (Aval memory terms, ContractWallet wallet) = _ofWallet();
        bytes memory signature = _signed(terms);
        ContractWallet.Answer[2] memory answers =
            [ContractWallet.Answer.Invalid, ContractWallet.Answer.Reverting];
        for (uint256 i = 0; i < answers.length; ++i) {
            wallet.setAnswer(answers[i], 0);
            _expectRefused(terms, signature);
        }
    }

    function test_threat_21_a_contract_is_asked_when_the_aval_is_given() external {
        (Aval memory terms, ContractWallet wallet) = _ofWallet();
        wallet.setAnswer(ContractWallet.Answer.Changing, block.timestamp + 1);
        vm.warp(block.timestamp + 1);
        _expectRefused(terms, "");
    }

    function test_threat_21_what_a_contract_says_later_undoes_nothing() external {
        (Aval memory terms, ContractWallet wallet) = _ofWallet();
        _bring(terms, _signed(terms));
        wallet.setAnswer(ContractWallet.Answer.GasBurning, 0);
        _warpToOverdue(receivable);
        (uint80 paid,) = _call(terms, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_21_the_caller_pays_for_a_contract_that_burns_gas() external {
        (Aval memory terms, ContractWallet wallet) = _ofWallet();
        wallet.setAnswer(ContractWallet.Answer.GasBurning, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IGuaranteeBook.AvalSignatureInvalid.selector, address(wallet))
        );
        vm.prank(applicant);
        book.give{gas: 5_000_000}(terms, "");
    }

    /* TIME */

    function test_threat_22_a_signature_counts_in_its_last_second() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        vm.warp(terms.signedUntil);
        _assertState(_bring(terms, signature), 0, MARGIN, 0);
    }

    function test_threat_22_reverts_when_the_signature_is_a_second_too_old() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        vm.warp(uint256(terms.signedUntil) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGuaranteeBook.AvalSignatureExpired.selector, terms.signedUntil, block.timestamp
            )
        );
        _bring(terms, signature);
    }

    function test_the_guarantors_own_transaction_needs_no_signature_in_time() external {
        Aval memory terms = _aval();
        terms.signedUntil = 0;
        _assertState(_given(terms), 0, MARGIN, 0);
    }

    function test_threat_22_reverts_when_it_expires_now() external {
        Aval memory terms = _aval();
        terms.expiry = uint40(block.timestamp);
        _expectInvalid("expiry in the past");
        _given(terms);
        terms.expiry += 1;
        _assertState(_given(terms), 0, MARGIN, 0);
    }

    /* REPLAY */

    function test_threat_19_reverts_given_it_was_given() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        bytes32 id = _bring(terms, signature);
        _expectUsed(id);
        _bring(terms, signature);
    }

    function test_threat_19_reverts_given_it_was_released() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        bytes32 id = _bring(terms, signature);
        _pay(receivable, FACE);
        book.release(terms);
        _expectUsed(id);
        _bring(terms, signature);
    }

    function test_threat_19_reverts_given_it_was_withdrawn() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        vm.prank(guarantor);
        book.withdraw(terms);
        _expectUsed(book.avalIdOf(terms));
        _bring(terms, signature);
    }

    /* PARTIES */

    function test_threat_32_reverts_when_the_guarantor_is_the_obligor() external {
        Aval memory terms = _aval();
        terms.guarantor = obligor;
        _expectInvalid("guarantor is obligor");
        _given(terms);
    }

    function test_threat_32_the_obligor_may_pay_for_its_own_guarantee() external {
        Aval memory terms = _applied();
        terms.applicant = obligor;
        _allow(obligor, cash, FEE);
        _assertState(_bring(terms, _signed(terms)), 0, MARGIN, 0);
    }

    function test_threat_32_a_holder_may_guarantee_what_it_sells() external {
        Aval memory terms = _aval();
        terms.guarantor = creditor;
        _fundFor(creditor, cash);
        _given(terms);
        _warpToOverdue(receivable);
        (uint80 paid,) = _call(terms, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_37_reverts_when_the_guarantor_is_unverified() external {
        Aval memory terms = _aval();
        _unverify(guarantor);
        _expectNotVerified(guarantor);
        _given(terms);
    }

    function test_reverts_when_the_guarantor_is_frozen() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        _freezeParty(guarantor);
        _expectFrozen(guarantor);
        _bring(terms, signature);
    }

    function test_reverts_when_the_applicant_is_frozen() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        _freezeParty(applicant);
        _expectFrozen(applicant);
        _bring(terms, signature);
    }

    /* AMOUNTS */

    function test_reverts_when_the_cap_is_zero() external {
        Aval memory terms = _aval();
        (terms.cap, terms.margin) = (0, 0);
        _expectInvalid("cap is zero");
        _given(terms);
    }

    function test_reverts_when_the_margin_is_above_the_cap() external {
        Aval memory terms = _aval();
        terms.margin = CAP + 1;
        _expectInvalid("margin above cap");
        _given(terms);
        terms.margin = CAP;
        _assertState(_given(terms), 0, CAP, 0);
    }

    function test_reverts_when_the_currency_cannot_express_an_amount() external {
        TestCurrency cents = new TestCurrency("Cents", "CENT", 2);
        Aval memory terms = _line();
        terms.currency = _addToken(cents);
        _fundFor(guarantor, cents);
        _fundFor(applicant, cents);
        terms.cap = CAP + 1;
        _expectInexpressible(CAP + 1);
        _given(terms);
        (terms.cap, terms.margin) = (CAP, MARGIN + 1);
        _expectInexpressible(MARGIN + 1);
        _given(terms);
        (terms.margin, terms.applicant, terms.fee) = (MARGIN, applicant, 1);
        bytes memory signature = _signed(terms);
        _expectInexpressible(1);
        _bring(terms, signature);
    }

    function test_reverts_when_an_allowance_is_missing() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        _allow(guarantor, cash, MARGIN - 1);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        _bring(terms, signature);
        _allow(guarantor, cash, MARGIN);
        _allow(applicant, cash, FEE - 1);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        _bring(terms, signature);
        assertFalse(book.stateOf(book.avalIdOf(terms)).given);
    }

    /* WHAT IT IS FOR */

    function test_reverts_when_the_receivable_is_not_open() external {
        ReceivableId[4] memory ids = [ReceivableId.wrap(7), _issued(), _issued(), receivable];
        vm.prank(creditor);
        ledger.cancel(ids[1]);
        _pay(receivable, FACE);
        vm.warp(block.timestamp + 20 days);
        for (uint256 i = 0; i < ids.length; ++i) {
            Aval memory terms = _avalFor(ids[i]);
            _expectInvalid("receivable not open");
            _given(terms);
        }
    }

    function test_reverts_when_the_receivable_differs() external {
        uint8 usd = ledger.addCurrency("USD", address(cash), address(0), 6);
        uint16 other = ledger.createProgramme(_programme());
        for (uint256 i = 0; i < 3; ++i) {
            Aval memory terms = _aval();
            if (i == 0) terms.obligor = bob;
            if (i == 1) terms.programme = other;
            if (i == 2) terms.currency = usd;
            _expectInvalid("receivable differs");
            _given(terms);
        }
    }

    function test_reverts_when_a_line_has_no_obligor() external {
        Aval memory terms = _line();
        terms.obligor = address(0);
        _expectInvalid("obligor is zero");
        _given(terms);
    }

    function test_reverts_when_a_line_has_no_programme() external {
        Aval memory terms = _line();
        terms.programme = 99;
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.ProgrammeUnknown.selector, 99));
        _given(terms);
    }

    function test_reverts_when_the_programme_does_not_admit_the_currency() external {
        Programme memory rules = _programme();
        rules.currency = offChain;
        Aval memory terms = _line();
        terms.programme = ledger.createProgramme(rules);
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammes.CurrencyNotAdmitted.selector, eur, offChain)
        );
        _given(terms);
    }

    function test_reverts_when_there_is_no_such_currency() external {
        Aval memory terms = _line();
        terms.currency = 99;
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.CurrencyUnknown.selector, 99));
        _given(terms);
    }

    function test_reverts_when_the_currency_is_paid_outside_the_chain() external {
        Aval memory terms = _line();
        (terms.currency, terms.margin) = (offChain, 0);
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.CurrencyIsOffChain.selector, offChain));
        _given(terms);
    }

    /* THE ID */

    function test_the_id_is_the_eip_712_digest() external {
        Aval memory terms = _applied();
        bytes32 kind = keccak256(
            "Aval(address guarantor,address applicant,uint192 receivable,address obligor,uint16 programme,uint8 currency,uint80 cap,uint80 margin,uint80 fee,uint40 expiry,uint40 signedUntil,uint256 salt)"
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Duebill GuaranteeBook"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        bytes32 message = keccak256(abi.encode(kind, terms));
        assertEq(book.avalIdOf(terms), keccak256(abi.encodePacked(hex"1901", domain, message)));
    }

    function test_threat_42_no_two_terms_have_one_id() external {
        Aval memory terms = _applied();
        bytes32 id = book.avalIdOf(terms);
        bytes memory plain = abi.encode(terms);
        for (uint256 i = 0; i < 12; ++i) {
            bytes memory altered = bytes.concat(plain);
            uint256 last = i * 32 + 31;
            altered[last] = bytes1(uint8(altered[last]) ^ 1);
            assertNotEq(book.avalIdOf(abi.decode(altered, (Aval))), id);
        }
        (terms.cap, terms.margin) = (terms.margin, terms.cap);
        assertNotEq(book.avalIdOf(terms), id);
    }

    /* INTERNAL */

    /// @dev A contract wallet of the guarantor's key answers in its place.
    function _ofWallet() private returns (Aval memory terms, ContractWallet wallet) {
        wallet = new ContractWallet(guarantor);
        _verify(address(wallet));
        _fundFor(address(wallet), cash);
        terms = _applied();
        terms.guarantor = address(wallet);
    }

    function _expectRefused(Aval memory terms, bytes memory signature) private {
        vm.expectRevert(
            abi.encodeWithSelector(IGuaranteeBook.AvalSignatureInvalid.selector, terms.guarantor)
        );
        _bring(terms, signature);
    }

    function _expectInexpressible(uint256 amount) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, amount, 1e4)
        );
    }
}
