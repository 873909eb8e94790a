// Prompts, their streams and their receipts, and OpenAI's form of the same, against a running server:
//   k6 run -e BASE=http://127.0.0.1:8080 k6/answers.js
// VUS (4) and DURATION (30s) may be set in the same way. A server that is full says so with 429 or 503 and
// Retry-After: such answers are counted in `refused`, not as failures.
import http from 'k6/http';
import { check, fail, sleep } from 'k6';
import { Counter, Rate, Trend } from 'k6/metrics';

const base = __ENV.BASE || 'http://127.0.0.1:8080';
const json = { headers: { 'Content-Type': 'application/json' } };
const answered = new Trend('answer_ms', true);
const chatted = new Trend('chat_ms', true);
const anchored = new Trend('anchored_ms', true);
const speed = new Trend('tokens_per_second');
const tokens = new Counter('tokens');
const refused = new Rate('refused');

export const options = {
  vus: Number(__ENV.VUS || 4),
  duration: __ENV.DURATION || '30s',
  thresholds: {
    checks: ['rate>0.99'],
    http_req_failed: ['rate<0.01'],
    refused: ['rate<0.01'],
    answer_ms: ['p(95)<20000'],
    chat_ms: ['p(95)<20000'],
    anchored_ms: ['p(95)<20000'],
    'http_req_duration{kind:read}': ['p(95)<1000'],
  },
};

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 429, 503));

export function setup() {
  const models = http.get(`${base}/v1/models`).json('data');
  if (!models || models.length === 0) fail('the server has no model');
  return { model: models[0].id };
}

/** Whether the server is full; then it is left alone for a while, as it asks. */
function full(response) {
  const yes = response.status === 429 || response.status === 503;
  refused.add(yes);
  if (yes) {
    check(response, { 'a full server says when to come back': (r) => Number(r.headers['Retry-After']) > 0 });
    sleep(Number(response.headers['Retry-After'] || 1));
  }
  return yes;
}

function read(path) {
  return http.get(`${base}${path}`, { tags: { kind: 'read' } });
}

function question() {
  const a = Math.floor(Math.random() * 50);
  const b = Math.floor(Math.random() * 50);
  return [{ role: 'user', content: `What is ${a} + ${b}?` }];
}

export default function ({ model }) {
  streamed(model);
  chat(model);
  sleep(0.2);
}

function streamed(model) {
  const began = Date.now();
  const body = JSON.stringify({ model, messages: question(), maxTokens: 24, temperature: 0 });
  const sent = http.post(`${base}/api/prompts`, body, json);
  if (full(sent) || !check(sent, { 'prompt accepted': (r) => r.status === 202 })) return;

  // The stream ends with the answer; k6 reads it whole.
  const id = sent.json('id');
  const stream = http.get(`${base}/api/prompts/${id}/events`, { headers: { Accept: 'text/event-stream' } });
  if (full(stream)) return;
  check(stream, { 'stream ends with done': (r) => r.status === 200 && r.body.includes('\nevent: done\n') });
  answered.add(Date.now() - began);

  const prompt = read(`/api/prompts/${id}`);
  if (!check(prompt, { 'answer stored': (r) => r.status === 200 && r.json('status') === 'DONE' })) return;
  speed.add(prompt.json('tokensPerSecond'));
  tokens.add(prompt.json('completionTokens'));

  const path = `/api/receipts/${prompt.json('receiptId')}`;
  let receipt = read(path);
  check(receipt, { 'receipt signed': (r) => r.status === 200 && /^0x[0-9a-f]{130}$/.test(r.json('signature')) });
  const until = Date.now() + 30000;
  while (receipt.json('status') === 'GENERATED' && Date.now() < until) {
    sleep(0.25);
    receipt = read(path);
  }
  if (check(receipt, { 'receipt anchored': (r) => r.json('anchor.transaction') !== undefined })) anchored.add(Date.now() - began);
}

function chat(model) {
  const began = Date.now();
  const body = JSON.stringify({ model, messages: question(), max_tokens: 24, stream: true, stream_options: { include_usage: true } });
  const answer = http.post(`${base}/v1/chat/completions`, body, json);
  if (full(answer)) return;
  const ends = check(answer, { 'chat ends with [DONE]': (r) => r.status === 200 && r.body.endsWith('data: [DONE]\n\n') });
  if (!ends) return;
  chatted.add(Date.now() - began);
  const usage = answer.body.match(/"completion_tokens":(\d+)/);
  if (check(usage, { 'chat tells its usage': (u) => u !== null })) tokens.add(Number(usage[1]));
}
