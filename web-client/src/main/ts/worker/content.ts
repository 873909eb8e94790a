import { demand, Refuted } from './facts';
import type { VerifierModule } from './module';
import { lost, served } from './served';
import { Kept } from './store';
import type { Progress } from './verifier-client';

const SILENCE_MS = 60_000; // between two parts of a download, however long all of it takes

/** Code or weights: where the server has them, and what the bytes have to be. */
export interface Content {
  url: string;
  root: string;
  length: number;
  size: number; // of the region, as a power of two of leaves
}

/**
 * Places content from this browser's store, from the server, or as far as a download came from one and the rest from the other. Either
 * may give anything: all of it is hashed here, and the root returned. What was kept and does not hold is dropped, and all is fetched again,
 * whatever the store holds then: another tab may write to it. So is what the browser's own HTTP cache may have given, where there is no
 * store: the server is blamed for what it sent just now.
 */
export async function placed(module: VerifierModule, content: Content, at: number, progress: Progress): Promise<string> {
  const { root, length, size } = content;
  const kept = await Kept.open(root, length);
  let cache: RequestCache = kept.possible ? 'no-store' : 'default';
  for (let had = await kept.read(module.bytes, at, (done) => progress('kept', done, length)); ; had = 0) {
    const sentNow = had === 0 && cache !== 'default';
    try {
      await download(content, kept, module.bytes, at, had, progress, cache);
      const found = module.root(at, length, size, (done) => progress('commitments', done, length));
      if (found === root) return found;
      await kept.drop();
      if (sentNow) return found;
    } catch (error) {
      if (sentNow || !(error instanceof Refuted)) throw error;
      await kept.drop();
    }
    if (cache === 'default') cache = 'reload';
  }
}

/** The bytes that are not here yet. */
export async function download(
  { url, length }: Content, kept: Kept, into: Uint8Array<ArrayBuffer>, at: number, had: number, progress: Progress, cache: RequestCache,
): Promise<void> {
  if (had === length) return;
  const silence = new AbortController();
  const end = (): void => silence.abort(new Error(`${url} has sent nothing for ${SILENCE_MS / 1000} seconds: try again`));
  let timer = setTimeout(end, SILENCE_MS);
  try {
    const headers = had > 0 ? { Range: `bytes=${had}-` } : undefined;
    const response = await served(url, { signal: silence.signal, ...(headers && { headers }), cache });
    if (response.status === 416) await kept.drop(); // it does not have that much
    if (!response.ok) throw new Error(`${url} answered ${response.status}: try again`);
    let done = response.status === 206 ? had : 0; // who knows no ranges sends all of it
    for await (const value of chunks(response)) {
      demand(done + value.length <= length, `${url} sends more than the ${length} bytes announced`);
      into.set(value, at + done);
      await kept.write(into, at, done, done + value.length);
      done += value.length;
      clearTimeout(timer);
      timer = setTimeout(end, SILENCE_MS);
      progress('fetch', done, length);
    }
    demand(done === length, `${url} sent ${done} of the ${length} bytes announced`);
  } finally {
    clearTimeout(timer);
  }
}

/** Not every browser lets a stream be iterated. */
async function* chunks(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body!.getReader();
  const next = (): Promise<ReadableStreamReadResult<Uint8Array>> =>
    reader.read().catch((error: unknown) => {
      throw lost(error);
    });
  for (let part = await next(); !part.done; part = await next()) yield part.value;
}
