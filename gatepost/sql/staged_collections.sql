-- Every collection of a staged source, and how many records it has.
-- Order: collection.  No parameters.
select f.collection as name, f.records
from gatepost.files f
order by f.collection collate pg_catalog."C"
