-- own: a key that must be whole or NULL came half: MATCH FULL does not allow it, a load did
-- gate: data
-- finds: orphans public.seat.(hall, row) -> public.hall.(id, row)
-- finds: rows public.seat; columns public.seat
-- says: number = (11)
-- on both
create table hall (id integer, row integer, primary key (id, row));
create table seat (
    number integer primary key, hall integer, row integer,
    foreign key (hall, row) references hall match full
);
insert into hall values (1, 1), (2, 2);
insert into seat values (10, 1, 1), (11, 2, 2), (12, null, null);
-- on after
set session_replication_role = replica;
update seat set row = null where number = 11;
