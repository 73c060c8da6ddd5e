// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";

import {ContractWallet} from "contracts/mocks/ContractWallet.sol";
import {Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract AcceptWithSignatureTest is LedgerTest {
    /// @dev The order of secp256k1.
    uint256 private constant _ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    string private constant _TERMS_TYPE =
        "Terms(address obligor,address creditor,uint8 currency,uint80 face,uint16 dueDay,uint16 programme,bytes32 documentsRoot,bytes32 referenceHash,uint256 salt)";

    Terms private _its;
    ReceivableId private _id;
    uint256 private _deadline;

    function setUp() public override {
        super.setUp();
        _its = _terms();
        _id = _issued(_its);
        _deadline = block.timestamp + 1 hours;
    }

    /* WHAT IT DOES */

    function test_threat_16_anyone_can_bring_the_obligors_signature() external {
        vm.expectEmit(address(ledger));
        emit IReceivables.ReceivableAccepted(_id, obligor);
        _bring(_signature());
        _assertStatus(_id, Status.Accepted);
    }

    function test_threat_22_a_signature_counts_at_its_deadline() external {
        bytes memory signature = _signature();
        vm.warp(_deadline);
        _bring(signature);
        _assertStatus(_id, Status.Accepted);
    }

    function test_threat_22_reverts_when_the_deadline_is_a_second_ago() external {
        bytes memory signature = _signature();
        vm.warp(_deadline + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IReceivables.SignatureExpired.selector, _deadline, _deadline + 1)
        );
        _bring(signature);
    }

    function test_digest_is_the_eip_712_one() external view {
        bytes32 terms = keccak256(abi.encode(keccak256(bytes(_TERMS_TYPE)), _its));
        bytes32 kind =
            keccak256(abi.encodePacked("Acceptance(Terms terms,uint256 deadline)", _TERMS_TYPE));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Duebill"),
                keccak256("1"),
                block.chainid,
                address(ledger)
            )
        );
        bytes32 message = keccak256(abi.encode(kind, terms, _deadline));
        assertEq(
            ledger.acceptanceDigest(_its, _deadline),
            keccak256(abi.encodePacked(hex"1901", domain, message))
        );
    }

    /* WHAT IT BINDS */

    function test_threat_16_reverts_when_the_deadline_is_another() external {
        bytes memory signature = _signature();
        ++_deadline;
        _expectInvalid(obligor);
        _bring(signature);
    }

    function test_threat_16_reverts_when_the_terms_are_others() external {
        Terms memory others = _terms();
        _issued(others);
        bytes memory signature = _signature();
        _expectInvalid(obligor);
        ledger.acceptWithSignature(others, _deadline, signature);
    }

    function test_threat_16_reverts_when_the_terms_were_never_issued() external {
        bytes memory signature = _signature();
        Terms memory altered = _its;
        altered.face += 1;
        _expectWrongStatus(ledger.idOf(altered), Status.None, Status.Issued);
        ledger.acceptWithSignature(altered, _deadline, signature);
    }

    function test_threat_18_reverts_on_another_chain() external {
        bytes memory signature = _signature();
        vm.chainId(block.chainid + 1);
        _expectInvalid(obligor);
        _bring(signature);
    }

    function test_threat_18_reverts_on_another_ledger() external {
        bytes memory signature = _signature();
        IReceivableLedger mine = ledger;
        ledger = _newLedger(address(roles));
        ledger.addCurrency("EUR", address(cash), address(0), 6);
        ledger.createProgramme(_programme());
        _verify(obligor);
        _verify(creditor);
        ReceivableId id = _issued(_its);
        assertTrue(id == mine.idOf(_its));
        _expectInvalid(obligor);
        _bring(signature);
    }

    /* REPLAY */

    function test_threat_19_reverts_given_it_is_accepted() external {
        bytes memory signature = _signature();
        _bring(signature);
        _expectWrongStatus(_id, Status.Accepted, Status.Issued);
        _bring(signature);
    }

    function test_threat_19_reverts_given_it_is_cancelled() external {
        bytes memory signature = _signature();
        vm.prank(creditor);
        ledger.cancel(_id);
        _expectWrongStatus(_id, Status.Cancelled, Status.Issued);
        _bring(signature);
    }

    function test_threat_19_reverts_given_the_obligor_rejected_it() external {
        bytes memory signature = _signature();
        vm.prank(obligor);
        ledger.reject(_id, REASON);
        _expectWrongStatus(_id, Status.Cancelled, Status.Issued);
        _bring(signature);
    }

    /* WHO SIGNED */

    function test_reverts_when_another_signed() external {
        (, uint256 key) = makeAddrAndKey("alice");
        bytes memory signature = _signatureWith(key);
        _expectInvalid(obligor);
        _bring(signature);
    }

    function test_threat_20_reverts_when_s_is_in_the_upper_half() external {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(obligorKey, ledger.acceptanceDigest(_its, _deadline));
        bytes memory malleated =
            abi.encodePacked(r, bytes32(_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        _expectInvalid(obligor);
        _bring(malleated);
    }

    function test_threat_20_reverts_when_the_length_is_wrong(uint256 length) external {
        length = bound(length, 0, 130);
        vm.assume(length != 65);
        bytes memory whole = _signature();
        bytes memory signature = new bytes(length);
        for (uint256 i = 0; i < length && i < 65; ++i) {
            signature[i] = whole[i];
        }
        _expectInvalid(obligor);
        _bring(signature);
    }

    function test_threat_20_reverts_when_recovery_gives_nobody() external {
        bytes[2] memory signatures = [
            abi.encodePacked(bytes32(0), bytes32(0), uint8(27)),
            abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(0))
        ];
        for (uint256 i = 0; i < signatures.length; ++i) {
            _expectInvalid(obligor);
            _bring(signatures[i]);
        }
    }

    function test_threat_20_nobody_signs_for_the_zero_address() external {
        Terms memory terms = _its;
        terms.obligor = address(0);
        _expectNotVerified(address(0));
        vm.prank(creditor);
        ledger.issue(terms);
    }

    function test_fuzz_no_noise_is_a_signature(bytes memory noise) external {
        _expectInvalid(obligor);
        _bring(noise);
    }

    /* CONTRACTS (ERC-1271) */

    function test_a_contracts_own_word_binds_it() external {
        ContractWallet wallet = _wallet();
        _bring(_signatureWith(obligorKey));
        _assertStatus(_id, Status.Accepted);
        assertEq(ledger.receivableOf(_id).obligor, address(wallet));
    }

    function test_reverts_when_the_contract_says_no() external {
        ContractWallet wallet = _wallet();
        ContractWallet.Answer[3] memory answers = [
            ContractWallet.Answer.Invalid,
            ContractWallet.Answer.Reverting,
            ContractWallet.Answer.GasBurning
        ];
        for (uint256 i = 0; i < answers.length; ++i) {
            wallet.setAnswer(answers[i], 0);
            _expectInvalid(address(wallet));
            ledger.acceptWithSignature{gas: 5_000_000}(_its, _deadline, "");
        }
    }

    function test_threat_21_a_contract_is_asked_at_the_time_of_acceptance() external {
        ContractWallet wallet = _wallet();
        wallet.setAnswer(ContractWallet.Answer.Changing, block.timestamp + 1);
        vm.warp(block.timestamp + 1);
        _expectInvalid(address(wallet));
        _bring("");
    }

    function test_a_signature_of_the_wallets_owner_with_another_key_is_refused() external {
        ContractWallet wallet = _wallet();
        (, uint256 key) = makeAddrAndKey("alice");
        bytes memory signature = _signatureWith(key);
        _expectInvalid(address(wallet));
        _bring(signature);
    }

    /* STATE, AS IN ACCEPTING BY TRANSACTION */

    function test_reverts_given_the_acceptance_period_is_over() external {
        uint256 acceptBy = ledger.receivableOf(_id).acceptBy;
        _deadline = type(uint256).max;
        bytes memory signature = _signature();
        vm.warp((acceptBy + 1) * 1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IReceivables.AcceptancePeriodOver.selector, acceptBy, acceptBy + 1
            )
        );
        _bring(signature);
    }

    function test_reverts_given_a_frozen_obligor() external {
        bytes memory signature = _signature();
        _freezeParty(obligor);
        _expectFrozen(obligor);
        _bring(signature);
    }

    function test_reverts_given_an_unverified_obligor() external {
        bytes memory signature = _signature();
        _unverify(obligor);
        _expectNotVerified(obligor);
        _bring(signature);
    }

    function test_threat_35_reverts_given_a_pause() external {
        bytes memory signature = _signature();
        _pause();
        _expectPaused();
        _bring(signature);
    }

    /* INTERNAL */

    function _signature() private view returns (bytes memory) {
        return _signatureWith(obligorKey);
    }

    function _signatureWith(uint256 key) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, ledger.acceptanceDigest(_its, _deadline));
        return abi.encodePacked(r, s, v);
    }

    function _bring(bytes memory signature) private {
        vm.prank(stranger);
        ledger.acceptWithSignature(_its, _deadline, signature);
    }

    function _expectInvalid(address signer) private {
        vm.expectRevert(abi.encodeWithSelector(IReceivables.SignatureInvalid.selector, signer));
    }

    /// @dev From now on the terms name a contract, owned by the obligor's key, as the obligor.
    function _wallet() private returns (ContractWallet wallet) {
        wallet = new ContractWallet(obligor);
        _verify(address(wallet));
        _its.obligor = address(wallet);
        _id = _issued(_its);
    }
}
