-- A name that a country has not is no field of it.
select jsonb_strip_nulls(jsonb_build_object(
           'alpha_2', alpha_2,
           'alpha_3', alpha_3,
           'numeric', "numeric",
           'name', name,
           'official_name', official_name,
           'common_name', common_name,
           'flag', flag
       )) as doc
  from countries
 order by position;
