-- Transactions of a batch that were reverted: each gave its key away, and the next is tried later and later.
alter table anchor add column failures int not null default 0, add column failed_at timestamptz;
