-- own: moments were read in the zone of whoever ran the export
-- gate: data
-- finds: rows public.Message; columns public.Message
-- says: createdAt: every one of 230 values moved by +3:00:00
-- on after
update "Message" set "createdAt" = "createdAt" + interval '3 hours';
