-- own: both halves of a key are there, and no parent has the two together
-- gate: data
-- finds: orphans public.seat.(hall, row) -> public.hall.(id, row)
-- finds: rows public.seat; columns public.seat
-- says: public.seat.(hall, row): 1 row points to no public.hall
-- on both
create table hall (id integer, row integer, primary key (id, row));
create table seat (
    number integer primary key, hall integer, row integer, foreign key (hall, row) references hall
);
insert into hall values (1, 1), (2, 2);
insert into seat values (10, 1, 1), (11, 2, 2), (12, null, 1);
-- on after
set session_replication_role = replica;
update seat set row = 2 where number = 10;
