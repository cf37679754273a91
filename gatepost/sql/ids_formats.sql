-- In which formats the ids of a collection are, and how many of each.
-- Order: format.  Parameters: collection.
select f.format, pg_catalog.count(*) as ids
from (
  select case
           when i.old ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then 'uuid'
           when i.old ~ '^c[0-9a-z]{24}$' then 'cuid'
           when i.old ~ '^1([0-9]{9}|[0-9]{12})([-_][0-9A-Za-z]+)?$' then 'epoch'
           when i.old ~ '^[[:alpha:]][[:alnum:]_.@-]*$' then 'word'
           else 'other'
         end as format
  from staged.ids i
  where i.collection = %(collection)s
) as f
group by f.format
order by f.format collate pg_catalog."C"
