-- Which server and which database this is: one row.
-- The system identifier is made by initdb and copied to standbys; with the database's name it tells
-- two databases apart whatever the URLs look like.  `order by` has nothing to order.
select pg_catalog.current_setting('server_version') as version,
       (select s.system_identifier::pg_catalog.text from pg_catalog.pg_control_system() as s) as id,
       pg_catalog.current_database()::pg_catalog.text as dbname
order by 1
