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
  replayBegin(sizes: number, guest: number): number;
  replayPlace(region: number, at: number, bytes: number, root: number): void;
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

/** The module and its SIMD kernels, with a linear memory of which the first `dataBytes` belong to the caller. */
export async function load(bytes: BufferSource, kernels: BufferSource, dataBytes: number): Promise<{ exports: Exports; memory: WebAssembly.Memory }> {
  const offset = Math.ceil(dataBytes / PAGE) * PAGE;
  const pages = (offset + HEAP_BYTES) / PAGE;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
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
  imports['teavmMemory'] = { ...imports['teavmMemory'], heapOffset: constant(offset), maxSize: constant(offset + HEAP_BYTES) };
  imports['teavmDate'] = { ...imports['teavmDate'], currentTimeMillis: () => Date.now() };
  const instance = await WebAssembly.instantiate(module, imports as WebAssembly.Imports);
  return { exports: instance.exports as unknown as Exports, memory };
}
