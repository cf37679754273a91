-- Takes 003 back.

drop table public.file_permissions;
drop table public.files;
drop table public.project_milestones;
drop table public.project_members;
