import { api, type ImageRequest, type PromptRequest } from '../shared/api';

export interface Exchange {
  question: string;
  text: string;
  phase: 'sent' | 'reading' | 'writing' | 'done' | 'stopped' | 'failed';
  tokens: number;
  tokensPerSecond: number;
  promptId: string | undefined;
  receiptId: string | undefined;
  error: string | undefined;
  settings: string;
  ending?: string | undefined; // why the answer ended, when it is not its own end
}

export function started(question: string, request: PromptRequest): Exchange {
  const sampling = request.temperature > 0 ? `temperature ${request.temperature}, seed ${request.seed}` : 'greedy';
  const before = (request.messages.length - 1) / 2;
  const settings = before > 0 ? `${sampling}, with ${before} earlier ${before === 1 ? 'answer' : 'answers'}` : sampling;
  return {
    question, text: '', phase: 'sent', tokens: 0, tokensPerSecond: 0, promptId: undefined, receiptId: undefined, error: undefined, settings,
  };
}

interface DoneEvent {
  status?: string;
  receiptId?: string;
  finishReason?: string;
  tokensPerSecond?: number;
  text?: string;
  error?: string;
}

const PAINT_MS = 50; // paint in steps, not once a token

/** Sends one prompt and follows its event stream; calls `paint` when there is something new to show. */
export async function follow(exchange: Exchange, request: PromptRequest | ImageRequest, paint: () => void): Promise<void> {
  const { id } = await api.ask(request);
  exchange.promptId = id;
  const began = performance.now();
  let scheduled = false;
  const soon = (): void => {
    if (scheduled) return;
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      paint();
    }, PAINT_MS);
  };
  await new Promise<void>((resolve) => {
    const source = api.events(id);
    source.addEventListener('phase', (event) => {
      const phase = (JSON.parse((event as MessageEvent<string>).data) as { phase: string }).phase.toLowerCase();
      if (phase === 'reading') exchange.phase = 'reading';
      soon();
    });
    source.addEventListener('token', (event) => {
      exchange.phase = 'writing';
      exchange.text += (JSON.parse((event as MessageEvent<string>).data) as { text: string }).text;
      exchange.tokens++;
      exchange.tokensPerSecond = (1000 * exchange.tokens) / (performance.now() - began);
      soon();
    });
    source.addEventListener('done', (event) => {
      const done = JSON.parse((event as MessageEvent<string>).data) as DoneEvent;
      source.close();
      exchange.receiptId = done.receiptId;
      exchange.text = done.text ?? exchange.text;
      exchange.tokensPerSecond = done.tokensPerSecond ?? exchange.tokensPerSecond;
      exchange.error = done.error;
      exchange.phase = done.error ? 'failed' : done.status === 'CANCELLED' ? 'stopped' : 'done';
      if (done.finishReason !== 'stop') exchange.ending = done.finishReason;
      resolve();
    });
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return; // the browser reconnects by itself, from the last event id
      exchange.phase = 'failed';
      exchange.error = 'The connection to the server was lost.';
      resolve();
    };
  });
  paint();
}
