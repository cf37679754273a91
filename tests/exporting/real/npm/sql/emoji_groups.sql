select slug, name, record::int as position
  from emoji;
