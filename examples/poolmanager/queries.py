"""What does the application ask its database?  Every column by name, in the words of each release.

The old release knows four migrations, the new one eight: what it asks for the old schema lacks.
"""

from __future__ import annotations

from sqlalchemy import text

ALIVE = text("select 1 as alive")

OLD_POOLS = text("""
select id, name, type::text as type, rules
  from public.pools
 order by name, id
 limit :limit offset :offset
""")

POOLS = text("""
select id, name, type::text as type, rules, season, "buyIn"::text as "buyIn", "maxEntries",
       "isActive", description
  from public.pools
 order by name, id
 limit :limit offset :offset
""")

POOL_COUNT = text("select count(*) as total from public.pools")

GAMES = text("""
select g.id, g.season, g.week, g.kickoff, h."nflAbbr" as home, a."nflAbbr" as away,
       g.status::text as status, r."homeScore", r."awayScore"
  from public.games as g
  join public.teams as h on h.id = g."homeTeamId"
  join public.teams as a on a.id = g."awayTeamId"
  left join public.results as r on r."gameId" = g.id
 where :week = 0 or g.week = :week
 order by g.kickoff, g.id
 limit :limit offset :offset
""")

GAME_COUNT = text("select count(*) as total from public.games where :week = 0 or week = :week")

OLD_SURVIVORS = text("""
select id, "poolId", "userId", "entryName", strikes, "isActive"
  from public.survivor_entries
 order by "createdAt", id
 limit :limit offset :offset
""")

SURVIVORS = text("""
select id, "poolId", "userId", "entryName", strikes, "isActive",
       data_source_type::text as "dataSource"
  from public.survivor_entries
 order by "createdAt", id
 limit :limit offset :offset
""")

SURVIVOR_COUNT = text("select count(*) as total from public.survivor_entries")

# A provider is up unless the last that is known of it is a failure.
PROVIDERS = text("""
select c.provider::text as provider, c.name, c.enabled,
       coalesce((select l.success from public.data_source_logs as l
                  where l.provider = c.provider order by l."timestamp" desc limit 1), true) as up
  from public.api_configurations as c
 order by c.provider, c.name
""")
