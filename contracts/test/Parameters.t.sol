// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute} from "../src/Dispute.sol";
import {Oracle} from "../src/Oracle.sol";
import {Receipts} from "../src/Receipts.sol";
import {Test} from "./Vm.sol";

/// @dev Parameters with which no contract can be made.
contract ParametersTest is Test {
    function test_constructor_bondNotDivisible_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(Dispute.WrongBond.selector, 321));
        new Dispute(address(this), 321, 1, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(Dispute.WrongBond.selector, 0));
        new Dispute(address(this), 0, 1, 1, 1);
    }

    function test_constructor_noTime_reverts() public {
        vm.expectRevert(Dispute.NoTime.selector);
        new Dispute(address(this), 320, 0, 1, 1);
        vm.expectRevert(Dispute.NoTime.selector);
        new Dispute(address(this), 320, 1, 0, 1);
        vm.expectRevert(Dispute.NoTime.selector);
        new Dispute(address(this), 320, 1, 1, 0);
    }

    function test_constructor_verifierWithoutCode_reverts() public {
        vm.expectRevert(Dispute.NoVerifier.selector);
        new Dispute(address(1234), 320, 1, 1, 1);
    }

    function test_constructor_parameters_frozen() public {
        Dispute dispute = new Dispute(address(this), 640, 3, 5, 7);
        equal(dispute.VERIFIER(), address(this), "verifier");
        equal(dispute.CHALLENGE_BOND(), 640, "challenge bond");
        equal(dispute.CLAIM_BOND(), 2560, "claim bond");
        equal(dispute.LONGEST(), 15, "window and both clocks");
    }

    /// @dev Without a delay who reads an answer in the mempool could claim it first (INV-22).
    function test_constructor_noCommitDelay_reverts() public {
        Dispute dispute = new Dispute(address(this), 320, 1, 1, 1);
        vm.expectRevert(Oracle.NoTime.selector);
        new Oracle(dispute, 0);
        equal(new Oracle(dispute, 1).COMMIT_DELAY(), 1, "a second is one");
    }

    /// @dev Without a delay an escrow leaves in front of every challenge.
    function test_constructor_noExitDelay_reverts() public {
        Dispute dispute = new Dispute(address(this), 320, 1, 1, 1);
        vm.expectRevert(Receipts.NoTime.selector);
        new Receipts(dispute, 0);
        equal(new Receipts(dispute, 1).EXIT_DELAY(), 1, "a second is one");
    }
}
