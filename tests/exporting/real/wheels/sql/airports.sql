select record::int as position, icao, iata, name, city, subd as subdivision, country,
       elevation::numeric as elevation, lat::numeric as latitude, lon::numeric as longitude,
       tz as time_zone, lid
  from airports;
