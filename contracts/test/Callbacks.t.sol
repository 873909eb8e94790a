// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AnswerBook} from "../src/examples/AnswerBook.sol";
import {IOracle} from "../src/interfaces/IOracle.sol";
import {IOracleConsumer} from "../src/interfaces/IOracleConsumer.sol";
import {OracleFixture} from "./OracleFixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev A consumer that counts its calls and its gas, and can be told to misbehave.
contract Consumer is IOracleConsumer {
    enum Mode {
        Accept,
        Refuse,
        BurnGas,
        ReturnBomb,
        RevertBomb,
        ReEnter
    }

    Mode public mode;
    uint256 public calls;
    uint256 public gasSeen;
    bytes public output;
    bool public provisional;
    bytes private again;

    function set(Mode mode_, bytes calldata again_) external {
        (mode, again) = (mode_, again_);
    }

    function onAnswer(bytes32, bytes32, bytes calldata output_, bool provisional_) external {
        gasSeen = gasleft();
        calls++;
        (output, provisional) = (output_, provisional_);
        if (mode == Mode.Refuse) revert("no");
        if (mode == Mode.BurnGas) while (true) {}
        if (mode == Mode.ReturnBomb) {
            assembly {
                return(0, 1000000)
            }
        }
        if (mode == Mode.RevertBomb) {
            assembly {
                revert(0, 1000000)
            }
        }
        if (mode == Mode.ReEnter) {
            (bool done,) = msg.sender.call(again);
            require(!done, "finalized twice");
        }
    }
}

contract CallbacksTest is OracleFixture {
    Consumer private consumer;

    function setUp() public override {
        super.setUp();
        consumer = new Consumer();
    }

    function test_callback_final_onceAfterWindow() public {
        IOracle.Request memory r = requestOf(address(consumer), false);
        bytes32 requestId = ask(r);
        answer(r, PROPOSER, 2);
        equal(consumer.calls(), 0, "not before it is final");
        vm.warp(START + WINDOW);
        finalize(r, PROPOSER, 2);
        equal(consumer.calls(), 1, "once");
        check(!consumer.provisional(), "final");
        equal(keccak256(consumer.output()), keccak256(ToyTrace.output(2)), "output");
        check(consumer.gasSeen() > 195_000 && consumer.gasSeen() <= 200_000, "the gas that was named");
        (,, bool called, bool succeeded,) = oracle.answerOf(requestId);
        check(called && succeeded, "recorded");
    }

    function test_callback_provisional_onceAtFirstClaim() public {
        IOracle.Request memory r = requestOf(address(consumer), true);
        ask(r);
        answer(r, PROPOSER, 3);
        equal(consumer.calls(), 1, "at the claim");
        check(consumer.provisional(), "and told so");
        answer(r, PROPOSER, 2);
        vm.warp(START + WINDOW);
        finalize(r, PROPOSER, 2);
        equal(consumer.calls(), 1, "never again");
    }

    /// @dev A consumer that fails loses only its own callback.
    function test_callback_hostileConsumer_isRecorded() public {
        Consumer.Mode[5] memory modes = [
            Consumer.Mode.Refuse,
            Consumer.Mode.BurnGas,
            Consumer.Mode.RevertBomb,
            Consumer.Mode.ReturnBomb,
            Consumer.Mode.ReEnter
        ];
        for (uint256 i = 0; i < 5; i++) {
            IOracle.Request memory r = requestOf(address(consumer), false);
            r.salt = bytes32(i);
            bytes32 requestId = ask(r);
            bytes memory again = abi.encodeCall(IOracle.finalize, (r, PROPOSER, ToyTrace.output(2)));
            consumer.set(modes[i], again);
            answer(r, PROPOSER, 2);
            uint256 before = oracle.owed(PROPOSER);
            vm.warp(START + WINDOW);
            finalize(r, PROPOSER, 2);
            vm.warp(START);
            equal(oracle.owed(PROPOSER) - before, FEE, "the fee is paid");
            (IOracle.Phase phase,, bool called, bool succeeded,) = oracle.answerOf(requestId);
            check(phase == IOracle.Phase.Final && called, "final");
            check(succeeded == (modes[i] == Consumer.Mode.ReEnter), "the failure is recorded");
        }
    }

    /// @dev Who finalizes with too little gas fails himself; he can't starve the one callback there is.
    function testFuzz_callback_anyGas_neverStarved(uint256 gas_) public {
        IOracle.Request memory r = requestOf(address(consumer), false);
        ask(r);
        answer(r, PROPOSER, 2);
        vm.warp(START + WINDOW);
        gas_ = 50_000 + gas_ % 500_000;
        bytes memory data = abi.encodeCall(IOracle.finalize, (r, PROPOSER, ToyTrace.output(2)));
        (bool done,) = address(oracle).call{gas: gas_}(data);
        equal(consumer.calls(), done ? 1 : 0, "called when done");
        if (done) check(consumer.gasSeen() > 195_000, "with all its gas");
    }

    function test_callback_lowGas_reverts() public {
        IOracle.Request memory r = requestOf(address(consumer), false);
        ask(r);
        answer(r, PROPOSER, 2);
        vm.warp(START + WINDOW);
        vm.expectPartialRevert(IOracle.GasTooLow.selector);
        oracle.finalize{gas: 250_000}(r, PROPOSER, ToyTrace.output(2));
    }

    /* the example */

    function book() private returns (AnswerBook example, IOracle.Request memory r) {
        example = new AnswerBook(oracle);
        r = requestOf(address(example), false);
        r.requester = address(example);
        vm.prank(ASKER);
        example.ask{value: FEE}(r, model, ToyTrace.input());
    }

    function test_answerBook_keepsAnswer() public {
        (AnswerBook example, IOracle.Request memory r) = book();
        bytes32 requestId = keccak256(abi.encode(r));
        answer(r, PROPOSER, 2);
        vm.warp(START + WINDOW);
        finalize(r, PROPOSER, 2);
        AnswerBook.Answer memory kept = example.answerOf(requestId);
        check(kept.known && kept.status == 2, "status");
        equal(bytes(kept.text).length, 0, "no text");
    }

    function test_answerBook_keepsText() public {
        (AnswerBook example, IOracle.Request memory r) = book();
        bytes memory output = abi.encodePacked(uint96(1) << 88, uint8(5), uint24(0), "paris");
        vm.prank(PROPOSER);
        oracle.claim{value: 4 * BOND}(r, output, "nonce");
        vm.warp(START + WINDOW);
        vm.expectEmit(true, true, true, true, address(example));
        emit AnswerBook.Answered(keccak256(abi.encode(r)), 1, "paris");
        oracle.finalize(r, PROPOSER, output);
        AnswerBook.Answer memory kept = example.answerOf(keccak256(abi.encode(r)));
        check(kept.known && kept.status == 1, "status");
        equal(keccak256(bytes(kept.text)), keccak256("paris"), "text");
    }

    function test_answerBook_stranger_reverts() public {
        (AnswerBook example,) = book();
        vm.expectRevert(abi.encodeWithSelector(AnswerBook.NotOracle.selector, STRANGER));
        vm.prank(STRANGER);
        example.onAnswer(0, 0, "", false);
        vm.expectRevert(abi.encodeWithSelector(AnswerBook.NotAsked.selector, bytes32(0)));
        vm.prank(address(oracle));
        example.onAnswer(0, 0, ToyTrace.output(2), false);
        vm.expectRevert(AnswerBook.PaymentRefused.selector);
        vm.prank(STRANGER);
        payable(address(example)).transfer(1);
    }

    function test_answerBook_reclaim_givesFeeBack() public {
        (AnswerBook example, IOracle.Request memory r) = book();
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotRefundable.selector, EXPIRY));
        example.reclaim(r);
        vm.warp(EXPIRY);
        oracle.refund(r); // somebody else was first
        uint256 before = ASKER.balance;
        example.reclaim(r);
        equal(ASKER.balance - before, FEE, "fee");
        vm.expectRevert(abi.encodeWithSelector(AnswerBook.NotAsked.selector, keccak256(abi.encode(r))));
        example.reclaim(r);
    }

    /// @dev This asker, the test itself, takes no payment: his fee stays his, and is no one else's to be paid with.
    function test_answerBook_reclaim_refusedFeeStaysTheAskers() public {
        AnswerBook example = new AnswerBook(oracle);
        IOracle.Request memory r = requestOf(address(example), false);
        r.requester = address(example);
        vm.deal(address(this), FEE);
        bytes32 requestId = example.ask{value: FEE}(r, model, ToyTrace.input());
        vm.warp(EXPIRY);
        vm.expectRevert(AnswerBook.PaymentRefused.selector);
        example.reclaim(r);
        equal(example.askerOf(requestId), address(this), "still to be reclaimed");
    }

    /// @dev The book withdraws for all at once: each asker has his own fee again, whoever was refunded first.
    function test_answerBook_reclaim_givesEachAskerHisFee() public {
        (AnswerBook example, IOracle.Request memory first) = book();
        IOracle.Request memory second = first;
        (second.fee, second.salt) = (2 * FEE, "second");
        vm.prank(STRANGER);
        example.ask{value: 2 * FEE}(second, model, ToyTrace.input());
        first = requestOf(address(example), false);
        first.requester = address(example);
        vm.warp(EXPIRY);
        oracle.refund(first);
        uint256 before = STRANGER.balance;
        vm.expectEmit(true, true, true, true, address(example));
        emit AnswerBook.Reclaimed(keccak256(abi.encode(second)), STRANGER, 2 * FEE);
        example.reclaim(second); // nobody refunded this one
        equal(STRANGER.balance - before, 2 * FEE, "the second asker's");
        before = ASKER.balance;
        example.reclaim(first);
        equal(ASKER.balance - before, FEE, "the first asker's");
        equal(address(example).balance, 0, "nothing is left");
    }
}
