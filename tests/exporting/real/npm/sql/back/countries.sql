select others || jsonb_build_object(
           'cca3', cca3,
           'cca2', cca2,
           'name.common', name,
           'area', area::text,
           'capital', capital,
           'region', region,
           'flag', flag
       ) as doc
  from countries
 order by cca3 collate "C";
