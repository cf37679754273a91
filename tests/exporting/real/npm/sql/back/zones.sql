-- Where no summer time is kept, nothing is called by it.
select jsonb_strip_nulls(jsonb_build_object(
           'name', name,
           'alternativeName', alternative_name,
           'group', members,
           'continentCode', continent_code,
           'continentName', continent_name,
           'countryName', country_name,
           'countryCode', country_code,
           'mainCities', main_cities,
           'rawOffsetInMinutes', offset_minutes,
           'abbreviation', abbreviation,
           'dstAbbreviation', summer_abbreviation,
           'rawFormat', shown
       )) as doc
  from zones
 order by position;
