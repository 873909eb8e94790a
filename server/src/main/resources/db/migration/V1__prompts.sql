-- Life of a prompt. Text is kept as the bytes that are committed to: PostgreSQL text can't hold U+0000.
create table prompt (
  id uuid primary key,
  sequence bigint generated always as identity unique,
  model text not null,
  input bytea not null,
  status text not null check (status in ('QUEUED', 'RUNNING', 'DONE', 'CANCELLED', 'FAILED')),
  lease_until timestamptz,
  output bytea,
  operators bigint,
  error text,
  receipt_id bytea,
  idempotency_key text unique,
  body_hash bytea,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index prompt_open on prompt (created_at) where status in ('QUEUED', 'RUNNING');

create table anchor (
  root bytea primary key,
  leaves int not null,
  transaction_hash text,
  block bigint,
  anchored_at timestamptz
);

create table receipt (
  id bytea primary key,
  sequence bigint generated always as identity unique,
  prompt_id uuid references prompt,
  model text not null,
  model_id bytea not null,
  input bytea not null,
  output bytea not null,
  input_hash bytea not null,
  output_hash bytea not null,
  operators bigint not null,
  h int not null,
  deadline bigint not null,
  proposer bytea not null,
  signature bytea not null,
  status text not null
    check (status in ('GENERATED', 'ANCHORED', 'FINAL', 'CHALLENGED', 'UPHELD', 'OVERTURNED')),
  claim_id bytea,
  anchor_root bytea references anchor,
  leaf_index int,
  branch bytea,
  created_at timestamptz not null
);
create index receipt_loose on receipt (sequence) where anchor_root is null;
create index receipt_open on receipt (status) where status in ('ANCHORED', 'CHALLENGED');
create index receipt_anchor on receipt (anchor_root);
create index receipt_input on receipt (model_id, input_hash, output_hash);
