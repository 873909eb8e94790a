/**
 * The dispute game as pure functions: positions, k-section, clocks, what an honest player does.
 * Nothing here reads a clock, a chain or a model. Protocol section 9.
 */
package opml.game;
