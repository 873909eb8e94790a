export function keys(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, i) => storage.key(i)!);
}

function usable(storage: () => Storage): Storage {
  try {
    return storage(); // throws where the reader lets sites keep nothing
  } catch {
    return new Memory();
  }
}

class Memory implements Storage {
  private readonly items = new Map<string, string>();

  get length(): number {
    return this.items.size;
  }

  clear(): void {
    this.items.clear();
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

/** What the browser keeps for this page; where it may keep nothing, as long as the page lives. */
export const lasting = usable(() => localStorage);
export const ofTab = usable(() => sessionStorage);
