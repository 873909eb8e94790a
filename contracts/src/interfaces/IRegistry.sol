// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Model} from "../types/Model.sol";

/// @title Where models are announced
/// @notice Keeps no state: the id is the hash of the content, so nothing can be squatted, renamed or withdrawn. Events
/// say where the bytes can be had; whoever rebuilds the roots from those bytes needs to trust nobody.
interface IRegistry {
    /// @notice A region size is above 35 (2^40 bytes).
    error ModelSizes(bytes6 sizes);
    /// @notice There is no contract at the verifier's address.
    error VerifierWithoutCode(address verifier);

    /// @notice A model was announced. The same model may be announced many times, by anybody, with other addresses.
    /// @param modelId Content hash (protocol section 7)
    /// @param publisher Who announced it; means nothing for the model's identity
    /// @param model The content of the id
    /// @param uris Where CODE and WEIGHTS can be fetched; unchecked, to be verified against the roots
    event ModelRegistered(bytes32 indexed modelId, address indexed publisher, Model model, string[] uris);

    /// @notice Announces a model after checking that its id can be used in a game.
    function register(Model calldata model, string[] calldata uris) external returns (bytes32 modelId);

    /// @notice The content hash of a model.
    function modelIdOf(Model calldata model) external pure returns (bytes32 modelId);
}
