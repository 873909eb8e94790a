import { verifyAnswer } from './answer';
import { type Fact, Refuted } from './facts';
import type { Reply, Request, Verdict } from './messages';
import { replayDispute } from './dispute';
import { VerifierModule } from './module';
import type { Model } from '../shared/api';
import { build, OTHER_BUILD } from '../shared/build';
import { Node } from './node';
import { replayOperator } from './operator';
import { verifyStep } from './step';
import { clocks, stake } from './terms';
import type { Progress } from './verifier-client';

const H_MOST = 4; // of the longest answers

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = async (event: MessageEvent<Request>): Promise<void> => {
  const id = event.data.id;
  try {
    self.postMessage({ id, ...(await answer(event.data)) } as Reply);
  } catch (error) {
    self.postMessage({ id, kind: 'error', message: error instanceof Error ? error.message : String(error) } satisfies Reply);
  }
};

async function answer(request: Request): Promise<{ kind: 'step' | 'verdict'; verdict: Verdict }> {
  if (request.build !== build) throw new Error(OTHER_BUILD);
  if (request.kind === 'step') return { kind: 'step', verdict: await verifyStep(request.game, request.step, request.chain) };
  if (request.kind === 'contracts') return { kind: 'verdict', verdict: await contracts(request) };
  const progress: Progress = (stage, done, total) =>
    self.postMessage({ id: request.id, kind: 'progress', stage, done, total } satisfies Reply);
  return { kind: 'verdict', verdict: await replay(request, progress) };
}

function replay(request: Extract<Request, { model: Model }>, progress: Progress): Promise<Verdict> {
  if (request.kind === 'answer') return verifyAnswer(request.receipt, request.shown, request.model, request.chain, request.machine, progress);
  const replayed = request.kind === 'dispute' ? replayDispute : replayOperator;
  return replayed(request.game, request.model, request.chain, progress);
}

async function contracts({ chain }: { chain: Request['chain'] }): Promise<Verdict> {
  const facts: Fact[] = [];
  try {
    const v = await VerifierModule.open();
    const node = new Node(v, chain);
    facts.push(...(await node.genuine(['oracle'])), clocks(v, node, H_MOST), await stake(v, node));
    return { holds: true, words: 'The contracts are the ones this page was built with.', facts };
  } catch (error) {
    if (error instanceof Refuted) return { holds: false, words: error.message, facts };
    throw error;
  }
}
