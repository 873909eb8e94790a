// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute} from "../src/Dispute.sol";
import {StepVerifier} from "../src/StepVerifier.sol";
import {IDispute} from "../src/interfaces/IDispute.sol";
import {Claim} from "../src/types/Claim.sol";
import {Status} from "../src/types/Game.sol";
import {StepWitness} from "./StepWitness.sol";
import {TransactionGas} from "./TransactionGas.sol";

/// @dev The whole transaction that proves one step, for every instruction class of a 7B model.
contract StepGasTest is TransactionGas {
    string private constant PATH = "snapshots/step-gas.json";
    uint256 private constant TODAY_MAX = 110_000;
    uint256 private constant AMSTERDAM_MAX = 150_000;
    address private constant CHALLENGER = address(0xC4a11e96e4c4A11E96E4c4a11e96e4C4A11E96E4);

    StepVerifier private verifier;
    Dispute private dispute;
    StepWitness.Instruction[] private list;
    uint256 private number;

    function setUp() public {
        vm.warp(0x6f001122);
        verifier = StepVerifier(deploy("StepVerifier", ""));
        dispute = Dispute(deploy("Dispute", abi.encode(verifier, 0.00032 ether, 1 hours, 0x11111111, 0x11111111)));
        vm.deal(address(this), 1000 ether);
    }

    function test_prove_everyClass_matchesSnapshot() public {
        _collect();
        string memory json = "[\n";
        for (uint256 i = 0; i < list.length; i++) {
            json = string.concat(json, _row(list[i].name, StepWitness.run(list[i]), false), ",\n");
        }
        json = string.concat(json, _row("resume", StepWitness.resume(0x00100513), true), "\n]\n");
        if (vm.envOr("OPML_SNAPSHOT", false)) {
            vm.writeFile(PATH, json);
        } else if (keccak256(bytes(json)) != keccak256(bytes(vm.readFile(PATH)))) {
            print(json);
            revert("snapshots/step-gas.json is stale: npm run snapshot");
        }
    }

    function _row(string memory name, bytes memory witness, bool boundary) private returns (string memory) {
        bytes memory data = _leaf(witness, boundary);
        Cost memory cost = transact(address(dispute), address(verifier), 0, data, Slots(2, 0));
        check(cost.total <= TODAY_MAX, string.concat(name, " today"));
        check(cost.amsterdam <= AMSTERDAM_MAX, string.concat(name, " amsterdam"));
        string memory row = string.concat("{\"class\": \"", name, "\", \"bytes\": ", vm.toString(cost.bytes_));
        row = string.concat(row, ", \"execution\": ", vm.toString(cost.execution));
        row = string.concat(row, ", \"total\": ", vm.toString(cost.total));
        return string.concat(row, ", \"amsterdam\": ", vm.toString(cost.amsterdam), "}");
    }

    /// @dev Brings a real game to this one step by writing its slot; the proof is the losing one for the proposer.
    function _leaf(bytes memory witness, bool boundary) private returns (bytes memory data) {
        (bytes32 pre,) = verifier.verify(witness, boundary);
        Claim memory claim = Claim(
            keccak256("model"), keccak256("in"), keccak256("out"), 3, address(this), address(this), bytes32(++number)
        );
        bytes32 claimId = dispute.create{value: dispute.CLAIM_BOND()}(claim);
        bytes32 salt = keccak256(abi.encode("salt", number));
        bytes32 gameId = keccak256(abi.encodePacked(claimId, CHALLENGER, salt));
        bytes memory tail = abi.encodePacked(
            boundary ? uint64(0x1122334455000000) : uint64(0x1122334455667788),
            uint16(0), // width, turn
            pre,
            keccak256("claimed"),
            bytes32(0),
            uint64(block.timestamp),
            uint64(0x1111111111111111), // clocks
            uint16(14)
        );
        vm.store(address(dispute), keccak256(abi.encode(gameId, 1)), keccak256(abi.encodePacked(gameId, tail)));
        bytes32 slot = keccak256(abi.encode(claimId, 0));
        // one open game: bits 200 to 223 of the claim's slot
        vm.store(address(dispute), slot, bytes32(uint256(_load(slot)) + (1 << 200)));
        (,,, uint32 openGames,) = dispute.claimOf(claimId);
        equal(openGames, 1, "slot layout");
        data = abi.encodeCall(IDispute.prove, (abi.encodePacked(claimId, CHALLENGER, salt, tail, witness)));
    }

    function _load(bytes32 slot) private view returns (bytes32) {
        return vm.load(address(dispute), slot);
    }

    function _collect() private {
        uint64 weights = (3 << 40) + 0x1f3456780;
        uint64 state = 0x3f345678;
        uint64 f = 0x1111111143219876;
        uint64 g = 0x22222222c2345677;
        uint64 n = 0x9234567812345678;
        _add("lui", 0x12345637, n, n);
        _add("auipc", 0x12345617, n, n);
        _add("jal", 0x1240066f, n, n);
        _add("jalr", _i(0x124, 0, 0x67), n, n);
        _add("branch", 0x12b50263, n, n);
        _add("addi", _i(0x124, 0, 0x13), n, n);
        _add("addiw", _i(0x124, 0, 0x1b), n, n);
        _add("add", _r(0, 0, 0x33), n, n);
        _add("sra", _r(32, 5, 0x33), n, n);
        _add("addw", _r(0, 0, 0x3b), n, n);
        _add("mul", _r(1, 0, 0x33), n, n);
        _add("mulhsu", _r(1, 2, 0x33), n, n);
        _add("div", _r(1, 4, 0x33), n, 0x1122334455667788);
        _add("remu", _r(1, 7, 0x33), n, 0x1122334455667788);
        _add("divw", _r(1, 4, 0x3b), n, 0x1122334455667788);
        _add("fence", 0x0ff0000f, n, n);
        _add("load code", _i(4, 3, 0x03), uint64(StepWitness.PC & ~uint256(31)) + 4, n);
        list[list.length - 1].location = uint64(StepWitness.PC & ~uint256(31)) + 8;
        _memory("load input", _i(8, 3, 0x03), (2 << 40) + 0x7ab0);
        _memory("load weights", _i(8, 3, 0x03), weights);
        _memory("load byte weights", _i(8, 0, 0x03), weights);
        _memory("load state", _i(8, 3, 0x03), state);
        _memory("load output", _i(8, 3, 0x03), (4 << 40) + 0x7ab0);
        _memory("load scratch", _i(8, 3, 0x03), (5 << 40) + 0x7b0);
        _memory("store state", _s(8, 3), state);
        _memory("store byte state", _s(8, 0), state);
        _memory("store output", _s(8, 3), (4 << 40) + 0x7ab0);
        _memory("store scratch", _s(8, 3), (5 << 40) + 0x7b0);
        _memory("vload weights", _x(0, 0), weights);
        _memory("vload4 weights", _x(1, 0), weights);
        _memory("dotl state", _x(2, 12), state - 24);
        _memory("doth state", _x(3, 12), state - 24);
        _memory("dotl weights", _x(2, 12), weights);
        _add("fadd", _r(0, 7, 0x53), f, g);
        _add("fsub", _r(4, 7, 0x53), f, g);
        _add("fmul", _r(8, 7, 0x53), f, g);
        _add("fdiv", _r(12, 7, 0x53), f, g);
        _add("fsqrt", 0x58057653, f, g);
        _add("fsgnj", _r(16, 0, 0x53), f, g);
        _add("fmin", _r(20, 0, 0x53), f, g);
        _add("fle", _r(80, 0, 0x53), f, g);
        _add("fclass", 0xe0051653, f, g);
        _add("fcvt.w.s", 0xc0051653, f, g);
        _add("fcvt.l.s", 0xc0257653, f, g);
        _add("fcvt.s.lu", 0xd0357653, n, g);
        _add("fcvt.s.h", 0x40257653, f, g);
        _add("fcvt.h.s", 0x44057653, f, g);
        _add("yield", 0x73, n, n);
        list[list.length - 1].a7 = 0;
        _add("exit", 0x73, n, n);
        list[list.length - 1].a7 = 1;
        _add("illegal", 0xffffffff, n, n);
        _add("load outside", _i(8, 3, 0x03), 7 << 40, n);
        list[list.length - 1].location = 0;
    }

    function _add(string memory name, uint32 word, uint64 a, uint64 b) private {
        list.push(StepWitness.Instruction(name, word, a, b, 0x3333333333333333, 0));
    }

    function _memory(string memory name, uint32 word, uint64 location) private {
        uint64 offset = word & 127 == 0x0b ? 0 : 8;
        list.push(
            StepWitness.Instruction(name, word, location - offset, 0x9234567812345678, 0x3333333333333333, location)
        );
    }

    function _r(uint32 funct7, uint32 funct3, uint32 opcode) private pure returns (uint32) {
        return funct7 << 25 | 11 << 20 | 10 << 15 | funct3 << 12 | 12 << 7 | opcode;
    }

    function _i(uint32 imm, uint32 funct3, uint32 opcode) private pure returns (uint32) {
        return imm << 20 | 10 << 15 | funct3 << 12 | 12 << 7 | opcode;
    }

    function _s(uint32 imm, uint32 funct3) private pure returns (uint32) {
        return 11 << 20 | 10 << 15 | funct3 << 12 | imm << 7 | 0x23;
    }

    function _x(uint32 funct3, uint32 rd) private pure returns (uint32) {
        return 10 << 15 | funct3 << 12 | rd << 7 | 0x0b;
    }
}
