select jsonb_strip_nulls(
           jsonb_build_object('code', code, 'type', kind, 'name', name, 'parent', parent)
       ) as doc
  from subdivisions;
