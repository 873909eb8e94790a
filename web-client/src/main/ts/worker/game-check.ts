import type { Move } from '../shared/api';
import { answered, question } from '../shared/request';
import { bytesToHex, hexToBytes } from './bytes';
import { shortHash } from '../shared/format';
import { bad, demand, type Fact, good, note } from './facts';
import type { Verdict } from './messages';
import type { VerifierModule } from './module';
import type { Log, Node } from './node';

const POSITIONED = new Set(['open', 'reveal', 'pick']);
const POSITION_BYTES = 156;
const OPERATOR_WIDTH = '24';
const SHOWN = 200; // characters of a text in a fact
const ENDED = ['', 'lost by the challenger', 'won by the challenger', 'won by the challenger and paid out'];

/** A game as the chain's own events tell it. */
export interface ChainGame {
  first: Uint8Array; // the position that the game began with, 156 bytes
  last: Uint8Array; // the last one
  operator: Uint8Array | undefined; // the one that spans just one operator, when the game has come to it
  input: Uint8Array; // the request in question
  facts: Fact[];
}

/**
 * Reads the game's positions from the events of the transactions that the server lists. An endpoint gives a transaction's events
 * by its hash, so a listed move that never happened is missed here, and one made up elsewhere is of another contract or game.
 */
export async function readGame(v: VerifierModule, node: Node, gameId: string, moves: Move[]): Promise<ChainGame> {
  const events = [
    node.topic('GameOpened(bytes32,bytes32,address,bytes32,bytes)'),
    node.topic('Revealed(bytes32,bytes32,bytes,bytes)'),
    node.topic('Picked(bytes32,bytes32,uint8,bytes)'),
  ];
  const posted = node.topic('ClaimBytes(bytes32,bytes,bytes)');
  let input: Uint8Array | undefined;
  let output: Uint8Array | undefined;
  const positions: Uint8Array[] = [];
  const transactions: Log[][] = [];
  for (const transaction of new Set(moves.map((m) => m.transaction))) transactions.push(await node.logs(transaction));
  await node.locateFrom(transactions.flat().find(({ topics }) => topics[0] === events[0] && topics[2] === gameId));
  const facts = await node.genuine();
  for (const all of transactions) {
    const logs = all.filter((log) => log.address.toLowerCase() === node.address('dispute').toLowerCase());
    for (const log of logs) {
      const kind = log.topics[2] === gameId ? events.indexOf(log.topics[0] ?? '') : -1;
      // GameOpened and Picked have one word in front of the position, Revealed has none.
      if (kind >= 0) positions.push(dynamic(log, kind === 1 ? 0 : 1));
      if (kind !== 0) continue;
      const bytes = logs.find((l) => l.topics[0] === posted && l.topics[1] === log.topics[1]);
      if (bytes) [input, output] = [dynamic(bytes, 0), dynamic(bytes, 1)];
    }
  }
  const [first, last] = [positions[0], positions.at(-1)];
  demand(input !== undefined && first?.length === POSITION_BYTES && last?.length === POSITION_BYTES, 'the chain has no such game in the transactions that the server names');
  facts.push(note('About', `as posted on chain: asked “${start(question(bytesToHex(input!)))}”, claimed “${start(answered(bytesToHex(output!)))}”`));
  const onChain = positions.map((p) => v.position(p).join());
  const listed = moves.filter((m) => POSITIONED.has(m.kind)).map((m) => [m.loIndex, m.width, m.lo, m.hi].join());
  facts.push(
    onChain.join() === listed.join()
      ? good('Moves', `the ${listed.length} ranges listed are those of the dispute contract's events on chain`)
      : bad('Moves', 'what the server lists differs from the events on chain: only what is said here counts'),
  );
  facts.push(await ending(v, node, gameId, last!));
  const operator = positions.find((p) => v.position(p)[1] === OPERATOR_WIDTH);
  return { first: first!, last: last!, operator, input: input!, facts };
}

/** What a replay that came to the end of the game's last position says of the state that is claimed there. */
export function judged([, width, , claimed]: string[], own: string, facts: Fact[]): Verdict {
  const where = width === '0' ? 'the state after the step' : `the state at the end of the range of 2^${width} steps`;
  facts.push(note('Disputed state', `${where}: claimed ${shortHash(claimed!)}, mine ${shortHash(own)}`));
  return { holds: true, words: whoIsRight(own === claimed), facts };
}

export function whoIsRight(claimHolds: boolean): string {
  return claimHolds ? 'The claimed state is right: the challenger is wrong.' : 'The claimed state is wrong: the proposer lied.';
}

/** The game's slot: the hash of its present position, or the mark of its end. */
async function ending(v: VerifierModule, node: Node, gameId: string, last: Uint8Array): Promise<Fact> {
  const [slot] = await node.view('dispute', 'gameOf(bytes32)', hexToBytes(gameId));
  const hash = bytesToHex(slot!);
  const mark = Number(BigInt.asUintN(32, BigInt(hash)));
  if (BigInt(hash) === BigInt(mark) && mark > 0 && mark < ENDED.length) return note('Ending', `on chain the game is ${ENDED[mark]}`);
  demand(hash === v.keccak(last), 'the position shown is not the one that the chain keeps: a move is missing');
  return good('Ending', 'the game still runs: this is the position that the chain keeps');
}

function start(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** A `bytes` field of an event whose head starts with `index` words. */
function dynamic(log: Log, index: number): Uint8Array {
  const data = hexToBytes(log.data);
  const number = (at: number): number => Number(BigInt(bytesToHex(data.slice(at, at + 32))));
  const at = number(32 * index);
  return data.slice(at + 32, at + 32 + number(at));
}
