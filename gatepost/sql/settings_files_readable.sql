-- Whether our role may read what the server's own files say: one row.  No parameters.
select pg_catalog.has_table_privilege('pg_catalog.pg_file_settings', 'select')
       and pg_catalog.has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'execute')
         as readable
order by 1
