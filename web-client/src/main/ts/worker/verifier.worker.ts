import type { Reply, Request } from './messages';
import { VerifierModule } from './module';
import { verifyAnswer } from './answer';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = async (event: MessageEvent<Request>): Promise<void> => {
  const request = event.data;
  const reply = (message: Reply): void => self.postMessage(message);
  try {
    if (request.kind === 'step') {
      const module = await VerifierModule.open(0);
      module.step(request.witness, request.boundary); // the first run compiles; the second is timed
      const began = performance.now();
      const { pre, post } = module.step(request.witness, request.boundary);
      reply({ id: request.id, kind: 'step', result: { pre, post, milliseconds: performance.now() - began } });
    } else {
      const verdict = await verifyAnswer(request.receipt, request.model, request.chain, (stage, done, total) =>
        reply({ id: request.id, kind: 'progress', stage, done, total }),
      );
      reply({ id: request.id, kind: 'verdict', verdict });
    }
  } catch (error) {
    reply({ id: request.id, kind: 'error', message: error instanceof Error ? error.message : String(error) });
  }
};
