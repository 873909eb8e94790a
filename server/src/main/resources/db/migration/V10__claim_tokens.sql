-- What a claim's replay will take is asked of all claims at once, without reading their bytes.
alter table claim add column tokens bigint;
