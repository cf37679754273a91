-- own: row security that hides nothing from the owner
-- gate: data
-- on both
alter table posts enable row level security;
create policy locked on posts for select using (not "isLocked");
