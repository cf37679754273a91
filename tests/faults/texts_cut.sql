-- own: a column on the way held forty characters
-- gate: data
-- finds: rows public.Message; columns public.Message
-- says: content: cut at 40 characters: the longest had
-- on after
update "Message" set content = left(content, 40);
