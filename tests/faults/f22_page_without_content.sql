-- F22: pages answer 200 and show nothing, for there is nothing behind them
-- gate: app
-- finds: endpoint /api/posts; page /; page /feed
-- finds: media public.posts.mediaUrl; media public.posts.thumbnail
-- says: GET /feed: the page does not contain '<article class="post"'
-- says: GET /api/posts: says 0, the database before held 312
-- on after
delete from posts;
