select alpha_2, alpha_3, "numeric", name, official_name, common_name, flag, record::int as position
  from countries;
