-- tokens of prompt and answer, so that a client can show and compare them
alter table prompt
  add column prompt_ids integer[],
  add column completion_ids integer[];
