-- own: keys that are no integers, several columns long, null in part, or pointing to themselves
-- gate: data
-- on both
create table hall (id integer, row integer, primary key (id, row));
create table seat (
    number integer primary key, hall integer, row integer, beside integer references seat,
    foreign key (hall, row) references hall
);
insert into hall values (1, 1), (2, 2);
insert into seat values (10, 1, 1, 10), (11, 2, 2, 10), (12, null, 7, null), (13, 99, null, 12);
create table "%s" ("a.b" text primary key, "c""d" text references "%s");
insert into "%s" values ('x', null), ('y', 'x');
