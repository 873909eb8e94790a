-- Blocks that were read, newest last: enough of them to find where another chain branches off.
create table chain_block (
  number bigint primary key,
  hash text not null,
  parent text not null
);

-- What a block changed, as it was before: a block that the chain drops is undone from here, newest change first.
-- Only the changed columns are kept, so what this server found out by itself since then stays.
create table chain_undo (
  id bigint generated always as identity primary key,
  block bigint not null,
  relation text not null,
  key jsonb not null,
  before jsonb -- null: the row was new
);
create index chain_undo_block on chain_undo (block);

-- The transaction names the block that it stores in the setting opml.block; other writers name none.
create function remember_change() returns trigger language plpgsql as $$
declare
  former jsonb := null;
  key jsonb;
begin
  select jsonb_object_agg(k, to_jsonb(new) -> k) into key from unnest(tg_argv) as k;
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(o.key, o.value) into former
      from jsonb_each(to_jsonb(old)) o join jsonb_each(to_jsonb(new)) n on o.key = n.key
      where o.value is distinct from n.value;
    if former is null then
      return new;
    end if;
  end if;
  insert into chain_undo (block, relation, key, before)
    values (current_setting('opml.block')::bigint, tg_table_name, key, former);
  return new;
end $$;

-- Undoes every change of blocks above the given one.
create function undo_above(kept bigint) returns void language plpgsql as $$
declare
  change record;
  keys text;
  columns text;
begin
  for change in select * from chain_undo where block > kept order by id desc loop
    select string_agg(quote_ident(k), ', ') into keys from jsonb_object_keys(change.key) k;
    if change.before is null then
      execute format('delete from %1$I where (%2$s) = (select %2$s from jsonb_populate_record(null::%1$I, $1))',
        change.relation, keys) using change.key;
    else
      select string_agg(quote_ident(k), ', ') into columns from jsonb_object_keys(change.before) k;
      execute format('update %1$I set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$I, $1))'
        || ' where (%3$s) = (select %3$s from jsonb_populate_record(null::%1$I, $2))',
        change.relation, columns, keys) using change.before, change.key;
    end if;
  end loop;
  delete from chain_undo where block > kept;
  delete from chain_block where number > kept;
end $$;

create trigger remember after insert or update on claim for each row
  when (coalesce(current_setting('opml.block', true), '') <> '') execute function remember_change('id');
create trigger remember after insert or update on game for each row
  when (coalesce(current_setting('opml.block', true), '') <> '') execute function remember_change('id');
create trigger remember after insert or update on move for each row
  when (coalesce(current_setting('opml.block', true), '') <> '') execute function remember_change('game_id', 'round');
create trigger remember after insert or update on oracle_request for each row
  when (coalesce(current_setting('opml.block', true), '') <> '') execute function remember_change('id');
create trigger remember after update on receipt for each row
  when (coalesce(current_setting('opml.block', true), '') <> '') execute function remember_change('id');

-- Mined once, then dropped with its block: handed over again until the chain has it.
alter table outbox add column orphaned boolean not null default false;
create index outbox_orphaned on outbox (sequence) where orphaned;
create index outbox_block on outbox (block);
alter table signed_transaction drop constraint signed_transaction_key_fkey,
  add constraint signed_transaction_key_fkey foreign key (key) references outbox on update cascade;
