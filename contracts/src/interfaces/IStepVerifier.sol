// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title One step of the virtual machine, on a witness (protocol sections 2 to 5)
/// @notice Stateless and pure. `opml.step.StepVerifier` is the same code in Java, line by line.
interface IStepVerifier {
    /// @notice The witness has bytes missing or left over (INV-05).
    error WitnessLength(uint256 expected, uint256 actual);
    /// @notice The first byte is none of 00, 01, 02, 03.
    error WitnessForm(uint256 form);
    /// @notice A region size is above 35, or a branch does not lead to the root in the prestate (INV-05).
    error WitnessSizes(bytes6 sizes);
    /// @notice The branch of a leaf does not lead to the region's root in the prestate (INV-05).
    error WitnessBranch(uint256 region, uint256 leafIndex);

    /// @notice Runs one step.
    /// @param witness prestate, then the fetch and data parts of protocol section 5
    /// @param boundary whether the index of the step is a multiple of 2^24: a YIELD state resumes there
    /// @return pre keccak256 of the prestate
    /// @return post hash of the state after the step
    function verify(bytes calldata witness, bool boundary) external pure returns (bytes32 pre, bytes32 post);
}
