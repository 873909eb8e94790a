import { randomHex } from './format';
import { unreachable } from './unreachable';

/** The server's native REST interface, typed; shapes follow /openapi. A null field may also be left out: compare with `!= null`. */

export type ReceiptStatus = 'GENERATED' | 'ANCHORED' | 'FINAL' | 'CHALLENGED' | 'UPHELD' | 'OVERTURNED';

export interface Model {
  id: string;
  modelId: string;
  name: string;
  licence: string;
  architecture: string;
  parameters: string;
  quantization: string;
  context: number;
  weightsBytes: string;
  codeBytes: string;
  sizes: string;
  codeRoot: string;
  weightsRoot: string;
  halted?: { reason: string; haltedAt: string } | null;
}

export interface Anchor {
  root: string;
  branch: string[];
  index: number;
  transaction: string;
  block: string;
  anchoredAt: string;
}

export interface Receipt {
  id: string;
  promptId?: string | null;
  model: string;
  modelId: string;
  status: ReceiptStatus;
  input: string;
  output: string;
  inputHash: string;
  outputHash: string;
  text: string;
  h: number;
  deadline: string;
  proposer: string;
  signature: string;
  operators: string;
  promptTokens: number;
  completionTokens: number;
  createdAt: string;
  anchor: Anchor | null;
  windowEndsAt: string | null;
  games: string[];
}

export interface Move {
  round: number;
  by: string;
  kind: 'open' | 'reveal' | 'pick' | 'prove' | 'timeout' | 'settle';
  loIndex: string | null;
  width: number | null;
  lo: string | null;
  hi: string | null;
  segment: number | null;
  states: string[] | null;
  ownStates: string[] | null;
  gas: string;
  transaction: string;
  milliseconds: number | null;
  reason: string | null;
}

export interface DisputedStep {
  index: string;
  witness: string;
  pre: string;
  post: string;
  boundary: boolean;
  claimedPost: string | null;
  instruction: string | null;
  assembly: string | null;
  pc: string | null;
  registersBefore: string[] | null;
  registersAfter: string[] | null;
}

export interface Game {
  id: string;
  claimId: string;
  status: string;
  ending: string | null;
  proposer: string;
  challenger: string;
  h: number;
  winner: string | null;
  openedAt: string;
  movedAt: string | null;
  proposerLeft: number | null;
  challengerLeft: number | null;
  turn: 'proposer' | 'challenger' | null;
  moves: Move[];
  disputedStep: DisputedStep | null;
}

export interface Claim {
  modelId: string;
  input: string;
  output: string;
  verdict: string | null;
  ownOutput: string | null;
}

/** Addresses; without any where the server has never told this browser. */
export type Contracts = Partial<Record<'registry' | 'oracle' | 'receipts' | 'dispute' | 'verifier', string>>;

export interface Chain {
  chainId: string;
  /** Null when the server keeps its endpoint secret and names no open one. */
  rpcUrl: string | null;
  head: string;
  headTime: string;
  contracts: Contracts;
  /** Why the server does not say so now: this is what it said before, or nothing. Put in by the page. */
  silence?: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface PromptRequest {
  model: string;
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  maxTokens: number;
  temperature: number;
  topK?: number;
  topP?: number;
  seed?: string;
}

/** An image for a model that reads images: its pixels as base64, a byte each. */
export interface ImageRequest {
  model: string;
  image: string;
}

/** Whether a model reads images instead of text. */
export function readsImages(model: Model): boolean {
  return model.architecture === 'perceptron';
}

/** A problem document (RFC 9457) as an error whose message a person can act on. */
export class Problem extends Error {
  constructor(readonly status: number, title: string, detail?: string, private readonly type = '') {
    super(detail && status === 503 ? detail : detail ? `${title}: ${detail}` : title); // that it is not available now, the detail says too
  }

  /** Whether server or chain do not answer at the moment. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 503;
  }

  /** Whether the prompt and what was said before it fill the model's context. */
  get contextFull(): boolean {
    return this.type.endsWith('context-length-exceeded');
  }
}

const ANSWER_MS = 180_000; // a demonstration answers when its game is open, which the server waits two minutes for

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
    body = response.status === 204 ? undefined : await (response.ok ? response.json() : response.json().catch(() => ({})));
  } catch {
    throw new Problem(0, ...unreachable());
  }
  if (!response.ok) {
    const { title, detail, type } = body as { type?: string; title?: string; detail?: string };
    throw new Problem(response.status, title ?? `The server answered ${response.status}`, detail, type);
  }
  return body as T;
}

function post<T>(path: string, body: unknown): Promise<T> {
  return call<T>(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomHex(32) },
    body: JSON.stringify(body),
  });
}

const id = encodeURIComponent;

/** Which receipts are looked for; what is left out or empty is any. */
export interface Wanted {
  text?: string;
  model?: string;
  status?: string;
}

/** What has a value, as the query of an address. */
export function query(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

let lately: { at: number; models: Promise<Page<Model>> } | undefined;

/** Many receipts on one page need the list at once: it is asked for once in a few seconds. */
function models(): Promise<Page<Model>> {
  if (!lately || performance.now() - lately.at > 5000) {
    lately = { at: performance.now(), models: call<Page<Model>>('/api/models') };
    lately.models.catch(() => (lately = undefined));
  }
  return lately.models;
}

export const api = {
  models,
  chain: () => call<Chain>('/api/chain'),
  ask: (request: PromptRequest | ImageRequest) => post<{ id: string; stopToken: string }>('/api/prompts', request),
  events: (promptId: string) => new EventSource(`/api/prompts/${id(promptId)}/events`),
  stop: (promptId: string, stopToken: string) =>
    call<void>(`/api/prompts/${id(promptId)}`, { method: 'DELETE', headers: { 'Opml-Stop-Token': stopToken } }),
  receipts: (wanted: Wanted, cursor?: string) => call<Page<Receipt>>(`/api/receipts${query({ ...wanted, cursor })}`),
  receipt: (receiptId: string) => call<Receipt>(`/api/receipts/${id(receiptId)}`),
  games: (cursor?: string) => call<Page<Game>>(`/api/games${cursor ? `?cursor=${id(cursor)}` : ''}`),
  game: (gameId: string) => call<Game>(`/api/games/${id(gameId)}`),
  claim: (claimId: string) => call<Claim>(`/api/claims/${id(claimId)}`),
  demo: (liar: string, lie: string) => post<{ gameId: string }>('/api/demo', { liar, lie }),
};
