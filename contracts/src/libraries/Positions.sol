// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Clock} from "../types/Game.sol";
import {Position} from "../types/Position.sol";

/// @title Packing of positions, and the one clock classifier
/// @dev A tail is the packed position without its first field, the game id.
library Positions {
    /// @dev Bytes of a packed position.
    uint256 internal constant BYTES = 156;
    /// @dev Bytes of a tail.
    uint256 internal constant TAIL = 124;
    uint8 internal constant PROPOSER = 0;
    uint8 internal constant CHALLENGER = 1;

    /// @dev Reads a tail of TAIL bytes.
    function decode(bytes32 gameId, bytes calldata tail) internal pure returns (Position memory p) {
        p.gameId = gameId;
        p.loIndex = uint64(bytes8(tail[0:8]));
        p.width = uint8(tail[8]);
        p.turn = uint8(tail[9]);
        p.lo = bytes32(tail[10:42]);
        p.hi = bytes32(tail[42:74]);
        p.reveal = bytes32(tail[74:106]);
        p.movedAt = uint64(bytes8(tail[106:114]));
        p.proposerLeft = uint32(bytes4(tail[114:118]));
        p.challengerLeft = uint32(bytes4(tail[118:122]));
        p.moves = uint16(bytes2(tail[122:124]));
    }

    /// @dev The 156 bytes.
    function encode(Position memory p) internal pure returns (bytes memory) {
        return abi.encodePacked(
            p.gameId,
            p.loIndex,
            p.width,
            p.turn,
            p.lo,
            p.hi,
            p.reveal,
            p.movedAt,
            p.proposerLeft,
            p.challengerLeft,
            p.moves
        );
    }

    /// @dev keccak of the packed position.
    function hash(bytes32 gameId, bytes calldata tail) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(gameId, tail));
    }

    /// @dev INVARIANT: INV-09. Four outcomes, disjoint and exhaustive: a side may move while less than its time has
    /// passed and has lost from then on, so that a move and a timeout are never both possible.
    function clock(Position memory p, uint256 time) internal pure returns (Clock) {
        uint256 passed = time - p.movedAt;
        if (p.turn == PROPOSER) return passed < p.proposerLeft ? Clock.ProposerRuns : Clock.ProposerLost;
        return passed < p.challengerLeft ? Clock.ChallengerRuns : Clock.ChallengerLost;
    }
}
