// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";

import {Currency, Status} from "contracts/types/DataTypes.sol";
import {RendererTest} from "./RendererTest.sol";

contract SlotURITest is RendererTest {
    function test_names_and_describes_the_receivable() external {
        string memory json = _slot();
        assertEq(vm.parseJsonString(json, ".name"), unicode"Duebill 3fa2c4…");
        assertTrue(
            vm.contains(
                vm.parseJsonString(json, ".description"),
                "3fa2c4d8b1e07755aa00112233445566778899aabbccddee, 1000000.00 EUR due 2026-01-01; accepted"
            )
        );
    }

    /// @dev The order is that of the fields of `Terms`, which the id is the hash of.
    function test_terms_are_intrinsic_and_in_order() external {
        string memory json = _slot();
        assertEq(
            vm.parseJsonString(json, _of("obligor", "value")),
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
        );
        assertEq(vm.parseJsonUint(json, _of("currency", "value")), 7);
        assertEq(vm.parseJsonUint(json, _of("dueDay", "value")), 20_454);
        assertEq(vm.parseJsonUint(json, _of("programme", "value")), 12);
        _assertIntrinsic(json, "obligor", 1);
        _assertIntrinsic(json, "currency", 3);
        _assertIntrinsic(json, "dueDay", 5);
        _assertIntrinsic(json, "programme", 6);
    }

    /// @dev The face shrinks when vouchers are extinguished, so it is not what was hashed.
    function test_state_is_not_intrinsic() external {
        r.advanced = 1_250_000;
        string memory json = _slot();
        _assertFact(json, "face", "1000000.00");
        _assertFact(json, "paid", "333333.333333");
        _assertFact(json, "advanced", "1.25");
        _assertFact(json, "code", "EUR");
        _assertFact(json, "dueDate", "2026-01-01");
        _assertFact(json, "status", "accepted");
    }

    function testFuzz_is_well_formed(
        Currency calldata currency,
        uint256 status,
        uint80[3] calldata money,
        uint16 dueDay
    ) external {
        c = currency;
        r.status = Status(bound(status, 1, uint256(type(Status).max)));
        (r.face, r.paid, r.advanced) = (money[0], money[1], money[2]);
        r.dueDay = dueDay;
        assertEq(vm.parseJsonKeys(_slot(), "$").length, 3);
    }

    function test_reverts_given_nothing_issued() external {
        r.status = Status.None;
        IReceivableLedger ledger = _ledger();
        vm.expectRevert(
            abi.encodeWithSelector(
                IReceivables.WrongStatus.selector, ID, Status.None, Status.Issued
            )
        );
        renderer.slotURI(ledger, ID);
    }

    function test_contract_uri_says_the_decimals() external {
        string memory json = _decoded(renderer.contractURI(_ledger()), JSON_URI);
        assertEq(vm.parseJsonString(json, ".name"), "Duebill");
        assertEq(vm.parseJsonUint(json, ".valueDecimals"), 6);
        assertGt(bytes(vm.parseJsonString(json, ".description")).length, 40);
    }

    function _of(string memory name, string memory key) private pure returns (string memory) {
        return string.concat(".properties[?(@.name=='", name, "')].", key);
    }

    function _assertIntrinsic(string memory json, string memory name, uint256 order) private pure {
        assertTrue(vm.parseJsonBool(json, _of(name, "is_intrinsic")), name);
        assertEq(vm.parseJsonUint(json, _of(name, "order")), order, name);
    }

    function _assertFact(string memory json, string memory name, string memory value) private pure {
        assertFalse(vm.parseJsonBool(json, _of(name, "is_intrinsic")), name);
        assertEq(vm.parseJsonString(json, _of(name, "value")), value, name);
    }
}
