// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Oracle} from "../src/Oracle.sol";
import {IDispute} from "../src/interfaces/IDispute.sol";
import {IOracle} from "../src/interfaces/IOracle.sol";
import {Status} from "../src/types/Game.sol";
import {OracleFixture} from "./OracleFixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev Comes back for more while it is paid.
contract Greedy {
    receive() external payable {
        try IOracle(msg.sender).withdraw() {} catch {}
    }
}

contract OracleTest is OracleFixture {
    /* request */

    function test_request_everyField_isChecked() public {
        IOracle.Request memory r = requestOf(address(0), false);
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotRequester.selector, ASKER));
        oracle.request(r, model, "");
        vm.expectRevert(abi.encodeWithSelector(IOracle.WrongPayment.selector, FEE, FEE - 1));
        vm.prank(ASKER);
        oracle.request{value: FEE - 1}(r, model, ToyTrace.input());
        r.h = 0;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.WrongExponent.selector, 0));
        r.h = 5;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.WrongExponent.selector, 5));
        r.h = 1;
        r.callbackGas = 5_000_001;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.TooMuchGas.selector, 5_000_001));
        r.callbackGas = 0;
        r.expiry = START;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.WrongTimes.selector, EXCLUSIVE, START));
        r.expiry = EXCLUSIVE - 1;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.WrongTimes.selector, EXCLUSIVE, EXCLUSIVE - 1));
        r.expiry = START + 366 days;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.WrongTimes.selector, EXCLUSIVE, START + 366 days));
        r.expiry = EXPIRY;
        r.inputHash = 0;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.InputMismatch.selector, bytes32(0)));
        refuse(r, new bytes(31), abi.encodeWithSelector(IOracle.InputForm.selector, 31));
        refuse(r, new bytes(33), abi.encodeWithSelector(IOracle.InputForm.selector, 33));
        r.modelId = 0;
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.ModelMismatch.selector, bytes32(0)));
    }

    function test_request_otherVerifier_reverts() public {
        model.verifier = address(dispute);
        IOracle.Request memory r = requestOf(address(0), false);
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.WrongVerifier.selector, address(dispute)));
    }

    function test_request_tooLargeRegion_reverts() public {
        model.sizes = 0x240000000000;
        IOracle.Request memory r = requestOf(address(0), false);
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.ModelMismatch.selector, r.modelId));
    }

    /// @dev Each bound itself is still allowed, all at once.
    function test_request_everyBound_succeeds() public {
        IOracle.Request memory r = requestOf(address(0), false);
        (r.h, r.callbackGas) = (4, 5_000_000);
        (r.exclusiveUntil, r.expiry) = (START + 365 days, START + 365 days);
        ask(r);
        answer(r, PROPOSER, 2);
        r.expiry = START + 365 days + 1;
        bytes memory reason = abi.encodeWithSelector(IOracle.WrongTimes.selector, r.exclusiveUntil, r.expiry);
        refuse(r, ToyTrace.input(), reason);
        (r.exclusiveUntil, r.expiry) = (START, START);
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.WrongTimes.selector, START, START));
        r.expiry = START + 1;
        ask(r);
    }

    /// @dev The cap of 32 KiB, even in a region that holds more.
    function test_request_longInput_capped() public {
        model.sizes = 0x000b00000000;
        IOracle.Request memory r = requestOf(address(0), false);
        bytes memory input = new bytes(32768);
        (input[20], input[21]) = (0xe0, 0x7f); // 32768 - 32
        r.inputHash = keccak256(input);
        vm.prank(ASKER);
        oracle.request{value: FEE}(r, model, input);
        input = new bytes(32769);
        (input[20], input[21]) = (0xe1, 0x7f);
        r.inputHash = keccak256(input);
        refuse(r, input, abi.encodeWithSelector(IOracle.InputForm.selector, 32769));
    }

    function test_request_twice_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = ask(r);
        refuse(r, ToyTrace.input(), abi.encodeWithSelector(IOracle.RequestExists.selector, requestId));
    }

    /* claim */

    function test_claim_unknownRequest_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = keccak256(abi.encode(r));
        vm.expectRevert(abi.encodeWithSelector(IOracle.RequestNotOpen.selector, requestId, IOracle.Phase.None));
        answer(r, PROPOSER, 2);
    }

    function test_claim_wrongPayment_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        vm.expectRevert(abi.encodeWithSelector(IOracle.WrongPayment.selector, 4 * BOND, 0));
        oracle.claim(r, ToyTrace.output(2), 0);
    }

    function test_claim_malformedOutput_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        vm.expectRevert(abi.encodeWithSelector(IOracle.OutputForm.selector, 17));
        vm.prank(PROPOSER);
        oracle.claim{value: 4 * BOND}(r, new bytes(17), 0);
    }

    function test_claim_exclusivePeriod_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        commit(r, STRANGER, 2);
        vm.warp(EXCLUSIVE - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Exclusive.selector, PROPOSER, EXCLUSIVE));
        answer(r, STRANGER, 2);
        vm.warp(EXCLUSIVE);
        answer(r, STRANGER, 2);
    }

    function test_claim_expired_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        commit(r, PROPOSER, 2);
        vm.warp(EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Expired.selector, EXPIRY));
        answer(r, PROPOSER, 2);
        vm.warp(EXPIRY - 1);
        answer(r, PROPOSER, 2);
    }

    /// @dev Who reads the answer in the mempool cannot be earlier: his commitment is too young.
    function test_claim_copiedAnswer_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = ask(r);
        vm.warp(EXCLUSIVE);
        bytes32 outputHash = keccak256(ToyTrace.output(2));
        bytes32 commitment = keccak256(abi.encode(requestId, STRANGER, outputHash, bytes32("nonce")));
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotCommitted.selector, commitment));
        answer(r, STRANGER, 2);
        commit(r, STRANGER, 2);
        vm.warp(EXCLUSIVE + DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.CommittedTooLate.selector, EXCLUSIVE + DELAY));
        answer(r, STRANGER, 2);
        vm.warp(EXCLUSIVE + DELAY);
        answer(r, STRANGER, 2);
    }

    function test_commit_twice_reverts() public {
        oracle.commit("c");
        vm.expectRevert(abi.encodeWithSelector(IOracle.CommitmentExists.selector, bytes32("c")));
        vm.prank(STRANGER);
        oracle.commit("c");
        equal(oracle.committedAt("c"), START, "the first one stands");
    }

    /* finalize */

    function test_finalize_rightAnswer_paysFee() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = ask(r);
        bytes32 claimId = answer(r, PROPOSER, 2);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WindowOpen.selector, START + WINDOW));
        finalize(r, PROPOSER, 2);
        vm.warp(START + WINDOW);
        finalize(r, PROPOSER, 2);
        (IOracle.Phase phase,, bool called,, bytes32 outputHash) = oracle.answerOf(requestId);
        check(phase == IOracle.Phase.Final, "final");
        check(!called, "nobody asked to be called");
        equal(outputHash, keccak256(ToyTrace.output(2)), "the answer, an error status like any other");
        equal(oracle.owed(PROPOSER), FEE, "fee");
        equal(dispute.owed(PROPOSER), 4 * BOND, "bond");
        (Status status,,,,) = dispute.claimOf(claimId);
        check(status == Status.Survived, "released in the same transaction");
        vm.expectRevert(abi.encodeWithSelector(IOracle.RequestNotOpen.selector, requestId, IOracle.Phase.Final));
        finalize(r, PROPOSER, 2);
    }

    function test_finalize_releasedBefore_succeeds() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        bytes32 claimId = answer(r, PROPOSER, 2);
        vm.warp(START + WINDOW);
        dispute.release(claimId);
        finalize(r, PROPOSER, 2);
        equal(oracle.owed(PROPOSER), FEE, "fee");
    }

    function test_finalize_neverClaimed_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        bytes32 claimId = keccak256(abi.encode(oracle.claimFor(r, PROPOSER, keccak256(ToyTrace.output(2)))));
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotSurvived.selector, claimId));
        finalize(r, PROPOSER, 2);
    }

    /// @dev A lie is defeated, another claimer rescues the request, the liar never gets the fee.
    function test_finalize_afterLie_rescuedByAnother() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = ask(r);
        bytes32 lieId = answer(r, PROPOSER, 3);
        Play memory play = doubt(r, PROPOSER, 3);
        narrow(play, true, 0);
        prove(play);
        vm.warp(EXCLUSIVE - DELAY);
        commit(r, STRANGER, 2);
        vm.warp(EXCLUSIVE);
        answer(r, STRANGER, 2);
        vm.warp(EXCLUSIVE + WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotSurvived.selector, lieId));
        finalize(r, PROPOSER, 3);
        finalize(r, STRANGER, 2);
        (,,,, bytes32 outputHash) = oracle.answerOf(requestId);
        equal(outputHash, keccak256(ToyTrace.output(2)), "the truth");
        equal(oracle.owed(STRANGER), FEE, "to the rescuer");
        equal(oracle.owed(PROPOSER), 0, "not to the liar");
    }

    /// @dev An open game delays its own claim only.
    function test_finalize_disputedClaim_doesNotDelayOther() public {
        IOracle.Request memory r = requestOf(address(0), false);
        r.exclusiveUntil = 0;
        ask(r);
        commit(r, PROPOSER, 3);
        commit(r, STRANGER, 2);
        vm.warp(START + DELAY);
        answer(r, PROPOSER, 3);
        answer(r, STRANGER, 2);
        vm.warp(START + DELAY + WINDOW - 1);
        doubt(r, PROPOSER, 3);
        vm.warp(START + DELAY + WINDOW);
        finalize(r, STRANGER, 2);
        equal(oracle.owed(STRANGER), FEE, "in time");
    }

    /* refund */

    function test_refund_silence_atExpiry() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = ask(r);
        vm.warp(EXPIRY - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotRefundable.selector, EXPIRY));
        oracle.refund(r);
        vm.warp(EXPIRY);
        oracle.refund(r);
        equal(oracle.owed(ASKER), FEE, "fee");
        vm.expectRevert(abi.encodeWithSelector(IOracle.RequestNotOpen.selector, requestId, IOracle.Phase.Refunded));
        oracle.refund(r);
        uint256 before = ASKER.balance;
        vm.prank(ASKER);
        oracle.withdraw();
        equal(ASKER.balance - before, FEE, "paid");
        equal(address(oracle).balance, 0, "nothing left");
    }

    /// @dev While a claim may still survive, its fee is safe.
    function test_refund_afterClaim_waitsForItsEnd() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        commit(r, PROPOSER, 2);
        vm.warp(EXPIRY - 1);
        answer(r, PROPOSER, 2);
        uint256 refundableAt = EXPIRY + dispute.LONGEST() + WINDOW;
        vm.warp(refundableAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotRefundable.selector, refundableAt));
        oracle.refund(r);
        finalize(r, PROPOSER, 2);
        equal(oracle.owed(PROPOSER), FEE, "the fee was not lost");
    }

    function test_refund_allClaimsDefeated_succeeds() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        answer(r, PROPOSER, 3);
        Play memory play = doubt(r, PROPOSER, 3);
        narrow(play, true, 0);
        prove(play);
        vm.warp(EXPIRY + oracle.REFUND_DELAY());
        oracle.refund(r);
        equal(oracle.owed(ASKER), FEE, "fee");
    }

    function test_withdraw_nothing_reverts() public {
        vm.expectRevert(IOracle.NothingDue.selector);
        oracle.withdraw();
    }

    /// @dev Credit is paid once: another's fee lies beside it and stays.
    function test_withdraw_twice_reverts() public {
        ask(requestOf(address(0), false));
        IOracle.Request memory r = requestOf(address(0), true);
        ask(r);
        vm.warp(EXPIRY);
        oracle.refund(r);
        vm.prank(ASKER);
        oracle.withdraw();
        vm.expectRevert(IOracle.NothingDue.selector);
        vm.prank(ASKER);
        oracle.withdraw();
        equal(address(oracle).balance, FEE, "the other fee");
    }

    function test_withdraw_reenteringReceiver_isPaidOnce() public {
        ask(requestOf(address(0), false));
        IOracle.Request memory r = requestOf(address(0), false);
        r.requester = address(new Greedy());
        vm.deal(r.requester, FEE);
        ask(r);
        vm.warp(EXPIRY);
        oracle.refund(r);
        vm.prank(r.requester);
        oracle.withdraw();
        equal(r.requester.balance, FEE, "once");
        equal(address(oracle).balance, FEE, "the other fee");
    }

    function test_withdraw_refusingReceiver_reverts() public {
        IOracle.Request memory r = requestOf(address(0), false);
        r.requester = address(dispute); // has no receive function
        vm.deal(address(dispute), FEE);
        ask(r);
        vm.warp(EXPIRY);
        oracle.refund(r);
        vm.expectRevert(abi.encodeWithSelector(IOracle.PaymentRefused.selector, address(dispute)));
        vm.prank(address(dispute));
        oracle.withdraw();
        equal(oracle.owed(address(dispute)), FEE, "the credit stays");
    }

    function refuse(IOracle.Request memory r, bytes memory input, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(ASKER);
        oracle.request{value: FEE}(r, model, input);
    }
}
