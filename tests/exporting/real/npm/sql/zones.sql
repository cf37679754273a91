select name,
       "alternativeName" as alternative_name,
       array(select jsonb_array_elements_text("group")) as members,
       "continentCode" as continent_code,
       "continentName" as continent_name,
       "countryName" as country_name,
       "countryCode" as country_code,
       array(select jsonb_array_elements_text("mainCities")) as main_cities,
       "rawOffsetInMinutes"::int as offset_minutes,
       abbreviation,
       "dstAbbreviation" as summer_abbreviation,
       "rawFormat" as shown,
       record::int as position
  from zones;
