-- Which column of which staged view holds which field.
-- Order: collection, path, view, column.  No parameters.
select c.collection, c.path, c.view, c.column_name as "column"
from gatepost.columns c
order by c.collection collate pg_catalog."C", c.path collate pg_catalog."C", c.view, c.column_name
