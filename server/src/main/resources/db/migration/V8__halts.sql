-- A model whose native kernels and VM disagreed: nothing of it is claimed or signed until the operator says so.
create table halt (
  model_id bytea primary key,
  model text not null,
  reason text not null,
  input bytea not null,
  halted_at timestamptz not null
);
