-- Cells are texts.
select jsonb_build_object(
           'icao', icao,
           'iata', iata,
           'name', name,
           'city', city,
           'subd', subdivision,
           'country', country,
           'elevation', elevation::text,
           'lat', latitude::text,
           'lon', longitude::text,
           'tz', time_zone,
           'lid', lid
       ) as doc
  from airports
 order by position;
