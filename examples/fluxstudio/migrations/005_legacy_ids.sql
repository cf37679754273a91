-- What every record was called in the files, and what it is called here: links that people kept, and
-- names within documents that stay as they were written, lead through this.

create table public.legacy_ids (
    collection text not null,
    old_id text not null,
    new_id uuid not null,
    primary key (collection, old_id),
    unique (collection, new_id)
);
