select code, split_part(code, '-', 1) as country, type as kind, name, parent
  from subdivisions;
