import { demand } from './facts';

const STORE = 'opml-content';
const SILENCE_MS = 60_000; // between two parts of a download, however long all of it takes

/** Content placed in memory; `keep(true)` stores what was downloaded once its root is known to be right. */
interface Placed {
  keep(holds: boolean): Promise<void>;
}

/**
 * Places content from this browser's store, where it is kept under its root, or from the server. Either may give anything: the
 * caller hashes what was placed, and a stored copy that does not hold is dropped.
 */
export async function stored(
  url: string, root: string, into: Uint8Array<ArrayBuffer>, at: number, length: number, progress: (done: number) => void,
): Promise<Placed> {
  const store = await opened();
  const key = `/content/${root}`;
  const found = await store?.match(key);
  if (found && (await copy(found, key, into, at, length, progress).then(() => true, () => false))) {
    return { keep: async (holds) => void (holds || (await store?.delete(key))) };
  }
  await store?.delete(key);
  await download(url, into, at, length, progress);
  const keep = async (holds: boolean): Promise<void> => {
    // A full disk or a refused quota only means another download.
    if (holds) await store?.put(key, new Response(new Blob([into.subarray(at, at + length)]))).catch(() => undefined);
  };
  return { keep };
}

/** Private windows, and pages that came over plain HTTP, may have none. */
async function opened(): Promise<Cache | undefined> {
  return globalThis.caches?.open(STORE).catch(() => undefined);
}

/** Whether content of this root lies in this browser. */
export async function isStored(root: string): Promise<boolean> {
  const store = await opened();
  return (await store?.match(`/content/${root}`)) !== undefined;
}

/** Forgets all stored content. */
export async function clearStore(): Promise<void> {
  await globalThis.caches?.delete(STORE);
}

async function download(url: string, into: Uint8Array, at: number, length: number, progress: (done: number) => void): Promise<void> {
  const silence = new AbortController();
  const end = (): void => silence.abort(new Error(`${url} has sent nothing for ${SILENCE_MS / 1000} seconds: try again`));
  let timer = setTimeout(end, SILENCE_MS);
  const heard = (done: number): void => {
    clearTimeout(timer);
    timer = setTimeout(end, SILENCE_MS);
    progress(done);
  };
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    await copy(response, url, into, at, length, heard);
  } finally {
    clearTimeout(timer);
  }
}

async function copy(
  response: Response, name: string, into: Uint8Array, at: number, length: number, progress: (done: number) => void,
): Promise<void> {
  const reader = response.body!.getReader();
  let done = 0;
  for (;;) {
    const { done: end, value } = await reader.read();
    if (end) break;
    demand(done + value.length <= length, `${name} sends more than the ${length} bytes announced`);
    into.set(value, at + done);
    done += value.length;
    progress(done);
  }
  demand(done === length, `${name} sent ${done} of the ${length} bytes announced`);
}
