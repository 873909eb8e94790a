-- Who asked, as a hash under a key of the process that took the prompt in: enough to bound what one client has open.
alter table prompt add column client text;
