import type { Receipt } from '../shared/api';
import { shortHash } from '../shared/format';
import { big, bytesToHex, hexToBytes, join } from './bytes';
import { bad, demand, type Fact, good, note } from './facts';
import type { VerifierModule } from './module';
import type { Node } from './node';
import { clocks, ether, stake } from './terms';
import { signer } from './signature';

const FAR = 1n << 40n; // seconds; a date has no more
const STATUS = ['never claimed', 'open', 'survived', 'defeated'];

/** The 125 bytes that the receipt's id is the hash of. */
export function receiptBytes(r: Receipt): Uint8Array {
  return join(
    hexToBytes(r.modelId), hexToBytes(r.inputHash), hexToBytes(r.outputHash), new Uint8Array([r.h]), big(BigInt(r.deadline), 8),
    hexToBytes(r.proposer),
  );
}

/** Who is bound by a receipt, with how much and until when: protocol section 15, from chain and signature alone. */
export async function checkReceipt(v: VerifierModule, node: Node, r: Receipt): Promise<Fact[]> {
  const parts = receiptBytes(r);
  demand(v.receiptHash(parts) === r.id, 'the receipt does not have the id it is shown under');
  await node.locate(r.anchor?.transaction);
  const facts = await node.genuine();
  const signed = await signedBy(v, node, r, parts);
  const anchored = await anchor(v, node, r);
  demand(signed || anchored !== undefined, 'nobody is bound: the signature is not the proposer’s and no anchored batch holds the receipt');
  facts.push(
    signed
      ? good('Signature', `made with the key of ${shortHash(r.proposer)} for this chain and receipts contract: who holds that key cannot deny the answer`)
      : note('Signature', 'not the proposer’s; the anchored batch binds the proposer nevertheless'),
  );
  facts.push(anchored ?? note('Anchor', 'in no batch on chain yet: until then the signature alone binds the proposer'));
  facts.push(await money(node, r), clocks(v, node, r.h), await stake(v, node), await deadline(v, node, r));
  return [...facts, await claim(v, node, parts), await registration(node, r)];
}

async function signedBy(v: VerifierModule, node: Node, r: Receipt, parts: Uint8Array): Promise<boolean> {
  const digest = v.digest(join(parts, big(await node.chainId(), 32), hexToBytes(node.address('receipts'))));
  const key = signer(hexToBytes(digest), hexToBytes(r.signature));
  return key !== undefined && `0x${v.keccak(key).slice(26)}` === r.proposer.toLowerCase();
}

/** Receipt hash up its branch to a root that the proposer anchored. */
async function anchor(v: VerifierModule, node: Node, r: Receipt): Promise<Fact | undefined> {
  if (!r.anchor) return undefined;
  const root = v.climb(hexToBytes(r.id), r.anchor.index, r.anchor.branch.map(hexToBytes));
  demand(root === r.anchor.root, 'the receipt does not belong to the anchored batch');
  const time = await node.number('receipts', 'anchoredAt(address,bytes32)', hexToBytes(r.proposer), hexToBytes(root));
  demand(time > 0n, 'the chain knows no such anchored batch');
  return good('Anchor', `anchored on chain ${await node.chainId()} at ${moment(time)}: the receipt existed then, unchanged`);
}

async function money(node: Node, r: Receipt): Promise<Fact> {
  const [amount] = await node.view('receipts', 'escrowOf(address)', hexToBytes(r.proposer));
  const said = BigInt(bytesToHex(amount!));
  const held = await node.balance('receipts');
  const wei = held < said ? held : said; // an escrow that was never paid in lies in no contract
  const bond = node.parameter('dispute', 'CLAIM_BOND');
  const covered = wei / bond;
  return covered > 0n
    ? good('Escrow', `${ether(wei)} ETH lie behind the proposer’s receipts, enough for ${covered} that turn out false, ${ether(bond)} ETH each`)
    : bad('Escrow', `${ether(wei)} ETH are less than one bond of ${ether(bond)} ETH: a false answer would cost the proposer nothing`);
}

async function deadline(v: VerifierModule, node: Node, r: Receipt): Promise<Fact> {
  const [, exit] = await node.view('receipts', 'escrowOf(address)', hexToBytes(r.proposer));
  const exitAt = BigInt(bytesToHex(exit!));
  const now = await node.now();
  const end = BigInt(r.deadline);
  const far = end > now + node.parameter('receipts', 'EXIT_DELAY') || (exitAt > 0n && end > exitAt);
  if (far) return bad('Deadline', `${moment(end)} lies after the moment when the proposer can take the escrow away`);
  if (end > now && end < now + BigInt(v.exports.deadlineLeast())) return note('Deadline', `only ${end - now} s are left in which the receipt can be challenged, too few to see that it is false and to do so`);
  return end > now
    ? good('Deadline', `anybody can challenge the receipt until ${moment(end)}, and the escrow is still there`)
    : note('Deadline', `the receipt could be challenged until ${moment(end)}; the chain’s time is past it`);
}

async function claim(v: VerifierModule, node: Node, parts: Uint8Array): Promise<Fact> {
  const id = v.claimId(join(parts, hexToBytes(node.address('receipts'))));
  const [status] = await node.view('dispute', 'claimOf(bytes32)', hexToBytes(id));
  const state = STATUS[Number(BigInt(bytesToHex(status!)))] ?? 'unknown';
  if (state === 'never claimed') return note('Challenges', 'nobody has challenged the receipt on chain');
  return (state === 'defeated' ? bad : note)('Challenges', `challenged on chain; the claim is ${state}`);
}

async function registration(node: Node, r: Receipt): Promise<Fact> {
  if (!node.knows('registry')) return note('Registry', 'not read: where it is has not been heard in this browser');
  const event = node.topic('ModelRegistered(bytes32,address,(address,bytes6,bytes32,bytes32),string[])');
  try {
    const found = await node.search('registry', [event, r.modelId]);
    return found.length > 0
      ? note('Registry', 'the model is announced on chain; its identity is its content, whoever announced it')
      : note('Registry', 'the model is not announced on chain; its identity is its content all the same');
  } catch {
    return note('Registry', 'not read: the endpoint refuses to search all blocks');
  }
}

function moment(seconds: bigint): string {
  const shown = seconds < FAR ? seconds : FAR;
  return new Date(Number(shown) * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}
