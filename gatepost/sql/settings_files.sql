-- What the server's own files say, the last word on each setting.  Order: name.  No parameters.
-- For roles only that may read them: `settings_files_readable` says so.
select distinct on (1)
       pg_catalog.lower(f.name) as name,
       f.setting as value
from pg_catalog.pg_file_settings f
where f.applied
order by 1, f.seqno desc
