-- own: roles have other names after, and everything belongs to whoever restored it, as declared
-- gate: data
-- toml: [privileges]
-- toml: roles = {reporting = "readers"}
-- toml: owners = "note"
-- says: public: owner shop before, postgres after of 2 tables: posts, users
-- on before
create role shop login;
create role reporting;
alter table users owner to shop;
alter table posts owner to shop;
grant select on users to reporting;
-- on after
create role readers;
grant select on users to readers;
