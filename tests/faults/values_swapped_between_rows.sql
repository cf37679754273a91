-- own: two authors' posts got one another's text: every sum and every count is the same
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: public.posts: 312 rows on both sides, not the same; 2 changed
-- says: changed places between rows; every count is the same
-- on after
with pair as (
    select id, title, row_number() over (order by id) as n
      from posts where title in (select title from posts group by title having count(*) = 1)
     order by id limit 2
)
update posts set title = other.title from pair as mine, pair as other
 where posts.id = mine.id and other.n = 3 - mine.n;
