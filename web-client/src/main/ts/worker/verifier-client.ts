import type { Chain, Model, Receipt } from '../shared/api';
import type { Reply, Request, Stage, StepResult, Verdict } from './messages';

export type Progress = (stage: Stage, done: number, total: number) => void;
type Ask = Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

/** The page's handle on the verifier worker; one worker a task, so that cancelling is ending it. */
class VerifierClient {
  private last = 0;

  step(witness: Uint8Array<ArrayBuffer>, boundary: boolean): Promise<StepResult> {
    return this.run({ kind: 'step', witness, boundary }, () => undefined, undefined).then((reply) => {
      if (reply.kind !== 'step') throw new Error('the verifier gave no step result');
      return reply.result;
    });
  }

  answer(receipt: Receipt, model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return this.run({ kind: 'answer', receipt, model, chain }, progress, signal).then((reply) => {
      if (reply.kind !== 'verdict') throw new Error('the verifier gave no verdict');
      return reply.verdict;
    });
  }

  private run(ask: Ask, progress: Progress, signal: AbortSignal | undefined): Promise<Reply> {
    const id = ++this.last;
    const worker = new Worker('/app/worker.js', { type: 'module' });
    return new Promise<Reply>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('Cancelled')));
      worker.onmessage = (event: MessageEvent<Reply>) => {
        const reply = event.data;
        if (reply.kind === 'progress') progress(reply.stage, reply.done, reply.total);
        else if (reply.kind === 'error') reject(new Error(reply.message));
        else resolve(reply);
      };
      worker.onerror = (event) => reject(new Error(event.message || 'the verifier could not start'));
      worker.postMessage({ ...ask, id } as Request);
    }).finally(() => worker.terminate());
  }
}

export const verifier = new VerifierClient();
