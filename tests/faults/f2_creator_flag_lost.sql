-- F2: the API says 55 creators, as does its own database; before there were 56
-- gate: app
-- finds: endpoint /api/creators
-- says: GET /api/creators: says 55, the database before held 56
-- on after
update users set "isCreator" = false where id = (select min(id) from users where "isCreator");
