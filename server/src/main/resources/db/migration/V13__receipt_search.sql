-- Receipts of one model or in one state, newest first.
create index receipt_of_model on receipt (model, sequence);
create index receipt_in_state on receipt (status, sequence);
