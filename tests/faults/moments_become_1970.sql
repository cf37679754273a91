-- own: what could not be read as a moment became the beginning of time
-- gate: data
-- finds: rows public.subscriptions; columns public.subscriptions
-- says: validUntil: 1 value became 1970-01-01 00:00
-- on after
update subscriptions set "validUntil" = '1970-01-01' where id = (select min(id) from subscriptions);
