-- own: moments came through a format without fractions of a second
-- gate: data
-- finds: rows public.notifications; columns public.notifications
-- says: createdAt: moments moved
-- on after
update notifications set "createdAt" = date_trunc('second', "createdAt");
