-- own: two could now book one room at one time
-- gate: data
-- finds: schema public.bookings
-- says: constraint bookings_room_during_excl gone
-- on both
create table bookings (
    id integer primary key, room int4range, during tsrange, exclude using gist (room with &&, during with &&)
);
-- on after
alter table bookings drop constraint bookings_room_during_excl;
