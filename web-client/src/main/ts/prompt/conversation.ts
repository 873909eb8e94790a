import { api, type ImageRequest, type PromptRequest } from '../shared/api';

export interface Exchange {
  question: string;
  request?: PromptRequest; // as it was sent
  text: string;
  phase: 'sent' | 'reading' | 'writing' | 'done' | 'stopped' | 'failed';
  began: number; // milliseconds of the clock, when it was asked
  tokens: number;
  tokensPerSecond: number;
  promptId: string | undefined;
  stopToken?: string; // while it is being answered
  receiptId: string | undefined;
  error: string | undefined;
  settings: string;
  lost?: boolean; // nothing is heard of the server at the moment
  ending?: string | undefined; // why the answer ended, when it is not its own end
}

export function started(question: string, request: PromptRequest): Exchange {
  const sampling = request.temperature > 0 ? `temperature ${request.temperature}, seed ${request.seed}` : 'temperature 0: the same answer each time';
  const before = request.messages.filter((m) => m.role === 'assistant').length;
  const settings = before > 0 ? `${sampling}, with ${before} earlier ${before === 1 ? 'answer' : 'answers'}` : sampling;
  return { ...blank(), question, request, settings };
}

/** Something that is asked now and of which nothing is heard yet. */
export function blank(): Exchange {
  return {
    question: '', text: '', phase: 'sent', began: Date.now(), tokens: 0, tokensPerSecond: 0, promptId: undefined, receiptId: undefined,
    error: undefined, settings: '',
  };
}

export function isBusy(x: Exchange): boolean {
  return x.phase === 'sent' || x.phase === 'reading' || x.phase === 'writing';
}

interface DoneEvent {
  status?: string;
  receiptId?: string;
  finishReason?: string;
  completionTokens?: number;
  tokensPerSecond?: number;
  text?: string;
  error?: string;
}

const PAINT_MS = 50; // paint in steps, not once a token

/** Sends one prompt; from then on it has an id and is answered whether anybody listens or not. */
export async function send(exchange: Exchange, request: PromptRequest | ImageRequest): Promise<void> {
  const { id, stopToken } = await api.ask(request);
  exchange.promptId = id;
  exchange.stopToken = stopToken;
}

/** Follows the events of a prompt that was sent, from the first on; calls `paint` when there is something new to show. */
export async function follow(exchange: Exchange, paint: () => void, left?: AbortSignal): Promise<void> {
  if (left?.aborted) return;
  const id = exchange.promptId!;
  exchange.text = '';
  exchange.tokens = 0;
  let began = 0; // with the first token: what comes before is waiting and reading
  let scheduled: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    scheduled ??= setTimeout(() => {
      scheduled = undefined;
      paint();
    }, PAINT_MS);
  };
  await new Promise<void>((resolve) => {
    const source = api.events(id);
    left?.addEventListener('abort', () => {
      source.close();
      resolve();
    });
    const heard = (lost: boolean): void => {
      if (exchange.lost !== lost) soon();
      exchange.lost = lost;
    };
    source.onopen = () => heard(false);
    source.addEventListener('phase', (event) => {
      const phase = (JSON.parse((event as MessageEvent<string>).data) as { phase: string }).phase.toLowerCase();
      if (phase === 'reading') exchange.phase = 'reading';
      soon();
    });
    source.addEventListener('token', (event) => {
      exchange.phase = 'writing';
      exchange.text += (JSON.parse((event as MessageEvent<string>).data) as { text: string }).text;
      if (exchange.tokens++ === 0) began = performance.now();
      else exchange.tokensPerSecond = (1000 * (exchange.tokens - 1)) / Math.max(1, performance.now() - began);
      soon();
    });
    source.addEventListener('done', (event) => {
      const done = JSON.parse((event as MessageEvent<string>).data) as DoneEvent;
      source.close();
      exchange.receiptId = done.receiptId;
      exchange.text = done.text ?? exchange.text;
      exchange.tokens = done.completionTokens ?? exchange.tokens;
      exchange.tokensPerSecond = done.tokensPerSecond ?? exchange.tokensPerSecond;
      exchange.error = done.error;
      delete exchange.stopToken;
      exchange.phase = done.error ? 'failed' : done.status === 'CANCELLED' ? 'stopped' : 'done';
      if (done.finishReason !== 'stop') exchange.ending = done.finishReason;
      resolve();
    });
    source.onerror = () => {
      heard(true);
      if (source.readyState !== EventSource.CLOSED) return; // the browser reconnects by itself, from the last event id
      exchange.phase = 'failed';
      exchange.error = 'The connection to the server was lost: ask again.';
      resolve();
    };
  });
  clearTimeout(scheduled); // it would come when the receipt is there, and move the reader past the answer
  paint();
}
