-- Ids of a collection that became one, as those do that differ in case alone: each with the others.
-- Order: new.  Parameters: collection.
select i.new::pg_catalog.text as new, pg_catalog.jsonb_agg(i.old order by i.old) as old
from staged.ids i
where i.collection = %(collection)s
group by i.new
having pg_catalog.count(*) > 1
order by i.new
