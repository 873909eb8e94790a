import type { Chain, DisputedStep, Game, Model, Receipt } from '../shared/api';
import { build } from '../shared/build';
import { unreachable } from '../shared/unreachable';
import type { Ask, Reply, Request, Shown, Stage, StepVerdict, Verdict } from './messages';

export type Progress = (stage: Stage, done: number, total: number) => void;

const WORKER = '/app/worker.js';

/** The page's handle on the verifier worker; one worker a task, so that cancelling is ending it. */
class VerifierClient {
  private last = 0;

  async step(game: Game, step: DisputedStep, chain: Chain): Promise<StepVerdict> {
    const reply = await this.run({ kind: 'step', game, step, chain });
    if (reply.kind !== 'step') throw new Error('the verifier gave no step result');
    return reply.verdict;
  }

  answer(receipt: Receipt, shown: Shown, model: Model, chain: Chain, machine: boolean, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return this.verdict({ kind: 'answer', receipt, shown, model, chain, machine }, progress, signal);
  }

  dispute(game: Game, model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return this.verdict({ kind: 'dispute', game, model, chain }, progress, signal);
  }

  operator(game: Game, model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return this.verdict({ kind: 'operator', game, model, chain }, progress, signal);
  }

  contracts(chain: Chain): Promise<Verdict> {
    return this.verdict({ kind: 'contracts', chain });
  }

  private async verdict(ask: Ask, progress?: Progress, signal?: AbortSignal): Promise<Verdict> {
    const reply = await this.run(ask, progress, signal);
    if (reply.kind !== 'verdict') throw new Error('the verifier gave no verdict');
    return reply.verdict;
  }

  private run(ask: Ask, progress: Progress = () => undefined, signal?: AbortSignal): Promise<Reply> {
    if (signal?.aborted) return Promise.reject(new Error('Cancelled')); // before the work began
    const id = ++this.last;
    const worker = new Worker(WORKER, { type: 'module' });
    return new Promise<Reply>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('Cancelled')));
      worker.onmessage = (event: MessageEvent<Reply>) => {
        const reply = event.data;
        if (reply.kind === 'progress') progress(reply.stage, reply.done, reply.total);
        else if (reply.kind === 'error') reject(new Error(reply.message));
        else resolve(reply);
      };
      worker.onerror = (event) => void (event.message ? Promise.resolve(event.message) : whyNotStarted()).then((words) => reject(new Error(words)));
      worker.postMessage({ ...ask, id, build } satisfies Request);
    }).finally(() => worker.terminate());
  }
}

/** A worker's script did not come, or the browser does not run it. */
async function whyNotStarted(): Promise<string> {
  const there = await fetch(WORKER, { method: 'HEAD', cache: 'no-store' }).then(() => true, () => false);
  if (!there) return unreachable().join(': ');
  return 'The verifier could not start. Load this page again; if that does not help, the browser or one of its extensions keeps the page from starting it';
}

export const verifier = new VerifierClient();
