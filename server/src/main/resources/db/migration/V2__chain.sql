-- Every transaction is a row before it is signed, and its signed bytes are a row before they are sent. The key is
-- made from what is done: the same intent is one row, and a resend is the same bytes.
create table outbox (
  key text primary key,
  sequence bigint generated always as identity unique,
  account text not null,
  recipient text,
  data bytea not null,
  value numeric(78, 0) not null,
  reason text not null,
  transaction_hash text,
  succeeded boolean,
  gas_used bigint,
  block bigint,
  milliseconds bigint,
  error text,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index outbox_open on outbox (sequence) where transaction_hash is null;

create table signed_transaction (
  hash text primary key,
  sequence bigint generated always as identity,
  key text not null references outbox,
  account text not null,
  nonce bigint not null,
  raw bytea not null,
  gas bigint not null,
  priority numeric(78, 0) not null,
  most numeric(78, 0) not null,
  signed_at timestamptz not null
);
create index signed_key on signed_transaction (key);
create index signed_nonce on signed_transaction (account, nonce);

create table chain_cursor (
  name text primary key,
  next_block bigint not null
);

create table claim (
  id bytea primary key,
  sequence bigint generated always as identity unique,
  kind text not null check (kind in ('ORACLE', 'RECEIPT', 'DIRECT')),
  model_id bytea not null,
  input_hash bytea not null,
  output_hash bytea not null,
  input bytea,
  output bytea,
  h int not null,
  proposer text not null,
  source text not null,
  salt bytea not null,
  status text not null check (status in ('OPEN', 'SURVIVED', 'DEFEATED')),
  verdict text check (verdict in ('AGREED', 'DIFFERS', 'UNKNOWN_MODEL')),
  own_output bytea,
  transaction_hash text not null,
  block bigint not null,
  claimed_at timestamptz not null,
  window_ends_at timestamptz not null
);
create index claim_open on claim (sequence) where status = 'OPEN';

create table oracle_request (
  id bytea primary key,
  sequence bigint generated always as identity unique,
  request bytea not null,
  input bytea not null,
  model_id bytea not null,
  proposer text not null,
  status text not null check (status in ('OPEN', 'CLAIMED', 'FINAL', 'REFUNDED')),
  claim_id bytea,
  expiry bigint not null,
  transaction_hash text not null,
  error text,
  requested_at timestamptz not null
);
create index oracle_request_open on oracle_request (sequence) where status in ('OPEN', 'CLAIMED');

create table game (
  id bytea primary key,
  sequence bigint generated always as identity unique,
  claim_id bytea not null references claim,
  proposer text not null,
  challenger text not null,
  salt bytea not null,
  h int not null,
  status text not null check (status in ('RUNNING', 'PROPOSER_WON', 'CHALLENGER_WON')),
  ending text,
  position bytea not null,
  states bytea,
  witness bytea,
  settled boolean not null default false,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index game_claim on game (claim_id);
create index game_open on game (sequence) where status = 'RUNNING' or not settled;

create table move (
  game_id bytea not null references game,
  round int not null,
  player text not null check (player in ('proposer', 'challenger', 'anyone')),
  kind text not null check (kind in ('open', 'reveal', 'pick', 'prove', 'timeout')),
  position bytea not null,
  segment int,
  states bytea,
  transaction_hash text not null,
  gas bigint not null,
  block bigint not null,
  moved_at timestamptz not null,
  primary key (game_id, round)
);

-- What a player of ours thought; it may be known before or after the indexer sees the move.
create table move_note (
  game_id bytea not null,
  transaction_hash text not null,
  reason text not null,
  milliseconds bigint not null,
  own_states bytea,
  primary key (game_id, transaction_hash)
);

create table event (
  id bigint generated always as identity primary key,
  kind text not null,
  data text not null,
  happened_at timestamptz not null
);
