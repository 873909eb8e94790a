import { bad, type Fact, good, note } from './facts';
import type { VerifierModule } from './module';
import type { Node } from './node';

const DAY = 86_400n;
const USUAL = 32n * 10n ** 15n; // wei; what `receipt challenge` stakes at most unless it is told otherwise

/** Whether who challenges a lie can win: anybody can deploy these contracts, with clocks of his choice. */
export function clocks(v: VerifierModule, node: Node, h: number): Fact {
  const challenger = node.parameter('dispute', 'CHALLENGER_TIME');
  const proposer = node.parameter('dispute', 'PROPOSER_TIME');
  const least = BigInt(v.exports.challengerLeast(h));
  if (challenger < least) return bad('Clocks', `who challenges has ${challenger} s for all moves of a game and needs ${least}: nobody can win, so that a false answer would cost the proposer nothing`);
  if (proposer > BigInt(v.exports.proposerMost())) return bad('Clocks', `the proposer may take ${proposer / DAY} days for the moves of a game: before, a false answer would cost him nothing, and who challenges has no bond back`);
  return good('Clocks', `who challenges has ${challenger} s for all moves of a game, the proposer ${proposer} s: enough to play, and not too long to wait`);
}

/** Whether who challenges a lie gains by it. */
export async function stake(v: VerifierModule, node: Node): Promise<Fact> {
  const bond = node.parameter('dispute', 'CHALLENGE_BOND');
  const words = `who challenges stakes ${ether(bond)} ETH, and when he is right has it back with ${ether(2n * bond)} ETH more`;
  let gas: bigint;
  try {
    gas = BigInt(v.exports.gameGas()) * (await node.gasPrice());
  } catch {
    return note('Stake', `${words}; the endpoint does not tell the price of gas`);
  }
  if (2n * bond < gas) return bad('Stake', `${words}, but the gas of a game costs ${ether(gas)} ETH at present: who proves an answer false loses by it`);
  if (bond > USUAL) return note('Stake', `${words}: \`receipt challenge\` does so only where --bond-max allows it, and few may have so much`);
  return good('Stake', words);
}

export function ether(wei: bigint): string {
  const micro = wei / 10n ** 12n;
  const text = (Number(micro) / 1e6).toString();
  return micro === 0n && wei > 0n ? `${wei}e-18` : text;
}
