-- own: every grant on the tables is there, but nobody may enter the schema
-- gate: data
-- finds: privileges schema audit
-- says: role auditor: usage gone on schema audit
-- on both
create role auditor;
create schema audit;
create table audit.entries (id integer primary key);
grant usage on schema audit to auditor;
grant select on audit.entries to auditor;
-- on after
revoke usage on schema audit from auditor;
