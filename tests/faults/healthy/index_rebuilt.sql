-- own: indexes made anew, tables analysed anew, statistics of other samples
-- gate: data
-- on after
reindex table posts;
reindex table users;
set default_statistics_target = 10;
analyze;
