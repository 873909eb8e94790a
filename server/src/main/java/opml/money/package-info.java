/**
 * What this process stakes and earns on chain: how much it may bind, when a bond is free again, and
 * the withdrawal of what contracts owe it.
 */
package opml.money;
