-- The ids of prompts are public; who asked, and nobody else, may stop one. Prompts from before have no token.
alter table prompt add column stop_token bytea;
