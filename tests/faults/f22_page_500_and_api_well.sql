-- F22: every API answers, and the first page is an error
-- gate: app
-- finds: page /
-- says: GET /: status 500, expected 200
-- on after
alter table subscriptions rename column "isActive" to is_active;
