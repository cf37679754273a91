-- By which method each role that may log in keeps its password, and never the password: asked only
-- where the role may read pg_authid.
-- Order: name.  No parameters.
select a.rolname as name,
       case when a.rolpassword is null then 'none'
            when a.rolpassword like 'SCRAM-SHA-256$%' then 'scram-sha-256'
            else 'md5' end as method
from pg_catalog.pg_authid a
where a.rolcanlogin
order by a.rolname
