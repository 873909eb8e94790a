import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { customElement, state } from 'lit/decorators.js';
import { announce, View } from '../shared/elements';
import { age } from '../shared/format';
import { navigate } from '../shared/router';
import { refused } from '../shared/version';
import { visible } from '../shared/visible';
import { allChats, asText, bringBack, type Chat, chatPath, forgetChat, onChats } from './chats';

/** The conversations that this browser keeps: find, go on, save as a file, delete. */
@customElement('opml-chats-page')
export class ChatsPage extends View {
  @state() private chats = allChats();
  @state() private wanted = '';
  @state() private deleted: Chat[] = [];

  private here = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.here = new AbortController();
    onChats(() => (this.chats = allChats()), this.here.signal);
  }

  override disconnectedCallback(): void {
    this.here.abort();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const found = this.chats.filter((c) => contains(c, this.wanted));
    return html`<h1>Chats</h1>
      <p>They are kept in this browser alone. What was asked and answered in them stands in the server's <a href="/receipts" @click=${navigate}>receipts</a> as well.</p>
      ${this.chats.length > 0
        ? html`<p><label>Find <input type="search" @input=${(e: Event) => (this.wanted = (e.target as HTMLInputElement).value)} /></label></p>`
        : html`<p>None here. <a href="/" @click=${navigate}>Ask something</a>.</p>`}
      <p role="status">
        ${this.deleted.length > 0 ? html`${this.deleted.length === 1 ? 'Deleted' : `${this.deleted.length} chats deleted`}. <button type="button" class="link undo" @click=${this.restore}>Undo</button>` : ''}
        ${this.chats.length > 0 && found.length === 0 ? 'No chat holds these words.' : ''}
      </p>
      <ul class="rows">
        ${repeat(found, (c) => c.id, (c) => this.row(c))}
      </ul>
      ${found.length > 1
        ? html`<p class="forget"><button type="button" @click=${() => this.drop(found)}>${this.wanted.trim() ? 'Delete those found' : 'Delete all'}</button></p>`
        : ''}`;
  }

  private row(c: Chat): TemplateResult {
    const answers = c.exchanges.length;
    return html`<li>
      <a href=${chatPath(c.id)} dir="auto" @click=${navigate}>${chatTitle(c)}</a>
      <span class="meta"
        >${answers} ${answers === 1 ? 'answer' : 'answers'} · ${age(new Date(c.at).toISOString())}
        <button type="button" class="tool" aria-label="Save ${c.exchanges[0]!.question} as a file" @click=${() => save(c)}>Save</button>
        <button type="button" class="tool" aria-label="Delete ${c.exchanges[0]!.question}" @click=${() => this.drop([c])}>Delete</button></span
      >
    </li>`;
  }

  private async drop(chats: Chat[]): Promise<void> {
    if (refused()) return;
    for (const c of chats) await forgetChat(c.id);
    this.deleted = chats;
    this.chats = allChats();
    announce('Deleted');
    await this.updateComplete;
    this.querySelector<HTMLElement>('.undo')?.focus(); // the button that had the focus is gone
  }

  private readonly restore = async (): Promise<void> => {
    if (refused()) return;
    const back = this.deleted;
    for (const c of back) await bringBack(c);
    this.deleted = [];
    this.chats = allChats();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`a[href="${chatPath(back[0]!.id)}"]`)?.focus();
  };
}

/** The first question, as far as it fits a line. */
export function chatTitle(c: Chat): TemplateResult {
  return visible(start(c.exchanges[0]!.question));
}

/** Hands a conversation to the reader as a file. */
export function save(c: Chat): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([asText(c)], { type: 'text/markdown' }));
  link.download = `chat-${c.id}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function start(text: string): string {
  const line = text.trim().split('\n')[0]!;
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

function contains(c: Chat, words: string): boolean {
  const text = c.exchanges.map((x) => `${x.question} ${x.text}`).join(' ').toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
