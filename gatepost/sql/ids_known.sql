-- The pairs of ids whose new one is among some texts.
-- Order: collection, old.  Parameters: new.
select i.collection, i.old, i.new::pg_catalog.text as new
from staged.ids i
where i.new::pg_catalog.text = any (%(new)s)
order by i.collection, i.old
