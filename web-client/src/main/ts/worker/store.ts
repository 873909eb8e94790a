const STORE = 'opml-parts'; // another form has another name
const OURS = 'opml-';
const PART = 1 << 20; // bytes that are kept together while a download goes on

/**
 * Content in this browser's store, in parts under its root, each of PART bytes but the last: what a download has brought is there when it
 * is broken off. Nothing in it is believed; who reads it hashes all of it.
 */
export class Kept {
  private constructor(private readonly store: Cache | undefined, private readonly root: string, private readonly length: number) {}

  static async open(root: string, length: number): Promise<Kept> {
    return new Kept(await opened(), root, length);
  }

  /** Whether this browser keeps anything: private windows, and pages that came over plain HTTP, may not. */
  get possible(): boolean {
    return this.store !== undefined;
  }

  /** How many bytes are here from the first on without a gap. */
  async size(): Promise<number> {
    const found = (await this.store?.keys(key(this.root), { ignoreSearch: true }).catch(() => [])) ?? [];
    const parts = new Set(found.map(({ url }) => new URL(url).search));
    let count = 0;
    while (parts.has(search(count))) count++;
    return Math.min(this.length, count * PART);
  }

  /** Places what is here; returns how many bytes that are. */
  async read(into: Uint8Array, at: number, progress: (done: number) => void): Promise<number> {
    let done = 0;
    while (done < this.length) {
      const bytes = await this.part(done / PART);
      if (bytes?.length !== Math.min(PART, this.length - done)) break;
      into.set(bytes, at + done);
      progress((done += bytes.length));
    }
    return done;
  }

  /** One that cannot be read, because the disk has spoiled it, is not here. */
  private async part(index: number): Promise<Uint8Array | undefined> {
    try {
      const found = await this.store?.match(key(this.root) + search(index));
      return found && new Uint8Array(await found.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  /** Keeps the parts that are whole now that `done` bytes are placed, where `before` were. A full disk only means another download. */
  async write(from: Uint8Array<ArrayBuffer>, at: number, before: number, done: number): Promise<void> {
    const whole = done === this.length ? Math.ceil(done / PART) : Math.floor(done / PART);
    for (let i = Math.floor(before / PART); i < whole; i++) {
      const part = from.subarray(at + i * PART, at + Math.min((i + 1) * PART, this.length));
      await this.store?.put(key(this.root) + search(i), new Response(new Blob([part]))).catch(() => undefined);
    }
  }

  /** As far as the browser can: who dropped it does not read it again. */
  async drop(): Promise<void> {
    await this.store?.delete(key(this.root), { ignoreSearch: true }).catch(() => false);
  }
}

function key(root: string): string {
  return `/content/${root}`;
}

function search(part: number): string {
  return `?part=${part}`;
}

async function opened(): Promise<Cache | undefined> {
  return globalThis.caches?.open(STORE).catch(() => undefined);
}

/** Forgets all stored content. */
export async function clearStore(): Promise<void> {
  await globalThis.caches?.delete(STORE);
}

/** Deletes what older versions of this page have kept in another form: nothing reads it any more. */
export async function forgetOlder(): Promise<void> {
  const names = (await globalThis.caches?.keys().catch(() => [])) ?? []; // refused where a site may keep nothing
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== STORE).map((name) => caches.delete(name)));
}
