// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";
import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Programme, Terms} from "contracts/types/DataTypes.sol";
import {GateRules} from "contracts/types/GateTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {Invoice, InvoiceState} from "contracts/types/RegistryTypes.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice A registry with two platforms, and a programme of the ledger that requires it. Its authority is
/// the ledger's, and this contract has every role.
abstract contract RegistryTest is LedgerTest {
    bytes32 internal constant KEY = keccak256("key of an invoice");
    bytes32 internal constant NOTE = keccak256("key of a credit note");
    bytes32 internal constant ELSEWHERE = keccak256("something outside this chain");
    bytes3 internal constant EUR = "EUR";
    uint80 internal constant TOTAL = 500_000e6;

    IInvoiceRegistry internal registry;
    IProgrammeRules internal gate;
    address internal harbour = makeAddr("platform Harbour");
    address internal meadow = makeAddr("platform Meadow");
    uint32 internal harbourNumber;
    uint32 internal meadowNumber;
    uint16 internal guarded;

    function setUp() public virtual override {
        super.setUp();
        bytes memory authority = abi.encode(roles);
        registry = IInvoiceRegistry(deployCode("InvoiceRegistry.sol:InvoiceRegistry", authority));
        harbourNumber = registry.admitRegistrant(harbour);
        meadowNumber = registry.admitRegistrant(meadow);
        GateRules memory asked;
        asked.registry = registry;
        gate = _newGate(asked);
        Programme memory rules = _programme();
        rules.gate = address(gate);
        guarded = ledger.createProgramme(rules);
    }

    function _register() internal {
        vm.prank(harbour);
        registry.register(KEY, EUR, TOTAL);
    }

    function _registerAs(address by, bytes32 key, uint80 total) internal {
        vm.prank(by);
        registry.register(key, EUR, total);
    }

    function _useFor(address by, bytes32 key, ReceivableId id, uint80 amount) internal {
        vm.prank(by);
        registry.use(key, address(ledger), _subject(id), amount);
    }

    function _useElsewhere(address by, bytes32 key, uint80 amount) internal {
        vm.prank(by);
        registry.use(key, address(0), ELSEWHERE, amount);
    }

    function _releaseFor(address by, bytes32 key, ReceivableId id) internal returns (uint80) {
        vm.prank(by);
        return registry.release(key, address(ledger), _subject(id));
    }

    /// @dev Terms under the programme that requires the registry, and the id that they will have.
    function _guardedTerms(uint80 face) internal returns (Terms memory terms, ReceivableId id) {
        terms = _termsOf(face);
        terms.programme = guarded;
        id = ledger.idOf(terms);
    }

    function _subject(ReceivableId id) internal pure returns (bytes32) {
        return bytes32(uint256(ReceivableId.unwrap(id)));
    }

    function _all(bytes[] memory calls) internal returns (bytes[] memory) {
        return Multicall(address(registry)).multicall(calls);
    }

    function _assertInvoice(bytes32 key, InvoiceState state, uint80 used, uint80 credited)
        internal
        view
    {
        Invoice memory invoice = registry.invoiceOf(key);
        assertEq(uint8(invoice.state), uint8(state), "state");
        assertEq(invoice.used, used, "used");
        assertEq(invoice.credited, credited, "credited");
        assertLe(uint256(used) + credited, invoice.total, "used and credited are within the total");
    }

    function _expectNotRegistrant(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IInvoiceRegistry.NotRegistrant.selector, caller));
    }

    function _expectNotRegistered(bytes32 key) internal {
        vm.expectRevert(abi.encodeWithSelector(IInvoiceRegistry.NotRegistered.selector, key));
    }

    function _expectVoid(bytes32 key) internal {
        vm.expectRevert(abi.encodeWithSelector(IInvoiceRegistry.InvoiceIsVoid.selector, key));
    }

    function _expectKeyTaken(bytes32 key) internal {
        vm.expectRevert(abi.encodeWithSelector(IInvoiceRegistry.KeyTaken.selector, key));
    }

    function _expectExceeded(bytes32 key, uint256 left, uint256 excess) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IInvoiceRegistry.InvoiceExceeded.selector, key, left, excess)
        );
    }
}
