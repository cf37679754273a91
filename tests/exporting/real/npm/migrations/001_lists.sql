create table zones (
    name text primary key,
    alternative_name text not null,
    members text[] not null,
    continent_code text not null,
    continent_name text not null,
    country_name text not null,
    country_code text not null,
    main_cities text[] not null,
    offset_minutes int not null,
    abbreviation text not null,
    summer_abbreviation text,
    shown text not null,
    position int not null
);

create table mime_types (
    type text primary key,
    source text,
    charset text,
    compressible boolean,
    extensions text[]
);

create table emoji_groups (
    slug text primary key,
    name text not null,
    position int not null
);

create table emoji (
    emoji text primary key,
    group_slug text not null references emoji_groups,
    position int not null,
    name text not null,
    slug text not null,
    skin_tone_support boolean not null,
    skin_tone_since text,
    unicode_version text not null,
    emoji_version text not null,
    unique (group_slug, position)
);

create table countries (
    cca3 text primary key,
    cca2 text not null unique,
    name text not null,
    area numeric not null,
    capital text,
    region text not null,
    flag text,
    others jsonb not null
);
