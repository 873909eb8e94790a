import { html, type TemplateResult } from 'lit';
import { age } from '../shared/format';
import { navigate } from '../shared/router';
import { allChats, type Chat, chatPath } from './chats';
import { chatTitle, save } from './chats-page';

const EXAMPLES = ['What is 17 + 25?', 'What is the capital of France?', 'Tell me a tale about a fox.'];
const RECENT = 3; // chats shown to who comes back

/** Above a new chat; `missing`: it stands in place of one that is not here. */
export function welcome(missing: boolean, use: (question: string) => void): TemplateResult {
  return html`<div class="welcome">
    <h1>Ask, and check the answer yourself</h1>
    ${missing ? html`<p class="hint" role="note">This browser does not keep the chat of that address. Here is a new one.</p>` : ''}
    <p>
      A language model on the server answers. Each answer is signed, with money behind it on a public chain. You can run the model again
      in your browser: a false answer costs whoever gave it. <a class="whole" href="/help" @click=${navigate}>How it works</a>
    </p>
    <p class="examples">${EXAMPLES.map((text) => html`<button type="button" @click=${() => use(text)}>${text}</button>`)}</p>
  </div>`;
}

/** Below a new chat: the last ones. */
export function earlier(): TemplateResult {
  const chats = allChats();
  return html`<div class="earlier">
    ${chats.length > 0
      ? html`<h2>Earlier chats</h2>
          <ul class="rows recent">
            ${chats.slice(0, RECENT).map(
              (c) => html`<li><a href=${chatPath(c.id)} dir="auto" @click=${navigate}>${chatTitle(c)}</a> <span class="meta">${age(new Date(c.at).toISOString())}</span></li>`,
            )}
          </ul>
          <p><a href="/chats" @click=${navigate}>All chats</a></p>`
      : ''}
  </div>`;
}

/** Above a conversation. */
export function bar(chat: Chat): TemplateResult {
  return html`<h1 class="unseen">Conversation</h1>
    <p class="bar">
      <a href="/chats" @click=${navigate}>All chats</a>
      <button type="button" class="tool" @click=${() => save(chat)}>Save as a file</button>
    </p>`;
}
