-- own: what belonged to the application belongs to whoever restored it
-- gate: data
-- finds: privileges schema public
-- says: public: owner shop before, postgres after of 3 tables: comments, posts, users
-- says: mend: alter table public.comments owner to shop;
-- on both
create role shop login;
alter table users owner to shop;
alter table posts owner to shop;
alter table comments owner to shop;
alter table likes owner to shop;
-- on after
alter table users owner to postgres;
alter table posts owner to postgres;
alter table comments owner to postgres;
