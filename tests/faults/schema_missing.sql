-- own: only the schema public was dumped
-- gate: data
-- finds: schema schema billing; schema billing.invoices; schema enum billing.state
-- finds: rows billing.invoices
-- says: billing.invoices: missing after
-- on both
create schema billing;
create type billing.state as enum ('open', 'paid');
create table billing.invoices (id integer primary key, state billing.state);
insert into billing.invoices values (1, 'open');
-- on after
drop schema billing cascade;
