// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Terms} from "contracts/types/DataTypes.sol";
import {GateRules, Requirement, Stage} from "contracts/types/GateTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice What the usual questions cost, and the dearest: nobody can make a gate too dear to pass. docs/gates.md tells
/// these figures. Each call is a transaction of its own, so that nothing is read that is warm already.
/// forge-config: default.isolate = true
contract CostsTest is RulesTest {
    uint256 private constant _MANY = 1000;

    function test_threat_34_eight_requirements_of_sixteen_verifiers_fit_into_an_acceptance()
        external
    {
        GateRules memory rules;
        rules.documents = book;
        rules.requirements = new Requirement[](8);
        for (uint256 i = 0; i < 8; ++i) {
            rules.requirements[i] = Requirement(bytes32(i + 1), Stage.Acceptance, 16, _crowd());
        }
        _guard(rules);
        ReceivableId id = _issued(_gatedTerms());
        for (uint256 i = 0; i < 8; ++i) {
            for (uint256 j = 0; j < 16; ++j) {
                address verifier = rules.requirements[i].verifiers[j];
                _attest(id, rules.requirements[i].kind, verifier, block.timestamp + 1 days);
            }
        }
        assertLt(_costOf(id), 875_000);
    }

    function test_threat_34_the_stop_costs_an_obligor_with_many_hardly_more() external {
        GateRules memory rules;
        rules.stopOnOverdue = true;
        _guard(rules);
        uint256 first = _costOf(_issued(_dueIn(200)));
        for (uint16 i = 0; i < _MANY; ++i) {
            _accepted(_dueIn(50 + i % 100));
        }
        uint256 later = _costOf(_issued(_dueIn(200)));
        uint256 dearest = _costOf(_issued(_dueIn(20)));
        assertLt(later, first);
        assertLt(later, 105_000);
        // It goes from the bottom to the top, past nine others.
        assertLt(dearest, 150_000);
    }

    function test_threat_34_dropping_the_whole_portion_fits_into_an_acceptance() external {
        GateRules memory rules;
        rules.stopOnOverdue = true;
        _guard(rules);
        ReceivableId[] memory paid = new ReceivableId[](8);
        for (uint16 i = 0; i < 8; ++i) {
            (paid[i],) = _accepted(_dueIn(5 + i));
        }
        for (uint16 i = 0; i < _MANY; ++i) {
            _accepted(_dueIn(50 + i % 100));
        }
        for (uint256 i = 0; i < 8; ++i) {
            _pay(paid[i], 1e6);
        }
        vm.warp(block.timestamp + 20 days);
        assertLt(_costOf(_issued(_dueIn(200))), 580_000);
    }

    function test_what_each_rule_adds_to_an_acceptance() external {
        GateRules memory rules;
        uint256 plain = _costUnder(rules);
        assertLt(plain, 47_000);
        rules.totalLimit = 3 * FACE;
        assertLt(_costUnder(rules) - plain, 40_000);
        rules.totalLimit = 0;
        rules.stopOnOverdue = true;
        assertLt(_costUnder(rules) - plain, 60_000);
        assertLt(_costUnder(_rulesWith(_requirement(INVOICE, Stage.Acceptance, 2))) - plain, 30_000);
    }

    function test_what_a_requirement_before_financing_adds_to_a_move() external {
        GateRules memory none;
        _guard(none);
        uint256 plain = _costOfMove(alice);
        _guard(_rulesWith(_requirement(INVOICE, Stage.Financing, 2)));
        uint256 between = _costOfMove(alice);
        ledger.setCustodian(bob, true);
        uint256 financing = _costOfMove(bob);
        assertLt(between - plain, 25_000);
        assertLt(financing - plain, 50_000);
    }

    function _costUnder(GateRules memory rules) private returns (uint256) {
        _guard(rules);
        // Not the first one: totals and watches are there already.
        _accept(_attested(_issued(_gatedTerms())));
        return _costOf(_attested(_issued(_gatedTerms())));
    }

    function _attested(ReceivableId id) private returns (ReceivableId) {
        _attest(id, INVOICE, verifiers[0], block.timestamp + 1 days);
        _attest(id, INVOICE, verifiers[1], block.timestamp + 1 days);
        return id;
    }

    function _costOfMove(address to) private returns (uint256 gas) {
        Terms memory terms = _gatedTerms();
        (ReceivableId id,) = _accepted(terms);
        _attested(id);
        vm.prank(creditor);
        gas = gasleft();
        ledger.transferFrom(creditor, to, _raw(id.firstVoucher()));
        gas -= gasleft();
        emit log_named_uint("gas of a move", gas);
    }

    /// @dev What the obligor's transaction costs, all in all.
    function _costOf(ReceivableId id) private returns (uint256 gas) {
        vm.prank(obligor);
        gas = gasleft();
        ledger.accept(id);
        gas -= gasleft();
        emit log_named_uint("gas", gas);
    }

    function _crowd() private pure returns (address[] memory crowd) {
        crowd = new address[](16);
        for (uint160 i = 0; i < 16; ++i) {
            crowd[i] = address(0x1000 + i);
        }
    }

    function _dueIn(uint16 tenorDays) private returns (Terms memory terms) {
        terms = _gatedTerms(1e6);
        terms.dueDay = uint16(block.timestamp / 1 days) + tenorDays;
    }
}
