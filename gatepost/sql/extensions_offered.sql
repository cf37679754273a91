-- In which versions the server could install the extension %(name)s, which of them it would by
-- itself, and from which it can update to that.  One row, or none.
select a.default_version as usual,
       array(select v.version from pg_catalog.pg_available_extension_versions v
             where v.name = a.name order by 1) as versions,
       array(select p.source from pg_catalog.pg_extension_update_paths(a.name) p
             where p.target = a.default_version and p.path is not null order by 1) as updates
from pg_catalog.pg_available_extensions a
where a.name = %(name)s
order by 1
