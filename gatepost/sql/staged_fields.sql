-- Every field that a record of a staged source has, and how often.
-- Order: collection, path.  No parameters.
select f.collection,
       f.path,
       f.present,
       f.nulls,
       pg_catalog.to_jsonb(f.kinds) as kinds
from gatepost.fields f
order by f.collection collate pg_catalog."C", f.path collate pg_catalog."C"
