import type { ReactiveController } from 'lit';
import type { View } from '../shared/elements';
import { returned } from '../shared/router';

const NEAR_END = 200; // pixels; who is further up reads something else
const FREE = 8; // pixels above what is brought into view

/** Where the reader is in a conversation: at its end, until they go up. A reader who has scrolled up is never moved. */
export class Place implements ReactiveController {
  away = false; // the reader is further up
  private height = 0; // where the window was last
  private stays = true; // with the answer, until the reader goes up
  private follows = false; // an answer whose receipt is still to come
  private opening = false; // a chat whose receipts are still to come

  constructor(private readonly host: View) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('scroll', this.scrolled, { passive: true });
  }

  hostDisconnected(): void {
    removeEventListener('scroll', this.scrolled);
  }

  async toEnd(): Promise<void> {
    this.stays = true;
    await this.host.updateComplete;
    scrollTo({ top: document.body.scrollHeight });
  }

  /** A chat is shown that was there before. Who comes back to it is put where they were. */
  opened(): Promise<void> {
    this.opening = !returned();
    if (this.opening) return this.toEnd();
    this.stays = false;
    return Promise.resolve();
  }

  /** An answer has grown: its end comes into view. What then comes below it, its receipt, may not push it out of a low window. */
  async follow(): Promise<void> {
    this.opening = false;
    this.follows = this.stays;
    if (!this.follows) return;
    await this.host.updateComplete;
    const card = this.host.querySelector('.exchange:last-child opml-receipt-card');
    const form = this.host.querySelector('.foot')!;
    const hidden = card ? card.getBoundingClientRect().top - form.getBoundingClientRect().top : Infinity;
    scrollTo({ top: Math.max(scrollY, Math.min(end(), scrollY + hidden)) });
  }

  /** The receipt of an answer that the reader has followed comes into view, as far as what is seen of the answer stays: its question too, or its last part. */
  readonly receiptShown = (event: Event): void => {
    const exchange = (event.target as HTMLElement).closest('.exchange')!;
    const last = exchange.parentElement!.lastElementChild!;
    if (!this.stays || !(this.opening || (this.follows && exchange === last))) return;
    this.follows = false;
    const tops = [...last.querySelectorAll('.question, .answer, .answer > :last-child')].map((part) => scrollY + part.getBoundingClientRect().top - above());
    const first = tops.find((top) => top >= scrollY - 1) ?? Infinity;
    scrollTo({ top: Math.max(scrollY, Math.min(end(), first)) });
  };

  /** Only a reader goes up; what grows above or below leaves the window where it is. */
  private readonly scrolled = (): void => {
    const end = innerHeight + scrollY >= document.body.scrollHeight - NEAR_END;
    this.stays = end || (this.stays && scrollY >= this.height);
    this.height = scrollY;
    if (this.away === end) this.host.requestUpdate();
    this.away = !end;
  };
}

/** How far down the window can go. */
function end(): number {
  return document.body.scrollHeight - innerHeight;
}

/** Pixels at the top of the window that are not for content: what stays there, which is the header where the window is large. */
function above(): number {
  const parts = [...document.querySelectorAll<HTMLElement>('header, .outdated')];
  return FREE + parts.filter((part) => getComputedStyle(part).position === 'sticky').reduce((sum, part) => sum + part.offsetHeight, 0);
}
