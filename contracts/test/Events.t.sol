// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {IOracle} from "../src/interfaces/IOracle.sol";
import {IReceipts} from "../src/interfaces/IReceipts.sol";
import {Claim} from "../src/types/Claim.sol";
import {Ending} from "../src/types/Game.sol";
import {Position} from "../src/types/Position.sol";
import {OracleFixture} from "./OracleFixture.sol";
import {ReceiptsFixture} from "./ReceiptsFixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev Every event with all its fields, in its order: who follows a chain knows claims and games by them alone.
contract EventsTest is OracleFixture, ReceiptsFixture {
    function setUp() public override(OracleFixture, ReceiptsFixture) {
        super.setUp();
    }

    /* the dispute contract */

    function test_events_gameOfLie() public {
        Play memory play = opened(claimOf(1, 3, "salt"), 3);
        while (play.p.width > 6) {
            tellReveal(play);
            tellPick(play);
        }
        reveal(play);
        bytes memory before = pack(play.p);
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, 2);
        picked(play, 2);
        expect(address(dispute));
        emit IDispute.Picked(play.claimId, play.gameId, 2, pack(play.p));
        expect(address(dispute));
        emit IDispute.GameEnded(play.claimId, play.gameId, CHALLENGER, Ending.ProvedWrong, 10);
        expect(address(dispute));
        emit IDispute.ClaimDefeated(play.claimId, play.gameId);
        vm.prank(CHALLENGER);
        dispute.pickAndProve(play.game, before, 2, lo, hi, branches, ToyTrace.witness(2));
        expect(address(dispute));
        emit IDispute.Settled(play.claimId, play.gameId, CHALLENGER, 3 * BOND);
        expect(address(dispute));
        emit IDispute.Burnt(play.claimId, 2 * BOND);
        settle(play);
        equal(dispute.gameOf(play.gameId), bytes32(uint256(3)), "settled");
        expect(address(dispute));
        emit IDispute.Withdrawn(CHALLENGER, 3 * BOND);
        vm.prank(CHALLENGER);
        dispute.withdraw();
    }

    function test_events_falseChallenges() public {
        Play memory play = opened(claimOf(1, 0, "salt"), 0);
        Play memory late = join(play, STRANGER, "late");
        narrow(play, false, 3);
        expect(address(dispute));
        emit IDispute.GameEnded(play.claimId, play.gameId, CHALLENGER, Ending.ProvedRight, 10);
        prove(play);
        reveal(late);
        vm.warp(START + WINDOW);
        expect(address(dispute));
        emit IDispute.GameEnded(late.claimId, late.gameId, STRANGER, Ending.ChallengerTimeout, 1);
        dispute.timeout(late.game, pack(late.p));
        expect(address(dispute));
        emit IDispute.ClaimSurvived(play.claimId);
        expect(address(dispute));
        emit IDispute.Collected(play.claimId, PROPOSER, 2 * BOND * 4 / 5);
        expect(address(dispute));
        emit IDispute.Burnt(play.claimId, 2 * BOND / 5);
        dispute.release(play.claimId);
    }

    function test_events_silentProposer() public {
        Play memory play = start(1, 0);
        vm.warp(START + PROPOSER_TIME);
        expect(address(dispute));
        emit IDispute.GameEnded(play.claimId, play.gameId, CHALLENGER, Ending.ProposerTimeout, 0);
        dispute.timeout(play.game, pack(play.p));
    }

    function test_events_malformedClaim() public {
        Claim memory claim = claimOf(1, 0, "salt");
        claim.outputHash = keccak256("no answer");
        bytes32 claimId = create(claim);
        bytes32 gameId = keccak256(abi.encodePacked(claimId, CHALLENGER, bytes32("game")));
        expect(address(dispute));
        emit IDispute.ClaimBytes(claimId, ToyTrace.input(), "no answer");
        expect(address(dispute));
        emit IDispute.GameOpened(claimId, gameId, CHALLENGER, "game", "");
        expect(address(dispute));
        emit IDispute.GameEnded(claimId, gameId, CHALLENGER, Ending.Malformed, 0);
        expect(address(dispute));
        emit IDispute.ClaimDefeated(claimId, gameId);
        vm.prank(CHALLENGER);
        dispute.open{value: BOND}(claim, model, ToyTrace.input(), "no answer", "game", CHALLENGER);
    }

    function test_events_delegate() public {
        expect(address(dispute));
        emit IDispute.DelegateSet(PROPOSER, STRANGER, true);
        vm.prank(PROPOSER);
        dispute.setDelegate(STRANGER, true);
    }

    function opened(Claim memory claim, uint64 lie) private returns (Play memory play) {
        (play.claim, play.claimId, play.lie) = (claim, keccak256(abi.encode(claim)), lie);
        expect(address(dispute));
        emit IDispute.ClaimCreated(play.claimId, PROPOSER, PROPOSER, claim, START + WINDOW);
        create(claim);
        bytes32 gameId = keccak256(abi.encodePacked(play.claimId, CHALLENGER, bytes32("game")));
        bytes32 hi = ToyTrace.claimed(1 << 30, lie);
        bytes memory position =
            pack(Position(gameId, 0, 30, 0, ToyTrace.state(0), hi, 0, START, PROPOSER_TIME, CHALLENGER_TIME, 0));
        expect(address(dispute));
        emit IDispute.ClaimBytes(play.claimId, ToyTrace.input(), ToyTrace.output(lie == 0 ? 2 : 3));
        expect(address(dispute));
        emit IDispute.GameOpened(play.claimId, gameId, CHALLENGER, "game", position);
        vm.prank(CHALLENGER);
        return begun(play, CHALLENGER, "game", openAs(play, "game", CHALLENGER));
    }

    function tellReveal(Play memory play) private {
        (bytes memory before, bytes memory states) = (pack(play.p), statesOf(play));
        revealed(play, states);
        expect(address(dispute));
        emit IDispute.Revealed(play.claimId, play.gameId, pack(play.p), states);
        vm.prank(PROPOSER);
        dispute.reveal(play.game, before, states);
    }

    function tellPick(Play memory play) private {
        bytes memory before = pack(play.p);
        uint8 segment = honestSegment(play);
        (bytes32 lo, bytes32 hi, bytes memory branches) = segmentOf(play, segment);
        picked(play, segment);
        expect(address(dispute));
        emit IDispute.Picked(play.claimId, play.gameId, segment, pack(play.p));
        vm.prank(CHALLENGER);
        dispute.pick(play.game, before, segment, lo, hi, branches);
    }

    /* the oracle */

    function test_events_answer() public {
        IOracle.Request memory r = requestOf(STRANGER, false); // an account without code accepts every call
        bytes32 requestId = keccak256(abi.encode(r));
        expect(address(oracle));
        emit IOracle.Requested(requestId, r.modelId, PROPOSER, r, ToyTrace.input());
        ask(r);
        expect(address(oracle));
        emit IOracle.Committed(STRANGER, "commitment");
        vm.prank(STRANGER);
        oracle.commit("commitment");
        bytes32 outputHash = keccak256(ToyTrace.output(2));
        Claim memory claim = oracle.claimFor(r, PROPOSER, outputHash);
        bytes32 claimId = keccak256(abi.encode(claim));
        expect(address(dispute));
        emit IDispute.ClaimCreated(claimId, PROPOSER, address(oracle), claim, START + WINDOW);
        expect(address(oracle));
        emit IOracle.Claimed(requestId, claimId, PROPOSER, claim, ToyTrace.output(2));
        answer(r, PROPOSER, 2);
        vm.warp(START + WINDOW);
        expect(address(oracle));
        emit IOracle.Finalized(requestId, claimId, PROPOSER, outputHash);
        expect(address(oracle));
        emit IOracle.CalledBack(requestId, STRANGER, false, true);
        finalize(r, PROPOSER, 2);
        expect(address(oracle));
        emit IOracle.Withdrawn(PROPOSER, FEE);
        vm.prank(PROPOSER);
        oracle.withdraw();
    }

    function test_events_refund() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = ask(r);
        vm.warp(EXPIRY);
        expect(address(oracle));
        emit IOracle.Refunded(requestId, ASKER, FEE);
        oracle.refund(r);
    }

    /* receipts */

    function test_events_receipt() public {
        expect(address(receipts));
        emit IReceipts.Deposited(signer, 4 * BOND, 4 * BOND);
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(0);
        bytes32 receiptHash = receipts.hashOf(r);
        expect(address(receipts));
        emit IReceipts.Anchored(signer, receiptHash, 1);
        vm.prank(signer);
        receipts.anchor(receiptHash, 1);
        bytes32 claimId = keccak256(abi.encode(receipts.claimFor(r)));
        bytes32 gameId = keccak256(abi.encodePacked(claimId, CHALLENGER, bytes32("doubt")));
        IReceipts.Evidence memory e;
        e.root = receiptHash;
        expect(address(receipts));
        emit IReceipts.ReceiptChallenged(receiptHash, claimId, CHALLENGER, gameId);
        vm.prank(CHALLENGER);
        receipts.challenge{value: BOND}(r, e, model, ToyTrace.input(), ToyTrace.output(2), "doubt");
    }

    function test_events_escrow() public {
        deposit(5 * BOND);
        IReceipts.Receipt memory r = receiptOf(0);
        Play memory play = challenge(r, signed(r), CHALLENGER, 0);
        narrowAs(play, signer, false);
        prove(play);
        expect(address(receipts));
        emit IReceipts.ExitRequested(signer, START + EXIT_DELAY);
        vm.prank(signer);
        receipts.requestExit();
        vm.warp(DEADLINE);
        expect(address(receipts));
        emit IReceipts.Reclaimed(play.claim.salt, signer, 4 * BOND, 5 * BOND);
        receipts.reclaim(r);
        vm.warp(START + EXIT_DELAY);
        expect(address(receipts));
        emit IReceipts.Exited(signer, 5 * BOND);
        vm.prank(signer);
        receipts.exit();
    }

    function expect(address emitter) private {
        vm.expectEmit(true, true, true, true, emitter);
    }
}
