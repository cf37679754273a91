-- own: roles that nothing here is named after are another database's affair
-- gate: data
-- says: a_neighbour: only before, and nothing here is theirs or granted to them
-- on before
create role a_neighbour login superuser;
-- on after
create role b_neighbour login createdb;
