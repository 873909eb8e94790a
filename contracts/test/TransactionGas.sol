// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "./Vm.sol";

/// @dev What a whole transaction costs, from its calldata and the gas its call takes with cold storage.
abstract contract TransactionGas is Test {
    struct Cost {
        uint256 bytes_;
        uint256 execution;
        uint256 total; // today: EIP-7623, floor of 10/40 gas a byte
        uint256 amsterdam; // announced: base 12000, floor of 64 gas a byte, slots: 10000 changed, 97920 new
    }

    /// @dev Storage slots that a transaction changes, and those that were empty before.
    struct Slots {
        uint256 changed;
        uint256 filled;
    }

    /// @dev Calls as a transaction would; reverts when the call does.
    function transact(address target, address other, uint256 value, bytes memory data, Slots memory slots)
        internal
        returns (Cost memory cost)
    {
        vm.cool(target);
        vm.cool(other);
        uint256 before = gasleft();
        (bool succeeded, bytes memory reason) = target.call{value: value}(data);
        // A transaction's target is warm; the test's call found it cold.
        cost.execution = before - gasleft() - 2500;
        if (!succeeded) {
            assembly {
                revert(add(reason, 32), mload(reason))
            }
        }
        price(cost, data, slots);
    }

    function price(Cost memory cost, bytes memory data, Slots memory slots) internal pure {
        uint256 zeros;
        for (uint256 i = 0; i < data.length; i++) {
            if (data[i] == 0) zeros++;
        }
        uint256 nonzeros = data.length - zeros;
        uint256 plain = 4 * zeros + 16 * nonzeros + cost.execution;
        uint256 floor = 10 * zeros + 40 * nonzeros;
        cost.bytes_ = data.length;
        cost.total = 21000 + (plain > floor ? plain : floor);
        // Today a cold slot costs 5000 to change and 22100 to fill.
        plain += 5000 * slots.changed + 75820 * slots.filled;
        floor = 64 * data.length;
        cost.amsterdam = 12000 + (plain > floor ? plain : floor);
    }
}
