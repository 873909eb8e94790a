-- The bond of a challenged receipt is back in the escrow, or lost.
alter table receipt add column bond_decided boolean not null default false;
create index receipt_bond on receipt (deadline) where claim_id is not null and not bond_decided;
