-- What was staged here, collection by collection: asked only of a database with the mark.
-- Order: name.  No parameters.
select f.collection as name, f.file, f.bytes, f.sha256, f.records
from gatepost.files f
order by f.collection
