/**
 * Loads the TeaVM module without TeaVM's own runtime script, which builds functions from strings and so needs
 * `unsafe-eval`. Our module exports numbers only and never calls back, so its JavaScript imports stay unused.
 */

export interface Exports {
  message(out: number, limit: number): number;
  disputed(position: number, witness: number, length: number, out: number): number;
  position(position: number, out: number, limit: number): number;
  describe(position: number, witness: number, length: number, out: number, limit: number): number;
  keccak(input: number, length: number, out: number): number;
  climb(leaf: number, index: number, branch: number, height: number, out: number): number;
  rootBegin(height: number): number;
  rootAdd(input: number, length: number): number;
  rootEnd(out: number): number;
  modelId(parts: number, out: number): void;
  receiptHash(parts: number, out: number): void;
  digest(parts: number, out: number): void;
  claimId(parts: number, out: number): void;
  challengerLeast(h: number): number;
  proposerMost(): number;
  deadlineLeast(): number;
  gameGas(): number;
  replayBegin(sizes: number, guest: number): number;
  replayPlace(region: number, at: number, bytes: number, root: number): void;
  replayFetch(region: number, root: number, buffer: number, bytes: number): number;
  replayFetched(): number;
  replayTranslate(room: number, bytes: number): number;
  page(address: bigint, shift: number, write: number): number;
  compute(op: number, selector: number, a: bigint, b: bigint): bigint;
  replayRun(operators: number): number;
  replayInstructions(): number;
  replaySteps(count: number): number;
  replayHash(out: number): number;
  replayOutput(length: number, out: number): number;
  replayEnded(): number;
  operatorsTo(position: number, hi: number): number;
  stepsTo(position: number, hi: number): number;
}

const PAGE = 65536;
const HEAP_BYTES = 4 << 20; // what TeaVM asks for direct buffers, of which none are used

type Stub = (...args: unknown[]) => unknown;

function stub(from: string, name: string): Stub {
  if (from === 'teavmMath') return Math[name as 'sqrt'] as Stub; // sqrt of a double, correctly rounded everywhere
  if (name === 'stringBuiltinsSupported') return () => 1;
  if (name.startsWith('wrap')) return (value) => value;
  if (name.startsWith('create') || name.startsWith('define')) return () => () => undefined;
  return () => null;
}

const BUSY_TRIES = 50;

/** Answers of a server that replays for others, or for this client, and is to be asked again. */
export const BUSY = [429, 503];
const BUSY_MS = 200;
const ANSWER_MS = 600_000;

/** An answer waited for: possible in a worker, and all that the machine can do while it needs a page. Undefined where none came. */
function get(url: string): XMLHttpRequest | undefined {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.responseType = 'arraybuffer';
  request.timeout = ANSWER_MS;
  try {
    request.send();
  } catch {
    return undefined; // the module says what is missing
  }
  return request;
}

/** Pages of regions that are fetched when the machine touches them: the worker's thread waits for each answer. */
export class Fetched {
  /** By region: where pages and their proof are found. */
  readonly urls = new Map<number, (page: number, count: number) => string>();

  constructor(private readonly memory: WebAssembly.Memory) {}

  readonly pages = (region: number, page: number, count: number, buffer: number, bytes: number): number => {
    const url = this.urls.get(region)!(page, count);
    let request = get(url);
    for (let tries = 0; BUSY.includes(request?.status ?? 0) && tries < BUSY_TRIES; tries++) {
      for (const until = performance.now() + BUSY_MS; performance.now() < until; ); // another replay runs there
      request = get(url);
    }
    const body = request?.status === 200 ? new Uint8Array(request.response as ArrayBuffer) : undefined;
    if (body === undefined || body.length > bytes) return -1;
    new Uint8Array(this.memory.buffer).set(body, buffer);
    return body.length;
  };
}

/** Instances of the modules that {@link opml.browser.WasmTranslation} writes into memory: fragments of the guest's code. */
class Translated {
  private readonly runs: ((budget: number, block: number) => number)[] = [];
  private vm: Record<string, WebAssembly.ExportValue> = {};

  constructor(private readonly memory: WebAssembly.Memory) {}

  /** What the fragments import. */
  bind({ page, compute }: Exports): void {
    this.vm = { memory: this.memory, page: page as WebAssembly.ExportValue, compute: compute as WebAssembly.ExportValue };
  }

  readonly instantiate = (at: number, length: number): number => {
    const module = new WebAssembly.Module(new Uint8Array(this.memory.buffer as ArrayBuffer, at, length));
    const { run } = new WebAssembly.Instance(module, { vm: this.vm }).exports;
    return this.runs.push(run as (budget: number, block: number) => number) - 1;
  };

  readonly call = (number: number, budget: number, block: number): number => this.runs[number]!(budget, block);
}

function room(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    throw new Error(`this browser has no ${Math.ceil((pages * PAGE) / 1e6)} MB of memory left, which the model needs here: close other tabs and try again`);
  }
}

/** The module and its SIMD kernels, with a linear memory of which the first `dataBytes` belong to the caller. */
export async function load(bytes: BufferSource, kernels: BufferSource, dataBytes: number): Promise<{ exports: Exports; memory: WebAssembly.Memory; fetched: Fetched }> {
  const offset = Math.ceil(dataBytes / PAGE) * PAGE;
  const pages = (offset + HEAP_BYTES) / PAGE;
  const memory = room(pages);
  const options = { builtins: ['js-string'] };
  const compile = WebAssembly.compile as (source: BufferSource, options: object) => Promise<WebAssembly.Module>;
  const module = await compile(bytes, options);
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') (imports[from] ??= {})[name] = stub(from, name);
  }
  const constant = (value: number): WebAssembly.Global => new WebAssembly.Global({ value: 'i32', mutable: false }, value);
  imports['env'] = { memory };
  imports['kernels'] = (await WebAssembly.instantiate(kernels, { env: { memory } })).instance.exports as Record<string, WebAssembly.ImportValue>;
  const translated = new Translated(memory);
  const fetched = new Fetched(memory);
  imports['fetched'] = { pages: fetched.pages };
  imports['translated'] = { instantiate: translated.instantiate, call: translated.call };
  imports['teavmMemory'] = { ...imports['teavmMemory'], heapOffset: constant(offset), maxSize: constant(offset + HEAP_BYTES) };
  imports['teavmDate'] = { ...imports['teavmDate'], currentTimeMillis: () => Date.now() };
  const instance = await WebAssembly.instantiate(module, imports as WebAssembly.Imports);
  const exports = instance.exports as unknown as Exports;
  translated.bind(exports);
  return { exports, memory, fetched };
}
