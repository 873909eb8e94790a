-- How fast an answer was written cannot be told from when its prompt was taken and ended: reading the prompt lies between.
alter table prompt add column tokens_per_second double precision;
