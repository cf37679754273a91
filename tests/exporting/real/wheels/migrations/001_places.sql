create table countries (
    alpha_2 text primary key check (alpha_2 ~ '^[A-Z]{2}$'),
    alpha_3 text not null unique,
    "numeric" text not null unique,
    name text not null,
    official_name text,
    common_name text,
    flag text not null,
    position int not null
);

create table subdivisions (
    code text primary key,
    country text not null references countries,
    kind text not null,
    name text not null,
    parent text
);

create table airports (
    position int primary key,
    icao text not null unique,
    iata text,
    name text,
    city text,
    subdivision text,
    country text,
    elevation numeric not null,
    latitude numeric not null check (latitude between -90 and 90),
    longitude numeric not null check (longitude between -180 and 180),
    time_zone text,
    lid text
);
