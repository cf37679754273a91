"""What does the application ask its database?  Every column by name."""

from __future__ import annotations

from sqlalchemy import text

ALIVE = text("select 1 as alive")

CREATORS = text("""
select id, wallet, nickname, "fullName", bio, avatar, "backgroundImage", website, twitter, telegram,
       location, "isVerified", "isCreator", "followersCount", "postsCount"
  from public.users
 where "isCreator"
 order by "followersCount" desc, id
""")

# Two posts may be of one moment; the key makes the order total, so that pages neither repeat
# nor lose one.
POSTS = text("""
select p.id, p."creatorId", p.title, p.content, p.type, p.category, p.thumbnail, p."mediaUrl",
       p."isLocked", p."isPremium", p.price, p.currency, p."imageAspectRatio", p."isSellable",
       p."minSubscriptionTier", p."likesCount", p."commentsCount", p."viewsCount", p."createdAt",
       p."updatedAt", u.id as "creator.id", u.nickname as "creator.nickname",
       u."fullName" as "creator.fullName", u.avatar as "creator.avatar",
       u."isVerified" as "creator.isVerified"
  from public.posts as p
  join public.users as u on u.id = p."creatorId"
 where (cast(:category as text) is null or p.category = :category)
   and (cast(:creatorId as text) is null or p."creatorId" = :creatorId)
 order by p."createdAt" desc, p.id
 limit :limit offset :offset
""")

POST_COUNT = text("""
select count(*) as total
  from public.posts as p
 where (cast(:category as text) is null or p.category = :category)
   and (cast(:creatorId as text) is null or p."creatorId" = :creatorId)
""")

STATS = text("""
select (select count(*) from public.users) as users,
       (select count(*) from public.users where "isCreator") as creators,
       (select count(*) from public.posts) as posts,
       (select count(*) from public.subscriptions where "isActive") as subscriptions
""")
