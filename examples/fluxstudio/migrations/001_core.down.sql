-- Takes 001 back; what later migrations built on it keeps it from going.

drop table public.projects;
drop table public.team_members;
drop table public.teams;
drop table public.organization_members;
drop table public.organizations;
drop table public.users;
drop function public.update_updated_at_column();
