// Prompts, their streams and their receipts against a running server:
//   k6 run -e BASE=http://127.0.0.1:8080 k6/answers.js
import http from 'k6/http';
import { check, fail, sleep } from 'k6';
import { Trend } from 'k6/metrics';

const base = __ENV.BASE || 'http://127.0.0.1:8080';
const answered = new Trend('answer_ms', true);

export const options = {
  vus: Number(__ENV.VUS || 4),
  duration: __ENV.DURATION || '30s',
  thresholds: {
    checks: ['rate>0.99'],
    http_req_failed: ['rate<0.01'],
    answer_ms: ['p(95)<20000'],
  },
};

export function setup() {
  const models = http.get(`${base}/api/models`).json('items');
  if (!models || models.length === 0) fail('the server has no model');
  return { model: models[0].name };
}

export default function ({ model }) {
  const a = Math.floor(Math.random() * 50);
  const b = Math.floor(Math.random() * 50);
  const began = Date.now();
  const sent = http.post(
    `${base}/api/prompts`,
    JSON.stringify({ model, messages: [{ role: 'user', content: `What is ${a} + ${b}?` }], maxTokens: 24, temperature: 0 }),
    { headers: { 'Content-Type': 'application/json' } },
  );
  if (!check(sent, { 'prompt accepted': (r) => r.status === 202 })) return;

  // The stream ends with the answer; k6 reads it whole.
  const stream = http.get(`${base}/api/prompts/${sent.json('id')}/events`, { headers: { Accept: 'text/event-stream' } });
  check(stream, { 'stream ends with done': (r) => r.status === 200 && r.body.includes('event: done') || r.body.includes('event:done') });
  answered.add(Date.now() - began);

  const prompt = http.get(`${base}/api/prompts/${sent.json('id')}`);
  check(prompt, { 'answer stored': (r) => r.status === 200 && r.json('status') === 'DONE' });
  const receipt = http.get(`${base}/api/receipts/${prompt.json('receiptId')}`);
  check(receipt, { 'receipt signed': (r) => r.status === 200 && /^0x[0-9a-f]{130}$/.test(r.json('signature')) });
  sleep(0.2);
}
